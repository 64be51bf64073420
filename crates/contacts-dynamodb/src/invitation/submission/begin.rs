//! The begin of a call: what is known of each address, what the domain plans, and the quota for it.

use std::time::Duration;

use contacts::{
    User, UserId,
    invitation::{
        Invitation,
        submission::{Candidate, Invited, Quota, Run, Standing, SubmissionOutcome, plan},
    },
};

use super::{Begun, FIGURES_KEPT, Submission, SubmissionItem};
use crate::{
    StoreError,
    invitation::nobody,
    relationship::Direction,
    store::Store,
    table::{
        idempotency::{IdempotencyKey, Running},
        keys::{self, Key, n},
        read::Loaded,
        transaction::{Decision, Ended},
        write::{Condition, Transaction},
    },
    user::AddressUser,
};

/// How long a run has its submission to itself. The gateway gives up after 30 seconds, and the function before
/// that, so nothing is written for a submission whose lease is over.
pub(super) const LEASE: Duration = Duration::from_secs(60);

/// A call, with what it is asked under.
#[derive(Clone, Copy)]
pub(super) struct Call<'c, 'e> {
    pub(super) me: &'c UserId,
    pub(super) submission: &'c Submission<'c>,
    /// The distinct addresses of the submission.
    pub(super) addresses: &'c [Candidate<'e>],
    pub(super) key: Option<&'c IdempotencyKey>,
}

/// What the begin of a call comes to.
pub(super) enum Begin<'e> {
    /// There is something to write.
    Begun(Box<Begun<'e>>),
    /// The outcome is there already: kept before, of a dry run, a refusal, or nothing to write.
    Ended(SubmissionOutcome),
    /// An earlier run of the same request was cut short: it has to be ended first.
    CutShort(SubmissionItem),
}

impl Store {
    /// Takes the quota, and says under the key that the call is running.
    pub(super) async fn begin<'e>(&self, call: Call<'_, 'e>) -> Result<Begin<'e>, StoreError> {
        let Call { me, addresses, key, .. } = call;
        let of_address =
            |candidate: &Candidate<'_>| [keys::address_user(candidate.hash), keys::invitation(candidate.hash, me)];
        let of_me = [keys::profile(me), keys::quota(me, &self.now().day())];
        let wanted = of_me.into_iter().chain(addresses.iter().flat_map(of_address));
        let decide = |loaded: &Loaded| self.decide_begin(loaded, call);
        match self.transact_under(Loaded::default(), wanted, key, decide).await? {
            Ended::Decided(begin) => Ok(begin),
            Ended::Kept(kept) => Ok(Begin::Ended(self.read_kept(&kept)?)),
        }
    }

    fn decide_begin<'e>(&self, loaded: &Loaded, call: Call<'_, 'e>) -> Result<Decision<Begin<'e>>, StoreError> {
        let Call { me, addresses, key, .. } = call;
        let earlier = self.running(key, loaded)?;
        if let Some(running) = &earlier {
            let submission = keys::submission(me, running.submission_id);
            if let Some(unknown) = loaded.unknown([submission.clone()]) {
                return Ok(Decision::Load(unknown));
            }
            if let Some(item) = loaded.get::<SubmissionItem>(&submission)? {
                if self.now() < item.leased_until {
                    return Err(StoreError::StillRunning);
                }
                return Ok(Decision::Nothing(Begin::CutShort(item)));
            }
        }
        let inviter = loaded.caller(me)?;
        let others = addresses.iter().filter(|candidate| *candidate.address != inviter.email);
        let pairs: Vec<Key> = others
            .map(|candidate| with_user_of(loaded, me, candidate))
            .collect::<Result<_, _>>()?;
        if let Some(unknown) = loaded.unknown(pairs) {
            return Ok(Decision::Load(unknown));
        }
        self.decide_plan(loaded, inviter, call, earlier.as_ref())
    }

    /// Lets the domain plan the call; what the begin comes to, and what it writes.
    fn decide_plan<'e>(
        &self,
        loaded: &Loaded,
        inviter: User,
        call: Call<'_, 'e>,
        earlier: Option<&Running>,
    ) -> Result<Decision<Begin<'e>>, StoreError> {
        let Call { submission, key, .. } = call;
        let now = self.now();
        let known = self.standings(loaded, &inviter, call.addresses)?;
        let limit = self.settings.invitations_per_day;
        let used = loaded.number(&keys::quota(&inviter.user_id, &now.day()), keys::USED);
        let room = limit.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX));
        let run = match earlier {
            Some(running) => Run::Resumed {
                batch_id: running.batch_id,
                room,
            },
            None => Run::First {
                room,
                mode: submission.mode,
            },
        };
        let plan = plan(submission.entries, &inviter.email, &known, run);
        let batch_id = earlier.map_or_else(|| self.new_ulid(), |running| running.batch_id);
        let reserved = plan.to_reserve();
        let mut quota = Quota {
            limit,
            remaining: room,
            resets_at: now.next_midnight(),
        };
        let mut transaction = Transaction::default();
        if submission.dry_run || reserved == 0 {
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
            return Ok(Decision::Commit(transaction, Begin::Ended(outcome)));
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
        let mut left = loaded.only([keys::profile(&inviter.user_id)]);
        left.append(Loaded::found(item.key(), Some(item.attributes()?)));
        if let Some(key) = key {
            self.keep_running(&mut transaction, key, &item.running(), earlier)?;
            left.append(Loaded::found(
                key.item_key(),
                Some(self.running_item(key, item.running())?),
            ));
        }
        let begun = Begun {
            loaded: left,
            inviter,
            item,
            plan,
            quota,
        };
        Ok(Decision::Commit(transaction, Begin::Begun(Box::new(begun))))
    }

    /// How each address stands to the inviter. How their own does is not asked, and does not matter.
    fn standings<'e>(
        &self,
        loaded: &Loaded,
        me: &User,
        addresses: &[Candidate<'e>],
    ) -> Result<Vec<(Candidate<'e>, Standing)>, StoreError> {
        let now = self.now();
        let standing = |candidate: &Candidate<'e>| {
            if *candidate.address == me.email {
                return Ok((*candidate, Standing::default()));
            }
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

    /// Takes the quota of a submission, for an inviter who is there, and puts its item.
    fn put_submission(&self, transaction: &mut Transaction, item: &SubmissionItem) -> Result<(), StoreError> {
        let most = self.settings.invitations_per_day.saturating_sub(item.reserved);
        let room = Condition::new("attribute_not_exists(#used) OR #used <= :most")
            .name("#used", keys::USED)
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
}

/// The key of the relationship between the inviter and the user of an address. One that nobody has costs the same
/// read, of an item that is not there.
fn with_user_of(loaded: &Loaded, me: &UserId, candidate: &Candidate<'_>) -> Result<Key, StoreError> {
    let registered: Option<AddressUser> = loaded.get(&keys::address_user(candidate.hash))?;
    Ok(match registered {
        Some(user) => keys::with(me, &user.user_id),
        None => keys::with(me, &nobody(candidate.hash)?),
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
