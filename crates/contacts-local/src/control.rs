//! What the calls and pages under `/_local` act on.

use std::sync::Arc;

use crate::{
    clock::StackClock,
    connector::{DynamoDb, SimpleEmail},
    mailer::RunningMailer,
    people::People,
    tokens::Tokens,
};

/// What the calls act on.
pub struct Control {
    /// The engine, counted.
    pub dynamodb: DynamoDb,
    /// The capture, counted.
    pub email: SimpleEmail,
    /// The clock.
    pub clock: Arc<StackClock>,
    /// The issuer's key.
    pub tokens: Tokens,
    /// Registering and signing in.
    pub people: People,
    /// Stream and schedule.
    pub mailer: RunningMailer,
}
