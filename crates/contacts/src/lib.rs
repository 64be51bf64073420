//! The domain of adding contacts: types that cannot hold a wrong value, and the rules between them.
//!
//! Nothing here knows a cloud, a web server or an async runtime; the clock and the random source are arguments.
//!
//! - [`user`]: people and what identifies them, addresses too
//! - [`search`]: how people are found; [`folding`]: how their names are compared
//! - [`relationship`]: the state machine between two people
//! - [`invitation`]: invitations by e-mail: pasted, judged, mailed
//! - [`link`]: share links and mailed ones: their secrets, what a visitor is shown, what pressing does
//! - [`message`]: the words that go with a request or an invitation
//! - [`secret`]: the one secret of the service, and what is made with it
//! - [`value`]: what is wrong with a value from outside; [`time`], [`random`]: what is passed in

pub mod folding;
pub mod invitation;
pub mod link;
pub mod message;
pub mod random;
pub mod relationship;
pub mod search;
pub mod secret;
pub mod time;
pub mod user;
pub mod value;

pub use message::Message;
pub use random::Random;
pub use time::{Clock, Timestamp};
pub use user::{AccountId, ChatworkId, Locale, PersonName, User, UserId, email_address::EmailAddress};
pub use value::Invalid;
