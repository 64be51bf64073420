//! Many invitations in one call: what becomes of each entry.
//!
//! The way of a pasted address: [`bulk::parse`] reads it as an [`Entry`]; [`candidates`] makes a [`Candidate`] of each
//! distinct one, with the hash by which everything about it is looked up; the caller finds its [`Standing`];
//! [`plan`] decides, and [`Plan::to_write`] has the candidates that get an invitation; [`Plan::settle`] takes what came
//! of writing them, and gives the [`Report`], which names the address by its place in the input only.
//!
//! An entry has the first status that holds:
//!
//! | status | holds when | its place in the order |
//! | --- | --- | --- |
//! | `invalid` | it is no address | nothing can be asked about it |
//! | `self` | it is the inviter's own address, also on a later line | needs no look-up, and says more than `duplicate` |
//! | `duplicate` | the same address is on an earlier line | only the first line of an address is looked up |
//! | `queued`, with its id | an earlier, interrupted run of this call wrote it | whatever has become of it since: the run is one, and so is its report |
//! | `already_contact` | the inviter and the address's user are contacts, as colleagues too | an invitation from before is of no use any more |
//! | `already_invited`, with its id | the inviter's invitation to it is open | costs no quota |
//! | `over_quota` | there is no room left, in the order of the input | only what would be written takes room |
//! | `queued` | otherwise; with its id once it is written | |
//! | `already_invited`, without an id | another call of the inviter wrote one meanwhile | found only by the attempt to write |

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::bulk::{self, Entry, Field, Place};
use crate::{
    EmailAddress, Timestamp,
    secret::{AddressHash, ServiceSecret},
};

/// What becomes of one entry of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineStatus {
    /// There is a new invitation.
    Queued,
    /// The address is that of a contact of the inviter.
    AlreadyContact,
    /// The inviter's invitation to it is open.
    AlreadyInvited,
    /// The same address is on an earlier line.
    Duplicate,
    /// It is no address.
    Invalid,
    /// It is the inviter's own.
    #[serde(rename = "self")]
    Myself,
    /// The inviter has no invitations left today.
    OverQuota,
}

impl LineStatus {
    /// True for what the inviter can fix, or try again later.
    pub fn is_to_mend(self) -> bool {
        matches!(self, Self::Invalid | Self::OverQuota)
    }
}

/// What a call does when an entry is to be fixed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Writes the others.
    #[default]
    Lenient,
    /// Writes nothing.
    Strict,
}

/// A distinct address of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'e> {
    /// The index of the entry with its first occurrence.
    pub entry: usize,
    /// The address.
    pub address: &'e EmailAddress,
    /// What stands for it in keys and in the invitation's id.
    pub hash: AddressHash,
}

/// The distinct addresses, in the order of their first occurrence. The inviter's own may be among them.
pub fn candidates<'e>(entries: &'e [Entry], secret: &ServiceSecret) -> Vec<Candidate<'e>> {
    let first = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.duplicate_of_line.is_none());
    first
        .filter_map(|(index, entry)| {
            let address = entry.address.as_ref().ok()?;
            Some(Candidate {
                entry: index,
                address,
                hash: secret.address_hash(address),
            })
        })
        .collect()
}

/// How an address stands to the inviter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its user is a contact of the inviter, external or by membership.
    pub is_contact: bool,
    /// The inviter's last invitation to it.
    pub invitation: Option<Invited>,
}

/// An invitation that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invited {
    /// Its id.
    pub invitation_id: Ulid,
    /// The call that it came with.
    pub batch_id: Ulid,
    /// It has not ended.
    pub is_open: bool,
}

/// Which run of a call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// Nothing is written yet.
    First {
        /// The invitations that the inviter has left today.
        room: u32,
        /// What to do when an entry is to be fixed.
        mode: Mode,
    },
    /// An earlier run was interrupted, and has given back what it had reserved in vain. What has begun is not
    /// refused any more, strict or not.
    Resumed {
        /// What the earlier run marked its invitations with.
        batch_id: Ulid,
        /// The invitations that the inviter has left today.
        room: u32,
    },
}

