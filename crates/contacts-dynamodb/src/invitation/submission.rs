//! A call of invitations: judged entry by entry, paid from the quota, written by chunks.
//!
//! A call takes several transactions, so it has an item of its own while it runs:
//!
//! ```text
//! begin    quota taken, submission put (with a lease), `Running` under the Idempotency-Key
//! chunks   99 invitations and a marker with their number, side by side; none touches the quota
//! end      quota given back that was taken in vain, submission removed, outcome under the key
//! ```
//!
//! A run that is cut short leaves its submission. When the lease is over, the schedule ends it, or a call with
//! the same key before that: what the markers do not account for goes back to the quota. A call with the same key
//! begins again with the same batch, by which it knows what was written already.

use contacts::{
    EmailAddress, Locale, Message, Timestamp, User, UserId,
    invitation::{
        Invitation, Stage,
        bulk::Entry,
        submission::{Candidate, Invited, Mode, Plan, Quota, Run, Standing, SubmissionOutcome, candidates, plan},
    },
    time::days,
};
use futures_util::future::try_join_all;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::{
    StoreError,
    relationship::Direction,
    store::Store,
    table::{
        idempotency::{IdempotencyKey, Outcome, Running},
        keys::{self, Item, Key, n, s},
        read::Loaded,
        transaction::{Decision, Ended, Step},
        write::{Condition, Transaction},
    },
    user::AddressUser,
};

/// Invitations of a transaction: DynamoDB's limit of 100 actions, less the marker.
const CHUNK: usize = 99;
/// How long a run has its submission to itself. The gateway gives up after 30 seconds, and the function before
/// that, so nothing is written for a submission whose lease is over.
const LEASE: std::time::Duration = std::time::Duration::from_secs(60);
/// How long a day's figures are kept.
const FIGURES_KEPT: std::time::Duration = days(3);

impl Outcome for SubmissionOutcome {
    const SEALED: bool = false;
}

/// A call of invitations.
#[derive(Debug, Clone)]
pub struct Submission<'a> {
    /// What was pasted.
    pub entries: &'a [Entry],
    /// The words that go with each.
    pub message: Message,
    /// The language chosen.
    pub locale: Option<Locale>,
    /// What to do when an entry is to be mended.
    pub mode: Mode,
    /// Report only.
    pub dry_run: bool,
}

/// A submission that has begun and not ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SubmissionItem {
    submission_id: Ulid,
    /// What its invitations are marked with.
    batch_id: Ulid,
    inviter: UserId,
    /// Invitations that were taken from the quota.
    reserved: u32,
    /// The day of whose quota they are.
    day: String,
    leased_until: Timestamp,
}

/// A call between its begin and its end.
struct Begun<'e> {
    /// The inviter's profile and what is under the key, as they were read: what the end depends on.
    loaded: Loaded,
    inviter: User,
    item: SubmissionItem,
    plan: Plan<'e>,
    /// The quota as the end leaves it, if everything is written.
    quota: Quota,
}

/// What the begin of a call comes to.
enum Begin<'e> {
    /// There is something to write.
    Begun(Box<Begun<'e>>),
    /// The outcome is there already: kept before, of a dry run, a refusal, or nothing to write.
    Ended(SubmissionOutcome),
    /// An earlier run of the same request was cut short: it has to be ended first.
    CutShort(SubmissionItem),
}

impl Store {
    /// Writes invitations; the outcome reports every entry.
    ///
    /// Costs three batch reads a hundred addresses, the begin, one transaction for 99 new invitations, and the
    /// end: the same for registered addresses and others.
    pub async fn invite(
        &self,
        me: &UserId,
        call: &Submission<'_>,
        key: Option<&IdempotencyKey>,
    ) -> Result<SubmissionOutcome, StoreError> {
        let addresses = candidates(call.entries, &self.secret);
        loop {
            match self.begin(me, call, &addresses, key).await? {
                Begin::Ended(outcome) => return Ok(outcome),
                Begin::CutShort(item) => self.end_cut_short(&item).await?,
                Begin::Begun(begun) => {
                    let written = self.write_invitations(&begun, call).await?;
                    return self.end(*begun, &written, key).await;
                }
            }
        }
    }

