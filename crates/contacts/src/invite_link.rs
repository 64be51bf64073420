//! Invite links: share links and mailed ones, what a visitor is shown, and what pressing does.

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::{
    EmailAddress, Invalid, Message, PersonName, Timestamp, UserId,
    invitation::{Invitation, InvitationRef, State},
    relationship::{Connect, ConnectOutcome, Context, NewRequest, Origin, Pair, Relation, RequestOutcome},
    time::days,
    token::LinkToken,
};

/// The most uses a link may be given.
pub const MAX_USES: u32 = 100_000;
/// The most days that a link may be given.
pub const MAX_DAYS: u32 = 3_650;
/// The most links of one user.
pub const MAX_LINKS: u64 = 50;

/// Who decides about a redemption.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// The owner: pressing sends a request.
    #[default]
    Owner,
    /// Nobody: pressing connects.
    Automatic,
}

/// A link that belongs to its owner and is for anyone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareLink {
    /// Its id.
    pub link_id: Ulid,
    /// Whose it is.
    pub owner: UserId,
    /// The secret in its URL. It has to be shown again, so it is kept, here only.
    pub token: LinkToken,
    /// What the owner calls it.
    pub name: Option<PersonName>,
    /// Switched on.
    pub enabled: bool,
    /// Who decides.
    pub approval: Approval,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// How many people may use it.
    pub max_uses: Option<u32>,
    /// How many have.
    pub uses: u32,
    /// When it was used last.
    pub last_used_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What an owner sets; `None` leaves it, `Some(None)` takes it away.
#[derive(Debug, Clone, Default)]
pub struct ShareLinkSettings {
    /// What the owner calls it.
    pub name: Option<Option<PersonName>>,
    /// Switched on or off.
    pub enabled: Option<bool>,
    /// Who decides.
    pub approval: Option<Approval>,
    /// Days from now until it ends.
    pub expires_in_days: Option<Option<u32>>,
    /// How many people may use it.
    pub max_uses: Option<Option<u32>>,
}

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

impl From<Ending> for View {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Revoked => Self::Revoked,
            Ending::Expired => Self::Expired,
            Ending::UsedUp => Self::UsedUp,
        }
    }
}

impl ShareLink {
    /// A new one: switched on, for any number of people, with approval by its owner, unless set otherwise.
    #[must_use]
    pub fn new(link_id: Ulid, owner: UserId, token: LinkToken, settings: &ShareLinkSettings, now: Timestamp) -> Self {
        let link = Self {
            link_id,
            owner,
            token,
            name: None,
            enabled: true,
            approval: Approval::Owner,
            expires_at: None,
            max_uses: None,
            uses: 0,
            last_used_at: None,
            created_at: now,
        };
        link.with(settings, now)
    }

    /// The link as its owner sets it at this moment.
    #[must_use]
    pub fn with(mut self, settings: &ShareLinkSettings, now: Timestamp) -> Self {
        if let Some(name) = &settings.name {
            self.name.clone_from(name);
        }
        if let Some(lifetime) = settings.expires_in_days {
            self.expires_at = lifetime.map(|lifetime| now + days(u64::from(lifetime)));
        }
        if let Some(max_uses) = settings.max_uses {
            self.max_uses = max_uses;
        }
        self.enabled = settings.enabled.unwrap_or(self.enabled);
        self.approval = settings.approval.unwrap_or(self.approval);
        self
    }

    /// Why this link, reached by this token's hash, is dead. The first that holds.
    pub fn ending(&self, token_hash: &str, now: Timestamp) -> Option<Ending> {
        let current = self.token.hash() == token_hash;
        if !current || !self.enabled {
            Some(Ending::Revoked)
        } else if self.expires_at.is_some_and(|end| now >= end) {
            Some(Ending::Expired)
        } else if self.max_uses.is_some_and(|max| self.uses >= max) {
            Some(Ending::UsedUp)
        } else {
            None
        }
    }
}

/// Reads a number of uses.
///
/// # Errors
/// `out_of_range`.
pub fn parse_max_uses(uses: u32) -> Result<u32, Invalid> {
    if (1..=MAX_USES).contains(&uses) {
        Ok(uses)
    } else {
        Err(Invalid::new("out_of_range", "1 to 100,000 uses"))
    }
}

/// Reads a number of days.
///
/// # Errors
/// `out_of_range`.
pub fn parse_days(days: u32) -> Result<u32, Invalid> {
    if (1..=MAX_DAYS).contains(&days) {
        Ok(days)
    } else {
        Err(Invalid::new("out_of_range", "1 to 3,650 days"))
    }
}

