//! The domain of adding contacts: types that cannot hold a wrong value, and the rules between them.
//!
//! Nothing here knows AWS, HTTP or an async runtime; the clock and the random source are arguments.
//!
//! - [`value`]: what is wrong with a value from outside; [`time`], [`random`]: what is passed in
//! - [`user`]: people and what identifies them; [`email_address`]: addresses
//! - [`folding`], [`search`]: how names are compared and found
//! - [`message`]: the words that go with a request or an invitation
//! - [`relationship`]: the state machine between two people
//! - [`invitation`], [`bulk`]: invitations by e-mail, and the text they are pasted as; [`mailing`]: the steps of
//!   their mail
//! - [`invite_link`]: share links, mailed links and their views; [`link`]: their URLs; [`token`]: the secrets in them

pub mod bulk;
pub mod email_address;
pub mod folding;
pub mod invitation;
pub mod invite_link;
pub mod link;
pub mod mailing;
pub mod message;
pub mod random;
pub mod relationship;
mod seal;
pub mod search;
pub mod time;
pub mod token;
pub mod user;
pub mod value;

pub use email_address::EmailAddress;
pub use message::Message;
pub use random::Random;
pub use time::{Clock, Timestamp};
pub use user::{AccountId, ChatworkId, Locale, PersonName, User, UserId};
pub use value::Invalid;
