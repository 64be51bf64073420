//! What an action makes of a pair.

use std::time::Duration;

use ulid::Ulid;

use crate::{Message, Timestamp, invitation::InvitationRef, time::days};

use super::pair::{Contact, DeclineMode, Origin, Pair, Refusals, Request};

/// How long a request is open.
pub const REQUEST_LIFETIME: Duration = days(90);

/// What surrounds a pair and its rules depend on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Context {
    /// Both are members of one organisation.
    pub colleagues: bool,
    /// I have as many external contacts as I may.
    pub at_contact_limit: bool,
    /// The other has.
    pub other_at_contact_limit: bool,
}

/// What *me* may do towards the other: each action has an outcome of its own.
pub trait Action {
    /// What comes of it when it is not refused.
    type Outcome;

    /// True for what the two may do even while one of them blocks the other.
    const PASSES_BLOCKS: bool = false;

    /// Decides, for a pair of whom neither blocks the other, unless it passes blocks.
    ///
    /// # Errors
    /// The [`Refusal`].
    fn decide(self, before: Before<'_>) -> Result<Transition<Self::Outcome>, Refusal>;
}

/// Asks the other to become a contact.
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

/// Asks the other by pressing a link of theirs.
///
/// Whoever is blocked presses it like anybody: the link goes on showing its owner. What stands then is a shadow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestByLink(pub NewRequest);

/// Presses a link by which the other agreed beforehand: an automatic share link, or an invitation to
/// my own address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connect {
    /// How the contact comes to be.
    pub origin: Origin,
    /// The invitation that is accepted by it.
    pub invitation: Option<InvitationRef>,
}

/// Accepts the other's request with this id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accept(pub Ulid);

/// Declines the other's request with this id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decline(pub Ulid, pub DeclineMode);

/// Cancels my own request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancel {
    /// Its id.
    pub request_id: Ulid,
    /// It was sent to somebody who blocked me, by a link of theirs.
    pub past_block: bool,
}

/// Takes back the request that came from this invitation of mine, or from one before it to the same address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdraw(pub InvitationRef);

/// Ends the contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remove;

/// Blocks the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block;

/// Unblocks the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unblock;

/// What comes of a [`NewRequest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestOutcome {
    /// A request was sent.
    Sent(Request),
    /// My request is open already: nothing changed.
    AlreadyPending(Request),
    /// The other's request stood: we are contacts from now on.
    Connected(Contact),
    /// We are contacts already: nothing changed.
    AlreadyContact,
}

/// What comes of a [`Connect`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectOutcome {
    /// We are contacts from now on.
    Connected(Contact),
    /// We are contacts already: nothing changed.
    AlreadyContact,
}

/// What comes of an [`Accept`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AcceptOutcome {
    /// We are contacts from now on.
    Connected(Contact),
    /// We have become colleagues since the request was sent, and so contacts without it.
    AlreadyColleagues,
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
pub struct Transition<T> {
    /// The pair afterwards, seen by *me*; the same as before when nothing changed.
    pub pair: Pair,
    /// What came of it.
    pub outcome: T,
    /// The invitation that was accepted by it.
    pub accepted_invitation: Option<InvitationRef>,
}

impl<T> Transition<T> {
    fn to(pair: Pair, outcome: T) -> Self {
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
pub fn apply<A: Action>(
    pair: &Pair,
    action: A,
    context: Context,
    now: Timestamp,
) -> Result<Transition<A::Outcome>, Refusal> {
    let before = Before { pair, context, now };
    if (before.i_block() || before.other_blocks()) && !A::PASSES_BLOCKS {
        return Err(Refusal::NotFound);
    }
    action.decide(before)
}

/// A pair that *me* is about to change, and all that the rules depend on.
#[derive(Clone, Copy)]
pub struct Before<'a> {
    pair: &'a Pair,
    context: Context,
    now: Timestamp,
}

impl Before<'_> {
    /// Colleagues are contacts by membership: a block from before it rests until one of them leaves.
    fn i_block(self) -> bool {
        !self.context.colleagues && self.pair.mine.blocks_since.is_some()
    }