impl Standing {
    /// The status of an address that is valid, not the inviter's own and on no earlier line, before room is looked at;
    /// and the invitation that the status is about.
    fn status(&self, run: Run) -> (LineStatus, Option<Ulid>) {
        let is_of_this_call =
            |invited: &Invited| matches!(run, Run::Resumed { batch_id, .. } if batch_id == invited.batch_id);
        match self.invitation {
            Some(invited) if is_of_this_call(&invited) => (LineStatus::Queued, Some(invited.invitation_id)),
            _ if self.is_contact => (LineStatus::AlreadyContact, None),
            Some(invited) if invited.is_open => (LineStatus::AlreadyInvited, Some(invited.invitation_id)),
            _ => (LineStatus::Queued, None),
        }
    }
}

/// What a run is to do. That of a dry run is only reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<'e> {
    lines: Vec<ReportLine>,
    to_write: Vec<Candidate<'e>>,
    to_reserve: u32,
    is_refused: bool,
}

/// Decides about all entries of a call.
///
/// `own` is the inviter's address; `known` has all [`candidates`] of the entries, in their order, with what was found
/// about them. How the inviter's own stands does not matter.
pub fn plan<'e>(entries: &[Entry], own: &EmailAddress, known: &[(Candidate<'e>, Standing)], run: Run) -> Plan<'e> {
    let mut lines: Vec<ReportLine> = entries.iter().map(|entry| ReportLine::read(entry, own)).collect();
    let mut to_write = Vec::new();
    for (candidate, standing) in known {
        let Some(line) = lines.get_mut(candidate.entry) else {
            continue;
        };
        if line.status != LineStatus::Queued {
            continue;
        }
        (line.status, line.invitation_id) = standing.status(run);
        if (line.status, line.invitation_id) == (LineStatus::Queued, None) {
            to_write.push(*candidate);
        }
    }
    let (Run::First { room, .. } | Run::Resumed { room, .. }) = run;
    let fitting = usize::try_from(room).unwrap_or(usize::MAX).min(to_write.len());
    for over in to_write.split_off(fitting) {
        if let Some(line) = lines.get_mut(over.entry) {
            line.status = LineStatus::OverQuota;
        }
    }
    let is_strict = matches!(run, Run::First { mode: Mode::Strict, .. });
    let is_refused = is_strict && lines.iter().any(|line| line.status.is_to_mend());
    if is_refused {
        to_write.clear();
    }
    Plan {
        lines,
        // Never more than the room, which is a `u32`.
        to_reserve: u32::try_from(to_write.len()).unwrap_or(room),
        to_write,
        is_refused,
    }
}

impl<'e> Plan<'e> {
    /// The addresses that are to get an invitation, in the order of the input; none when the call is refused.
    pub fn to_write(&self) -> &[Candidate<'e>] {
        &self.to_write
    }

    /// The quota to take before anything is written.
    pub fn to_reserve(&self) -> u32 {
        self.to_reserve
    }

    /// The call is strict, and an entry is to be fixed.
    pub fn is_refused(&self) -> bool {
        self.is_refused
    }

    /// The report before, or without, anything being written.
    pub fn report(self) -> Report {
        Report {
            lines: self.lines,
            is_refused: self.is_refused,
        }
    }

    /// The report after the writing: `written` has for each of [`Self::to_write`], in its order, the invitation's id, or
    /// `None` when another call of the inviter has written one to the address meanwhile.
    pub fn settle(mut self, written: &[Option<Ulid>]) -> Report {
        debug_assert_eq!(
            self.to_write.len(),
            written.len(),
            "one result for each that was to be written"
        );
        for (candidate, invitation_id) in self.to_write.iter().zip(written) {
            if let Some(line) = self.lines.get_mut(candidate.entry) {
                line.invitation_id = *invitation_id;
                if invitation_id.is_none() {
                    line.status = LineStatus::AlreadyInvited;
                }
            }
        }
        self.report()
    }
}

