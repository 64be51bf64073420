//! A link that its owner shares with anyone.

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::{Ending, LinkToken};
use crate::{Invalid, PersonName, Timestamp, UserId, time::days};

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
    /// Its id, which also says when it was made.
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
