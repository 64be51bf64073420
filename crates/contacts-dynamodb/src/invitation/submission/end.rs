//! The end of a call: what was taken in vain goes back to the quota, by the call itself or after its lease.

use contacts::invitation::submission::SubmissionOutcome;
use ulid::Ulid;

use super::{
    Begun, FIGURES_KEPT, SubmissionItem,
    chunks::{markers, written},
};
use crate::{
    StoreError,
    store::Store,
    table::{
        idempotency::IdempotencyKey,
        keys::{self, n},
        read::Loaded,
        transaction::{Decision, Ended},
        write::{Condition, Transaction},
    },
};

impl Store {
    /// Gives back what was taken in vain, and keeps the outcome.
    pub(super) async fn end(
        &self,
        begun: Begun<'_>,
        written: &[Option<Ulid>],
        key: Option<&IdempotencyKey>,
    ) -> Result<SubmissionOutcome, StoreError> {
        let Begun {
            loaded,
            item,
            plan,
            mut quota,
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
        let decide = |loaded: &Loaded| self.decide_end(loaded, &item, refund, &outcome, key);
        match self.transact_under(loaded, [], key, decide).await? {
            Ended::Decided(()) => Ok(outcome),
            Ended::Kept(kept) => self.read_kept(&kept),
        }
    }

    fn decide_end(
        &self,
        loaded: &Loaded,
        item: &SubmissionItem,
        refund: u32,
        outcome: &SubmissionOutcome,
        key: Option<&IdempotencyKey>,
    ) -> Result<Decision<()>, StoreError> {
        let mut transaction = Transaction::default();
        if loaded.item(&item.key()).is_some() {
            self.remove_submission(&mut transaction, item, refund)?;
        }
        if let Some(key) = key {
            // Another run has begun for the request, since this one was longer than its lease.
            if self.running(Some(key), loaded)? != Some(item.running()) {
                return Err(StoreError::StillRunning);
            }
            self.keep_in_place_of(&mut transaction, key, &item.running(), outcome)?;
        }
        Ok(Decision::Commit(transaction, ()))
    }

    fn remove_submission(
        &self,
        transaction: &mut Transaction,
        item: &SubmissionItem,
        refund: u32,
    ) -> Result<(), StoreError> {
        if refund > 0 {
            // The day's figures may be gone when the schedule was away for long: what is here then goes too.
            let back = Condition::default()
                .name("#used", keys::USED)
                .value(":back", n(-i64::from(refund)))
                .value(":delete_at", n((self.now() + FIGURES_KEPT).unix_seconds()));
            transaction.update(
                &self.table,
                &keys::quota(&item.inviter, &item.day),
                "ADD #used :back SET delete_at = :delete_at",
                back,
            );
        }
        let same = Condition::new("leased_until = :lease").value(":lease", keys::value(&item.leased_until)?);
        transaction.delete(&self.table, &item.key(), Some(same));
        Ok(())
    }

    /// Ends a submission whose lease is over, if it is still there: gives back what was not written, and removes
    /// it. What was written stands; ending it twice changes nothing.
    pub(in crate::invitation) async fn end_cut_short(&self, item: &SubmissionItem) -> Result<(), StoreError> {
        let submission = item.key();
        let markers = markers(item);
        let wanted = markers.iter().cloned().chain([submission.clone()]);
        self.transact(Loaded::default(), wanted, |loaded| {
            let found: Option<SubmissionItem> = loaded.get(&submission)?;
            let Some(found) = found.filter(|found| self.now() >= found.leased_until) else {
                return Ok(Decision::Nothing(()));
            };
            let refund = found.reserved.saturating_sub(written(loaded, &markers));
            let mut transaction = Transaction::default();
            self.remove_submission(&mut transaction, &found, refund)?;
            Ok(Decision::Commit(transaction, ()))
        })
        .await
    }
}
