//! The state machine between two people.
//!
//! A [`Pair`] is what stands between two users, seen by one of them (*me*) towards the other.
//! [`apply`] takes a pair, what *me* does, and the time; it answers the pair after it, or why not.
//! It is pure; a store makes the answer stick by writing both directions in one transaction.
//!
//! The table of transitions is in `docs/relationship.md`.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::{Message, Timestamp, invitation::InvitationRef, time::days};

/// How long a request stands.
pub const REQUEST_LIFETIME: Duration = days(90);

/// How a contact or a request came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Found by search, or named by its id.
    Search,
    /// From an invitation by e-mail.
    EmailInvitation,
    /// Through a share link.
    ShareLink,
    /// Both are members of one organisation.
    Organization,
}

/// A pending request, as the one who sent it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub request_id: Ulid,
    /// The words that go with it.
    #[serde(default, skip_serializing_if = "Message::is_empty")]
    pub message: Message,
    /// How it came to be.
    pub origin: Origin,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// True when the addressee does not see it: it was refused, or fell into a cool-down.
    #[serde(default)]
    pub shadow: bool,
    /// The invitation by e-mail that it came from. The inviter may not learn that the address is
    /// registered, so such a request shows to its addressee only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<InvitationRef>,
}

impl Request {
    /// True until it expires.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// What one of the two did towards the other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// The request that this one sent. May have expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Request>,
    /// How this one refused the other's requests.
    #[serde(default)]
    pub refusals: Refusals,
    /// Since when this one blocks the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks_since: Option<Timestamp>,
}

impl Side {
    fn open_request(&self, now: Timestamp) -> Option<&Request> {
        self.request.as_ref().filter(|request| request.is_open(now))
    }
}

/// The refusals of one person towards another: what keeps requests from being shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusals {
    /// How often *not now* was said.
    pub not_now: u32,
    /// Until when requests are not shown, for *not now*.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cool_down_until: Option<Timestamp>,
    /// *Never* was said.
    pub never: bool,
}

impl Refusals {
    /// True when a request sent now is not shown.
    fn hide(&self, now: Timestamp) -> bool {
        self.never || self.cool_down_until.is_some_and(|until| now < until)
    }

    fn after(&self, mode: Decline, now: Timestamp) -> Self {
        match mode {
            Decline::Never => Self {
                never: true,
                ..self.clone()
            },
            Decline::NotNow => {
                let not_now = self.not_now.saturating_add(1);
                let cool_down = days(match not_now {
                    1 => 7,
                    2 => 30,
                    _ => 90,
                });
                Self {
                    not_now,
                    cool_down_until: Some(now + cool_down),
                    never: self.never,
                }
            }
        }
    }
}

/// A mutual relation, made by an accepted request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Since when.
    pub since: Timestamp,
    /// How it came to be.
    pub origin: Origin,
}

/// What stands between two people, seen by *me*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// They are external contacts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// What I did.
    #[serde(default)]
    pub mine: Side,
    /// What the other did.
    #[serde(default)]
    pub theirs: Side,
}

impl Pair {
    /// The same pair, seen by the other.
    pub fn seen_by_other(&self) -> Self {
        Self {
            contact: self.contact.clone(),
            mine: self.theirs.clone(),
            theirs: self.mine.clone(),
        }
    }

    /// How the other stands to me.
    pub fn relation(&self, colleagues: bool, now: Timestamp) -> Relation {
        if colleagues || self.contact.is_some() {
            Relation::Contact
        } else if self.outgoing(now).is_some() {
            Relation::Requested
        } else if self.incoming(now).is_some() {
            Relation::AwaitingMe
        } else {
            Relation::None
        }
    }

    /// The request that the relation tells of: mine, or else theirs.
    pub fn waiting(&self, colleagues: bool, now: Timestamp) -> Option<&Request> {
        match self.relation(colleagues, now) {
            Relation::Requested => self.outgoing(now),
            Relation::AwaitingMe => self.incoming(now),
            Relation::None | Relation::Contact => None,
        }
    }

    /// What I can do, in the order in which a page offers it.
    pub fn available_actions(&self, colleagues: bool, now: Timestamp) -> &'static [AvailableAction] {
        use AvailableAction::{Accept, Block, Cancel, Decline, Remove, Request};
        match self.relation(colleagues, now) {
            Relation::Contact if colleagues => &[],
            Relation::Contact => &[Remove, Block],
            Relation::Requested => &[Cancel, Block],
            Relation::AwaitingMe => &[Accept, Decline, Block],
            Relation::None => &[Request, Block],
        }
    }

    /// True when one of the two blocks the other: each looks to the other like an erased account.
    pub fn is_blocked(&self) -> bool {
        self.mine.blocks_since.is_some() || self.theirs.blocks_since.is_some()
    }

    /// The other's request that waits for me and that I see.
    pub fn incoming(&self, now: Timestamp) -> Option<&Request> {
        self.theirs.open_request(now).filter(|request| !request.shadow)
    }

    /// My request that stands, shown to the other or not: I cannot tell.
    pub fn outgoing(&self, now: Timestamp) -> Option<&Request> {
        self.mine
            .open_request(now)
            .filter(|request| request.invitation.is_none())
    }
}

