//! What the calls and pages under `/_local` act on.

mod callers;
mod calls;
mod idle;
mod problem;

use std::sync::Arc;

use local_aws::{clock::Clock, dynamodb::DynamoDb, events::Events, ses::SimpleEmail};

use crate::{people::People, sign_in::tokens::Tokens};

pub use calls::router;

/// What the calls act on.
pub struct Control {
    /// The engine, counted.
    pub dynamodb: DynamoDb,
    /// The capture, counted.
    pub email: SimpleEmail,
    /// The clock.
    pub clock: Arc<Clock>,
    /// The issuer's key.
    pub tokens: Tokens,
    /// Registering and signing in.
    pub people: People,
    /// Stream and schedule.
    pub events: Events,
    /// Where the mailer's work waits.
    pub table_name: String,
}