    /// Takes the quota, and says under the key that the call is running.
    async fn begin<'e>(
        &self,
        me: &UserId,
        call: &Submission<'_>,
        addresses: &[Candidate<'e>],
        key: Option<&IdempotencyKey>,
    ) -> Result<Begin<'e>, StoreError> {
        let of_address =
            |candidate: &Candidate<'_>| [keys::address_user(candidate.hash), keys::invitation(candidate.hash, me)];
        let wanted = [keys::profile(me), keys::quota(me, &self.now().day())];
        let wanted = wanted.into_iter().chain(addresses.iter().flat_map(of_address));
        let mut begin = None;
        let mut step = |loaded: &Loaded| {
            let earlier = self.running(key, loaded)?;
            if let Some(running) = &earlier {
                let submission = keys::submission(me, running.submission_id);
                if let Some(unknown) = loaded.unknown([submission.clone()]) {
                    return Ok(Step::Load(unknown));
                }
                if let Some(item) = loaded.get::<SubmissionItem>(&submission)? {
                    if self.now() < item.leased_until {
                        return Err(StoreError::StillRunning);
                    }
                    begin = Some(Begin::CutShort(item));
                    return Ok(Step::Commit(Transaction::default()));
                }
            }
            let caller = loaded.caller(me)?;
            let with = |candidate: &Candidate<'_>| with_user_of(loaded, me, candidate);
            let others = addresses.iter().filter(|candidate| *candidate.address != caller.email);
            let withs: Vec<Key> = others.map(with).collect::<Result<_, _>>()?;
            if let Some(unknown) = loaded.unknown(withs) {
                return Ok(Step::Load(unknown));
            }
            let known = self.standings(loaded, &caller, addresses)?;
            let (decided, transaction) = self.decide_call(loaded, caller, call, &known, earlier.as_ref(), key)?;
            begin = Some(decided);
            Ok(Step::Commit(transaction))
        };
        match self.run(Loaded::default(), wanted.collect(), key, &mut step).await? {
            Ended::Kept(kept) => Ok(Begin::Ended(self.read_kept(&kept)?)),
            Ended::Committed => begin.ok_or_else(|| StoreError::Fault("a call has neither begun nor ended".to_owned())),
        }
    }

    /// How each address stands to the inviter.
    fn standings<'e>(
        &self,
        loaded: &Loaded,
        me: &User,
        addresses: &[Candidate<'e>],
    ) -> Result<Vec<(Candidate<'e>, Standing)>, StoreError> {
        let now = self.now();
        let standing = |candidate: &Candidate<'e>| {
            let invitation: Option<Invitation> = loaded.get(&keys::invitation(candidate.hash, &me.user_id))?;
            let standing = Standing {
                is_contact: is_contact(loaded, me, candidate)?,
                invitation: invitation.map(|invitation| Invited {
                    invitation_id: invitation.invitation_id,
                    batch_id: invitation.batch_id,
                    is_open: invitation.is_open(now),
                }),
            };
            Ok((*candidate, standing))
        };
        addresses.iter().map(standing).collect()
    }

    /// Lets the domain plan the call; what the begin comes to, and what it writes.
    fn decide_call<'e>(
        &self,
        loaded: &Loaded,
        inviter: User,
        call: &Submission<'_>,
        known: &[(Candidate<'e>, Standing)],
        earlier: Option<&Running>,
        key: Option<&IdempotencyKey>,
    ) -> Result<(Begin<'e>, Transaction), StoreError> {
        let now = self.now();
        let limit = self.settings.invitations_per_day;
        let used = loaded.number(&keys::quota(&inviter.user_id, &now.day()), "used");
        let room = limit.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX));
        let run = match earlier {
            Some(running) => Run::Resumed {
                batch_id: running.batch_id,
                room,
            },
            None => Run::First { room, mode: call.mode },
        };
        let plan = plan(call.entries, &inviter.email, known, run);
        let batch_id = earlier.map_or_else(|| self.new_ulid(), |running| running.batch_id);
        let reserved = plan.to_reserve();
        let mut quota = Quota {
            limit,
            remaining: room,
            resets_at: now.next_midnight(),
        };
        let mut transaction = Transaction::default();
        if call.dry_run || reserved == 0 {
            let outcome = SubmissionOutcome {
                batch_id,
                report: plan.report(),
                quota,
            };
            match (key, earlier) {
                (Some(key), Some(running)) => self.keep_in_place_of(&mut transaction, key, running, &outcome)?,
                (Some(key), None) => self.keep(&mut transaction, key, &outcome)?,
                (None, _) => {}
            }
            return Ok((Begin::Ended(outcome), transaction));
        }
        quota.remaining -= reserved;
        let item = SubmissionItem {
            submission_id: self.new_ulid(),
            batch_id,
            inviter: inviter.user_id.clone(),
            reserved,
            day: now.day(),
            leased_until: now + LEASE,
        };
        self.put_submission(&mut transaction, &item)?;
        if let Some(key) = key {
            self.keep_running(&mut transaction, key, &item.running(), earlier)?;
        }
        let depended_on = key.map(IdempotencyKey::item_key).into_iter();
        let begun = Begun {
            loaded: loaded.only(depended_on.chain([keys::profile(&inviter.user_id)])),
            inviter,
            item,
            plan,
            quota,
        };
        Ok((Begin::Begun(Box::new(begun)), transaction))
    }

    /// Takes the quota of a submission, for an inviter who is there, and puts its item.
    fn put_submission(&self, transaction: &mut Transaction, item: &SubmissionItem) -> Result<(), StoreError> {
        let most = self.settings.invitations_per_day.saturating_sub(item.reserved);
        let room = Condition::new("attribute_not_exists(#used) OR #used <= :most")
            .name("#used", "used")
            .value(":most", n(most))
            .value(":reserved", n(item.reserved))
            .value(":delete_at", n((self.now() + FIGURES_KEPT).unix_seconds()));
        let quota = keys::quota(&item.inviter, &item.day);
        let take = "ADD #used :reserved SET delete_at = :delete_at";
        transaction.check(&self.table, &keys::profile(&item.inviter), Condition::present());
        transaction.update(&self.table, &quota, take, room);
        transaction.put(&self.table, &item.key(), item.attributes()?, Condition::absent());
        Ok(())
    }

    /// Writes the invitations of a call, chunks side by side; for each that was to be written its id, or none when
    /// another call of the same inviter has written one to the address meanwhile.
    async fn write_invitations(
        &self,
        begun: &Begun<'_>,
        call: &Submission<'_>,
    ) -> Result<Vec<Option<Ulid>>, StoreError> {
        let now = self.now();
        let new = |candidate: &Candidate<'_>| {
            let (message, batch_id) = (call.message.clone(), begun.item.batch_id);
            let email: EmailAddress = candidate.address.clone();
            let inviter = begun.inviter.user_id.clone();
            Invitation::new(candidate.hash, inviter, email, message, call.locale, batch_id, now)
        };
        let invitations: Vec<Invitation> = begun.plan.to_write().iter().map(new).collect();
        let chunks = (0..).zip(invitations.chunks(CHUNK));
        let chunks = chunks.map(|(number, chunk)| self.write_chunk(begun, number, chunk));
        Ok(try_join_all(chunks).await?.into_iter().flatten().collect())
    }

    async fn write_chunk(
        &self,
        begun: &Begun<'_>,
        number: usize,
        chunk: &[Invitation],
    ) -> Result<Vec<Option<Ulid>>, StoreError> {
        let marker = begun.item.chunk_key(number);
        let taken = self
            .commit_each(chunk.len(), &|left| {
                let mut transaction = Transaction::default();
                for invitation in left.iter().filter_map(|at| chunk.get(*at)) {
                    self.put_invitation(&mut transaction, invitation, not_open(self.now())?)?;
                }
                let mut count = Item::from([(COUNT.to_owned(), n(left.len()))]);
                keys::delete_at(&mut count, self.now() + FIGURES_KEPT);
                transaction.put(&self.table, &marker, count, None);
                Ok(transaction)
            })
            .await?;
        let ids = chunk.iter().enumerate();
        Ok(ids
            .map(|(at, invitation)| (!taken.contains(&at)).then_some(invitation.invitation_id))
            .collect())
    }

    /// Gives back what was taken in vain, and keeps the outcome; everything that it depends on was loaded.
    async fn end(
        &self,
        begun: Begun<'_>,
        written: &[Option<Ulid>],
        key: Option<&IdempotencyKey>,
    ) -> Result<SubmissionOutcome, StoreError> {
        let Begun {
            item,
            plan,
            mut quota,
            mut loaded,
            ..
        } = begun;
        let in_vain = written.iter().filter(|id| id.is_none()).count();
        let refund = u32::try_from(in_vain).unwrap_or(item.reserved);
        quota.remaining = quota.remaining.saturating_add(refund);
        let outcome = SubmissionOutcome {
            batch_id: item.batch_id,
            report: plan.settle(written),
            quota,
        };
        let submission = item.key();
        loaded.append(Loaded::found(submission.clone(), Some(item.attributes()?)));
        let mut is_first_attempt = true;
        let mut step = |loaded: &Loaded| {
            let mut transaction = Transaction::default();
            if loaded.item(&submission).is_some() {
                self.remove_submission(&mut transaction, &item, refund)?;
            }
            if let Some(key) = key {
                // Another run has begun for the request, since this one was longer than its lease.
                let is_ours = is_first_attempt || self.running(Some(key), loaded)? == Some(item.running());
                if !is_ours {
                    return Err(StoreError::StillRunning);
                }
                self.keep_in_place_of(&mut transaction, key, &item.running(), &outcome)?;
            }
            is_first_attempt = false;
            Ok(Step::Commit(transaction))
        };
        match self.run(loaded, Vec::new(), key, &mut step).await? {
            Ended::Kept(kept) => self.read_kept(&kept),
            Ended::Committed => Ok(outcome),
        }
    }

    fn remove_submission(
        &self,
        transaction: &mut Transaction,
        item: &SubmissionItem,
        refund: u32,
    ) -> Result<(), StoreError> {
        if refund > 0 {
            let back = Condition::default()
                .name("#used", "used")
                .value(":back", n(-i64::from(refund)));
            transaction.update(
                &self.table,
                &keys::quota(&item.inviter, &item.day),
                "ADD #used :back",
                back,
            );
        }
        let same = Condition::new("leased_until = :lease").value(":lease", keys::value(&item.leased_until)?);
        transaction.delete(&self.table, &item.key(), Some(same));
        Ok(())
    }

    /// Ends a submission whose lease is over, if it is still there: gives back what was not written, and removes
    /// it. What was written stands; ending it twice changes nothing.
    pub(super) async fn end_cut_short(&self, item: &SubmissionItem) -> Result<(), StoreError> {
        let submission = item.key();
        let chunks: Vec<Key> = (0..item.chunks()).map(|chunk| item.chunk_key(chunk)).collect();
        let wanted = chunks.iter().cloned().chain([submission.clone()]);
        self.transact(Loaded::default(), wanted, |loaded| {
            let found: Option<SubmissionItem> = loaded.get(&submission)?;
            let Some(found) = found.filter(|found| self.now() >= found.leased_until) else {
                return Ok(Decision::Nothing(()));
            };
            let written: u64 = chunks.iter().map(|chunk| loaded.number(chunk, COUNT)).sum();
            let written = u32::try_from(written).unwrap_or(u32::MAX);
            let mut transaction = Transaction::default();
            self.remove_submission(&mut transaction, &found, found.reserved.saturating_sub(written))?;
            Ok(Decision::Commit(transaction, ()))
        })
        .await
    }
}

