//! The relationship between two users: both directions change in one transaction.
//!
//! Each direction's item holds the whole pair, seen by its user, so that one item tells everything
//! and no reader sees half of a change. Both have the same revision, on which every change depends.
//!
//! - [`request`]: sent, accepted, declined, cancelled, listed
//! - [`contact`]: listed, counted, ended; [`block`]: made, ended, listed

pub mod block;
pub mod contact;
pub mod request;

use contacts::{
    Timestamp, User, UserId,
    invitation::{InvitationRef, Stage},
    relationship::{self, Action, Context, Pair, Refusal, Transition},
    time::days,
};
use serde::{Deserialize, Serialize};

use crate::{
    StoreError,
    store::Store,
    table::{
        idempotency::{IdempotencyKey, Keepable},
        keys::{self, Item, Key, List, n, s},
        read::Loaded,
        transaction::Decision,
        write::{Condition, Transaction},
    },
};

/// How long refusals are remembered after the last change.
const MEMORY: std::time::Duration = days(730);

/// One direction, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Direction {
    pub(crate) other: UserId,
    pub(crate) pair: Pair,
    pub(crate) rev: u64,
}

/// Who a request is between.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RequestItem {
    pub(crate) from: UserId,
    pub(crate) to: UserId,
    #[serde(default)]
    pub(crate) invitation: Option<InvitationRef>,
    /// Sent by a link of whom the sender was blocked by.
    #[serde(default)]
    pub(crate) past_block: bool,
}

/// Everything about two users that a decision depends on.
pub(crate) struct Between {
    pub(crate) me: User,
    pub(crate) other: User,
    pub(crate) pair: Pair,
    pub(crate) context: Context,
    rev: Option<u64>,
}

/// What an action that is allowed comes to, and what to write for it.
pub(crate) struct Decided<T> {
    pub(crate) outcome: T,
    pub(crate) transaction: Transaction,
}

impl Store {
    /// The keys that [`Store::between`] reads.
    pub(crate) fn pair_keys(me: &UserId, other: &UserId) -> [Key; 5] {
        [
            keys::profile(me),
            keys::profile(other),
            keys::with(me, other),
            keys::counts(me),
            keys::counts(other),
        ]
    }

    /// Two users and the relationship between them. Somebody who is not there is `NotFound`.
    pub(crate) fn between(&self, loaded: &Loaded, me: &UserId, other: &UserId) -> Result<Between, StoreError> {
        let mine = loaded.caller(me)?;
        let other = loaded.user(other)?.ok_or(StoreError::NotFound)?;
        let direction: Option<Direction> = loaded.get(&keys::with(me, &other.user_id))?;
        let full = |user: &UserId| {
            let external = loaded.number(&keys::counts(user), keys::EXTERNAL);
            self.settings
                .external_contact_limit
                .is_some_and(|limit| external >= u64::from(limit))
        };
        let context = Context {
            colleagues: mine.is_colleague_of(&other),
            at_contact_limit: full(me),
            other_at_contact_limit: full(&other.user_id),
        };
        let (pair, rev) = direction.map_or_else(Default::default, |direction| (direction.pair, Some(direction.rev)));
        Ok(Between {
            me: mine,
            other,
            pair,
            context,
            rev,
        })
    }

    /// Lets somebody act towards another whom they name, once for a key; `say` puts what comes of it into
    /// the outcome.
    pub(crate) async fn act<A: Action + Clone + Send + Sync, T: Keepable + Send>(
        &self,
        me: &UserId,
        other: &UserId,
        key: Option<&IdempotencyKey>,
        action: A,
        say: impl Fn(A::Outcome, &Between) -> T + Send + Sync,
    ) -> Result<T, StoreError> {
        self.transact_once(Self::pair_keys(me, other), key, |loaded| {
            let between = self.between(loaded, me, other)?;
            self.decide(&between, action.clone(), &say)
        })
        .await
    }

    /// Lets the domain decide, and says what to write and what the outcome is.
    pub(crate) fn decide<A: Action, T>(
        &self,
        between: &Between,
        action: A,
        say: impl FnOnce(A::Outcome, &Between) -> T,
    ) -> Result<Decision<T>, StoreError> {
        let Decided { outcome, transaction } = self.decided(between, action, Transaction::default())?;
        let outcome = say(outcome, between);
        Ok(if transaction.is_empty() {
            Decision::Nothing(outcome)
        } else {
            Decision::Commit(transaction, outcome)
        })
    }

    /// Lets the domain decide, and adds what to write to a transaction.
    pub(crate) fn decided<A: Action>(
        &self,
        between: &Between,
        action: A,
        mut transaction: Transaction,
    ) -> Result<Decided<A::Outcome>, StoreError> {
        let now = self.now();
        let Between { pair, context, .. } = between;
        if between.me.user_id == between.other.user_id {
            return Err(StoreError::NotFound);
        }
        let transition = relationship::apply(pair, action, *context, now).map_err(|refusal| match refusal {
            Refusal::NotFound => StoreError::NotFound,
            Refusal::NotPending => StoreError::NotPending(pair.relation(context.colleagues, now)),
            refusal => StoreError::Refused(refusal),
        })?;
        self.write_pair(&mut transaction, between, &transition)?;
        Ok(Decided {
            outcome: transition.outcome,
            transaction,
        })
    }

