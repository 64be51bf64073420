//! How the table is used: its keys, how items are read and written, and how a decision is made to stick.
//!
//! - [`keys`]: the key schema, in one place
//! - [`read`]: loading items and pages of them; [`page`]: where a page begins
//! - [`write`]: conditions, and the actions of a transaction
//! - [`transaction`]: load, decide, commit, and again after a conflict
//! - [`idempotency`]: the outcome of a request, kept with its effect

pub(crate) mod idempotency;
pub mod keys;
pub(crate) mod page;
pub(crate) mod read;
pub(crate) mod transaction;
pub(crate) mod write;
