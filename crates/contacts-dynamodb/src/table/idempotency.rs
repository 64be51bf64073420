//! The outcome of a request, kept with its effect.
//!
//! An outcome is one more conditional write in the transaction of its effect: either both are there
//! or neither is. So a request that is sent again, after its answer was lost or its function
//! killed, finds the outcome; and two at once can only both find the same one.

use std::{
    io::{Read as _, Write as _},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use contacts::{Timestamp, UserId, time::days};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use ulid::Ulid;

use super::{
    keys::{self, Item, Key},
    read::Loaded,
    write::{Condition, Transaction},
};
use crate::{StoreError, store::Store};

/// How long an outcome is kept.
const OUTCOME_LIFETIME: Duration = days(1);

/// What an operation comes to: every value that its answer shows and that the request does not bring, as
/// it was then, and nothing else. It is kept as JSON, compressed; its form has to stay readable for
/// [`OUTCOME_LIFETIME`] after a deployment.
pub(crate) trait Keepable: Serialize + DeserializeOwned {
    /// True when it holds a token, which may not stand in the table: it is sealed.
    const SEALED: bool;
}

impl Keepable for () {
    const SEALED: bool = false;
}

/// What tells a request from every other, by SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestDigest(pub [u8; 32]);

/// An `Idempotency-Key`, with the request it came with.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    user: UserId,
    key_hash: String,
    fingerprint: String,
}

impl IdempotencyKey {
    /// Of a caller's key, and the request under it.
    pub fn new(user: UserId, key: &str, request: RequestDigest) -> Self {
        Self {
            user,
            key_hash: URL_SAFE_NO_PAD.encode(Sha256::digest(key)),
            fingerprint: URL_SAFE_NO_PAD.encode(request.0),
        }
    }

    pub(crate) fn user(&self) -> &UserId {
        &self.user
    }

    pub(crate) fn item_key(&self) -> Key {
        keys::outcome(&self.user, &self.key_hash)
    }
}

/// The item under a key. It has an outcome, or says who is on the way to one.
#[derive(Serialize, Deserialize)]
struct Kept {
    fingerprint: String,
    expires_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outcome: Option<serde_bytes::ByteBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    running: Option<Running>,
}

/// A request that takes several transactions, before it has an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Running {
    /// What its invitations are marked with, whichever run writes them.
    pub(crate) batch_id: Ulid,
    /// The submission that has begun last.
    pub(crate) submission_id: Ulid,
}

/// The outcome that is kept under a key, in its kept form.
pub(crate) struct KeptOutcome<'k> {
    key: &'k IdempotencyKey,
    form: Vec<u8>,
}

