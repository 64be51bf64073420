//! Loading items.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    types::KeysAndAttributes,
};
use contacts::{User, UserId, random};
use serde::de::DeserializeOwned;

use super::{
    keys::{self, Item, Key, s},
    page::Position,
};
use crate::{StoreError, store::Store};

/// Keys of one `BatchGetItem` (DynamoDB's limit).
pub(crate) const BATCH: usize = 100;

/// What was read, by key: an item, or that there is none.
#[derive(Debug, Default)]
pub(crate) struct Loaded(HashMap<Key, Option<Item>>);

impl Loaded {
    /// The item at a key that was read; none when there was none.
    pub(crate) fn item(&self, key: &Key) -> Option<&Item> {
        // An item that was not read looks like one that is not there, and what is decided by it is wrong at times.
        debug_assert!(self.knows(key), "an item is asked for that was not read");
        self.0.get(key)?.as_ref()
    }

    /// True when the key was read, whether there was an item or not.
    pub(crate) fn knows(&self, key: &Key) -> bool {
        self.0.contains_key(key)
    }

    /// The keys of these that were not read.
    pub(crate) fn unknown(&self, keys: impl IntoIterator<Item = Key>) -> Option<Vec<Key>> {
        let unknown: Vec<Key> = keys.into_iter().filter(|key| !self.knows(key)).collect();
        (!unknown.is_empty()).then_some(unknown)
    }

    /// The keys that were read.
    pub(crate) fn into_keys(self) -> Vec<Key> {
        self.0.into_keys().collect()
    }

    /// What was read at these keys.
    pub(crate) fn only(&self, keys: impl IntoIterator<Item = Key>) -> Self {
        let read = keys.into_iter().filter_map(|key| self.0.get_key_value(&key));
        Self(read.map(|(key, item)| (key.clone(), item.clone())).collect())
    }

    /// What a single read found.
    pub(crate) fn found(key: Key, item: Option<Item>) -> Self {
        Self(HashMap::from([(key, item)]))
    }

    /// The item at a key, read as `T`.
    pub(crate) fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        self.item(key).map(|item| read(item)).transpose()
    }

    /// A number in an item; 0 without it.
    pub(crate) fn number(&self, key: &Key, name: &str) -> u64 {
        self.item(key).map_or(0, |item| number(item, name))
    }

    pub(crate) fn user(&self, user: &UserId) -> Result<Option<User>, StoreError> {
        self.get(&keys::profile(user))
    }

    /// The user who calls.
    pub(crate) fn caller(&self, user: &UserId) -> Result<User, StoreError> {
        self.user(user)?.ok_or(StoreError::NotRegistered)
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

/// Reads an item as `T`; attributes that `T` does not know, such as keys, are passed over.
pub(crate) fn read<T: DeserializeOwned>(item: &Item) -> Result<T, StoreError> {
    Ok(serde_dynamo::from_item(item.clone())?)
}

pub(crate) fn number(item: &Item, name: &str) -> u64 {
    item.get(name)
        .and_then(|value| value.as_n().ok())
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
}

/// Turns what the SDK says into what the store says.
pub(crate) fn failed<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> StoreError {
    match error {
        SdkError::ServiceError(service) => match service.err().code() {
            Some("ProvisionedThroughputExceededException" | "ThrottlingException" | "RequestLimitExceeded") => {
                StoreError::Unavailable("throttled")
            }
            Some(
                "TransactionConflictException" | "TransactionCanceledException" | "TransactionInProgressException",
            ) => StoreError::Unavailable("conflict"),
            Some("InternalServerError" | "ServiceUnavailable") | None => StoreError::Unavailable("failing"),
            // Its message may quote values of the call, which are not for the log.
            Some(code) => StoreError::Internal(code.to_owned()),
        },
        SdkError::ConstructionFailure(_) => StoreError::Internal("a call could not be built".to_owned()),
        _ => StoreError::Unavailable("out of reach"),
    }
}

/// A part of a query.
pub(crate) struct Range<'a> {
    /// Of the index `lists`, or else of the table itself.
    pub(crate) of_lists: bool,
    pub(crate) partition: String,
    pub(crate) prefix: Option<&'a str>,
    pub(crate) newest_first: bool,
    pub(crate) limit: usize,
    pub(crate) after: Option<&'a Position>,
}

impl Range<'_> {
    /// The partition key and the sort key.
    fn key_names(&self) -> (&'static str, &'static str) {
        if self.of_lists { keys::OF_LISTS } else { keys::PRIMARY }
    }

    /// The attributes that say where an item is.
    fn position_names(&self) -> Vec<&'static str> {
        let keys = [keys::PRIMARY]
            .into_iter()
            .chain(self.of_lists.then_some(keys::OF_LISTS));
        keys.flat_map(|(pk, sk)| [pk, sk]).collect()
    }

    /// The keys after which the query goes on.
    fn exclusive_start(&self) -> Option<Item> {
        let keys = &self.after?.keys;
        let names = self.position_names();
        if keys.len() != names.len() {
            return None;
        }
        let named = names.into_iter().zip(keys);
        Some(named.map(|(name, value)| (name.to_owned(), s(value))).collect())
    }

    /// The position after an item of this range.
    pub(crate) fn cursor_after(&self, item: &Item) -> Position {
        let names = self.position_names().into_iter();
        let keys = names.filter_map(|name| keys::string(item, name)).collect();
        Position { segment: None, keys }
    }
}