    fn other_blocks(self) -> bool {
        !self.context.colleagues && self.pair.theirs.blocks_since.is_some()
    }

    fn connect<T>(
        self,
        origin: Origin,
        invitation: Option<InvitationRef>,
        say: impl FnOnce(Contact) -> T,
    ) -> Result<Transition<T>, Refusal> {
        if self.context.at_contact_limit {
            return Err(Refusal::AtLimit);
        }
        if self.context.other_at_contact_limit {
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
            ..Transition::to(pair, say(contact))
        })
    }

    fn are_contacts(self) -> bool {
        self.context.colleagues || self.pair.contact.is_some()
    }

    fn unchanged<T>(self, outcome: T) -> Result<Transition<T>, Refusal> {
        Ok(Transition::to(self.pair.clone(), outcome))
    }

    fn done(self, change: impl FnOnce(&mut Pair)) -> Result<Transition<()>, Refusal> {
        let mut pair = self.pair.clone();
        change(&mut pair);
        Ok(Transition::to(pair, ()))
    }

    fn without_requests(self) -> Pair {
        let mut pair = self.pair.clone();
        pair.mine.request = None;
        pair.theirs.request = None;
        pair
    }
}

impl Action for NewRequest {
    type Outcome = RequestOutcome;

    fn decide(self, before: Before<'_>) -> Result<Transition<RequestOutcome>, Refusal> {
        let new = self;
        if before.are_contacts() {
            return before.unchanged(RequestOutcome::AlreadyContact);
        }
        // Shown or a shadow: who asks while the other's request is open agrees with it.
        if let Some(theirs) = before.pair.theirs.open_request(before.now) {
            return before.connect(theirs.origin, theirs.invitation.clone(), RequestOutcome::Connected);
        }
        // A request of my own takes the place of one that an invitation made, which I do not know of.
        let invitation = new.invitation.as_ref().map(|(invitation, _)| invitation);
        let stands = |mine: &&Request| mine.invitation.is_none() || mine.invitation.as_ref() == invitation;
        if let Some(standing) = before.pair.mine.open_request(before.now).filter(stands) {
            return before.unchanged(RequestOutcome::AlreadyPending(standing.clone()));
        }
        // Only my own limit: the other's is looked at when the other accepts.
        if before.context.at_contact_limit {
            return Err(Refusal::AtLimit);
        }
        let end = new.invitation.as_ref().map(|(_, end)| *end);
        let request = Request {
            request_id: new.request_id,
            message: new.message,
            origin: new.origin,
            created_at: before.now,
            expires_at: end.unwrap_or(before.now + REQUEST_LIFETIME),
            shadow: before.other_blocks() || before.pair.theirs.refusals.hide(before.now),
            invitation: new.invitation.map(|(invitation, _)| invitation),
        };
        let mut pair = before.without_requests();
        pair.mine.request = Some(request.clone());
        Ok(Transition::to(pair, RequestOutcome::Sent(request)))
    }
}

impl Action for RequestByLink {
    type Outcome = RequestOutcome;
    const PASSES_BLOCKS: bool = true;

    fn decide(self, before: Before<'_>) -> Result<Transition<RequestOutcome>, Refusal> {
        let Self(request) = self;
        // For whoever blocks, the other has no link.
        if before.i_block() {
            return Err(Refusal::NotFound);
        }
        request.decide(before)
    }
}

impl Action for Connect {
    type Outcome = ConnectOutcome;

    fn decide(self, before: Before<'_>) -> Result<Transition<ConnectOutcome>, Refusal> {
        if before.are_contacts() {
            before.unchanged(ConnectOutcome::AlreadyContact)
        } else {
            before.connect(self.origin, self.invitation, ConnectOutcome::Connected)
        }
    }
}

impl Action for Accept {
    type Outcome = AcceptOutcome;