impl Store {
    /// The outcome that is kept under a key.
    pub(super) fn kept<'k>(
        &self,
        key: &'k IdempotencyKey,
        loaded: &Loaded,
    ) -> Result<Option<KeptOutcome<'k>>, StoreError> {
        let form = self.kept_item(key, loaded)?.and_then(|kept| kept.outcome);
        Ok(form.map(|form| KeptOutcome {
            key,
            form: form.into_vec(),
        }))
    }

    /// The run that is kept under a key in place of an outcome.
    pub(crate) fn running(&self, key: Option<&IdempotencyKey>, loaded: &Loaded) -> Result<Option<Running>, StoreError> {
        match key {
            Some(key) => Ok(self.kept_item(key, loaded)?.and_then(|kept| kept.running)),
            None => Ok(None),
        }
    }

    fn kept_item(&self, key: &IdempotencyKey, loaded: &Loaded) -> Result<Option<Kept>, StoreError> {
        let Some(kept) = loaded.get::<Kept>(&key.item_key())? else {
            return Ok(None);
        };
        if self.now() >= kept.expires_at {
            return Ok(None);
        }
        if kept.fingerprint != key.fingerprint {
            return Err(StoreError::KeyReused);
        }
        Ok(Some(kept))
    }

    /// Adds an outcome to the transaction of its effect.
    pub(crate) fn keep<T: Keepable>(
        &self,
        transaction: &mut Transaction,
        key: &IdempotencyKey,
        outcome: &T,
    ) -> Result<(), StoreError> {
        let kept = self.kept_form(key, outcome)?;
        self.put_kept(transaction, key, Some(kept), None, self.free())
    }

    /// Says that a request is running, in the place of nothing or of an earlier run of it.
    pub(crate) fn keep_running(
        &self,
        transaction: &mut Transaction,
        key: &IdempotencyKey,
        running: &Running,
        earlier: Option<&Running>,
    ) -> Result<(), StoreError> {
        let condition = earlier.map_or_else(|| self.free(), still_running);
        self.put_kept(transaction, key, None, Some(running.clone()), condition)
    }

    /// Puts the outcome in the place of the run that came to it.
    pub(crate) fn keep_in_place_of<T: Keepable>(
        &self,
        transaction: &mut Transaction,
        key: &IdempotencyKey,
        running: &Running,
        outcome: &T,
    ) -> Result<(), StoreError> {
        let kept = self.kept_form(key, outcome)?;
        self.put_kept(transaction, key, Some(kept), None, still_running(running))
    }

    /// Nothing is kept, or what has expired by the clock and may still be there.
    fn free(&self) -> Condition {
        Condition::new("attribute_not_exists(pk) OR expires_at <= :now").value(":now", keys::s(self.now().to_string()))
    }

    fn put_kept(
        &self,
        transaction: &mut Transaction,
        key: &IdempotencyKey,
        outcome: Option<Vec<u8>>,
        running: Option<Running>,
        condition: Condition,
    ) -> Result<(), StoreError> {
        let item = self.item_of(key, outcome, running)?;
        transaction.put(&self.table, &key.item_key(), item, condition);
        Ok(())
    }

    /// The item under a key while a request is running.
    pub(crate) fn running_item(&self, key: &IdempotencyKey, running: Running) -> Result<Item, StoreError> {
        self.item_of(key, None, Some(running))
    }

    fn item_of(
        &self,
        key: &IdempotencyKey,
        outcome: Option<Vec<u8>>,
        running: Option<Running>,
    ) -> Result<Item, StoreError> {
        let kept = Kept {
            fingerprint: key.fingerprint.clone(),
            expires_at: self.now() + OUTCOME_LIFETIME,
            outcome: outcome.map(serde_bytes::ByteBuf::from),
            running,
        };
        let mut item: Item = serde_dynamo::to_item(&kept)?;
        keys::delete_at(&mut item, kept.expires_at);
        Ok(item)
    }

    fn kept_form<T: Keepable>(&self, key: &IdempotencyKey, outcome: &T) -> Result<Vec<u8>, StoreError> {
        let cannot = |_: std::io::Error| StoreError::Internal("an outcome cannot be kept".to_owned());
        let json = serde_json::to_vec(outcome).map_err(|error| cannot(error.into()))?;
        let mut compressed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        let compressed = compressed.write_all(&json).and_then(|()| compressed.finish());
        let compressed: Vec<u8> = compressed.map_err(cannot)?;
        if !T::SEALED {
            return Ok(compressed);
        }
        let sealed = self.secret.seal(PURPOSE, &associated(key), &compressed, self.random());
        sealed.ok_or_else(|| StoreError::Internal("an outcome cannot be sealed".to_owned()))
    }

    /// Reads an outcome from its kept form.
    pub(crate) fn read_kept<T: Keepable>(&self, kept: &KeptOutcome<'_>) -> Result<T, StoreError> {
        let opened;
        let compressed = if T::SEALED {
            opened = self
                .secret
                .open(PURPOSE, &associated(kept.key), &kept.form)
                .ok_or(StoreError::AlreadyDone)?;
            opened.as_slice()
        } else {
            kept.form.as_slice()
        };
        let mut json = Vec::new();
        let inflated = flate2::read::DeflateDecoder::new(compressed).read_to_end(&mut json);
        let unreadable = || StoreError::Internal("a kept outcome cannot be read".to_owned());
        inflated.map_err(|_| unreadable())?;
        serde_json::from_slice(&json).map_err(|_| unreadable())
    }
}

/// What sealed outcomes are sealed for.
const PURPOSE: &str = "outcome";

/// A sealed outcome opens in its own item only.
fn associated(key: &IdempotencyKey) -> Vec<u8> {
    let Key { pk, sk } = key.item_key();
    format!("{pk}\n{sk}").into_bytes()
}

/// The run is the one that is kept.
fn still_running(running: &Running) -> Condition {
    Condition::new("#running.submission_id = :submission")
        .name("#running", "running")
        .value(":submission", keys::s(running.submission_id.to_string()))
}
