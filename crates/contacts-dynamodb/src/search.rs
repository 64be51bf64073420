//! Finding people.

use contacts::{
    EmailAddress, User, UserId, folding,
    relationship::{AvailableAction, Pair, Relation},
    search::{MatchedBy, Query, SearchBy},
};
use ulid::Ulid;

use crate::{
    StoreError,
    invitation::nobody,
    relationship::Direction,
    store::Store,
    table::{
        keys::{self, Key},
        page::{Page, Position},
        read::{BATCH, Range, read},
    },
    user::{AddressUser, NameEntry, folding_of},
};

/// People of a page: each needs two keys of a batch, as does the one behind them, and the caller one.
const MOST_OF_A_PAGE: usize = (BATCH - 1) / 2 - 1;
/// Queries of a page, when the entries read are mostly of people already shown, not meant or hidden.
const MOST_QUERIES: usize = 3;
/// Entries that a query reads at least: people have several, and short pages cost another call.
const LEAST_READ: usize = 60;

/// Somebody whom an entry means, with the version of the folding that made it; none for who was found otherwise.
struct Meant {
    user: UserId,
    matched_by: MatchedBy,
    folding: Option<u32>,
}

/// Somebody who was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Who.
    pub user: User,
    /// How they stand to the searcher.
    pub relation: Relation,
    /// What the searcher can do about them.
    pub available_actions: &'static [AvailableAction],
    /// By what.
    pub matched_by: MatchedBy,
    /// The request that waits between the two, whoever sent it.
    pub request_id: Option<Ulid>,
}

/// What is searched for, and where.
struct Search<'a> {
    query: &'a Query,
    by: SearchBy,
    limit: usize,
    /// The oldest version of the folding that people may have entries of.
    oldest: u32,
}

impl Search<'_> {
    /// The version whose entries are read at a position; one that is read no more gives way to the oldest that is.
    fn version_at(&self, position: Option<&Position>) -> u32 {
        let version = position.and_then(|position| position.segment.as_ref()?.parse().ok());
        version.unwrap_or(self.oldest).clamp(self.oldest, folding::VERSION)
    }

    /// The person of an entry, if the query means them and this is the one entry at which they are shown.
    fn shown_at(&self, entry: &NameEntry, key: Option<Key>, version: u32) -> Option<Meant> {
        let found = self.query.find(&entry.words, self.by, entry.findable_by)?;
        let place = keys::name_entry(version, &found.entry.partition, &found.entry.word, &entry.user_id);
        (key? == place).then(|| Meant {
            user: entry.user_id.clone(),
            matched_by: found.matched_by,
            folding: Some(version),
        })
    }
}

impl Store {
    /// A page of the people whom a query finds by name or Chatwork ID, the exact word first.
    ///
    /// One query and one batch read; two more of each at the most, where many entries are of people
    /// that the query does not mean or that the searcher may not see. A page has a next one only if there is
    /// somebody on it, as far as these reach: an empty one would tell of somebody hidden.
    ///
    /// While the table is brought to another version of the folding, each version has its own entries: they are read
    /// one version after the other, the oldest first, so that nobody is missed who gets newer entries meanwhile.
    pub async fn search(
        &self,
        me: &UserId,
        query: &Query,
        by: SearchBy,
        limit: usize,
        after: Option<&Position>,
    ) -> Result<Page<Found>, StoreError> {
        let search = Search {
            query,
            by,
            limit: limit.clamp(1, MOST_OF_A_PAGE),
            oldest: self.oldest_folding().await?,
        };
        let most_queries = MOST_QUERIES + usize::try_from(folding::VERSION - search.oldest).unwrap_or_default();
        let mut items: Vec<Found> = Vec::with_capacity(search.limit);
        let mut cursor_after_last = None;
        let mut next = after.cloned();
        let mut candidates = Vec::new();
        for queries in 1..=most_queries {
            next = self.read_on(&search, next.as_ref(), &mut candidates).await?;
            if candidates.len() <= search.limit && next.is_some() && queries < most_queries {
                continue;
            }
            let (people, places): (Vec<_>, Vec<_>) = candidates.drain(..).unzip();
            for (found, cursor_after) in self.found(me, people).await?.into_iter().zip(places) {
                let Some(found) = found else { continue };
                if items.len() == search.limit {
                    return Ok(Page {
                        items,
                        next: cursor_after_last,
                    });
                }
                items.push(found);
                cursor_after_last = Some(cursor_after);
            }
            if next.is_none() {
                break;
            }
        }
        Ok(Page { items, next })
    }