/// What became of a call: all that its answer shows and its input does not say, so that the answer can be given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionOutcome {
    /// The call; its invitations are marked with it.
    pub batch_id: Ulid,
    /// Entry by entry.
    pub report: Report,
    /// The inviter's quota afterwards.
    pub quota: Quota,
}

/// The invitations that somebody may write in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// How many.
    pub limit: u32,
    /// How many are left.
    pub remaining: u32,
    /// When there are new ones.
    pub resets_at: Timestamp,
}

/// What became of each entry. A thousand lines are below 100 KB of JSON, whatever is in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// One for each entry, in their order.
    pub lines: Vec<ReportLine>,
    /// Nothing was written, since the call was strict.
    pub is_refused: bool,
}

impl Report {
    /// How many entries have an invitation from this call, of any of its runs.
    pub fn written(&self) -> u32 {
        self.lines.iter().map(|line| u32::from(line.is_written())).sum()
    }

    /// How many entries have a status; those that none has are left out.
    pub fn counts(&self) -> BTreeMap<LineStatus, usize> {
        let mut counts = BTreeMap::new();
        for line in &self.lines {
            *counts.entry(line.status).or_insert(0) += 1;
        }
        counts
    }

    /// The entries to fix or to try again later, one a line, from the input of the call.
    pub fn retry_text(&self, emails: &[String], text: Option<&str>) -> String {
        let to_mend = self.lines.iter().filter(|line| line.status.is_to_mend());
        bulk::retry_text(to_mend.filter_map(|line| line.place.text(emails, text)))
    }
}

/// What became of an entry, without what the input says: [`Place::text`] gives the entry's own text, and
/// [`bulk::address_in`] the address in that.
///
/// Stored as an array, since a thousand of them are kept together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredLine", into = "StoredLine")]
pub struct ReportLine {
    /// The line it is on, from 1.
    pub line: u32,
    /// Where the entry's own text is in the input.
    pub place: Place,
    /// What became of it.
    pub status: LineStatus,
    /// Why it is invalid: a stable code.
    pub reason: Option<Cow<'static, str>>,
    /// the line on which the same address appears first.
    pub duplicate_of_line: Option<u32>,
    /// The invitation, new or open.
    pub invitation_id: Option<Ulid>,
}

impl ReportLine {
    /// What the entry says by itself: queued if nothing is against it.
    fn read(entry: &Entry, own: &EmailAddress) -> Self {
        let status = match &entry.address {
            Err(_) => LineStatus::Invalid,
            Ok(address) if address == own => LineStatus::Myself,
            Ok(_) if entry.duplicate_of_line.is_some() => LineStatus::Duplicate,
            Ok(_) => LineStatus::Queued,
        };
        Self {
            line: entry.line,
            place: entry.place,
            status,
            reason: entry.address.as_ref().err().map(|invalid| invalid.code.into()),
            duplicate_of_line: entry.duplicate_of_line,
            invitation_id: None,
        }
    }

    fn is_written(&self) -> bool {
        self.status == LineStatus::Queued && self.invitation_id.is_some()
    }
}

/// Line; index in `emails`, none for the text; start; length; status; reason; first line; invitation.
#[derive(Serialize, Deserialize)]
struct StoredLine(
    u32,
    Option<usize>,
    usize,
    usize,
    LineStatus,
    Option<Cow<'static, str>>,
    Option<u32>,
    Option<Ulid>,
);

impl From<ReportLine> for StoredLine {
    fn from(line: ReportLine) -> Self {
        let Place { field, start, length } = line.place;
        let index = match field {
            Field::Email(index) => Some(index),
            Field::Text => None,
        };
        Self(
            line.line,
            index,
            start,
            length,
            line.status,
            line.reason,
            line.duplicate_of_line,
            line.invitation_id,
        )
    }
}

impl From<StoredLine> for ReportLine {
    fn from(stored: StoredLine) -> Self {
        let StoredLine(line, index, start, length, status, reason, duplicate_of_line, invitation_id) = stored;
        Self {
            line,
            place: Place {
                field: index.map_or(Field::Text, Field::Email),
                start,
                length,
            },
            status,
            reason,
            duplicate_of_line,
            invitation_id,
        }
    }
}
