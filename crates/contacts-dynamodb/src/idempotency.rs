//! The answer of a request, kept with its effect.
//!
//! An answer is one more conditional write in the transaction of its effect: either both are there
//! or neither is. So a request that is sent again, after its answer was lost or its function
//! killed, finds the answer; and two at once can only both find the same one.

use std::{
    io::{Read as _, Write as _},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use contacts::{Timestamp, UserId, time::days};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use ulid::Ulid;

use crate::{
    StoreError,
    keys::{self, Key},
    read::Loaded,
    store::Store,
    transaction::{Commit, Condition, Transaction},
};

/// How long an answer is kept.
pub const ANSWER_LIFETIME: Duration = days(1);

/// An `Idempotency-Key`, with the request it came with.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    user: UserId,
    key_hash: String,
    fingerprint: String,
}

impl IdempotencyKey {
    /// Of a caller's key, and the request: method, path and body.
    pub fn new(user: UserId, key: &str, method: &str, path: &str, body: &[u8]) -> Self {
        let mut request = Sha256::new();
        for part in [method.as_bytes(), path.as_bytes(), body] {
            request.update(part.len().to_be_bytes());
            request.update(part);
        }
        Self {
            user,
            key_hash: URL_SAFE_NO_PAD.encode(Sha256::digest(key)),
            fingerprint: URL_SAFE_NO_PAD.encode(request.finalize()),
        }
    }

    pub(crate) fn item_key(&self) -> Key {
        keys::answer(&self.user, &self.key_hash)
    }
}

/// What a request is answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// JSON; empty for an answer without a body.
    pub body: String,
}

/// How an operation answers: what it comes to, rendered before it is committed.
pub struct Reply<'a, T> {
    /// The key, when the request has one.
    pub key: Option<&'a IdempotencyKey>,
    /// Makes the answer.
    pub render: &'a (dyn Fn(&T) -> Answer + Send + Sync),
}

#[derive(Serialize, Deserialize)]
struct Kept {
    fingerprint: String,
    expires_at: Timestamp,
    #[serde(default)]
    status: Option<u16>,
    /// Compressed: a report of a thousand lines would come near the 400 KB of an item.
    #[serde(default, with = "serde_bytes")]
    body: Vec<u8>,
    /// While there is no answer: who runs it, and until when it is theirs.
    #[serde(default)]
    progress: Option<Progress>,
    #[serde(default)]
    leased_until: Option<Timestamp>,
}

/// How far a request came that takes more than one transaction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// What its invitations are marked with: a later run finds them by it.
    pub(crate) batch_id: Ulid,
    /// Quota that is reserved for it.
    pub(crate) reserved: u32,
    /// The day of whose quota that is.
    pub(crate) day: String,
}

/// How long a run has a request to itself: the gateway gives up after 30 seconds, the function earlier.
const LEASE: Duration = Duration::from_secs(30);

impl<T> Reply<'_, T> {
    /// The key of the item to load.
    pub(crate) fn item_key(&self) -> Option<Key> {
        self.key.map(IdempotencyKey::item_key)
    }
}

impl Store {
    /// The answer that was given before.
    pub(crate) fn kept_answer(
        &self,
        key: Option<&IdempotencyKey>,
        loaded: &Loaded,
    ) -> Result<Option<Answer>, StoreError> {
        let Some(key) = key else { return Ok(None) };
        let Some(kept) = loaded.get::<Kept>(&key.item_key())? else {
            return Ok(None);
        };
        if self.now() >= kept.expires_at {
            return Ok(None);
        }
        if kept.fingerprint != key.fingerprint {
            return Err(StoreError::KeyReused);
        }
        let Some(status) = kept.status else { return Ok(None) };
        let mut body = String::new();
        let read = flate2::read::DeflateDecoder::new(kept.body.as_slice()).read_to_string(&mut body);
        read.map_err(|error| StoreError::Fault(format!("a kept answer cannot be read: {error}")))?;
        Ok(Some(Answer { status, body }))
    }