impl Store {
    /// Reads one item, as the last write left it.
    pub(crate) async fn get(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        let call = self
            .client
            .get_item()
            .table_name(&self.table)
            .consistent_read(true)
            .set_key(Some(key.attributes()));
        Ok(call.send().await.map_err(|error| failed(&error))?.item)
    }

    /// Reads items as the last write left them: one call a hundred, side by side.
    pub(crate) async fn load(&self, keys: impl IntoIterator<Item = Key>) -> Result<Loaded, StoreError> {
        let mut wanted: Vec<Key> = keys.into_iter().collect();
        wanted.sort_by(|a, b| (&a.pk, &a.sk).cmp(&(&b.pk, &b.sk)));
        wanted.dedup();
        let batches = wanted.chunks(BATCH).map(|batch| self.load_batch(batch));
        let mut loaded = Loaded(wanted.iter().map(|key| (key.clone(), None)).collect());
        for batch in futures_util::future::try_join_all(batches).await? {
            loaded.append(batch);
        }
        Ok(loaded)
    }

    async fn load_batch(&self, batch: &[Key]) -> Result<Loaded, StoreError> {
        let mut loaded = Loaded::default();
        let mut left: Vec<Item> = batch.iter().map(Key::attributes).collect();
        for round in 0..8 {
            if left.is_empty() {
                return Ok(loaded);
            }
            if round > 0 {
                self.pause(round).await;
            }
            let wanted = KeysAndAttributes::builder()
                .consistent_read(true)
                .set_keys(Some(left))
                .build();
            let wanted = wanted.map_err(|error| StoreError::Internal(error.to_string()))?;
            let call = self.client.batch_get_item().request_items(&self.table, wanted);
            let answer = call.send().await.map_err(|error| failed(&error))?;
            for item in answer.responses.into_iter().flat_map(HashMap::into_values).flatten() {
                if let Some(key) = Key::of(&item) {
                    loaded.0.insert(key, Some(item));
                }
            }
            left = answer
                .unprocessed_keys
                .into_iter()
                .flat_map(HashMap::into_values)
                .flat_map(|left| left.keys)
                .collect();
        }
        if left.is_empty() {
            Ok(loaded)
        } else {
            Err(StoreError::Unavailable("throttled"))
        }
    }

    /// One call of a query: its items, and where the next call begins.
    pub(crate) async fn query(&self, range: &Range<'_>) -> Result<(Vec<Item>, Option<Position>), StoreError> {
        let (pk, sk) = range.key_names();
        let mut call = self
            .client
            .query()
            .table_name(&self.table)
            .set_index_name(range.of_lists.then(|| keys::LISTS.to_owned()));
        let condition = if range.prefix.is_some() {
            "#pk = :pk AND begins_with(#sk, :prefix)"
        } else {
            "#pk = :pk"
        };
        call = call
            .key_condition_expression(condition)
            .expression_attribute_names("#pk", pk)
            .expression_attribute_values(":pk", s(&range.partition));
        if let Some(prefix) = range.prefix {
            call = call
                .expression_attribute_names("#sk", sk)
                .expression_attribute_values(":prefix", s(prefix));
        }
        let limit = i32::try_from(range.limit).unwrap_or(i32::MAX);
        let call = call
            .scan_index_forward(!range.newest_first)
            .limit(limit)
            .set_exclusive_start_key(range.exclusive_start());
        let answer = call.send().await.map_err(|error| failed(&error))?;
        let next = answer.last_evaluated_key.as_ref().map(|key| range.cursor_after(key));
        Ok((answer.items.unwrap_or_default(), next))
    }

    /// Waits before try `n` (from 1) of something that failed for a while: full jitter, 25 to 400 ms.
    pub(crate) async fn pause(&self, n: u32) {
        let most = 25_u64 << n.min(4);
        tokio::time::sleep(Duration::from_millis(1 + random::below(most, self.random()))).await;
    }

    /// The newest items of a list, at most `most`, with these attributes only: enough to count them.
    pub(crate) async fn newest(
        &self,
        partition: String,
        attributes: &str,
        most: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let call = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(keys::LISTS)
            .key_condition_expression(keys::IN_LIST)
            .expression_attribute_values(":list", s(partition))
            .projection_expression(attributes)
            // Newest first: what has expired is at the other end.
            .scan_index_forward(false)
            .limit(i32::try_from(most).unwrap_or(i32::MAX));
        Ok(call
            .send()
            .await
            .map_err(|error| failed(&error))?
            .items
            .unwrap_or_default())
    }
}
