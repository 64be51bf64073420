//! What stands between two users: both directions change in one transaction.
//!
//! Each direction's item holds the whole pair, seen by its user, so that one item tells everything
//! and no reader sees half of a change. Both have the same revision, on which every change depends.

use contacts::{
    ChatworkId, Message, Timestamp, User, UserId,
    invitation::{Invitation, InvitationRef, Stage},
    relationship::{self, Action, Decline, NewRequest, Origin, Outcome, Pair, Refusal, Surroundings, Transition},
    time::days,
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::{
    StoreError,
    contact::ListedContact,
    idempotency::{Answer, Reply},
    keys::{self, Item, Key, List, n, s},
    page::{Page, Position},
    read::{BATCH, Loaded, Range, read},
    store::Store,
    transaction::{Commit, Condition, Transaction, Tries},
};

/// How long refusals are remembered after the last change.
const MEMORY: std::time::Duration = days(730);
/// Requests of a page: each needs one key of a batch, and so does the caller.
const MOST_OF_A_PAGE: usize = BATCH - 1;

/// One direction, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Direction {
    pub(crate) other: UserId,
    pub(crate) pair: Pair,
    pub(crate) rev: u64,
}

/// Who a request is between.
#[derive(Debug, Serialize, Deserialize)]
struct RequestItem {
    from: UserId,
    to: UserId,
    #[serde(default)]
    invitation: Option<InvitationRef>,
}

/// Whom a request is for.
#[derive(Debug, Clone)]
pub enum Addressee {
    /// By id.
    User(UserId),
    /// By Chatwork ID, if that person may be found by it.
    ChatworkId(ChatworkId),
}

/// What was done to a request.
#[derive(Debug, Clone, Copy)]
pub enum RequestAction {
    /// Its addressee accepts.
    Accept,
    /// Its addressee declines.
    Decline(Decline),
    /// Its sender cancels.
    Cancel,
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

/// A request in a list.
#[derive(Debug)]
pub struct ListedRequest {
    /// The request.
    pub request: relationship::Request,
    /// The other.
    pub user: User,
}

/// Which requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestDirection {
    /// Those that wait for me.
    Incoming,
    /// Mine.
    Outgoing,
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

    /// As [`Store::pair_of`], but for a request that came from an invitation which its inviter took
    /// back: that is dead at once, though the mailer removes it a moment later. Costs a read where such
    /// a request stands and its invitation was not loaded with the pair.
    pub(crate) async fn living_pair_of(
        &self,
        loaded: &Loaded,
        me: &UserId,
        other: &UserId,
    ) -> Result<Loading, StoreError> {
        let mut loading = self.pair_of(loaded, me, other)?;
        let request = loading.pair.theirs.request.as_ref();
        if let Some(came_from) = request.and_then(|request| request.invitation.clone()) {
            let key = keys::invitation(came_from.address(), &came_from.inviter);
            let invitation: Option<Invitation> = match loaded.item(&key) {
                Some(item) => Some(read(item)?),
                None => self.get(&key).await?.as_ref().map(read).transpose()?,
            };
            let stands =
                |found: &Invitation| found.invitation_id == came_from.invitation_id && found.stage != Stage::Revoked;
            if !invitation.as_ref().is_some_and(stands) {
                loading.pair.theirs.request = None;
            }
        }
        Ok(loading)
    }

    /// Sends a request, or connects when the other's waits.
    pub async fn send_request(
        &self,
        me: &UserId,
        addressee: &Addressee,
        message: &Message,
        reply: Reply<'_, Related>,
    ) -> Result<Answer, StoreError> {
        let (other, by_handle) = match addressee {
            Addressee::User(user) => (user.clone(), false),
            Addressee::ChatworkId(handle) => match self.user_of_handle(handle).await? {
                Some(user) => (user, true),
                // The caller may not be registered either, which comes first.
                None => return Err(self.caller(me).await.err().unwrap_or(StoreError::NotFound)),
            },
        };
        self.act(me, &other, reply, |loading| {
            if by_handle && !loading.other.findable_by.chatwork_id {
                return Err(StoreError::NotFound);
            }
            Ok(Action::Request(NewRequest {
                request_id: self.new_ulid(),
                message: message.clone(),
                origin: Origin::Search,
                invitation: None,
            }))
        })
        .await
    }

    /// Ends a contact.
    pub async fn remove_contact(
        &self,
        me: &UserId,
        other: &UserId,
        reply: Reply<'_, Related>,
    ) -> Result<Answer, StoreError> {
        self.act(me, other, reply, |_| Ok(Action::Remove)).await
    }

    /// Blocks somebody.
    pub async fn block(&self, me: &UserId, other: &UserId, reply: Reply<'_, Related>) -> Result<Answer, StoreError> {
        self.act(me, other, reply, |_| Ok(Action::Block)).await
    }

    /// Unblocks somebody.
    pub async fn unblock(&self, me: &UserId, other: &UserId, reply: Reply<'_, Related>) -> Result<Answer, StoreError> {
        self.act(me, other, reply, |_| Ok(Action::Unblock)).await
    }

