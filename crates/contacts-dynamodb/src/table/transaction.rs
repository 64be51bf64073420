//! Making a decision stick: load, decide, commit in one conditional transaction, and again when others
//! got in between.
//!
//! Every decision goes through [`Store::transact`] or [`Store::transact_once`]; a submission, whose begin and end are
//! two of them under one key, through [`Store::transact_under`]. Only these and [`Store::commit_each`], for many items
//! that stand alone, send a transaction. A single counter or settled item changes by `Store::update_if`.

use aws_sdk_dynamodb::{
    operation::transact_write_items::TransactWriteItemsError, types::error::TransactionCanceledException,
};

use super::{
    idempotency::{IdempotencyKey, Keepable, KeptOutcome},
    keys::Key,
    read::{Loaded, failed},
    write::Transaction,
};
use crate::{StoreError, store::Store};

/// What an operation makes of the items that are loaded.
pub(crate) enum Decision<T> {
    /// It needs these items too, and decides again with them.
    Load(Vec<Key>),
    /// This is to be written, and then comes to that.
    Commit(Transaction, T),
    /// There is nothing to write; under an `Idempotency-Key` the outcome is kept all the same.
    Nothing(T),
}

/// What an operation under a key comes to.
pub(crate) enum Ended<'k, T> {
    /// What was decided, which is committed.
    Decided(T),
    /// The outcome that was kept before.
    Kept(KeptOutcome<'k>),
}

/// A [`Decision`] whose outcome somebody else holds, so that one loop serves all operations.
enum NextStep {
    Load(Vec<Key>),
    Commit(Transaction),
}

/// What became of a transaction.
#[derive(Debug, PartialEq, Eq)]
enum Commit {
    /// All of it is written.
    Done,
    /// Nothing is: another transaction was at the same items.
    Conflict,
    /// Nothing is: the conditions of these actions did not hold.
    Refused(Vec<usize>),
}

/// Attempts before an operation is given up: with full jitter some four seconds, well inside the
/// gateway's 30. Sixty-four clients at one item need about as many rounds as there are clients
/// divided by those that fit beside each other.
const MAX_ATTEMPTS: u32 = 24;

/// Attempts of one operation.
#[derive(Debug, Default)]
struct Attempts(u32);

impl Store {
    /// Loads items, lets `decide` say what to write, and writes it; after a conflict or a condition that
    /// did not hold, everything is loaded anew, in one batch, and decided again.
    ///
    /// `loaded` is what is known already; it is not read again before the first attempt.
    ///
    /// # Errors
    /// What `decide` answers; [`StoreError::Unavailable`] after [`MAX_ATTEMPTS`], or when DynamoDB fails.
    pub(crate) async fn transact<T>(
        &self,
        loaded: Loaded,
        keys: impl IntoIterator<Item = Key>,
        decide: impl FnMut(&Loaded) -> Result<Decision<T>, StoreError> + Send,
    ) -> Result<T, StoreError>
    where
        T: Send,
    {
        match self.transact_under(loaded, keys, None, decide).await? {
            Ended::Decided(outcome) => Ok(outcome),
            // Without a key nothing is kept.
            Ended::Kept(_) => Err(undecided()),
        }
    }

    /// As [`Self::transact`], once for an `Idempotency-Key`: the outcome is kept in the transaction of its
    /// effect, and an outcome that was kept before is the answer, without a second effect.
    ///
    /// # Errors
    /// Also [`StoreError::KeyReused`], [`StoreError::StillRunning`] and [`StoreError::AlreadyDone`].
    pub(crate) async fn transact_once<T: Keepable + Send>(
        &self,
        keys: impl IntoIterator<Item = Key>,
        key: Option<&IdempotencyKey>,
        mut decide: impl FnMut(&Loaded) -> Result<Decision<T>, StoreError> + Send,
    ) -> Result<T, StoreError> {
        let decide_and_keep = |loaded: &Loaded| {
            let (mut transaction, outcome) = match decide(loaded)? {
                Decision::Load(keys) => return Ok(Decision::Load(keys)),
                Decision::Commit(transaction, outcome) => (transaction, outcome),
                Decision::Nothing(outcome) => (Transaction::default(), outcome),
            };
            if let Some(key) = key {
                self.keep(&mut transaction, key, &outcome)?;
            }
            Ok(Decision::Commit(transaction, outcome))
        };
        match self
            .transact_under(Loaded::default(), keys, key, decide_and_keep)
            .await?
        {
            Ended::Decided(outcome) => Ok(outcome),
            Ended::Kept(kept) => self.read_kept(&kept),
        }
    }

