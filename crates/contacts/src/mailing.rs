//! The mail of an invitation: what the mailer makes of it, one step a write.
//!
//! ```text
//! claim    sends + 1, due again when the lease ends
//! SES      …
//! note     sent, or due later
//! ```
//!
//! A crash between any two leaves it due: it is claimed again after the lease, until [`MAX_SENDS`]
//! calls may have been accepted.

use std::time::Duration;

use crate::{
    Random, Timestamp,
    invitation::{Invitation, LEASE, MAX_SENDS, Stage},
    random,
    relationship::Outcome,
};

/// How long to wait for news of a mail of which nobody knows whether SES took it.
const UNKNOWN: Duration = Duration::from_secs(15 * 60);

/// What an invitation comes to when its address is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// A mail is to tell of it: nobody has the address, or its user was shown a request.
    Mail,
    /// No mail: it is not wanted, or there is nothing that it could tell. The inviter may not notice.
    Silence,
    /// The two are contacts.
    Contact,
}

/// What came of a sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sending {
    /// SES took it.
    Accepted {
        /// SES's id.
        message_id: Option<String>,
    },
    /// SES did not take it, and may later.
    NotNow {
        /// When to try again.
        after: Duration,
        /// It was the mail's own failure.
        counts: bool,
    },
    /// SES never will.
    Refused {
        /// Why.
        reason: String,
    },
    /// Nobody knows.
    Unknown,
}

impl Invitation {
    /// True when the mailer is to look at it.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.mailing.due_at.is_some_and(|due| now >= due)
    }

    /// What the request to the registered user came to; a refused one reaches nobody.
    pub fn reach(&self, asked: Option<&Outcome>) -> Reach {
        match asked {
            Some(Outcome::Connected(_) | Outcome::AlreadyContact) => Reach::Contact,
            Some(Outcome::Sent(request) | Outcome::AlreadyPending(request))
                if !request.shadow && request.invitation == Some(self.reference()) =>
            {
                Reach::Mail
            }
            _ => Reach::Silence,
        }
    }

    /// The mailer takes an open invitation that is due to itself, for a while; true when there is a mail to send.
    pub fn claim(&mut self, reach: Reach, now: Timestamp) -> bool {
        let send = reach == Reach::Mail && self.mailing.sends < MAX_SENDS;
        self.mailing.sends += u32::from(send);
        self.mailing.due_at = Some(now + LEASE);
        send
    }

    /// Nothing is left for the mailer to do.
    pub fn put_aside(&mut self) {
        self.mailing.due_at = None;
    }

    /// The two are contacts, and the invitation has its end by that.
    pub fn accept(&mut self) {
        self.stage = Stage::Accepted;
        self.put_aside();
    }

    /// It shows as sent since `at`.
    pub fn settle_as_sent(&mut self, at: Timestamp) {
        if self.stage == Stage::Queued {
            self.stage = Stage::Sent;
        }
        self.sent_at = Some(at);
        self.put_aside();
    }

    /// What came of the sending of a claimed mail, which shows as sent since `at`.
    pub fn note(&mut self, sending: &Sending, at: Timestamp, now: Timestamp, random: &dyn Random) {
        match sending {
            Sending::Accepted { message_id } => {
                self.settle_as_sent(at);
                self.mailing.message_id.clone_from(message_id);
            }
            Sending::NotNow { after, counts } => {
                // SES said no: this call cannot have been accepted.
                self.mailing.sends = self.mailing.sends.saturating_sub(1);
                self.mailing.attempts = self.mailing.attempts.saturating_add(u32::from(*counts));
                let jitter = random::below(1 + after.as_secs() / 2, random);
                self.mailing.due_at = Some(now + *after + Duration::from_secs(jitter));
            }
            Sending::Refused { reason } => {
                self.stage = Stage::Undeliverable;
                self.reason = Some(reason.clone());
                self.put_aside();
            }
            Sending::Unknown => self.mailing.due_at = Some(now + UNKNOWN),
        }
    }
}
