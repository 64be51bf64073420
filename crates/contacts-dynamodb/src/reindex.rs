//! Bringing a table of an older version of the folding up to date, while it serves.
//!
//! Entries of the name search have the version in their key, and a profile says in which version its person has
//! entries. A person moves from one version to the next in one transaction. Until everybody has moved, a search reads
//! the entries of each version (`search.rs`), and passes over an entry whose person has moved on.

use std::{collections::BTreeSet, sync::PoisonError, time::Duration};

use contacts::{User, UserId, folding, time::days};
use serde::{Deserialize, Serialize};

use crate::{
    StoreError,
    store::Store,
    table::{
        keys::{self, Item, Key, n, s},
        read::{Loaded, failed, read},
        transaction::Decision,
        write::{Condition, Transaction},
    },
    user::folding_of,
};

/// For how long a search goes by what it has read of the version that all entries have.
const STALE: Duration = Duration::from_secs(60);
/// Items that one call of the job looks at.
const LOOKED_AT: i32 = 500;
/// Entries that one transaction removes (DynamoDB's limit is 100 actions).
const REMOVED_AT_ONCE: usize = 100;
/// For how long a run that was cut short can be taken up.
const KEPT_PROGRESS: Duration = days(30);
/// The attribute with the version that all entries have.
const VERSION: &str = "version";

/// One of the parts in which a table is read from end to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Its number, from 0.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

/// How far a segment is up to date.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentProgress {
    /// Behind which item it goes on.
    after: Option<(String, String)>,
    /// Whether all of it was looked at.
    pub ended: bool,
    /// People that got new entries.
    pub people: u64,
    /// Entries of an older version that were removed.
    pub removed: u64,
    /// Places among the members of an organisation that were put in order.
    pub moved: u64,
}

/// What is outdated among the items that were looked at.
#[derive(Debug, Default)]
struct Outdated {
    people: Vec<UserId>,
    entries: Vec<Key>,
    members: Vec<(Key, UserId)>,
}

