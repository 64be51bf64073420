//! Short names for what the tests of the relation between two people need.

#![allow(dead_code, clippy::expect_used, reason = "each test file uses some of it")]

use std::time::Duration;

use contacts::{
    Message, Timestamp, UserId,
    invitation::{INVITATION_LIFETIME, InvitationRef, new_invitation_id},
    relationship::{
        self, Accept, AcceptOutcome, Block, Cancel, Connect, ConnectOutcome, Contact, Context, Decline, DeclineMode,
        NewRequest, Origin, Pair, Refusal, Remove, Request, RequestByLink, RequestOutcome, Transition, Unblock,
        Withdraw,
    },
    secret::AddressHash,
};
use ulid::Ulid;

pub(crate) const MILLISECOND: Duration = Duration::from_millis(1);

/// 2026-03-01T00:00:00Z.
pub(crate) fn start() -> Timestamp {
    Timestamp::from_unix_milliseconds(1_772_323_200_000)
}

/// The millisecond before.
pub(crate) fn before(time: Timestamp) -> Timestamp {
    Timestamp::from_unix_milliseconds(time.unix_milliseconds() - 1)
}

pub(crate) fn id(number: u128) -> Ulid {
    Ulid::from_parts(1, number)
}

pub(crate) fn user(name: &str) -> UserId {
    UserId::parse(name).expect("a user id")
}

pub(crate) fn invitation(number: u128) -> InvitationRef {
    InvitationRef {
        invitation_id: new_invitation_id(AddressHash::from_bits(number), start()),
        inviter: user("inviter"),
    }
}

pub(crate) fn ask(number: u128) -> AnyAction {
    ask_as(id(number))
}

pub(crate) fn ask_as(request_id: Ulid) -> AnyAction {
    AnyAction::Request(NewRequest {
        request_id,
        message: Message::parse("Hello").expect("a message"),
        origin: Origin::Search,
        invitation: None,
    })
}

/// Presses a link of the other's.
pub(crate) fn press(number: u128) -> AnyAction {
    AnyAction::Press(RequestByLink(NewRequest {
        request_id: id(number),
        message: Message::default(),
        origin: Origin::ShareLink,
        invitation: None,
    }))
}

/// What the mailer does for the inviter when the address is registered.
pub(crate) fn invite(request: u128, number: u128) -> AnyAction {
    invite_until(request, number, start() + INVITATION_LIFETIME)
}

pub(crate) fn invite_until(request: u128, number: u128, end: Timestamp) -> AnyAction {
    AnyAction::Request(NewRequest {
        request_id: id(request),
        message: Message::default(),
        origin: Origin::EmailInvitation,
        invitation: Some((invitation(number), end)),
    })
}

/// Any action, so that a test can choose one by a name or by chance.
#[derive(Debug, Clone)]
pub(crate) enum AnyAction {
    Request(NewRequest),
    Press(RequestByLink),
    Connect(Connect),
    Accept(Ulid),
    Decline(Ulid, DeclineMode),
    Cancel(Ulid),
    /// Of one that was sent past a block.
    CancelPressed(Ulid),
    Withdraw(InvitationRef),
    Remove,
    Block,
    Unblock,
}

/// Any outcome.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AnyOutcome {
    Sent(Request),
    AlreadyPending(Request),
    Connected(Contact),
    AlreadyContact,
    Done,
}

/// One outcome type for all actions, so that a test can hold any of them.
fn with_outcome<T>(transition: Transition<T>, convert: impl FnOnce(T) -> AnyOutcome) -> Transition<AnyOutcome> {
    Transition {
        pair: transition.pair,
        outcome: convert(transition.outcome),
        accepted_invitation: transition.accepted_invitation,
    }
}

pub(crate) fn apply(
    pair: &Pair,
    action: AnyAction,
    context: Context,
    now: Timestamp,
) -> Result<Transition<AnyOutcome>, Refusal> {
    fn done(transition: Transition<()>) -> Transition<AnyOutcome> {
        with_outcome(transition, |()| AnyOutcome::Done)
    }
    fn requested(transition: Transition<RequestOutcome>) -> Transition<AnyOutcome> {
        with_outcome(transition, |outcome| match outcome {
            RequestOutcome::Sent(request) => AnyOutcome::Sent(request),
            RequestOutcome::AlreadyPending(request) => AnyOutcome::AlreadyPending(request),
            RequestOutcome::Connected(contact) => AnyOutcome::Connected(contact),
            RequestOutcome::AlreadyContact => AnyOutcome::AlreadyContact,
        })
    }
    let cancel = |request_id, past_block| Cancel { request_id, past_block };
    match action {
        AnyAction::Request(new) => relationship::apply(pair, new, context, now).map(requested),
        AnyAction::Press(new) => relationship::apply(pair, new, context, now).map(requested),
        AnyAction::Connect(connect) => relationship::apply(pair, connect, context, now).map(|transition| {
            with_outcome(transition, |outcome| match outcome {
                ConnectOutcome::Connected(contact) => AnyOutcome::Connected(contact),
                ConnectOutcome::AlreadyContact => AnyOutcome::AlreadyContact,
            })
        }),
        AnyAction::Accept(id) => relationship::apply(pair, Accept(id), context, now).map(|transition| {
            with_outcome(transition, |outcome| match outcome {
                AcceptOutcome::Connected(contact) => AnyOutcome::Connected(contact),
                AcceptOutcome::AlreadyColleagues => AnyOutcome::Done,
            })
        }),
        AnyAction::Decline(id, mode) => relationship::apply(pair, Decline(id, mode), context, now).map(done),
        AnyAction::Cancel(id) => relationship::apply(pair, cancel(id, false), context, now).map(done),
        AnyAction::CancelPressed(id) => relationship::apply(pair, cancel(id, true), context, now).map(done),
        AnyAction::Withdraw(invitation) => relationship::apply(pair, Withdraw(invitation), context, now).map(done),
        AnyAction::Remove => relationship::apply(pair, Remove, context, now).map(done),
        AnyAction::Block => relationship::apply(pair, Block, context, now).map(done),
        AnyAction::Unblock => relationship::apply(pair, Unblock, context, now).map(done),
    }
}

/// The pair after an action that is not refused.
pub(crate) fn must(pair: &Pair, action: AnyAction, now: Timestamp) -> Pair {
    apply(pair, action, Context::default(), now)
        .expect("an action that is not refused")
        .pair
}

pub(crate) fn may(pair: &Pair, action: AnyAction, now: Timestamp) -> bool {
    apply(pair, action, Context::default(), now).is_ok()
}
