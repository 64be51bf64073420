//! What an action makes of a pair.

use std::time::Duration;

use ulid::Ulid;

use crate::{Message, Timestamp, invitation::InvitationRef, time::days};

use super::pair::{Contact, Decline, Origin, Pair, Refusals, Request};

/// How long a request stands.
pub const REQUEST_LIFETIME: Duration = days(90);

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

impl Transition {
    fn to(pair: Pair, outcome: Outcome) -> Self {
        Self {
            pair,
            outcome,
            accepted_invitation: None,
        }
    }
}

/// Decides what an action of *me* does.
///
/// # Errors
/// The [`Refusal`]; the pair stays as it is.
pub fn apply(pair: &Pair, action: Action, around: Surroundings, now: Timestamp) -> Result<Transition, Refusal> {
    let before = Before { pair, around, now };
    match action {
        Action::Block => before.block(),
        Action::Unblock => before.unblock(),
        // Colleagues are contacts by membership: a block from before it rests until one of them leaves.
        _ if pair.is_blocked() && !around.colleagues => Err(Refusal::NotFound),
        Action::Request(new) => before.request(new),
        Action::Connect { origin, invitation } => before.connect_by_link(origin, invitation),
        Action::Accept(request_id) => before.accept(request_id),
        Action::Decline(request_id, mode) => before.decline(request_id, mode),
        Action::Cancel(request_id) => before.cancel(request_id),
        Action::Withdraw(invitation) => before.withdraw(&invitation),
        Action::Remove => before.remove(),
    }
}

/// A pair that *me* is about to change, and all that the rules depend on; a method an action.
#[derive(Clone, Copy)]
struct Before<'a> {
    pair: &'a Pair,
    around: Surroundings,
    now: Timestamp,
}

type Decided = Result<Transition, Refusal>;