/// How somebody stands to me.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Nothing.
    None,
    /// We are contacts.
    Contact,
    /// My request waits.
    Requested,
    /// Their request waits for me.
    AwaitingMe,
}

/// What I can do about somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AvailableAction {
    /// Send a request.
    Request,
    /// Cancel mine.
    Cancel,
    /// Accept theirs.
    Accept,
    /// Decline theirs.
    Decline,
    /// End the contact.
    Remove,
    /// Block.
    Block,
}

/// What surrounds a pair and its rules depend on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Both are members of one organisation.
    pub colleagues: bool,
    /// I have as many external contacts as I may.
    pub i_am_full: bool,
    /// The other has.
    pub other_is_full: bool,
}

/// What *me* does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Asks the other to become a contact.
    Request(NewRequest),
    /// Presses a link by which the other agreed beforehand: an automatic share link, or an
    /// invitation to my own address.
    Connect {
        /// How the contact comes to be.
        origin: Origin,
        /// The invitation that is accepted by it.
        invitation: Option<InvitationRef>,
    },
    /// Accepts the other's request.
    Accept(Ulid),
    /// Declines the other's request.
    Decline(Ulid, Decline),
    /// Cancels my own request.
    Cancel(Ulid),
    /// Takes back the request that came from this invitation of mine, or from one before it to the same address.
    Withdraw(InvitationRef),
    /// Ends the contact.
    Remove,
    /// Blocks the other.
    Block,
    /// Unblocks the other.
    Unblock,
}

/// A request about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRequest {
    /// Its id, should it be sent.
    pub request_id: Ulid,
    /// The words that go with it.
    pub message: Message,
    /// How it comes to be.
    pub origin: Origin,
    /// The invitation that it comes from, and that invitation's end, which is the request's too.
    pub invitation: Option<(InvitationRef, Timestamp)>,
}

/// The two silent ways to say no.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decline {
    /// A new request is shown again after 7, 30, 90 days.
    #[default]
    NotNow,
    /// No request is shown again.
    Never,
}

/// What came of an action that was not refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A request was sent.
    Sent(Request),
    /// My request stands already: nothing changed.
    AlreadyPending(Request),
    /// We are contacts from now on.
    Connected(Contact),
    /// We are contacts already: nothing changed.
    AlreadyContact,
    /// It is done (or was so already).
    Done,
}

/// Why an action was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// For me there is nobody and nothing there.
    #[error("not found")]
    NotFound,
    /// The request that I name does not wait any more.
    #[error("the request does not wait any more")]
    NotPending,
    /// I have as many external contacts as I may.
    #[error("you have as many external contacts as you may")]
    AtLimit,
    /// The other cannot take another contact; why is not mine to know.
    #[error("this cannot be accepted now")]
    CannotAcceptNow,
    /// Colleagues are contacts by membership: neither removable nor blockable.
    #[error("a colleague can be neither removed nor blocked")]
    Colleague,
}

/// The pair after an action, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The pair afterwards, seen by *me*; the same as before when nothing changed.
    pub pair: Pair,
    /// What came of it.
    pub outcome: Outcome,
    /// The invitation that was accepted by it.
    pub accepted_invitation: Option<InvitationRef>,
}

