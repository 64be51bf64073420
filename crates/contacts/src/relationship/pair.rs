//! The relationship between two people.

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::{Message, Timestamp, invitation::InvitationRef, time::days};

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
    /// True when the addressee does not see it: it was refused, fell into a cool-down, or was sent by a link of whom
    /// the sender is blocked by.
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
    pub(super) fn open_request(&self, now: Timestamp) -> Option<&Request> {
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
    pub(super) fn hide(&self, now: Timestamp) -> bool {
        self.never || self.cool_down_until.is_some_and(|until| now < until)
    }

    pub(super) fn after(&self, mode: DeclineMode, now: Timestamp) -> Self {
        match mode {
            DeclineMode::Never => Self {
                never: true,
                ..self.clone()
            },
            DeclineMode::NotNow => {
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

/// The two silent ways to say no.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineMode {
    /// A new request is shown again after 7, 30, 90 days.
    #[default]
    NotNow,
    /// No request is shown again.
    Never,
}

/// A mutual relation, made by an accepted request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Since when.
    pub since: Timestamp,
    /// How it came to be.
    pub origin: Origin,
}

/// The relationship between two people, seen by *me*.
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

    /// My request that is open, shown to the other or not: I cannot tell.
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
