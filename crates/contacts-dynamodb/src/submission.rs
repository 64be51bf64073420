//! A call of invitations: judged entry by entry, paid from the quota, written by chunks.

use std::collections::HashMap;

use contacts::{
    EmailAddress, Locale, Message, Timestamp, User, UserId,
    bulk::Entry,
    invitation::{Invitation, LineStatus, ReportLine},
    time::days,
    token::AddressHash,
};
use futures_util::future::try_join_all;
use ulid::Ulid;

use crate::{
    StoreError,
    idempotency::{Answer, Progress, Reply},
    keys::{self, Key, n, s},
    read::Loaded,
    relationship::Direction,
    store::Store,
    transaction::{Commit, Condition, Transaction, Tries},
    user::AddressUser,
};

/// Invitations of a transaction: DynamoDB's limit of actions.
const A_TRANSACTION: usize = 100;

/// A call of invitations.
#[derive(Debug, Clone)]
pub struct Submission<'a> {
    /// What was pasted.
    pub entries: &'a [Entry],
    /// The words that go with each.
    pub message: Message,
    /// The language chosen.
    pub locale: Option<Locale>,
    /// Refuse all when one is to be mended.
    pub strict: bool,
    /// Report only.
    pub dry_run: bool,
}

/// What became of a call.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// The call.
    pub batch_id: Ulid,
    /// Entry by entry.
    pub lines: Vec<ReportLine>,
    /// The inviter's invitations a day.
    pub limit: u32,
    /// How many are left today.
    pub remaining: u32,
    /// When there are new ones.
    pub resets_at: Timestamp,
    /// Nothing was kept, since the call was strict.
    pub refused: bool,
}

impl Submitted {
    fn queued(&self) -> usize {
        self.lines
            .iter()
            .filter(|line| line.status == LineStatus::Queued)
            .count()
    }

    /// The places of the lines that have no invitation yet.
    fn to_write(&self) -> Vec<usize> {
        let is_to_write = |line: &ReportLine| line.status == LineStatus::Queued && line.invitation_id.is_none();
        (0..)
            .zip(&self.lines)
            .filter(|(_, line)| is_to_write(line))
            .map(|(at, _)| at)
            .collect()
    }
}

/// How long a day's figures are kept.
const FIGURES_KEPT: std::time::Duration = days(3);

impl Store {
    /// Writes invitations, and answers with a report of every entry.
    ///
    /// Costs three batch reads a hundred addresses, one reservation of quota, one transaction a hundred
    /// new invitations, and a refund of what was reserved in vain: the same for registered addresses
    /// and others.
    pub async fn invite(
        &self,
        me: &UserId,
        call: &Submission<'_>,
        reply: Reply<'_, Submitted>,
    ) -> Result<Answer, StoreError> {
        let mut tries = Tries::default();
        loop {
            if let Some(answer) = self.try_to_invite(me, call, &reply).await? {
                return Ok(answer);
            }
            self.again(&mut tries).await?;
        }
    }

    /// One try; `None` when another call took from the quota, or has the key, in the meantime.
    async fn try_to_invite(
        &self,
        me: &UserId,
        call: &Submission<'_>,
        reply: &Reply<'_, Submitted>,
    ) -> Result<Option<Answer>, StoreError> {
        let now = self.now();
        let quota_key = keys::quota(me, &now.day());
        let addresses = self.addresses(call.entries);
        let of_address = |hash: &AddressHash| [keys::address_user(*hash), keys::invitation(*hash, me)];
        let of_caller = [keys::profile(me), quota_key.clone()];
        let wanted = of_caller.into_iter().chain(reply.item_key());
        let loaded = self
            .load(wanted.chain(addresses.iter().flat_map(|(_, hash)| of_address(hash))))
            .await?;
        let caller = loaded.caller(me)?;
        if let Some(answer) = self.kept_answer(reply.key, &loaded)? {
            return Ok(Some(answer));
        }
        let resumed = self.progress(reply.key, &loaded)?;
        let batch_id = resumed
            .as_ref()
            .map_or_else(|| self.new_ulid(), |progress| progress.batch_id);
        let limit = self.settings.invitations_per_day;
        let used = u32::try_from(loaded.number(&quota_key, "used")).unwrap_or(u32::MAX);
        let mut report = Submitted {
            batch_id,
            lines: self.judge(&caller, call.entries, &addresses, loaded, batch_id).await?,
            limit,
            remaining: limit.saturating_sub(used),
            resets_at: now.next_midnight(),
            refused: false,
        };
        // Invitations of this very call that an interrupted run wrote need no writing again, and what
        // it reserved is all that there is for the rest.
        let written_before = report.queued() - report.to_write().len();
        let room = match &resumed {
            Some(progress) => (progress.reserved as usize).saturating_sub(written_before),
            None => report.remaining as usize,
        };
        let mut wanted = report.to_write();
        for over in wanted.split_off(wanted.len().min(room)) {
            if let Some(line) = report.lines.get_mut(over) {
                line.status = LineStatus::OverQuota;
            }
        }
        // What has begun is refused no more.
        report.refused = call.strict && resumed.is_none() && report.lines.iter().any(|line| line.status.is_to_mend());
        if report.refused || call.dry_run {
            return self.answer_only(reply, &report).await;
        }
        let is_new = resumed.is_none();
        let progress = resumed.unwrap_or_else(|| Progress {
            batch_id,
            reserved: u32::try_from(wanted.len()).unwrap_or(u32::MAX),
            day: now.day(),
        });
        if !self.reserve(me, reply, &progress, is_new).await? {
            return Ok(None);
        }
        self.write_invitations(&caller, call, &mut report, &wanted).await?;
        let written = u32::try_from(report.queued()).unwrap_or(u32::MAX);
        let refund = progress.reserved.saturating_sub(written);
        let taken = if is_new { progress.reserved } else { 0 };
        report.remaining = report.remaining.saturating_sub(taken).saturating_add(refund);
        let answer = (reply.render)(&report);
        self.finish(&keys::quota(me, &progress.day), refund, reply, &answer)
            .await?;
        Ok(Some(answer))
    }

