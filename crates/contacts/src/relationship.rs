//! The state machine between two people.
//!
//! A [`Pair`] is the relationship between two users, seen by one of them (*me*) towards the other.
//! [`apply`] takes a pair, what *me* does, and the time; it answers the pair after it, or why not.
//! It is pure; a store makes the answer stick by writing both directions in one transaction.
//!
//! The table of transitions is in `docs/relationship.md`.

mod pair;
mod transition;

pub use pair::{AvailableAction, Contact, DeclineMode, Origin, Pair, Refusals, Relation, Request, Side};
pub use transition::{
    Accept, AcceptOutcome, Action, Before, Block, Cancel, Connect, ConnectOutcome, Context, Decline, NewRequest,
    REQUEST_LIFETIME, Refusal, Remove, RequestByLink, RequestOutcome, Transition, Unblock, Withdraw, apply,
};
