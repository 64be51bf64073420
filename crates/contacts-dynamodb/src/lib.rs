//! The table: every record of the service, and the operations that change them.
//!
//! - [`store`]: the client and what it needs; [`error`]: why an operation was not done
//! - [`table`]: how the table is used: keys, reading, writing, transactions, kept outcomes, pages
//! - one folder a noun, one file a family of operations: [`user`] and its organisation; [`relationship`]: requests,
//!   contacts, blocks; [`invitation`]: submitting, listing, mailing; [`link`]: share links, the redemption of any
//!   link, opting out; [`search`], and [`reindex`] of what it reads
//!
//! An operation returns an outcome: plain values of the domain, made for the answer. How a client is told, and
//! how a mail looks, is not known here.

pub mod error;
pub mod invitation;
pub mod link;
pub mod reindex;
pub mod relationship;
#[cfg(test)]
mod scripted;
pub mod search;
pub mod store;
pub mod table;
pub mod user;

pub use error::StoreError;
pub use store::{Store, StoreSettings};
pub use table::{
    idempotency::{IdempotencyKey, RequestDigest},
    keys,
    page::{Page, Position},
};