impl Before<'_> {
    fn request(self, new: NewRequest) -> Decided {
        if self.are_contacts() {
            return self.unchanged(Outcome::AlreadyContact);
        }
        // Shown or a shadow: who asks while the other's request stands agrees with it.
        if let Some(theirs) = self.pair.theirs.open_request(self.now) {
            return self.connect(theirs.origin, theirs.invitation.clone());
        }
        // A request of my own takes the place of one that an invitation made, which I do not know of.
        let invitation = new.invitation.as_ref().map(|(invitation, _)| invitation);
        let stands = |mine: &&Request| mine.invitation.is_none() || mine.invitation.as_ref() == invitation;
        if let Some(standing) = self.pair.mine.open_request(self.now).filter(stands) {
            return self.unchanged(Outcome::AlreadyPending(standing.clone()));
        }
        // Only my own limit: the other's is looked at when the other accepts.
        if self.around.i_am_full {
            return Err(Refusal::AtLimit);
        }
        let end = new.invitation.as_ref().map(|(_, end)| *end);
        let request = Request {
            request_id: new.request_id,
            message: new.message,
            origin: new.origin,
            created_at: self.now,
            expires_at: end.unwrap_or(self.now + REQUEST_LIFETIME),
            shadow: self.pair.theirs.refusals.hide(self.now),
            invitation: new.invitation.map(|(invitation, _)| invitation),
        };
        let mut pair = self.without_requests();
        pair.mine.request = Some(request.clone());
        Ok(Transition::to(pair, Outcome::Sent(request)))
    }

    fn connect_by_link(self, origin: Origin, invitation: Option<InvitationRef>) -> Decided {
        if self.are_contacts() {
            self.unchanged(Outcome::AlreadyContact)
        } else {
            self.connect(origin, invitation)
        }
    }

    fn accept(self, request_id: Ulid) -> Decided {
        let theirs = self.pair.incoming(self.now);
        let theirs = theirs.filter(|request| request.request_id == request_id);
        let theirs = theirs.ok_or(Refusal::NotPending)?;
        if self.are_contacts() {
            // Membership counts against no limit, so there is nothing to make external.
            return Ok(Transition {
                accepted_invitation: theirs.invitation.clone(),
                ..Transition::to(self.without_requests(), Outcome::Done)
            });
        }
        self.connect(theirs.origin, theirs.invitation.clone())
    }

    fn decline(self, request_id: Ulid, mode: Decline) -> Decided {
        let theirs = self.pair.incoming(self.now);
        if theirs.is_none_or(|request| request.request_id != request_id) {
            return Err(Refusal::NotPending);
        }
        self.done(|pair| {
            pair.mine.refusals = pair.mine.refusals.after(mode, self.now);
            // The sender goes on seeing the same request.
            if let Some(request) = &mut pair.theirs.request {
                request.shadow = true;
            }
        })
    }

    fn cancel(self, request_id: Ulid) -> Decided {
        let mine = self.pair.outgoing(self.now);
        if mine.is_none_or(|request| request.request_id != request_id) {
            return Err(Refusal::NotPending);
        }
        // The other's refusals stay: cancelling does not reset a cool-down.
        self.done(|pair| pair.mine.request = None)
    }

    fn withdraw(self, invitation: &InvitationRef) -> Decided {
        let mine = self.pair.mine.open_request(self.now);
        let came_from = mine.and_then(|request| request.invitation.as_ref());
        // One that bounced may have been followed by another before the mailer came to that.
        if came_from.is_none_or(|came_from| came_from.address() != invitation.address()) {
            return Err(Refusal::NotPending);
        }
        self.done(|pair| pair.mine.request = None)
    }

    fn remove(self) -> Decided {
        if self.around.colleagues {
            return Err(Refusal::Colleague);
        }
        if self.pair.contact.is_none() {
            return Err(Refusal::NotFound);
        }
        self.done(|pair| pair.contact = None)
    }

    fn block(self) -> Decided {
        if self.around.colleagues {
            return Err(Refusal::Colleague);
        }
        if self.pair.mine.blocks_since.is_some() {
            return self.unchanged(Outcome::Done);
        }
        if self.pair.is_blocked() {
            return Err(Refusal::NotFound);
        }
        let mut pair = self.without_requests();
        pair.contact = None;
        pair.mine.blocks_since = Some(self.now);
        Ok(Transition::to(pair, Outcome::Done))
    }

    fn unblock(self) -> Decided {
        if self.pair.mine.blocks_since.is_none() {
            return Err(Refusal::NotFound);
        }
        self.done(|pair| pair.mine.blocks_since = None)
    }

    fn connect(self, origin: Origin, invitation: Option<InvitationRef>) -> Decided {
        if self.around.i_am_full {
            return Err(Refusal::AtLimit);
        }
        if self.around.other_is_full {
            return Err(Refusal::CannotAcceptNow);
        }
        let contact = Contact {
            since: self.now,
            origin,
        };
        let mut pair = self.without_requests();
        pair.contact = Some(contact.clone());
        // Who agreed has no reason left to refuse.
        pair.mine.refusals = Refusals::default();
        pair.theirs.refusals = Refusals::default();
        Ok(Transition {
            accepted_invitation: invitation,
            ..Transition::to(pair, Outcome::Connected(contact))
        })
    }

    /// By membership or by agreement.
    fn are_contacts(self) -> bool {
        self.around.colleagues || self.pair.contact.is_some()
    }

    fn unchanged(self, outcome: Outcome) -> Decided {
        Ok(Transition::to(self.pair.clone(), outcome))
    }

    fn done(self, change: impl FnOnce(&mut Pair)) -> Decided {
        let mut pair = self.pair.clone();
        change(&mut pair);
        Ok(Transition::to(pair, Outcome::Done))
    }

    fn without_requests(self) -> Pair {
        let mut pair = self.pair.clone();
        pair.mine.request = None;
        pair.theirs.request = None;
        pair
    }
}
