//! The mails: what they say, how they are sent by Amazon SES, and what each answer of SES means.
//!
//! - [`defang`]: other people's text without a working link
//! - [`mail`]: rendering of the layouts under `templates/`; the sentences are those of `contacts-texts`
//! - [`action`]: what to do after each result of SES
//! - [`sender`]: the call
//!
//! What SES substitutes is `{{link}}`, `{{unsubscribe}}`, `{{note_ja}}` and `{{note_en}}`: one call
//! carries one rendered template and up to fifty destinations with these values.
//!
//! [`action`] and [`sender`] come with the feature `send`.

#[cfg(feature = "send")]
pub mod action;
pub mod defang;
pub mod mail;
#[cfg(feature = "send")]
pub mod sender;

mod from;
mod kind;
mod lines;
mod words;

#[cfg(feature = "send")]
pub use action::MailAction;
pub use kind::{MailKind, MailLanguage};
pub use mail::{Mail, Rendered};
#[cfg(feature = "send")]
pub use sender::{Destination, Sender};