    /// What to write when `me` acts; `None` when one of the two is gone, or the rules refuse it.
    pub(crate) fn decided_if_allowed<A: Action>(
        &self,
        loaded: &Loaded,
        (me, other): (&UserId, &UserId),
        action: A,
    ) -> Result<Option<Decided<A::Outcome>>, StoreError> {
        let decided = self
            .between(loaded, me, other)
            .and_then(|between| self.decided(&between, action, Transaction::default()));
        match decided {
            Ok(decided) => Ok(Some(decided)),
            Err(
                StoreError::NotRegistered | StoreError::NotFound | StoreError::NotPending(_) | StoreError::Refused(_),
            ) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write_pair<T>(
        &self,
        transaction: &mut Transaction,
        between: &Between,
        transition: &Transition<T>,
    ) -> Result<(), StoreError> {
        let Between {
            me,
            other,
            pair: before,
            rev,
            ..
        } = between;
        let (after, rev) = (&transition.pair, *rev);
        if before == after {
            return Ok(());
        }
        for (a, b, pair) in [(me, other, after.clone()), (other, me, after.seen_by_other())] {
            let item = self.direction_item(b, pair, rev.map_or(1, |rev| rev + 1), a)?;
            transaction.put(
                &self.table,
                &keys::with(&a.user_id, &b.user_id),
                item,
                Condition::revision(rev),
            );
        }
        let difference = i64::from(after.contact.is_some()) - i64::from(before.contact.is_some());
        if difference != 0 {
            for user in [me, other] {
                self.count_contact(transaction, &user.user_id, difference);
            }
        }
        let sent = after.mine.request.as_ref().filter(|request| {
            let standing = before.mine.request.as_ref();
            standing.is_none_or(|standing| standing.request_id != request.request_id)
        });
        if let Some(request) = sent {
            let between = RequestItem {
                from: me.user_id.clone(),
                to: other.user_id.clone(),
                invitation: request.invitation.clone(),
                past_block: after.theirs.blocks_since.is_some(),
            };
            let mut item: Item = serde_dynamo::to_item(between)?;
            keys::delete_at(&mut item, request.expires_at + days(30));
            transaction.put(
                &self.table,
                &keys::request(request.request_id),
                item,
                Condition::absent(),
            );
        }
        if let Some(accepted) = &transition.accepted_invitation {
            self.accept_invitation(transaction, accepted)?;
        }
        Ok(())
    }

    fn direction_item(&self, other: &User, pair: Pair, rev: u64, me: &User) -> Result<Item, StoreError> {
        let now = self.now();
        let list = place_in_lists(&pair, &me.user_id, other, now);
        let ends = |pair: &Pair| {
            [&pair.mine, &pair.theirs]
                .into_iter()
                .filter_map(|side| Some(side.request.as_ref()?.expires_at))
                .max()
        };
        let forget =
            (pair.contact.is_none() && !pair.is_blocked()).then(|| ends(&pair).unwrap_or(now).max(now) + MEMORY);
        let shown = pair
            .outgoing(now)
            .or(pair.incoming(now))
            .map(|request| request.expires_at);
        let mut item: Item = serde_dynamo::to_item(Direction {
            other: other.user_id.clone(),
            pair,
            rev,
        })?;
        if let Some((list, place)) = list {
            list.enter(&mut item, &place);
        }
        if let Some(end) = shown {
            item.insert(keys::EXPIRES_AT.to_owned(), s(end.to_string()));
        }
        if let Some(forget) = forget {
            keys::delete_at(&mut item, forget);
        }
        Ok(item)
    }

    fn count_contact(&self, transaction: &mut Transaction, user: &UserId, difference: i64) {
        let mut condition = match self.settings.external_contact_limit {
            Some(limit) if difference > 0 => {
                Condition::new("attribute_not_exists(#external) OR #external < :limit").value(":limit", n(limit))
            }
            _ => Condition::default(),
        };
        condition = condition
            .name("#external", keys::EXTERNAL)
            .value(":difference", n(difference));
        transaction.update(&self.table, &keys::counts(user), "ADD #external :difference", condition);
    }

    fn accept_invitation(&self, transaction: &mut Transaction, invitation: &InvitationRef) -> Result<(), StoreError> {
        // Whichever stands: one that bounced may have been followed by another. What is taken back has
        // taken the request with it.
        let condition = Condition::new("attribute_exists(pk) AND stage <> :revoked")
            .value(":accepted", keys::value(&Stage::Accepted)?)
            .value(":revoked", keys::value(&Stage::Revoked)?);
        let key = keys::invitation(invitation.address(), &invitation.inviter);
        transaction.update(
            &self.table,
            &key,
            &format!("SET stage = :accepted {}", keys::REMOVE_DUE),
            condition,
        );
        Ok(())
    }
}

/// Where a direction stands among its user's lists: in one at the most.
fn place_in_lists<'a>(pair: &Pair, me: &'a UserId, other: &User, now: Timestamp) -> Option<(List<'a>, String)> {
    if let Some(since) = pair.mine.blocks_since {
        Some((List::Blocks(me), format!("{since}#{}", other.user_id)))
    } else if pair.contact.is_some() {
        Some((List::Contacts(me), keys::name_place(&other.name, &other.user_id)))
    } else if let Some(request) = pair.outgoing(now) {
        Some((List::Outgoing(me), request.request_id.to_string()))
    } else {
        pair.incoming(now)
            .map(|request| (List::Incoming(me), request.request_id.to_string()))
    }
}