    fn decide(self, before: Before<'_>) -> Result<Transition<AcceptOutcome>, Refusal> {
        let Self(request_id) = self;
        let theirs = before.pair.incoming(before.now);
        let theirs = theirs.filter(|request| request.request_id == request_id);
        let theirs = theirs.ok_or(Refusal::NotPending)?;
        if before.are_contacts() {
            // Membership counts against no limit, so there is nothing to make external.
            return Ok(Transition {
                accepted_invitation: theirs.invitation.clone(),
                ..Transition::to(before.without_requests(), AcceptOutcome::AlreadyColleagues)
            });
        }
        before.connect(theirs.origin, theirs.invitation.clone(), AcceptOutcome::Connected)
    }
}

impl Action for Decline {
    type Outcome = ();

    fn decide(self, before: Before<'_>) -> Result<Transition<()>, Refusal> {
        let Self(request_id, mode) = self;
        let theirs = before.pair.incoming(before.now);
        if theirs.is_none_or(|request| request.request_id != request_id) {
            return Err(Refusal::NotPending);
        }
        before.done(|pair| {
            pair.mine.refusals = pair.mine.refusals.after(mode, before.now);
            // The sender goes on seeing the same request.
            if let Some(request) = &mut pair.theirs.request {
                request.shadow = true;
            }
        })
    }
}

impl Action for Cancel {
    type Outcome = ();
    const PASSES_BLOCKS: bool = true;

    fn decide(self, before: Before<'_>) -> Result<Transition<()>, Refusal> {
        let Self { request_id, past_block } = self;
        let mine = before.pair.outgoing(before.now);
        if mine.is_none_or(|request| request.request_id != request_id) {
            // A block leaves nothing of what stood before it. What was sent past it ends like any other.
            let erased = before.i_block() || before.other_blocks() && !past_block;
            return Err(if erased { Refusal::NotFound } else { Refusal::NotPending });
        }
        // The other's refusals stay: cancelling does not reset a cool-down.
        before.done(|pair| pair.mine.request = None)
    }
}

impl Action for Withdraw {
    type Outcome = ();

    fn decide(self, before: Before<'_>) -> Result<Transition<()>, Refusal> {
        let Self(invitation) = self;
        let mine = before.pair.mine.open_request(before.now);
        let came_from = mine.and_then(|request| request.invitation.as_ref());
        // One that bounced may have been followed by another before the mailer came to that.
        if came_from.is_none_or(|came_from| came_from.address() != invitation.address()) {
            return Err(Refusal::NotPending);
        }
        before.done(|pair| pair.mine.request = None)
    }
}

impl Action for Remove {
    type Outcome = ();

    fn decide(self, before: Before<'_>) -> Result<Transition<()>, Refusal> {
        if before.context.colleagues {
            return Err(Refusal::Colleague);
        }
        if before.pair.contact.is_none() {
            return Err(Refusal::NotFound);
        }
        before.done(|pair| pair.contact = None)
    }
}

impl Action for Block {
    type Outcome = ();
    const PASSES_BLOCKS: bool = true;

    fn decide(self, before: Before<'_>) -> Result<Transition<()>, Refusal> {
        if before.context.colleagues {
            return Err(Refusal::Colleague);
        }
        if before.pair.mine.blocks_since.is_some() {
            return before.unchanged(());
        }
        if before.pair.is_blocked() {
            return Err(Refusal::NotFound);
        }
        let mut pair = before.without_requests();
        pair.contact = None;
        pair.mine.blocks_since = Some(before.now);
        Ok(Transition::to(pair, ()))
    }
}

impl Action for Unblock {
    type Outcome = ();
    const PASSES_BLOCKS: bool = true;

    fn decide(self, before: Before<'_>) -> Result<Transition<()>, Refusal> {
        if before.pair.mine.blocks_since.is_none() {
            return Err(Refusal::NotFound);
        }
        before.done(|pair| pair.mine.blocks_since = None)
    }
}