    /// The addresses of a call, each once.
    fn addresses<'e>(&self, entries: &'e [Entry]) -> Vec<(&'e EmailAddress, AddressHash)> {
        entries
            .iter()
            .filter(|entry| entry.duplicate_of_line.is_none())
            .filter_map(|entry| entry.address.as_ref().ok())
            .map(|address| (address, self.secret.address_hash(address)))
            .collect()
    }

    /// What each entry is, as far as the input and the inviter's own records tell; users and
    /// invitations of the addresses are loaded.
    async fn judge(
        &self,
        me: &User,
        entries: &[Entry],
        addresses: &[(&EmailAddress, AddressHash)],
        mut loaded: Loaded,
        batch_id: Ulid,
    ) -> Result<Vec<ReportLine>, StoreError> {
        let candidates: Vec<AddressHash> = addresses
            .iter()
            .filter(|(address, _)| **address != me.email)
            .map(|(_, hash)| *hash)
            .collect();
        // An address that nobody has costs the same read.
        let mut registered: HashMap<AddressHash, AddressUser> = HashMap::new();
        let mut withs: Vec<Key> = Vec::with_capacity(candidates.len());
        for hash in &candidates {
            match loaded.get::<AddressUser>(&keys::address_user(*hash))? {
                Some(user) => {
                    withs.push(keys::with(&me.user_id, &user.user_id));
                    registered.insert(*hash, user);
                }
                None => withs.push(Key {
                    pk: keys::user_partition(&me.user_id),
                    sk: format!("{}{hash}", keys::WITH),
                }),
            }
        }
        loaded.append(self.load(withs).await?);
        let mut lines = Vec::with_capacity(entries.len());
        for entry in entries {
            let mut line = ReportLine {
                line: entry.line,
                raw: entry.raw.clone(),
                email: entry.address.as_ref().ok().cloned(),
                status: LineStatus::Queued,
                reason: entry.address.as_ref().err().map(|invalid| invalid.code.to_owned()),
                duplicate_of_line: entry.duplicate_of_line,
                invitation_id: None,
            };
            line.status = match &entry.address {
                Err(_) => LineStatus::Invalid,
                Ok(address) if *address == me.email => LineStatus::Myself,
                Ok(_) if entry.duplicate_of_line.is_some() => LineStatus::Duplicate,
                Ok(address) => {
                    let hash = self.secret.address_hash(address);
                    self.judge_address(me, hash, registered.get(&hash), &loaded, batch_id, &mut line)?
                }
            };
            lines.push(line);
        }
        Ok(lines)
    }

    fn judge_address(
        &self,
        me: &User,
        hash: AddressHash,
        registered: Option<&AddressUser>,
        loaded: &Loaded,
        batch_id: Ulid,
        line: &mut ReportLine,
    ) -> Result<LineStatus, StoreError> {
        if let Some(user) = registered {
            let organization = me
                .organization
                .as_ref()
                .map(|organization| organization.organization_id);
            if organization.is_some() && organization == user.organization {
                return Ok(LineStatus::AlreadyContact);
            }
            let direction: Option<Direction> = loaded.get(&keys::with(&me.user_id, &user.user_id))?;
            if direction.is_some_and(|direction| direction.pair.contact.is_some()) {
                return Ok(LineStatus::AlreadyContact);
            }
        }
        let invitation: Option<Invitation> = loaded.get(&keys::invitation(hash, &me.user_id))?;
        let Some(open) = invitation.filter(|invitation| invitation.is_open(self.now())) else {
            return Ok(LineStatus::Queued);
        };
        line.invitation_id = Some(open.invitation_id);
        Ok(if open.batch_id == batch_id {
            LineStatus::Queued
        } else {
            LineStatus::AlreadyInvited
        })
    }

    /// Reserves quota, and with a key says that the call is running. False when either was taken.
    async fn reserve(
        &self,
        me: &UserId,
        reply: &Reply<'_, Submitted>,
        progress: &Progress,
        is_new: bool,
    ) -> Result<bool, StoreError> {
        let mut tries = Tries::default();
        let reserved = progress.reserved;
        loop {
            let mut transaction = Transaction::default();
            transaction.check(&self.table, &keys::profile(me), Condition::present());
            if reserved > 0 && is_new {
                let most = self.settings.invitations_per_day.saturating_sub(reserved);
                let condition = Condition::new("attribute_not_exists(#used) OR #used <= :most")
                    .name("#used", "used")
                    .value(":most", n(most))
                    .value(":reserved", n(reserved))
                    .value(":delete_at", n((self.now() + FIGURES_KEPT).unix_seconds()));
                let quota = keys::quota(me, &progress.day);
                transaction.update(
                    &self.table,
                    &quota,
                    "ADD #used :reserved SET delete_at = :delete_at",
                    condition,
                );
            }
            self.keep_progress(&mut transaction, reply.key, progress)?;
            match self.commit(transaction).await? {
                Commit::Done => return Ok(true),
                Commit::Lost(conditions) if conditions.is_empty() => self.again(&mut tries).await?,
                Commit::Lost(_) => return Ok(false),
            }
        }
    }

    async fn write_invitations(
        &self,
        me: &User,
        call: &Submission<'_>,
        report: &mut Submitted,
        wanted: &[usize],
    ) -> Result<(), StoreError> {
        let now = self.now();
        let batch_id = report.batch_id;
        let mut invitations: Vec<(usize, Invitation)> = Vec::with_capacity(wanted.len());
        for at in wanted {
            let Some(email) = report.lines.get(*at).and_then(|line| line.email.clone()) else {
                continue;
            };
            let hash = self.secret.address_hash(&email);
            let user = me.user_id.clone();
            invitations.push((
                *at,
                Invitation::new(hash, user, email, call.message.clone(), call.locale, batch_id, now),
            ));
        }
        let chunks = invitations.chunks(A_TRANSACTION).map(|chunk| self.write_chunk(chunk));
        let taken: Vec<usize> = try_join_all(chunks).await?.into_iter().flatten().collect();
        for (at, invitation) in invitations {
            if let Some(line) = report.lines.get_mut(at) {
                if taken.contains(&at) {
                    line.status = LineStatus::AlreadyInvited;
                } else {
                    line.invitation_id = Some(invitation.invitation_id);
                }
            }
        }
        Ok(())
    }

    /// Writes up to a hundred invitations, but for those that another call of the same inviter wrote
    /// in the meantime; answers which these are.
    async fn write_chunk(&self, chunk: &[(usize, Invitation)]) -> Result<Vec<usize>, StoreError> {
        let mut left: Vec<&(usize, Invitation)> = chunk.iter().collect();
        let mut taken = Vec::new();
        let mut tries = Tries::default();
        loop {
            let mut transaction = Transaction::default();
            for (_, invitation) in &left {
                self.put_invitation(&mut transaction, invitation, not_open(self.now()))?;
            }
            match self.commit(transaction).await? {
                Commit::Done => return Ok(taken),
                Commit::Lost(conditions) if conditions.is_empty() => self.again(&mut tries).await?,
                Commit::Lost(conditions) => {
                    let lost: Vec<usize> = conditions
                        .iter()
                        .filter_map(|at| left.get(*at))
                        .map(|(at, _)| *at)
                        .collect();
                    left.retain(|(at, _)| !lost.contains(at));
                    taken.extend(lost);
                }
            }
        }
    }

    async fn finish(
        &self,
        quota: &Key,
        refund: u32,
        reply: &Reply<'_, Submitted>,
        answer: &Answer,
    ) -> Result<(), StoreError> {
        let mut tries = Tries::default();
        loop {
            let mut transaction = Transaction::default();
            if refund > 0 {
                let back = Condition::default()
                    .name("#used", "used")
                    .value(":back", n(-i64::from(refund)));
                transaction.update(&self.table, quota, "ADD #used :back", back);
            }
            self.finish_progress(&mut transaction, reply.key, answer)?;
            if transaction.is_empty() {
                return Ok(());
            }
            match self.commit(transaction).await? {
                Commit::Done => return Ok(()),
                // Another run of the same request finished it.
                Commit::Lost(conditions) if !conditions.is_empty() => return Ok(()),
                Commit::Lost(_) => self.again(&mut tries).await?,
            }
        }
    }
}

/// No invitation, or one that has ended.
fn not_open(now: Timestamp) -> Condition {
    Condition::new("attribute_not_exists(pk) OR expires_at <= :now OR NOT stage IN (:queued, :sent)")
        .value(":now", s(now.to_string()))
        .value(":queued", s("queued"))
        .value(":sent", s("sent"))
}