/// The attribute of a marker: how many invitations its chunk has.
const COUNT: &str = "invitations";

impl SubmissionItem {
    fn key(&self) -> Key {
        keys::submission(&self.inviter, self.submission_id)
    }

    /// The chunks that it takes, if nothing is refused.
    fn chunks(&self) -> usize {
        (self.reserved as usize).div_ceil(CHUNK)
    }

    fn chunk_key(&self, number: usize) -> Key {
        keys::submission_chunk(&self.inviter, self.submission_id, number)
    }

    fn running(&self) -> Running {
        Running {
            batch_id: self.batch_id,
            submission_id: self.submission_id,
        }
    }

    fn attributes(&self) -> Result<Item, StoreError> {
        let mut item: Item = serde_dynamo::to_item(self)?;
        keys::make_due(&mut item, self.leased_until, self.submission_id.random() as u64);
        Ok(item)
    }
}

/// The key of what stands between the inviter and the user of an address. One that nobody has costs the same
/// read, of an item that is not there.
fn with_user_of(loaded: &Loaded, me: &UserId, candidate: &Candidate<'_>) -> Result<Key, StoreError> {
    let registered: Option<AddressUser> = loaded.get(&keys::address_user(candidate.hash))?;
    Ok(match registered {
        Some(user) => keys::with(me, &user.user_id),
        None => keys::with(me, &super::nobody(candidate.hash)?),
    })
}

fn is_contact(loaded: &Loaded, me: &User, candidate: &Candidate<'_>) -> Result<bool, StoreError> {
    let registered: Option<AddressUser> = loaded.get(&keys::address_user(candidate.hash))?;
    let Some(user) = registered else { return Ok(false) };
    let organization = me
        .organization
        .as_ref()
        .map(|organization| organization.organization_id);
    if organization.is_some() && organization == user.organization {
        return Ok(true);
    }
    let direction: Option<Direction> = loaded.get(&keys::with(&me.user_id, &user.user_id))?;
    Ok(direction.is_some_and(|direction| direction.pair.contact.is_some()))
}

/// No invitation, or one that has ended.
fn not_open(now: Timestamp) -> Result<Condition, StoreError> {
    Ok(
        Condition::new("attribute_not_exists(pk) OR expires_at <= :now OR NOT stage IN (:queued, :sent)")
            .value(":now", s(now.to_string()))
            .value(":queued", keys::value(&Stage::Queued)?)
            .value(":sent", keys::value(&Stage::Sent)?),
    )
}

#[cfg(test)]
mod tests;
