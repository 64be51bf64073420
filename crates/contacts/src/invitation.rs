//! Invitations by e-mail: one inviter, one address.
//!
//! - [`bulk`]: the text that many are pasted as; [`submission`]: what becomes of each
//! - [`mailing`]: the steps of its mail

pub mod bulk;
pub mod mailing;
pub mod submission;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::{EmailAddress, Locale, Message, Timestamp, UserId, secret::AddressHash, time::days};

/// How long an invitation, and every link mailed for it, is good.
pub const INVITATION_LIFETIME: Duration = days(30);
/// How long after its end an invitation is kept, and the invitee's address with it.
pub const RETENTION: Duration = days(30);
/// How long after a mail the next one may be asked for.
pub const RESEND_COOL_DOWN: Duration = days(1);
/// Invitations that a user may write in a day (UTC), unless the deployment says otherwise: two full calls.
pub const INVITATIONS_PER_DAY: u32 = 2_000;

/// Where an invitation is: under the hash of its address, by inviter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InvitationRef {
    /// Its id, which holds the address's hash.
    pub invitation_id: Ulid,
    /// Who invites.
    pub inviter: UserId,
}

impl InvitationRef {
    /// The hash of the address.
    pub fn address(&self) -> AddressHash {
        address_of(self.invitation_id)
    }
}

/// A new id: the time, and for randomness the keyed hash of the address.
///
/// So an id alone leads to its item in one read, without an index, which lags behind. It is unique
/// by inviter: one inviter has one invitation to an address at a time.
pub fn new_invitation_id(address: AddressHash, now: Timestamp) -> Ulid {
    Ulid::from_parts(now.unix_milliseconds().unsigned_abs(), address.bits())
}

/// The hash of the address that an id holds.
pub fn address_of(invitation_id: Ulid) -> AddressHash {
    AddressHash::from_bits(invitation_id.0)
}

/// What has become of an invitation, but for its expiry, which the clock tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Waits for the mailer.
    Queued,
    /// Sent, or shown as such.
    Sent,
    /// The mail service refused the address, or it bounced for good.
    Undeliverable,
    /// The invitee is a contact by it.
    Accepted,
    /// The inviter took it back.
    Revoked,
}

/// What the inviter sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for the mailer.
    Queued,
    /// Sent.
    Sent,
    /// Could not be delivered.
    Undeliverable,
    /// The invitee is a contact by it.
    Accepted,
    /// Ended by the clock.
    Expired,
    /// The inviter took it back.
    Revoked,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its id.
    pub invitation_id: Ulid,
    /// Who invites.
    pub inviter: UserId,
    /// Who is invited.
    pub email: EmailAddress,
    /// The words that go with it.
    #[serde(default)]
    pub message: Message,
    /// The language of the mail, when the inviter chose one.
    #[serde(default)]
    pub locale: Option<Locale>,
    /// What has become of it.
    pub stage: Stage,
    /// Why it is undeliverable.
    #[serde(default)]
    pub reason: Option<String>,
    /// The call that it came with.
    pub batch_id: Ulid,
    /// When it was written.
    pub created_at: Timestamp,
    /// When a mail was sent last, or would have been.
    #[serde(default)]
    pub sent_at: Option<Timestamp>,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// The mail on its way.
    #[serde(default)]
    pub mailing: Mailing,
}

/// One wish to send a mail, and how far it has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailing {
    /// When the mailer is to look at it; none when there is nothing to do.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
    /// Calls to the mail service that may have been accepted.
    #[serde(default)]
    pub sends: u32,
    /// Failures that passed.
    #[serde(default)]
    pub attempts: u32,
    /// The mail service's id of the mail that it accepted last.
    #[serde(default)]
    pub message_id: Option<String>,
}

impl Invitation {
    /// A new one, due at once.
    #[must_use]
    pub fn new(
        address: AddressHash,
        inviter: UserId,
        email: EmailAddress,
        message: Message,
        locale: Option<Locale>,
        batch_id: Ulid,
        now: Timestamp,
    ) -> Self {
        Self {
            invitation_id: new_invitation_id(address, now),
            inviter,
            email,
            message,
            locale,
            stage: Stage::Queued,
            reason: None,
            batch_id,
            created_at: now,
            sent_at: None,
            expires_at: now + INVITATION_LIFETIME,
            mailing: Mailing {
                due_at: Some(now),
                ..Mailing::default()
            },
        }
    }

    /// What the inviter sees.
    pub fn state(&self, now: Timestamp) -> State {
        match self.stage {
            Stage::Accepted => State::Accepted,
            Stage::Revoked => State::Revoked,
            Stage::Undeliverable => State::Undeliverable,
            _ if now >= self.expires_at => State::Expired,
            Stage::Queued => State::Queued,
            Stage::Sent => State::Sent,
        }
    }

    /// True while its inviter may not invite the address again.
    pub fn is_open(&self, now: Timestamp) -> bool {
        matches!(self.state(now), State::Queued | State::Sent)
    }

    /// Where it is.
    pub fn reference(&self) -> InvitationRef {
        InvitationRef {
            invitation_id: self.invitation_id,
            inviter: self.inviter.clone(),
        }
    }

    /// Takes it back; its links are dead, and a mail not yet sent is not sent.
    ///
    /// # Errors
    /// When it has ended already.
    pub fn revoke(&mut self, now: Timestamp) -> Result<(), Ended> {
        // The link of an earlier mail, and the request of a registered invitee, outlive a bounce.
        let bounced = self.stage == Stage::Undeliverable && now < self.expires_at;
        if !self.is_open(now) && !bounced {
            return Err(Ended(self.state(now)));
        }
        self.stage = Stage::Revoked;
        self.put_aside();
        Ok(())
    }

    /// Asks for another mail; links in earlier ones stay good.
    ///
    /// # Errors
    /// When it has ended, or too soon after the last mail.
    pub fn resend(&mut self, now: Timestamp) -> Result<(), CannotResend> {
        if !self.is_open(now) {
            return Err(CannotResend::Ended(self.state(now)));
        }
        // The first mail is on its way: there is nothing to send again.
        let Some(sent_at) = self.sent_at.filter(|_| self.mailing.due_at.is_none()) else {
            return Err(CannotResend::TooSoon {
                at: now + RESEND_COOL_DOWN,
                after: RESEND_COOL_DOWN,
            });
        };
        let at = sent_at + RESEND_COOL_DOWN;
        if now < at {
            return Err(CannotResend::TooSoon {
                at,
                after: at.since(now),
            });
        }
        self.stage = Stage::Queued;
        self.mailing = Mailing {
            due_at: Some(now),
            ..Mailing::default()
        };
        Ok(())
    }
}

/// The invitation has ended, in this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the invitation has ended")]
pub struct Ended(pub State);

/// Why there is no other mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CannotResend {
    /// The invitation has ended.
    #[error("the invitation has ended")]
    Ended(State),
    /// The last mail is too young.
    #[error("the last mail is too young")]
    TooSoon {
        /// When it may be asked for.
        at: Timestamp,
        /// How long that is from now.
        after: Duration,
    },
}
