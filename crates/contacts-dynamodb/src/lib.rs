//! The table: every record of the service, and the operations that change them.
//!
//! - [`keys`]: the key schema, in one place
//! - [`store`]: the client and what it needs; `read`, `transaction`: how items are loaded, and how a
//!   decision of the domain is made to stick
//! - [`idempotency`]: the answer of a request, kept with its effect
//! - one file a noun: [`user`], [`search`], [`relationship`] and what is made of it:
//!   [`contact_request`], [`contact`], [`block`]; [`submission`], [`invitation`], [`share_link`],
//!   [`invite_link`], [`opt_out`], [`organization`]
//! - [`work`]: what waits for the mailer

pub mod block;
pub mod contact;
pub mod contact_request;
pub mod error;
pub mod idempotency;
pub mod invitation;
pub mod invite_link;
pub mod keys;
pub mod opt_out;
pub mod organization;
pub mod page;
mod read;
pub mod relationship;
pub mod search;
pub mod share_link;
pub mod store;
pub mod submission;
mod transaction;
pub mod user;
pub mod work;

pub use error::StoreError;
pub use idempotency::{Answer, IdempotencyKey, Reply};
pub use page::{Page, Position};
pub use store::{Settings, Store};