impl Store {
    /// The oldest version of the folding that entries may have. It is read once a minute while it is an older one
    /// than this code's, and never again afterwards.
    pub(crate) async fn oldest_folding(&self) -> Result<u32, StoreError> {
        let now = self.now();
        let known = *self.folding.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((read_at, version)) = known
            && (version >= folding::VERSION || now < read_at + STALE)
        {
            return Ok(version);
        }
        let version = self.complete_folding().await?;
        *self.folding.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, version));
        Ok(version)
    }

    /// The newest version of the folding, up to this code's, that all entries have.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn complete_folding(&self) -> Result<u32, StoreError> {
        let version = self.load([keys::folding()]).await?.number(&keys::folding(), VERSION);
        let version = u32::try_from(version).unwrap_or(u32::MAX);
        Ok(version.clamp(keys::FIRST_FOLDING, folding::VERSION))
    }

    /// Notes that all entries have this code's version of the folding.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn complete_reindex(&self) -> Result<(), StoreError> {
        let version = Condition::default()
            .name("#version", VERSION)
            .value(":version", n(folding::VERSION));
        self.update_if(&keys::folding(), "SET #version = :version", version)
            .await?;
        Ok(())
    }

    /// How far a segment is.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn segment_progress(&self, segment: Segment) -> Result<SegmentProgress, StoreError> {
        let key = keys::reindexed_segment(folding::VERSION, segment.number, segment.of);
        let item = self.get(&key).await?;
        Ok(item.as_ref().map(read).transpose()?.unwrap_or_default())
    }

    /// Brings the next items of a segment up to date, and notes how far it is. `pace` is waited for before each person.
    ///
    /// # Errors
    /// When the table cannot be reached; what was done stays, and is passed over the next time.
    pub async fn reindex_page<W: Future<Output = ()> + Send>(
        &self,
        segment: Segment,
        progress: &SegmentProgress,
        pace: impl Fn() -> W + Send,
    ) -> Result<SegmentProgress, StoreError> {
        let (items, after) = self.scan(segment, progress.after.as_ref()).await?;
        let outdated = self.outdated(&items).await?;
        let mut people = 0;
        for person in &outdated.people {
            pace().await;
            people += u64::from(self.reindex_person(person).await?);
        }
        // Only now: until its person has new entries, an old one is what a search finds them by.
        for entries in outdated.entries.chunks(REMOVED_AT_ONCE) {
            self.remove(entries).await?;
        }
        for (key, user) in &outdated.members {
            self.put_member_in_order(key, user).await?;
        }
        let progress = SegmentProgress {
            ended: after.is_none(),
            after: after.map(|key| (key.pk, key.sk)),
            people: progress.people + people,
            removed: progress.removed + count(&outdated.entries),
            moved: progress.moved + count(&outdated.members),
        };
        self.put_progress(segment, &progress).await?;
        Ok(progress)
    }

    /// The next items of a segment that name a person, and behind which key it goes on.
    async fn scan(
        &self,
        segment: Segment,
        after: Option<&(String, String)>,
    ) -> Result<(Vec<Item>, Option<Key>), StoreError> {
        let from = after.map(|(pk, sk)| Key {
            pk: pk.clone(),
            sk: sk.clone(),
        });
        let scanned = self
            .client
            .scan()
            .table_name(&self.table)
            .consistent_read(true)
            .segment(i32::try_from(segment.number).unwrap_or(i32::MAX))
            .total_segments(i32::try_from(segment.of).unwrap_or(i32::MAX))
            .limit(LOOKED_AT)
            .filter_expression("sk = :profile OR begins_with(pk, :name) OR begins_with(sk, :member)")
            .expression_attribute_values(":profile", s(keys::PROFILE))
            .expression_attribute_values(":name", s(keys::NAME))
            .expression_attribute_values(":member", s(keys::MEMBER))
            .set_exclusive_start_key(from.as_ref().map(Key::attributes))
            .send()
            .await
            .map_err(|error| failed(&error))?;
        let after = scanned.last_evaluated_key.as_ref().and_then(Key::of);
        Ok((scanned.items.unwrap_or_default(), after))
    }

    /// What of these items is outdated, by the profiles of the people whom they name.
    async fn outdated(&self, items: &[Item]) -> Result<Outdated, StoreError> {
        let mut owned: Vec<(Key, UserId)> = Vec::new();
        for item in items {
            let Some(key) = Key::of(item) else { continue };
            let is_newest = key.name_entry_version() == Some(folding::VERSION);
            let user = keys::string(item, keys::USER_ID).and_then(|id| UserId::parse(&id).ok());
            if let Some(user) = user.filter(|_| !is_newest) {
                owned.push((key, user));
            }
        }
        let loaded = self.load(owned.iter().map(|(_, user)| keys::profile(user))).await?;
        let mut people = BTreeSet::new();
        let mut outdated = Outdated::default();
        for (key, user_id) in owned {
            let user = loaded.user(&user_id)?;
            if user.is_some() && folding_of(&loaded, &user_id) < folding::VERSION {
                people.insert(user_id.clone());
            }
            if key.name_entry_version().is_some() {
                outdated.entries.push(key);
            } else if key.sk != keys::PROFILE && member_key(user.as_ref()).as_ref() != Some(&key) {
                outdated.members.push((key, user_id));
            }
        }
        outdated.people = people.into_iter().collect();
        Ok(outdated)
    }

    /// Gives a person entries of this code's version, and has the mailer put them in the right place in the lists of
    /// others. `false` when they have such entries already: another segment came to one of their older ones before.
    async fn reindex_person(&self, user_id: &UserId) -> Result<bool, StoreError> {
        self.transact(Loaded::default(), [keys::profile(user_id)], |loaded| {
            let user = loaded.user(user_id)?;
            let Some(user) = user.filter(|_| folding_of(loaded, user_id) < folding::VERSION) else {
                return Ok(Decision::Nothing(false));
            };
            let mut transaction = Transaction::default();
            self.put_profile(&mut transaction, loaded, &user, &user)?;
            Ok(Decision::Commit(transaction, true))
        })
        .await
    }

    async fn remove(&self, keys: &[Key]) -> Result<(), StoreError> {
        self.transact(Loaded::default(), [], |_| {
            let mut transaction = Transaction::default();
            for key in keys {
                transaction.delete(&self.table, key, None);
            }
            Ok(Decision::Commit(transaction, ()))
        })
        .await
    }

    async fn put_progress(&self, segment: Segment, progress: &SegmentProgress) -> Result<(), StoreError> {
        let key = keys::reindexed_segment(folding::VERSION, segment.number, segment.of);
        self.transact(Loaded::default(), [], |_| {
            let mut item: Item = serde_dynamo::to_item(progress)?;
            keys::delete_at(&mut item, self.now() + KEPT_PROGRESS);
            let mut transaction = Transaction::default();
            transaction.put(&self.table, &key, item, None);
            Ok(Decision::Commit(transaction, ()))
        })
        .await
    }

    /// Moves a member's item to where the member's name has its place now, or removes it with who left.
    async fn put_member_in_order(&self, key: &Key, user_id: &UserId) -> Result<(), StoreError> {
        let profile = keys::profile(user_id);
        self.transact(Loaded::default(), [profile.clone(), key.clone()], |loaded| {
            let user = loaded.user(user_id)?;
            let place = member_key(user.as_ref());
            let Some(item) = loaded.item(key).filter(|_| place.as_ref() != Some(key)) else {
                return Ok(Decision::Nothing(()));
            };
            let mut transaction = Transaction::default();
            transaction.delete(&self.table, key, None);
            if let Some(place) = &place {
                transaction.put(&self.table, place, item.clone(), None);
            }
            let rev = user.is_some().then(|| loaded.number(&profile, keys::REV));
            transaction.check(&self.table, &profile, Condition::revision(rev));
            Ok(Decision::Commit(transaction, ()))
        })
        .await
    }
}

/// The key of the item that makes somebody a member.
fn member_key(user: Option<&User>) -> Option<Key> {
    let user = user?;
    let organization = user.organization.as_ref()?.organization_id;
    Some(keys::member(organization, &user.name, &user.user_id))
}

fn count<T>(list: &[T]) -> u64 {
    u64::try_from(list.len()).unwrap_or(u64::MAX)
}