/// What a token leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TokenTarget {
    /// A share link.
    Share {
        /// Whose.
        owner: UserId,
        /// Which.
        link_id: Ulid,
    },
    /// An invitation by e-mail.
    Email {
        /// Which.
        invitation: InvitationRef,
        /// When the invitation ends, should it be gone.
        expires_at: Timestamp,
    },
    /// The unsubscribe page: redeems nothing.
    Unsubscribe {
        /// The invitation whose mail it stands in.
        invitation: InvitationRef,
    },
}

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

/// What stands behind a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// A share link.
    Share(ShareLink),
    /// A share link of this owner, who has deleted it.
    Deleted(UserId),
    /// An invitation, as it stands now; none when it is gone or has been followed by another.
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
    /// Who invites by it.
    pub fn inviter(&self) -> &UserId {
        match self {
            Self::Share(link) => &link.owner,
            Self::Deleted(owner) => owner,
            Self::Email { reference, .. } => &reference.inviter,
        }
    }

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

/// Someone who visits a link, signed in.
#[derive(Debug, Clone, Copy)]
pub struct Visitor<'a> {
    /// What stands between the visitor and the inviter; the visitor is *me*.
    pub pair: &'a Pair,
    /// What surrounds it.
    pub context: Context,
    /// The visitor is the inviter.
    pub is_inviter: bool,
}

/// What the visitor of a link is shown; nobody signed in is shown what any stranger is.
pub fn view(link: &Link, token_hash: &str, visitor: Option<Visitor<'_>>, now: Timestamp) -> View {
    let ending = link.ending(token_hash, now).map(View::from);
    let Some(Visitor {
        pair,
        context,
        is_inviter,
    }) = visitor
    else {
        return ending.unwrap_or(View::Redeemable);
    };
    if is_inviter {
        return View::OwnLink;
    }
    // Who blocks the inviter sees an erased account. Who is blocked sees what a stranger sees, their own
    // limit too: anything else would tell.
    if pair.mine.blocks_since.is_some() && !context.colleagues {
        return View::Unknown;
    }
    let relation = pair.relation(context.colleagues, now);
    if relation == Relation::Contact {
        return View::AlreadyContact;
    }
    if let Some(ending) = ending {
        return ending;
    }
    match (link, relation) {
        (Link::Share(_), Relation::AwaitingMe) => View::AwaitingYou,
        (_, Relation::Requested) => View::RequestPending,
        _ if context.at_contact_limit => View::AtLimit,
        _ => View::Redeemable,
    }
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
    Request(NewRequest),
    /// The inviter agreed beforehand.
    Connect(Connect),
}

/// Decides what pressing the button does for a visitor with this address; a request would have this id.
///
/// # Errors
/// The view, when there is nothing to press.
pub fn press(
    link: &Link,
    token_hash: &str,
    visitor: Visitor<'_>,
    email: &EmailAddress,
    request_id: Ulid,
    now: Timestamp,
) -> Result<Press, View> {
    let is_invitee = link.is_for(email);
    match view(link, token_hash, Some(visitor), now) {
        View::AlreadyContact => return Ok(Press::Nothing(Redemption::AlreadyContact)),
        // Who was invited has the inviter's agreement, and who presses an automatic link its owner's: their own
        // request needs to wait no longer.
        View::RequestPending if !is_invitee && !link.is_automatic() => {
            return Ok(Press::Nothing(Redemption::AlreadyPending));
        }
        View::RequestPending | View::AwaitingYou | View::Redeemable => {}
        dead => return Err(dead),
    }
    // Who is blocked is not told, and nothing is delivered.
    if visitor.pair.theirs.blocks_since.is_some() {
        return Ok(Press::Nothing(Redemption::RequestSent));
    }
    let request = |origin| {
        Press::Request(NewRequest {
            request_id,
            message: Message::default(),
            origin,
            invitation: None,
        })
    };
    Ok(match link {
        // An owner who is full cannot agree beforehand, but may make room and accept.
        Link::Share(_) if link.is_automatic() && !visitor.context.other_at_contact_limit => Press::Connect(Connect {
            origin: Origin::ShareLink,
            invitation: None,
        }),
        Link::Share(_) => request(Origin::ShareLink),
        Link::Deleted(_) => return Err(View::Revoked),
        Link::Email { reference, .. } if is_invitee => Press::Connect(Connect {
            origin: Origin::EmailInvitation,
            invitation: Some(reference.clone()),
        }),
        Link::Email { .. } => request(Origin::EmailInvitation),
    })
}
