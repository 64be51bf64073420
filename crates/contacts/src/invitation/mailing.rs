//! The mail of an invitation: what the mailer makes of it, one step a write.
//!
//! ```text
//! claim     sends + 1, due again when the lease ends
//! sending   …
//! record    sent, or due later
//! ```
//!
//! A crash between any two leaves it due: it is claimed again after the lease, until [`MAX_SENDS`]
//! calls may have been accepted.
//!
//! An invitation is *suppressed* when no mail is to tell of it: it is not wanted, there is nothing that a mail could
//! tell, or enough calls may have been accepted. Its inviter may not notice, so it is claimed and recorded like one that
//! is mailed.

use std::time::Duration;

use super::{Invitation, Stage};
use crate::{Random, Timestamp, random, relationship::Request};

/// The most mails that one wish to send may cause when their outcomes stay unknown.
pub const MAX_SENDS: u32 = 2;
/// How long a mailer may take from its claim to its record.
pub const LEASE: Duration = Duration::from_secs(120);

/// How long to wait for news of a mail of which nobody knows whether it was accepted.
const UNKNOWN: Duration = Duration::from_secs(15 * 60);

/// What asking the registered user of the address came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The two are contacts, by it or from before.
    Contacts,
    /// The user sees a request of this invitation.
    Shown,
    /// The user sees none of this invitation: the rules refuse it, it is hidden, or another request is open.
    NotShown,
}

impl Asked {
    /// When the request of the inviter is open.
    pub fn by(request: &Request, invitation: &Invitation) -> Self {
        if !request.shadow && request.invitation == Some(invitation.reference()) {
            Self::Shown
        } else {
            Self::NotShown
        }
    }
}

/// What a claim depends on beside the invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The present moment.
    pub now: Timestamp,
    /// When the mailer took this invitation up, together with others: what all of them show as sent at.
    pub at: Timestamp,
    /// The inviter is registered.
    pub inviter_is_there: bool,
    /// What asking the registered user came to; `None` when nobody has the address.
    pub asked: Option<Asked>,
    /// The address takes no mail from this inviter, or from anybody.
    pub opted_out: bool,
}

/// An invitation that the mailer is to look at: no other is claimed.
#[derive(Debug, Clone, Copy)]
pub struct Due<'i>(&'i Invitation);

impl<'i> Due<'i> {
    /// It.
    pub fn invitation(self) -> &'i Invitation {
        self.0
    }
}

/// What a mailer does with an invitation, which is then to be written as it is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing but the writing: it has ended, or ends by it.
    Settled(Invitation),
    /// Sends the mail, with new tokens, provided that there is no opt-out when the claim is written.
    Mail(Invitation),
    /// Sends nothing, and records what came of the mails beside it.
    Suppressed(Invitation),
}

/// Decides what a mailer that looks at an invitation does.
///
/// `asked` and `opted_out` do not matter when the invitation is not open, or its inviter is gone: then nobody is asked.
pub fn claim(due: Due<'_>, facts: &Facts) -> Step {
    let invitation = due.invitation();
    let mut after = invitation.clone();
    if !invitation.is_open(facts.now) {
        after.put_aside();
        return Step::Settled(after);
    }
    if !facts.inviter_is_there {
        after.settle_as_sent(facts.at);
        return Step::Settled(after);
    }
    if facts.asked == Some(Asked::Contacts) {
        after.settle_as_sent(facts.at);
        after.accept();
        return Step::Settled(after);
    }
    after.mailing.due_at = Some(facts.now + LEASE);
    let has_something_to_tell = facts.asked != Some(Asked::NotShown);
    if !has_something_to_tell || facts.opted_out || invitation.mailing.sends >= MAX_SENDS {
        return Step::Suppressed(after);
    }
    after.mailing.sends += 1;
    Step::Mail(after)
}

/// What came of a sending, by the mail service's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sending {
    /// It was taken.
    Accepted {
        /// The mail service's id of it.
        message_id: Option<String>,
    },
    /// It was not taken, and may be later.
    NotNow {
        /// When to try again.
        after: Duration,
        /// It was the mail's own failure.
        counts: bool,
    },
    /// It never will be.
    Refused {
        /// Why.
        reason: String,
    },
    /// Nobody knows.
    Unknown,
}

impl Invitation {
    /// It, when the mailer is to look at it; none when its time has not come, another mailer has it, or it is settled.
    pub fn due(&self, now: Timestamp) -> Option<Due<'_>> {
        self.mailing.due_at.filter(|due| now >= *due).map(|_| Due(self))
    }

    /// Nothing is left for the mailer to do.
    pub(super) fn put_aside(&mut self) {
        self.mailing.due_at = None;
    }

    /// The two are contacts, and the invitation has its end by that.
    pub fn accept(&mut self) {
        self.stage = Stage::Accepted;
        self.put_aside();
    }

    /// It shows as sent since `at`.
    fn settle_as_sent(&mut self, at: Timestamp) {
        self.stage = Stage::Sent;
        self.sent_at = Some(at);
        self.put_aside();
    }
}

/// What came of an invitation that was claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery<'a> {
    /// What came of the mail; of those beside it when it was suppressed.
    pub sending: &'a Sending,
    /// False for one that was suppressed.
    pub mailed: bool,
    /// When the mailer took it up.
    pub at: Timestamp,
}

/// The invitation after the sending. `None` when it does not wait for the mailer any more: it was taken back, accepted
/// or recorded meanwhile, and stays as it is.
///
/// `random` spreads the next attempts over half as long again.
pub fn record(
    invitation: &Invitation,
    delivery: Delivery<'_>,
    now: Timestamp,
    random: &dyn Random,
) -> Option<Invitation> {
    if invitation.stage != Stage::Queued {
        return None;
    }
    let mut after = invitation.clone();
    match delivery.sending {
        Sending::Accepted { message_id } => {
            after.settle_as_sent(delivery.at);
            after.mailing.message_id.clone_from(message_id);
        }
        Sending::NotNow { after: wait, counts } => {
            // It was not taken: this call cannot have been accepted.
            let refused = u32::from(delivery.mailed);
            after.mailing.sends = after.mailing.sends.saturating_sub(refused);
            after.mailing.attempts = after.mailing.attempts.saturating_add(u32::from(*counts));
            let jitter = random::below(1 + wait.as_secs() / 2, random);
            after.mailing.due_at = Some(now + *wait + Duration::from_secs(jitter));
        }
        Sending::Refused { reason } => {
            after.stage = Stage::Undeliverable;
            after.reason = Some(reason.clone());
            after.put_aside();
        }
        Sending::Unknown => after.mailing.due_at = Some(now + UNKNOWN),
    }
    Some(after)
}
