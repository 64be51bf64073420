//! The mailer: woken by the table's stream, and by a schedule that finds what the stream missed.
//!
//! Either only says where to look. What is due, and whether it may be sent, the item in the table
//! says; so a record that comes twice, late or not at all changes nothing but the time.
//!
//! - [`event`]: what wakes it
//! - [`configuration`]: what it reads from its environment
//! - [`delivery`]: claimed mails, sent in chunks, and recorded

mod configuration;
mod delivery;
mod event;

use contacts::{Timestamp, link::LinkBase};
use contacts_dynamodb::{Store, StoreError, invitation::mailing::Claimed, keys::Key};
use contacts_mail::Sender;
use contacts_runtime::logs::{self, Ending};
use futures_util::{StreamExt as _, stream};
use lambda_runtime::LambdaEvent;
use serde_json::Value;

pub use configuration::MailerConfiguration;
pub use event::{BatchAnswer, Unreadable};

/// Items worked on side by side: each is a few calls that mostly wait.
const SIDE_BY_SIDE: usize = 16;
/// Items claimed before their mails are sent: as many as fit into one call of SES, so that no claim waits for the
/// sending of others until its lease ends.
const CLAIMS_AT_A_TIME: usize = 50;
/// Rounds of one sweep; what is due after that waits for the next.
const ROUNDS: usize = 20;

/// The mailer, with what it needs.
#[derive(Clone)]
pub struct Mailer {
    /// The store.
    pub store: Store,
    /// Sends.
    pub sender: Sender,
    /// What links begin with.
    pub links: LinkBase,
}

impl Mailer {
    /// Handles one event: a batch of the stream, or a tick of the schedule.
    ///
    /// # Errors
    /// When the event is neither.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<BatchAnswer, Unreadable> {
        let waking = event::read(&event.payload);
        let route = match &waking {
            Ok(event::Waking::Stream(_)) => "stream",
            Ok(event::Waking::Schedule) => "schedule",
            Err(Unreadable) => "unknown",
        };
        let work = async { Ok(self.answer(waking?).await) };
        logs::event(&event.context.request_id, route, work, ending).await
    }

    async fn answer(&self, waking: event::Waking) -> BatchAnswer {
        match waking {
            event::Waking::Stream(records) => {
                let keys: Vec<Key> = event::distinct_keys(&records);
                let failed = self.work(keys).await;
                BatchAnswer::of(&records, &failed)
            }
            event::Waking::Schedule => {
                self.sweep().await;
                BatchAnswer::default()
            }
        }
    }

    /// Works off what is due, as far as time allows.
    async fn sweep(&self) {
        let mut seen = std::collections::HashSet::new();
        for _ in 0..ROUNDS {
            let due = match self.store.due().await {
                Ok(due) => due,
                Err(error) => {
                    tracing::warn!(%error, "the sweep could not look");
                    return;
                }
            };
            // The index lags behind: what was worked on a moment ago may still be in it.
            let due: Vec<Key> = due.into_iter().filter(|key| seen.insert(key.clone())).collect();
            if due.is_empty() {
                return;
            }
            self.work(due).await;
        }
    }

    /// Works on items; answers those whose work failed for want of the store.
    async fn work(&self, keys: Vec<Key>) -> Vec<Key> {
        let mut failed = Vec::new();
        for some in keys.chunks(CLAIMS_AT_A_TIME) {
            let at = self.store.now();
            let claims: Vec<_> = some.iter().map(|key| self.claim(key, at)).collect();
            let worked: Vec<(&Key, Result<Option<Claimed>, StoreError>)> =
                stream::iter(claims).buffer_unordered(SIDE_BY_SIDE).collect().await;
            let mut claimed = Vec::new();
            for (key, result) in worked {
                match result {
                    Ok(mail) => claimed.extend(mail),
                    Err(StoreError::Unavailable(why)) => {
                        tracing::warn!(why, "an item waits for the store");
                        failed.push(key.clone());
                    }
                    // It would fail again and hold up the shard: it stays due, and the sweep tries again.
                    Err(error) => tracing::error!(%error, "an item cannot be worked on"),
                }
            }
            self.deliver(claimed).await;
        }
        failed
    }

    async fn claim<'k>(&self, key: &'k Key, at: Timestamp) -> (&'k Key, Result<Option<Claimed>, StoreError>) {
        (key, self.store.claim(key, at).await)
    }
}

/// Work that failed for want of the store comes again with the stream; an event that nobody can read does not.
fn ending(answer: &Result<BatchAnswer, Unreadable>) -> Ending {
    match answer {
        Ok(answer) if answer.is_complete() => Ending::DONE,
        Ok(_) | Err(Unreadable) => Ending::FAILED,
    }
}
