//! Finding people.

use contacts::{
    EmailAddress, User, UserId,
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
    user::{AddressUser, NameEntry},
};

/// People of a page: each needs two keys of a batch, as does the one behind them, and the caller one.
const MOST_OF_A_PAGE: usize = (BATCH - 1) / 2 - 1;
/// Queries of a page, when the entries read are mostly of people already shown, not meant or hidden.
const MOST_QUERIES: usize = 3;
/// Entries that a query reads at least: people have several, and short pages cost another call.
const LEAST_READ: usize = 60;

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

impl Store {
    /// A page of the people whom a query finds by name or Chatwork ID, the exact word first.
    ///
    /// One query and one batch read; two more of each at the most, where many entries are of people
    /// that the query does not mean or that the searcher may not see. A page has a next one only if there is
    /// somebody on it, as far as these reach: an empty one would tell of somebody hidden.
    pub async fn search(
        &self,
        me: &UserId,
        query: &Query,
        by: SearchBy,
        limit: usize,
        after: Option<&Position>,
    ) -> Result<Page<Found>, StoreError> {
        let limit = limit.clamp(1, MOST_OF_A_PAGE);
        let probe = query.probe();
        let mut items = Vec::with_capacity(limit);
        let mut cursor_after_last = None;
        let mut next = after.cloned();
        // Who may be shown, each with the position behind their entry.
        let mut candidates = Vec::new();
        for queries in 1..=MOST_QUERIES {
            let range = Range {
                of_lists: false,
                partition: keys::name_partition(probe.partition),
                prefix: Some(probe.prefix),
                newest_first: false,
                limit: (limit * 2).max(LEAST_READ),
                after: next.as_ref(),
            };
            let (entries, end) = self.query(&range).await?;
            let mut read_to = None;
            for entry in &entries {
                if candidates.len() > limit {
                    break;
                }
                read_to = Some(range.cursor_after(entry));
                if let Some(found) = shown_at(&read::<NameEntry>(entry)?, Key::of(entry), query, by) {
                    candidates.push((found, range.cursor_after(entry)));
                }
            }
            let read_all = entries.last().map(|entry| range.cursor_after(entry)) == read_to;
            next = if read_all { end } else { read_to };
            if candidates.len() <= limit && next.is_some() && queries < MOST_QUERIES {
                continue;
            }
            let (people, places): (Vec<_>, Vec<_>) = candidates.drain(..).unzip();
            for (found, cursor_after) in self.found(me, people).await?.into_iter().zip(places) {
                let Some(found) = found else { continue };
                if items.len() == limit {
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
            .found(me, vec![(user, MatchedBy::Email)])
            .await?
            .into_iter()
            .flatten();
        Ok(found.find(|found| found.user.findable_by.email))
    }

    /// Each of these people as the searcher sees them; none where they see nobody.
    async fn found(&self, me: &UserId, people: Vec<(UserId, MatchedBy)>) -> Result<Vec<Option<Found>>, StoreError> {
        let keys_of = |(user, _): &(UserId, MatchedBy)| [keys::profile(user), keys::with(me, user)];
        let loaded = self
            .load(people.iter().flat_map(keys_of).chain([keys::profile(me)]))
            .await?;
        let caller = loaded.caller(me)?;
        let now = self.now();
        let mut found = Vec::with_capacity(people.len());
        for (user, matched_by) in people {
            let Some(user) = loaded.user(&user)?.filter(|user| user.user_id != *me) else {
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

/// The person of an entry, if the query means them and this is the one entry at which they are shown.
fn shown_at(entry: &NameEntry, key: Option<Key>, query: &Query, by: SearchBy) -> Option<(UserId, MatchedBy)> {
    let found = query.find(&entry.words, by, entry.findable_by)?;
    let place = keys::name_entry(&found.entry.partition, &found.entry.word, &entry.user_id);
    (key? == place).then(|| (entry.user_id.clone(), found.matched_by))
}