    /// One query: adds whom it means to the candidates, each with the position behind their entry, until there is one
    /// more than a page has. Where the next query begins.
    async fn read_on(
        &self,
        search: &Search<'_>,
        next: Option<&Position>,
        candidates: &mut Vec<(Meant, Position)>,
    ) -> Result<Option<Position>, StoreError> {
        let probe = search.query.probe();
        let version = search.version_at(next);
        let segment = version.to_string();
        let range = Range {
            of_lists: false,
            partition: keys::name_partition(version, probe.partition),
            prefix: Some(probe.prefix),
            newest_first: false,
            limit: (search.limit * 2).max(LEAST_READ),
            after: next.filter(|position| position.segment.as_ref() == Some(&segment)),
        };
        let (entries, end) = self.query(&range).await?;
        let place = |entry| range.cursor_after(entry).within(&segment);
        let mut read_to = None;
        for entry in &entries {
            if candidates.len() > search.limit {
                return Ok(read_to);
            }
            read_to = Some(place(entry));
            if let Some(meant) = search.shown_at(&read::<NameEntry>(entry)?, Key::of(entry), version)
                && candidates.iter().all(|(other, _)| other.user != meant.user)
            {
                candidates.push((meant, place(entry)));
            }
        }
        let newer = || (version < folding::VERSION).then(|| Position::default().within(&(version + 1).to_string()));
        Ok(end.map(|end| end.within(&segment)).or_else(newer))
    }

    /// Who has exactly this address, if they may be found by it.
    ///
    /// It reads as many keys for an address that nobody has as for somebody hidden or blocked, so that its time tells
    /// none of them from the others.
    pub async fn search_address(&self, me: &UserId, address: &EmailAddress) -> Result<Option<Found>, StoreError> {
        let hash = self.secret.address_hash(address);
        let key = keys::address_user(hash);
        let registered = self.get(&key).await?.as_ref().map(read::<AddressUser>).transpose()?;
        let user = registered.map_or_else(|| nobody(hash), |found| Ok(found.user_id))?;
        let mut found = self
            .found(
                me,
                vec![Meant {
                    user,
                    matched_by: MatchedBy::Email,
                    folding: None,
                }],
            )
            .await?
            .into_iter()
            .flatten();
        Ok(found.find(|found| found.user.findable_by.email))
    }

    /// Each of these people as the searcher sees them; none where they see nobody, or where the person has newer
    /// entries than the one that was read.
    async fn found(&self, me: &UserId, people: Vec<Meant>) -> Result<Vec<Option<Found>>, StoreError> {
        let keys_of = |meant: &Meant| [keys::profile(&meant.user), keys::with(me, &meant.user)];
        let loaded = self
            .load(people.iter().flat_map(keys_of).chain([keys::profile(me)]))
            .await?;
        let caller = loaded.caller(me)?;
        let now = self.now();
        let mut found = Vec::with_capacity(people.len());
        for Meant {
            user,
            matched_by,
            folding,
        } in people
        {
            let is_outdated = folding.is_some_and(|version| version != folding_of(&loaded, &user));
            let Some(user) = loaded.user(&user)?.filter(|user| user.user_id != *me && !is_outdated) else {
                found.push(None);
                continue;
            };
            let direction: Option<Direction> = loaded.get(&keys::with(me, &user.user_id))?;
            let pair = direction.map_or_else(Pair::default, |direction| direction.pair);
            let colleagues = caller.is_colleague_of(&user);
            if pair.is_blocked() && !colleagues {
                found.push(None);
                continue;
            }
            let request = pair.waiting(colleagues, now);
            found.push(Some(Found {
                request_id: request.map(|request| request.request_id),
                relation: pair.relation(colleagues, now),
                available_actions: pair.available_actions(colleagues, now),
                user,
                matched_by,
            }));
        }
        Ok(found)
    }
}