    /// As [`Self::transact`], unless there is an outcome under the key. What is to be kept under it is for `decide` to
    /// add.
    ///
    /// # Errors
    /// As [`Self::transact_once`].
    pub(crate) async fn transact_under<'k, T: Send>(
        &self,
        loaded: Loaded,
        keys: impl IntoIterator<Item = Key>,
        key: Option<&'k IdempotencyKey>,
        mut decide: impl FnMut(&Loaded) -> Result<Decision<T>, StoreError> + Send,
    ) -> Result<Ended<'k, T>, StoreError> {
        let mut decided = None;
        let mut step = |loaded: &Loaded| {
            let (transaction, outcome) = match decide(loaded)? {
                Decision::Load(keys) => return Ok(NextStep::Load(keys)),
                Decision::Commit(transaction, outcome) => (transaction, outcome),
                Decision::Nothing(outcome) => (Transaction::default(), outcome),
            };
            decided = Some(outcome);
            Ok(NextStep::Commit(transaction))
        };
        let kept = self.run(loaded, keys.into_iter().collect(), key, &mut step).await?;
        match kept {
            Some(kept) => Ok(Ended::Kept(kept)),
            None => decided.map(Ended::Decided).ok_or_else(undecided),
        }
    }

    /// The loop, which ends when what was decided is committed, or with an outcome that was kept before. It is here
    /// once for all operations, and not once for each closure.
    async fn run<'k>(
        &self,
        mut loaded: Loaded,
        mut keys: Vec<Key>,
        key: Option<&'k IdempotencyKey>,
        step: &mut (dyn FnMut(&Loaded) -> Result<NextStep, StoreError> + Send),
    ) -> Result<Option<KeptOutcome<'k>>, StoreError> {
        keys.extend(key.map(IdempotencyKey::item_key));
        let mut attempts = Attempts::default();
        loop {
            keys.retain(|key| !loaded.knows(key));
            if !keys.is_empty() {
                loaded.append(self.load(std::mem::take(&mut keys)).await?);
            }
            if let Some(key) = key {
                loaded.caller(key.user())?;
                if let Some(kept) = self.kept(key, &loaded)? {
                    return Ok(Some(kept));
                }
            }
            match step(&loaded)? {
                NextStep::Load(more) => {
                    keys = more;
                    if keys.iter().all(|key| loaded.knows(key)) {
                        return Err(StoreError::Internal(
                            "an operation asks twice for the same items".to_owned(),
                        ));
                    }
                }
                NextStep::Commit(transaction) => {
                    if self.commit(transaction).await? == Commit::Done {
                        return Ok(None);
                    }
                    self.again(&mut attempts).await?;
                    keys = loaded.into_keys();
                    loaded = Loaded::default();
                }
            }
        }
    }

    /// Commits independent items, many at a time: those whose condition does not hold are left out.
    /// Returns their numbers, in rising order.
    ///
    /// `build` makes the transaction of the items that are left, an action for each in their order; what it
    /// adds behind them has no condition.
    pub(crate) async fn commit_each(
        &self,
        count: usize,
        build: &(dyn Fn(&[usize]) -> Result<Transaction, StoreError> + Sync),
    ) -> Result<Vec<usize>, StoreError> {
        let mut left: Vec<usize> = (0..count).collect();
        let mut refused = Vec::new();
        let mut attempts = Attempts::default();
        while !left.is_empty() {
            match self.commit(build(&left)?).await? {
                Commit::Done => break,
                Commit::Conflict => self.again(&mut attempts).await?,
                Commit::Refused(actions) => {
                    let out: Vec<usize> = actions.iter().filter_map(|at| left.get(*at)).copied().collect();
                    if out.is_empty() {
                        return Err(StoreError::Internal(
                            "an action without a condition was refused".to_owned(),
                        ));
                    }
                    left.retain(|at| !out.contains(at));
                    refused.extend(out);
                }
            }
        }
        refused.sort_unstable();
        Ok(refused)
    }

    /// Waits before another attempt.
    ///
    /// # Errors
    /// When there were enough.
    async fn again(&self, attempts: &mut Attempts) -> Result<(), StoreError> {
        attempts.0 += 1;
        if attempts.0 >= MAX_ATTEMPTS {
            return Err(StoreError::Unavailable("contended"));
        }
        self.pause(attempts.0).await;
        Ok(())
    }

    /// Commits a transaction, once.
    async fn commit(&self, transaction: Transaction) -> Result<Commit, StoreError> {
        if let Some(error) = transaction.error {
            return Err(StoreError::Internal(error));
        }
        if transaction.actions.is_empty() {
            return Ok(Commit::Done);
        }
        #[expect(clippy::disallowed_methods, reason = "every transaction goes through here")]
        let sent = self
            .client
            .transact_write_items()
            .set_transact_items(Some(transaction.actions))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(Commit::Done),
            Err(error) => match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(why)) => canceled(why),
                _ => Err(failed(&error)),
            },
        }
    }
}

/// An operation ends by committing something, so it has an outcome.
fn undecided() -> StoreError {
    StoreError::Internal("an operation ended without an outcome".to_owned())
}

/// What the reasons of a canceled transaction come to: one for each action, in their order.
fn canceled(why: &TransactionCanceledException) -> Result<Commit, StoreError> {
    let mut refused = Vec::new();
    for (number, reason) in why.cancellation_reasons().iter().enumerate() {
        match reason.code() {
            Some("ConditionalCheckFailed") => refused.push(number),
            None | Some("None" | "TransactionConflict") => {}
            Some("ThrottlingError" | "ProvisionedThroughputExceeded") => {
                return Err(StoreError::Unavailable("throttled"));
            }
            Some(code) => {
                return Err(StoreError::Internal(format!("transaction: {code}")));
            }
        }
    }
    Ok(if refused.is_empty() {
        Commit::Conflict
    } else {
        Commit::Refused(refused)
    })
}

#[cfg(test)]
mod tests;
