//! What a visitor of a link is shown, and what pressing its button does.

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::{Ending, Link};
use crate::{
    EmailAddress, Message, Timestamp,
    relationship::{
        Connect, ConnectOutcome, Context, NewRequest, Origin, Pair, Relation, RequestByLink, RequestOutcome,
    },
};

/// What a visitor is shown. The variants stand in the order in which they are decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// There is no such link, or its owner is gone.
    Unknown,
    /// The visitor's own.
    OwnLink,
    /// The two are contacts.
    AlreadyContact,
    /// Rotated, switched off, deleted or taken back.
    Revoked,
    /// Ended by the clock.
    Expired,
    /// As many as may have used it.
    UsedUp,
    /// The owner's request waits for the visitor: pressing accepts it.
    AwaitingYou,
    /// The visitor's request waits for the owner.
    RequestPending,
    /// The visitor has as many external contacts as may be.
    AtLimit,
    /// Pressing sends a request, or connects.
    Redeemable,
}

impl From<Ending> for View {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Revoked => Self::Revoked,
            Ending::Expired => Self::Expired,
            Ending::UsedUp => Self::UsedUp,
        }
    }
}

impl View {
    /// True for what is shown of a dead link to whom it is nothing else: its owner and their contacts are told that
    /// before. Such a view names nobody.
    pub fn is_dead(self) -> bool {
        matches!(self, Self::Revoked | Self::Expired | Self::UsedUp)
    }
}

/// What the button of a link does for a visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The two become contacts.
    Connect,
    /// The inviter gets a request.
    Ask,
}

/// Someone who visits a link, signed in.
#[derive(Debug, Clone, Copy)]
pub struct Visitor<'a> {
    /// The visitor's address.
    pub email: &'a EmailAddress,
    /// The relationship between the visitor and the inviter; the visitor is *me*.
    pub pair: &'a Pair,
    /// What surrounds it.
    pub context: Context,
    /// The visitor is the inviter.
    pub is_inviter: bool,
}

/// What somebody signed in is shown. Nobody signed in learns of [`Link::ending`] alone.
pub fn view(link: &Link, token_hash: &str, visitor: Visitor<'_>, now: Timestamp) -> View {
    let Visitor {
        pair,
        context,
        is_inviter,
        ..
    } = visitor;
    if is_inviter {
        return View::OwnLink;
    }
    // Who blocks the inviter sees an erased account. Who is blocked sees what a stranger sees, their own limit and the
    // request that they sent by it too: anything else would tell.
    if pair.mine.blocks_since.is_some() && !context.colleagues {
        return View::Unknown;
    }
    let relation = pair.relation(context.colleagues, now);
    if relation == Relation::Contact {
        return View::AlreadyContact;
    }
    if let Some(ending) = link.ending(token_hash, now) {
        return ending.into();
    }
    match (link, relation) {
        (Link::Share(_), Relation::AwaitingMe) => View::AwaitingYou,
        (_, Relation::Requested) => View::RequestPending,
        _ if context.at_contact_limit => View::AtLimit,
        _ => View::Redeemable,
    }
}

/// What pressing the button does; none where the view has no button.
pub fn effect(link: &Link, token_hash: &str, visitor: Visitor<'_>, now: Timestamp) -> Option<Effect> {
    let awaits = visitor.pair.relation(visitor.context.colleagues, now) == Relation::AwaitingMe;
    match view(link, token_hash, visitor, now) {
        View::AwaitingYou => Some(Effect::Connect),
        View::Redeemable if awaits || has_agreed(link, visitor) => Some(Effect::Connect),
        View::Redeemable => Some(Effect::Ask),
        _ => None,
    }
}

/// Whether the inviter agreed beforehand: to whom they invited by name, and the owner of an automatic link to anybody,
/// but not while they are full. A block takes it back, and that is not told.
fn has_agreed(link: &Link, visitor: Visitor<'_>) -> bool {
    let is_blocked = visitor.pair.theirs.blocks_since.is_some();
    let admits_anybody = link.is_automatic() && !visitor.context.other_at_contact_limit;
    !is_blocked && (link.is_for(visitor.email) || admits_anybody)
}

/// What pressing the button came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Redemption {
    /// The owner has a request now.
    RequestSent,
    /// The two are contacts now.
    Connected,
    /// The two were contacts.
    AlreadyContact,
    /// The visitor's request waits already.
    AlreadyPending,
}

impl From<RequestOutcome> for Redemption {
    fn from(outcome: RequestOutcome) -> Self {
        match outcome {
            RequestOutcome::Sent(_) => Self::RequestSent,
            RequestOutcome::AlreadyPending(_) => Self::AlreadyPending,
            RequestOutcome::Connected(_) => Self::Connected,
            RequestOutcome::AlreadyContact => Self::AlreadyContact,
        }
    }
}

impl From<ConnectOutcome> for Redemption {
    fn from(outcome: ConnectOutcome) -> Self {
        match outcome {
            ConnectOutcome::Connected(_) => Self::Connected,
            ConnectOutcome::AlreadyContact => Self::AlreadyContact,
        }
    }
}

/// What pressing the button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// Nothing but an answer.
    Nothing(Redemption),
    /// The visitor asks the inviter.
    Request(RequestByLink),
    /// The inviter agreed beforehand.
    Connect(Connect),
}

/// Why there is nothing to press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRedeemable {
    /// There is no such link for the visitor.
    Unknown,
    /// It is the visitor's own.
    OwnLink,
    /// The visitor has as many external contacts as they may.
    AtLimit,
    /// Its time is over.
    Expired,
    /// It was redeemed as often as it may.
    UsedUp,
    /// It was replaced, switched off, deleted or taken back.
    Revoked,
}

/// Decides what pressing the button does for a visitor; a request would have this id and this message.
///
/// # Errors
/// When there is nothing to press.
pub fn press(
    link: &Link,
    token_hash: &str,
    visitor: Visitor<'_>,
    request_id: Ulid,
    message: &Message,
    now: Timestamp,
) -> Result<Press, NotRedeemable> {
    let agreed = has_agreed(link, visitor);
    match view(link, token_hash, visitor, now) {
        View::AlreadyContact => return Ok(Press::Nothing(Redemption::AlreadyContact)),
        // With the inviter's agreement the visitor's own request needs to wait no longer.
        View::RequestPending if !agreed => return Ok(Press::Nothing(Redemption::AlreadyPending)),
        View::RequestPending | View::AwaitingYou | View::Redeemable => {}
        View::Unknown => return Err(NotRedeemable::Unknown),
        View::OwnLink => return Err(NotRedeemable::OwnLink),
        View::AtLimit => return Err(NotRedeemable::AtLimit),
        View::Expired => return Err(NotRedeemable::Expired),
        View::UsedUp => return Err(NotRedeemable::UsedUp),
        View::Revoked => return Err(NotRedeemable::Revoked),
    }
    let request = |origin| {
        Press::Request(RequestByLink(NewRequest {
            request_id,
            message: message.clone(),
            origin,
            invitation: None,
        }))
    };
    Ok(match link {
        Link::Deleted(_) => return Err(NotRedeemable::Revoked),
        Link::Share(_) if agreed => Press::Connect(Connect {
            origin: Origin::ShareLink,
            invitation: None,
        }),
        Link::Share(_) => request(Origin::ShareLink),
        Link::Email { reference, .. } if agreed => Press::Connect(Connect {
            origin: Origin::EmailInvitation,
            invitation: Some(reference.clone()),
        }),
        Link::Email { .. } => request(Origin::EmailInvitation),
    })
}
