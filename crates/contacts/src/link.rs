//! Invite links: share links and mailed ones.
//!
//! - [`ShareLink`]: the link of a person, for anyone
//! - [`LinkToken`], [`TokenTarget`]: the secret in a link, and what it leads to
//! - [`view`], [`press`]: what a visitor is shown, and what the button does
//! - [`LinkBase`], [`LinkUrl`]: the URL

mod share_link;
mod token;
mod url;
mod visit;

pub use self::{
    share_link::{Approval, MAX_DAYS, MAX_LINKS, MAX_USES, ShareLink, ShareLinkSettings, parse_days, parse_max_uses},
    token::{LinkToken, TokenTarget},
    url::{LinkBase, LinkUrl},
    visit::{Effect, NotRedeemable, Press, Redemption, View, Visitor, effect, press, view},
};
use crate::{
    EmailAddress, Timestamp, UserId,
    invitation::{Invitation, InvitationRef, State},
};

/// Why a link is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Rotated, switched off, deleted or taken back.
    Revoked,
    /// Ended by the clock.
    Expired,
    /// As many as may have used it.
    UsedUp,
}

/// What a token leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// A share link.
    Share(ShareLink),
    /// A share link of this owner, who has deleted it.
    Deleted(UserId),
    /// An invitation, as it is now; none when it is gone or has been followed by another.
    Email {
        /// The one the token was mailed for.
        reference: InvitationRef,
        /// It, while it is there.
        invitation: Option<Invitation>,
        /// When it ends.
        expires_at: Timestamp,
    },
}

impl Link {
    /// True for a share link whose owner agrees beforehand.
    fn is_automatic(&self) -> bool {
        matches!(self, Self::Share(link) if link.approval == Approval::Automatic)
    }

    /// True for the link of a mail to this address: its user has been invited by name.
    pub fn is_for(&self, email: &EmailAddress) -> bool {
        matches!(self, Self::Email { invitation: Some(invitation), .. } if invitation.email == *email)
    }

    /// Why the link is dead, whoever visits.
    pub fn ending(&self, token_hash: &str, now: Timestamp) -> Option<Ending> {
        match self {
            Self::Share(link) => link.ending(token_hash, now),
            Self::Deleted(_) => Some(Ending::Revoked),
            Self::Email {
                invitation, expires_at, ..
            } => match invitation.as_ref().map(|invitation| invitation.state(now)) {
                Some(State::Accepted) => Some(Ending::UsedUp),
                Some(State::Revoked) => Some(Ending::Revoked),
                // That the last mail bounced keeps nobody from pressing the link of an earlier one.
                _ if now >= *expires_at => Some(Ending::Expired),
                Some(State::Queued | State::Sent | State::Undeliverable) => None,
                Some(State::Expired) => Some(Ending::Expired),
                None => Some(Ending::Revoked),
            },
        }
    }
}