    async fn act(
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
            let loading = self.living_pair_of(&loaded, me, other).await?;
            let action = action(&loading)?;
            if let Some(answer) = self.settle(loading, action, None, &reply).await? {
                return Ok(answer);
            }
            self.again(&mut tries).await?;
        }
    }

    /// Accepts, declines or cancels a request named by its id.
    pub async fn answer_request(
        &self,
        me: &UserId,
        request_id: Ulid,
        what: RequestAction,
        reply: Reply<'_, Related>,
    ) -> Result<Answer, StoreError> {
        let mut tries = Tries::default();
        let key = keys::request(request_id);
        let loaded = self
            .load(
                [Some(keys::profile(me)), Some(key.clone()), reply.item_key()]
                    .into_iter()
                    .flatten(),
            )
            .await?;
        loaded.caller(me)?;
        if let Some(answer) = self.kept_answer(reply.key, &loaded)? {
            return Ok(answer);
        }
        let RequestItem { from, to, invitation } = loaded.get(&key)?.ok_or(StoreError::NotFound)?;
        // A request that came from an invitation is not the inviter's to know of.
        let (acts, other, action) = match what {
            RequestAction::Accept => (&to, &from, Action::Accept(request_id)),
            RequestAction::Decline(mode) => (&to, &from, Action::Decline(request_id, mode)),
            RequestAction::Cancel if invitation.is_none() => (&from, &to, Action::Cancel(request_id)),
            RequestAction::Cancel => return Err(StoreError::NotFound),
        };
        if acts != me {
            return Err(StoreError::NotFound);
        }
        loop {
            let invitation_key = invitation
                .as_ref()
                .map(|invitation| keys::invitation(invitation.address(), &invitation.inviter));
            let wanted = Self::pair_keys(me, other)
                .into_iter()
                .chain(invitation_key)
                .chain(reply.item_key());
            let loaded = self.load(wanted).await?;
            if let Some(answer) = self.kept_answer(reply.key, &loaded)? {
                return Ok(answer);
            }
            let loading = self.living_pair_of(&loaded, me, other).await?;
            if let Some(answer) = self.settle(loading, action.clone(), None, &reply).await? {
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
        let condition = Condition::new("invitation_id = :id AND stage <> :revoked")
            .value(":id", s(invitation.invitation_id.to_string()))
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

    /// A page of requests, newest first.
    pub async fn requests(
        &self,
        me: &UserId,
        direction: RequestDirection,
        limit: usize,
        after: Option<&Position>,
    ) -> Result<Page<ListedRequest>, StoreError> {
        let list = match direction {
            RequestDirection::Incoming => List::Incoming(me),
            RequestDirection::Outgoing => List::Outgoing(me),
        };
        let now = self.now();
        let (page, next, loaded) = self.listed(me, list, limit, after).await?;
        let mut items = Vec::new();
        for direction_item in page {
            let request = match direction {
                RequestDirection::Incoming => direction_item.pair.incoming(now),
                RequestDirection::Outgoing => direction_item.pair.outgoing(now),
            };
            if let (Some(request), Some(user)) = (request, loaded.user(&direction_item.other)?) {
                items.push(ListedRequest {
                    request: request.clone(),
                    user,
                });
            }
        }
        Ok(Page { items, next })
    }

    /// A page of those whom I block, newest first.
    pub async fn blocks(
        &self,
        me: &UserId,
        limit: usize,
        after: Option<&Position>,
    ) -> Result<Page<(User, Timestamp)>, StoreError> {
        let (page, next, loaded) = self.listed(me, List::Blocks(me), limit, after).await?;
        let mut items = Vec::new();
        for direction in page {
            if let (Some(since), Some(user)) = (direction.pair.mine.blocks_since, loaded.user(&direction.other)?) {
                items.push((user, since));
            }
        }
        Ok(Page { items, next })
    }

    async fn listed(
        &self,
        me: &UserId,
        list: List<'_>,
        limit: usize,
        after: Option<&Position>,
    ) -> Result<(Vec<Direction>, Option<Position>, Loaded), StoreError> {
        let range = Range {
            index: Some(keys::LISTS),
            partition: list.partition(),
            prefix: None,
            newest_first: true,
            limit: limit.min(MOST_OF_A_PAGE),
            after,
        };
        let (found, next) = self.query(&range).await?;
        // A signpost has no pair.
        let directions = found.iter().filter(|item| item.contains_key("pair")).map(read);
        let directions: Vec<Direction> = directions.collect::<Result<_, _>>()?;
        let others = directions.iter().map(|direction| keys::profile(&direction.other));
        let loaded = self.load(others.chain([keys::profile(me)])).await?;
        loaded.caller(me)?;
        Ok((directions, next, loaded))
    }

    /// Somebody, if we are contacts; `NotFound` otherwise.
    pub async fn contact(&self, me: &UserId, other: &UserId) -> Result<ListedContact, StoreError> {
        let loaded = self
            .load([keys::profile(me), keys::profile(other), keys::with(me, other)])
            .await?;
        let Loading {
            me,
            other,
            pair,
            around,
            ..
        } = self.pair_of(&loaded, me, other)?;
        if around.colleagues {
            return Ok(ListedContact::internal(&me, other));
        }
        let contact = pair.contact.ok_or(StoreError::NotFound)?;
        Ok(ListedContact::external(other, &contact))
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
