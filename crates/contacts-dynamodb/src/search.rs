//! Finding people.

use contacts::{
    EmailAddress, User, UserId,
    relationship::{AvailableAction, Pair, Relation},
    search::{By, MatchedBy, Query},
};
use serde::Serialize;
use ulid::Ulid;

use crate::{
    StoreError,
    keys::{self, Key},
    page::{Page, Position},
    read::{BATCH, Range, read},
    relationship::Direction,
    store::Store,
    user::{AddressUser, NameEntry},
};

/// People of a page: each needs two keys of a batch, and the caller one.
const MOST_OF_A_PAGE: usize = (BATCH - 1) / 2;
/// Queries of a page, when the entries read are mostly of people already shown or not meant.
const MOST_QUERIES: usize = 3;
/// Entries that a query reads at least: people have several, and short pages cost another call.
const LEAST_READ: usize = 60;

/// By what somebody was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundBy {
    /// By name or reading.
    Name,
    /// By Chatwork ID.
    ChatworkId,
    /// By the exact address.
    Email,
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
    pub matched_by: FoundBy,
    /// The request that waits between the two, whoever sent it.
    pub request_id: Option<Ulid>,
}

impl Store {
    /// A page of the people whom a query finds by name or Chatwork ID, the exact word first.
    ///
    /// One query and one batch read; two more queries at the most, where many entries are of people
    /// that the query does not mean.
    pub async fn search(
        &self,
        me: &UserId,
        query: &Query,
        by: By,
        limit: usize,
        after: Option<&Position>,
    ) -> Result<Page<Found>, StoreError> {
        let limit = limit.clamp(1, MOST_OF_A_PAGE);
        let probe = query.probe();
        let mut people: Vec<(UserId, FoundBy)> = Vec::with_capacity(limit);
        let mut next = after.cloned();
        for _ in 0..MOST_QUERIES {
            let range = Range {
                index: None,
                partition: keys::name_partition(probe.partition),
                prefix: Some(probe.prefix),
                newest_first: false,
                limit: (limit * 2).max(LEAST_READ),
                after: next.as_ref(),
            };
            let (items, end) = self.query(&range).await?;
            let mut full_at = None;
            for item in &items {
                if people.len() == limit {
                    break;
                }
                if let Some(found) = shown_at(&read::<NameEntry>(item)?, Key::of(item), query, by) {
                    people.push(found);
                }
                full_at = Some(range.behind(item));
            }
            let read_all = items.last().map(|item| range.behind(item)) == full_at;
            next = if read_all { end } else { full_at };
            if people.len() == limit || next.is_none() {
                break;
            }
        }
        let items = self.found(me, people).await?;
        Ok(Page { items, next })
    }

    /// Who has exactly this address, if they may be found by it: nobody or one.
    pub async fn search_address(&self, me: &UserId, address: &EmailAddress) -> Result<Page<Found>, StoreError> {
        let key = keys::address_user(self.secret.address_hash(address));
        let registered = self.get(&key).await?.as_ref().map(read::<AddressUser>).transpose()?;
        let people = registered
            .into_iter()
            .map(|found| (found.user_id, FoundBy::Email))
            .collect();
        let mut items = self.found(me, people).await?;
        items.retain(|found| found.user.findable_by.email);
        Ok(Page { items, next: None })
    }

    async fn found(&self, me: &UserId, mut people: Vec<(UserId, FoundBy)>) -> Result<Vec<Found>, StoreError> {
        people.retain(|(user, _)| user != me);
        let keys_of = |(user, _): &(UserId, FoundBy)| [keys::profile(user), keys::with(me, user)];
        let loaded = self
            .load(people.iter().flat_map(keys_of).chain([keys::profile(me)]))
            .await?;
        let caller = loaded.caller(me)?;
        let now = self.now();
        let mut found = Vec::with_capacity(people.len());
        for (user, matched_by) in people {
            let Some(user) = loaded.user(&user)? else { continue };
            let direction: Option<Direction> = loaded.get(&keys::with(me, &user.user_id))?;
            let pair = direction.map_or_else(Pair::default, |direction| direction.pair);
            let colleagues = caller.is_colleague_of(&user);
            if pair.is_blocked() && !colleagues {
                continue;
            }
            let request = pair.waiting(colleagues, now);
            found.push(Found {
                request_id: request.map(|request| request.request_id),
                relation: pair.relation(colleagues, now),
                available_actions: pair.available_actions(colleagues, now),
                user,
                matched_by,
            });
        }
        Ok(found)
    }
}

/// The person of an entry, if the query means them and this is the one entry at which they are shown.
fn shown_at(entry: &NameEntry, key: Option<Key>, query: &Query, by: By) -> Option<(UserId, FoundBy)> {
    let found = query.find(&entry.words, by, entry.findable_by)?;
    let place = keys::name_entry(&found.entry.partition, &found.entry.word, &entry.user_id);
    let matched_by = match found.matched_by {
        MatchedBy::Name => FoundBy::Name,
        MatchedBy::ChatworkId => FoundBy::ChatworkId,
    };
    (key? == place).then(|| (entry.user_id.clone(), matched_by))
}
