//! What stands between two users: both directions change in one transaction.
//!
//! Each direction's item holds the whole pair, seen by its user, so that one item tells everything
//! and no reader sees half of a change. Both have the same revision, on which every change depends.

use contacts::{
    Timestamp, User, UserId,
    invitation::InvitationRef,
    relationship::{self, Action, Outcome, Pair, Refusal, Surroundings, Transition},
    time::days,
};
use serde::{Deserialize, Serialize};

use crate::{
    StoreError,
    idempotency::{Answer, Reply},
    keys::{self, Item, Key, List, n, s},
    read::Loaded,
    store::Store,
    transaction::{Commit, Condition, Transaction, Tries},
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
}

/// What came of an action between two.
#[derive(Debug)]
pub struct Related {
    /// What came of it.
    pub outcome: Outcome,
    /// The other.
    pub other: User,
    /// The pair afterwards.
    pub pair: Pair,
    /// Both are members of one organisation.
    pub colleagues: bool,
}

/// Everything about two users that a decision depends on.
pub(crate) struct Loading {
    pub(crate) me: User,
    pub(crate) other: User,
    pub(crate) pair: Pair,
    pub(crate) around: Surroundings,
    rev: Option<u64>,
}

impl Store {
    /// The keys that [`Store::pair_of`] reads.
    pub(crate) fn pair_keys(me: &UserId, other: &UserId) -> [Key; 5] {
        [
            keys::profile(me),
            keys::profile(other),
            keys::with(me, other),
            keys::counts(me),
            keys::counts(other),
        ]
    }

    /// Two users and what stands between them. Somebody who is not there is `NotFound`.
    pub(crate) fn pair_of(&self, loaded: &Loaded, me: &UserId, other: &UserId) -> Result<Loading, StoreError> {
        let mine = loaded.caller(me)?;
        let other = loaded.user(other)?.ok_or(StoreError::NotFound)?;
        let direction: Option<Direction> = loaded.get(&keys::with(me, &other.user_id))?;
        let full = |user: &UserId| {
            let external = loaded.number(&keys::counts(user), "external");
            self.settings
                .external_contact_limit
                .is_some_and(|limit| external >= u64::from(limit))
        };
        let around = Surroundings {
            colleagues: mine.is_colleague_of(&other),
            i_am_full: full(me),
            other_is_full: full(&other.user_id),
        };
        let (pair, rev) = direction.map_or_else(Default::default, |direction| (direction.pair, Some(direction.rev)));
        Ok(Loading {
            me: mine,
            other,
            pair,
            around,
            rev,
        })
    }

    /// Lets somebody act towards another whom they name, and keeps the answer.
    pub(crate) async fn act(
        &self,
        me: &UserId,
        other: &UserId,
        reply: Reply<'_, Related>,
        action: impl Fn(&Loading) -> Result<Action, StoreError> + Send + Sync,
    ) -> Result<Answer, StoreError> {
        if me == other {
            return Err(self.caller(me).await.err().unwrap_or(StoreError::NotFound));
        }
        let mut tries = Tries::default();
        loop {
            let loaded = self
                .load(Self::pair_keys(me, other).into_iter().chain(reply.item_key()))
                .await?;
            loaded.caller(me)?;
            if let Some(answer) = self.kept_answer(reply.key, &loaded)? {
                return Ok(answer);
            }
            let loading = self.pair_of(&loaded, me, other)?;
            let action = action(&loading)?;
            if let Some(answer) = self.settle(loading, action, None, &reply).await? {
                return Ok(answer);
            }
            self.again(&mut tries).await?;
        }
    }

    /// Lets the domain decide, and commits with whatever `extra` holds. `None` when it was lost.
    pub(crate) async fn settle(
        &self,
        loading: Loading,
        action: Action,
        extra: Option<Transaction>,
        reply: &Reply<'_, Related>,
    ) -> Result<Option<Answer>, StoreError> {
        let (related, mut transaction) = self.decide(loading, action, extra)?;
        let answer = (reply.render)(&related);
        self.keep_answer(&mut transaction, reply.key, &answer)?;
        Ok((self.commit(transaction).await? == Commit::Done).then_some(answer))
    }

    /// Lets the domain decide, and says what to write.
    pub(crate) fn decide(
        &self,
        loading: Loading,
        action: Action,
        extra: Option<Transaction>,
    ) -> Result<(Related, Transaction), StoreError> {
        let now = self.now();
        let Loading {
            me,
            other,
            pair,
            around,
            rev,
        } = loading;
        let transition = relationship::apply(&pair, action, around, now).map_err(|refusal| match refusal {
            Refusal::NotFound => StoreError::NotFound,
            Refusal::NotPending => StoreError::NotPending(pair.relation(around.colleagues, now)),
            refusal => StoreError::Refused(refusal),
        })?;
        let mut transaction = extra.unwrap_or_default();
        self.write_pair(&mut transaction, (&me, &other), &pair, &transition, rev)?;
        let Transition { pair, outcome, .. } = transition;
        Ok((
            Related {
                outcome,
                other,
                pair,
                colleagues: around.colleagues,
            },
            transaction,
        ))
    }

    /// What to write when `me` acts; `None` when one of the two is gone, or the rules refuse it.
    pub(crate) fn decide_if_allowed(
        &self,
        loaded: &Loaded,
        (me, other): (&UserId, &UserId),
        action: Action,
    ) -> Result<Option<(Related, Transaction)>, StoreError> {
        let decided = self
            .pair_of(loaded, me, other)
            .and_then(|loading| self.decide(loading, action, None));
        match decided {
            Ok(decided) => Ok(Some(decided)),
            Err(
                StoreError::NotRegistered | StoreError::NotFound | StoreError::NotPending(_) | StoreError::Refused(_),
            ) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write_pair(
        &self,
        transaction: &mut Transaction,
        (me, other): (&User, &User),
        before: &Pair,
        transition: &Transition,
        rev: Option<u64>,
    ) -> Result<(), StoreError> {
        let after = &transition.pair;
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
        if let Outcome::Sent(request) = &transition.outcome {
            let between = RequestItem {
                from: me.user_id.clone(),
                to: other.user_id.clone(),
                invitation: request.invitation.clone(),
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
            self.accept_invitation(transaction, accepted);
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
            item.insert("expires_at".to_owned(), s(end.to_string()));
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
            .name("#external", "external")
            .value(":difference", n(difference));
        transaction.update(&self.table, &keys::counts(user), "ADD #external :difference", condition);
    }

    fn accept_invitation(&self, transaction: &mut Transaction, invitation: &InvitationRef) {
        // Whichever stands: one that bounced may have been followed by another. What is taken back has
        // taken the request with it.
        let condition = Condition::new("attribute_exists(pk) AND stage <> :revoked")
            .value(":accepted", s("accepted"))
            .value(":revoked", s("revoked"));
        let key = keys::invitation(invitation.address(), &invitation.inviter);
        transaction.update(
            &self.table,
            &key,
            "SET stage = :accepted REMOVE due_pk, due_sk",
            condition,
        );
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