    /// How far an interrupted run of the same request came.
    pub(crate) fn progress(
        &self,
        key: Option<&IdempotencyKey>,
        loaded: &Loaded,
    ) -> Result<Option<Progress>, StoreError> {
        let Some(key) = key else { return Ok(None) };
        let kept = loaded
            .get::<Kept>(&key.item_key())?
            .filter(|kept| self.now() < kept.expires_at);
        let Some(kept) = kept else { return Ok(None) };
        if kept.leased_until.is_some_and(|until| self.now() < until) {
            return Err(StoreError::StillRunning);
        }
        Ok(kept.progress)
    }

    /// Says that the request is running, unless another run has it.
    pub(crate) fn keep_progress(
        &self,
        transaction: &mut Transaction,
        key: Option<&IdempotencyKey>,
        progress: &Progress,
    ) -> Result<(), StoreError> {
        let Some(key) = key else { return Ok(()) };
        let now = self.now();
        let mut kept = self.kept(key);
        kept.progress = Some(progress.clone());
        kept.leased_until = Some(now + LEASE);
        let condition = Condition::new("attribute_not_exists(pk) OR expires_at <= :now OR leased_until <= :now")
            .value(":now", keys::s(now.to_string()));
        self.put_kept(transaction, key, kept, condition)
    }

    /// Puts the answer in the place of the progress.
    pub(crate) fn finish_progress(
        &self,
        transaction: &mut Transaction,
        key: Option<&IdempotencyKey>,
        answer: &Answer,
    ) -> Result<(), StoreError> {
        let Some(key) = key else { return Ok(()) };
        let condition = Condition::new("attribute_type(leased_until, :text)").value(":text", keys::s("S"));
        self.put_kept(transaction, key, self.kept_with(key, answer)?, condition)
    }

    fn kept(&self, key: &IdempotencyKey) -> Kept {
        Kept {
            fingerprint: key.fingerprint.clone(),
            expires_at: self.now() + ANSWER_LIFETIME,
            status: None,
            body: Vec::new(),
            progress: None,
            leased_until: None,
        }
    }

    fn kept_with(&self, key: &IdempotencyKey, answer: &Answer) -> Result<Kept, StoreError> {
        let mut body = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        let body = body.write_all(answer.body.as_bytes()).and_then(|()| body.finish());
        let body = body.map_err(|error| StoreError::Fault(format!("an answer cannot be kept: {error}")))?;
        Ok(Kept {
            status: Some(answer.status),
            body,
            ..self.kept(key)
        })
    }

    fn put_kept(
        &self,
        transaction: &mut Transaction,
        key: &IdempotencyKey,
        kept: Kept,
        condition: Condition,
    ) -> Result<(), StoreError> {
        let expires_at = kept.expires_at;
        let mut item: keys::Item = serde_dynamo::to_item(kept)?;
        keys::delete_at(&mut item, expires_at);
        transaction.put(&self.table, &key.item_key(), item, condition);
        Ok(())
    }

    /// Answers without an effect, and keeps the answer when there is a key. `None` when another request has the
    /// key in the meantime.
    pub(crate) async fn answer_only<T>(&self, reply: &Reply<'_, T>, said: &T) -> Result<Option<Answer>, StoreError> {
        let answer = (reply.render)(said);
        let mut transaction = Transaction::default();
        self.keep_answer(&mut transaction, reply.key, &answer)?;
        Ok((self.commit(transaction).await? == Commit::Done).then_some(answer))
    }

    /// Adds the answer to the transaction of its effect.
    pub(crate) fn keep_answer(
        &self,
        transaction: &mut Transaction,
        key: Option<&IdempotencyKey>,
        answer: &Answer,
    ) -> Result<(), StoreError> {
        let Some(key) = key else { return Ok(()) };
        // One that has expired by the clock may still be there.
        let condition = Condition::new("attribute_not_exists(pk) OR expires_at <= :now")
            .value(":now", keys::s(self.now().to_string()));
        self.put_kept(transaction, key, self.kept_with(key, answer)?, condition)
    }
}
