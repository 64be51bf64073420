//! A call of invitations: judged entry by entry, paid from the quota, written by chunks.
//!
//! A call takes several transactions, so it has an item of its own while it runs:
//!
//! ```text
//! begin    quota taken, submission put (with a lease), `Running` under the Idempotency-Key
//! chunks   99 invitations and a marker with their number, side by side; none touches the quota
//! end      quota given back that was taken in vain, submission removed, outcome under the key
//! ```
//!
//! A run that is cut short leaves its submission. When the lease is over, the schedule ends it, or a call with
//! the same key before that: what the markers do not account for goes back to the quota. A call with the same key
//! begins again with the same batch, by which it knows what was written already.

mod begin;
mod chunks;
mod end;

use contacts::{
    Locale, Message, Timestamp, User, UserId,
    invitation::{
        bulk::Entry,
        submission::{Mode, Plan, Quota, SubmissionOutcome, candidates},
    },
    time::days,
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use self::begin::{Begin, Call};
use crate::{
    StoreError,
    store::Store,
    table::{
        idempotency::{IdempotencyKey, Keepable, Running},
        keys::{self, Item, Key},
        read::Loaded,
    },
};

/// How long a day's figures are kept.
const FIGURES_KEPT: std::time::Duration = days(3);

impl Keepable for SubmissionOutcome {
    const SEALED: bool = false;
}

/// A call of invitations.
#[derive(Debug, Clone)]
pub struct Submission<'a> {
    /// What was pasted.
    pub entries: &'a [Entry],
    /// The words that go with each.
    pub message: Message,
    /// The language chosen.
    pub locale: Option<Locale>,
    /// What to do when an entry is to be fixed.
    pub mode: Mode,
    /// Report only.
    pub dry_run: bool,
}

/// A submission that has begun and not ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SubmissionItem {
    submission_id: Ulid,
    /// What its invitations are marked with.
    batch_id: Ulid,
    inviter: UserId,
    /// Invitations that were taken from the quota.
    reserved: u32,
    /// The day of whose quota they are.
    day: String,
    leased_until: Timestamp,
}

/// A call between its begin and its end.
struct Begun<'e> {
    /// The table as the begin has left it, as far as the end depends on it.
    loaded: Loaded,
    inviter: User,
    item: SubmissionItem,
    plan: Plan<'e>,
    /// The quota as the end leaves it, if everything is written.
    quota: Quota,
}

impl Store {
    /// Writes invitations; the outcome reports every entry.
    ///
    /// Costs three batch reads a hundred addresses, the begin, one transaction for 99 new invitations, and the
    /// end: the same for registered addresses and others.
    pub async fn invite(
        &self,
        me: &UserId,
        submission: &Submission<'_>,
        key: Option<&IdempotencyKey>,
    ) -> Result<SubmissionOutcome, StoreError> {
        let addresses = candidates(submission.entries, &self.secret);
        let call = Call {
            me,
            submission,
            addresses: &addresses,
            key,
        };
        loop {
            match self.begin(call).await? {
                Begin::Ended(outcome) => return Ok(outcome),
                Begin::CutShort(item) => self.end_cut_short(&item).await?,
                Begin::Begun(begun) => {
                    let written = self.write_invitations(&begun, submission).await?;
                    return self.end(*begun, &written, key).await;
                }
            }
        }
    }
}

impl SubmissionItem {
    fn key(&self) -> Key {
        keys::submission(&self.inviter, self.submission_id)
    }

    fn chunk_key(&self, number: usize) -> Key {
        keys::submission_chunk(&self.inviter, self.submission_id, number)
    }

    fn running(&self) -> Running {
        Running {
            batch_id: self.batch_id,
            submission_id: self.submission_id,
        }
    }

    fn attributes(&self) -> Result<Item, StoreError> {
        let mut item: Item = serde_dynamo::to_item(self)?;
        keys::make_due(&mut item, self.leased_until, self.submission_id.random() as u64);
        Ok(item)
    }
}

#[cfg(test)]
mod tests;