/// Decides what an action of *me* does.
///
/// # Errors
/// The [`Refusal`]; the pair stays as it is.
pub fn apply(pair: &Pair, action: Action, around: Surroundings, now: Timestamp) -> Result<Transition, Refusal> {
    let unchanged = |outcome| {
        Ok(Transition {
            pair: pair.clone(),
            outcome,
            accepted_invitation: None,
        })
    };
    let done = |pair| {
        Ok(Transition {
            pair,
            outcome: Outcome::Done,
            accepted_invitation: None,
        })
    };

    if let Action::Unblock = action {
        if pair.mine.blocks_since.is_none() {
            return Err(Refusal::NotFound);
        }
        let mut pair = pair.clone();
        pair.mine.blocks_since = None;
        return done(pair);
    }
    if let Action::Block = action {
        if around.colleagues {
            return Err(Refusal::Colleague);
        }
        if pair.mine.blocks_since.is_some() {
            return unchanged(Outcome::Done);
        }
        if pair.is_blocked() {
            return Err(Refusal::NotFound);
        }
        let mut pair = without_requests(pair);
        pair.contact = None;
        pair.mine.blocks_since = Some(now);
        return done(pair);
    }
    // Colleagues are contacts by membership: a block from before it rests until one of them leaves.
    if pair.is_blocked() && !around.colleagues {
        return Err(Refusal::NotFound);
    }

    match action {
        Action::Request(_) | Action::Connect { .. } if around.colleagues || pair.contact.is_some() => {
            unchanged(Outcome::AlreadyContact)
        }
        Action::Request(new) => {
            // Shown or a shadow: who asks while the other's request stands agrees with it.
            if let Some(theirs) = pair.theirs.open_request(now) {
                return connect(pair, theirs.origin, theirs.invitation.clone(), around, now);
            }
            // A request of my own takes the place of one that an invitation made, which I do not know of.
            let invitation = new.invitation.as_ref().map(|(invitation, _)| invitation);
            let stands = |mine: &&Request| mine.invitation.is_none() || mine.invitation.as_ref() == invitation;
            if let Some(standing) = pair.mine.open_request(now).filter(stands) {
                return unchanged(Outcome::AlreadyPending(standing.clone()));
            }
            // Only my own limit: the other's is looked at when the other accepts.
            if around.i_am_full {
                return Err(Refusal::AtLimit);
            }
            let request = Request {
                request_id: new.request_id,
                message: new.message,
                origin: new.origin,
                created_at: now,
                expires_at: new.invitation.as_ref().map_or(now + REQUEST_LIFETIME, |(_, end)| *end),
                shadow: pair.theirs.refusals.hide(now),
                invitation: new.invitation.map(|(invitation, _)| invitation),
            };
            let mut pair = without_requests(pair);
            pair.mine.request = Some(request.clone());
            Ok(Transition {
                pair,
                outcome: Outcome::Sent(request),
                accepted_invitation: None,
            })
        }
        Action::Connect { origin, invitation } => connect(pair, origin, invitation, around, now),
        Action::Accept(request_id) => {
            let theirs = pair.incoming(now).filter(|request| request.request_id == request_id);
            let theirs = theirs.ok_or(Refusal::NotPending)?;
            if around.colleagues || pair.contact.is_some() {
                // Membership counts against no limit, so there is nothing to make external.
                return Ok(Transition {
                    pair: without_requests(pair),
                    outcome: Outcome::Done,
                    accepted_invitation: theirs.invitation.clone(),
                });
            }
            connect(pair, theirs.origin, theirs.invitation.clone(), around, now)
        }
        Action::Decline(request_id, mode) => {
            if pair
                .incoming(now)
                .is_none_or(|request| request.request_id != request_id)
            {
                return Err(Refusal::NotPending);
            }
            let mut pair = pair.clone();
            pair.mine.refusals = pair.mine.refusals.after(mode, now);
            // The sender goes on seeing the same request.
            if let Some(request) = &mut pair.theirs.request {
                request.shadow = true;
            }
            done(pair)
        }
        Action::Cancel(request_id) => {
            if pair
                .outgoing(now)
                .is_none_or(|request| request.request_id != request_id)
            {
                return Err(Refusal::NotPending);
            }
            // The other's refusals stay: cancelling does not reset a cool-down.
            let mut pair = pair.clone();
            pair.mine.request = None;
            done(pair)
        }
        Action::Withdraw(invitation) => {
            // One that bounced may have been followed by another before the mailer came to that.
            let came_from = pair
                .mine
                .open_request(now)
                .and_then(|request| request.invitation.as_ref());
            if came_from.is_none_or(|came_from| came_from.address() != invitation.address()) {
                return Err(Refusal::NotPending);
            }
            let mut pair = pair.clone();
            pair.mine.request = None;
            done(pair)
        }
        Action::Remove => {
            if around.colleagues {
                return Err(Refusal::Colleague);
            }
            if pair.contact.is_none() {
                return Err(Refusal::NotFound);
            }
            let mut pair = pair.clone();
            pair.contact = None;
            done(pair)
        }
        Action::Block | Action::Unblock => Err(Refusal::NotFound),
    }
}

fn connect(
    pair: &Pair,
    origin: Origin,
    invitation: Option<InvitationRef>,
    around: Surroundings,
    now: Timestamp,
) -> Result<Transition, Refusal> {
    if around.i_am_full {
        return Err(Refusal::AtLimit);
    }
    if around.other_is_full {
        return Err(Refusal::CannotAcceptNow);
    }
    let contact = Contact { since: now, origin };
    let mut pair = without_requests(pair);
    pair.contact = Some(contact.clone());
    // Who agreed has no reason left to refuse.
    pair.mine.refusals = Refusals::default();
    pair.theirs.refusals = Refusals::default();
    Ok(Transition {
        pair,
        outcome: Outcome::Connected(contact),
        accepted_invitation: invitation,
    })
}

fn without_requests(pair: &Pair) -> Pair {
    let mut pair = pair.clone();
    pair.mine.request = None;
    pair.theirs.request = None;
    pair
}
