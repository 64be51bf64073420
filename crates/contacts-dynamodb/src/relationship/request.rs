//! Contact requests: sent, accepted, declined, cancelled, listed.

use contacts::{
    ChatworkId, Message, Timestamp, User, UserId,
    relationship::{
        Accept, AcceptOutcome, Action, Cancel, Decline, DeclineMode, NewRequest, Origin, Request, RequestOutcome,
    },
    user::PersonCard,
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::{Between, Direction, RequestItem, contact::ContactCard};
use crate::{
    StoreError,
    store::Store,
    table::{
        idempotency::{IdempotencyKey, Keepable},
        keys::{self, List},
        page::{Page, Position},
        read::{BATCH, Loaded, Range, read},
        transaction::Decision,
    },
};

/// Requests of a page: each needs one key of a batch, and so does the caller.
const MOST_OF_A_PAGE: usize = BATCH - 1;

/// Whom a request is for.
#[derive(Debug, Clone)]
pub enum Addressee {
    /// By id.
    User(UserId),
    /// By Chatwork ID, if that person may be found by it.
    ChatworkId(ChatworkId),
}

/// A request as its sender sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingRequest {
    /// Its id.
    pub request_id: Ulid,
    /// Whom it is for.
    pub to: PersonCard,
    /// How it came to be.
    pub origin: Origin,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// What came of sending a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendOutcome {
    /// It was sent, with the message of the call.
    Sent(OutgoingRequest),
    /// Mine is open already, with its own message.
    AlreadyPending(OutgoingRequest, Message),
    /// The other's stood: we are contacts now.
    Connected,
    /// We are contacts already.
    AlreadyContact,
}

/// What came of accepting a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcceptedAs {
    /// We are contacts now.
    Contact(ContactCard),
    /// We have become colleagues meanwhile: the request has nothing left to give.
    AlreadyColleagues,
}

impl Keepable for SendOutcome {
    const SEALED: bool = false;
}

impl Keepable for AcceptedAs {
    const SEALED: bool = false;
}

/// A request in a list.
#[derive(Debug)]
pub struct ListedRequest {
    /// The request.
    pub request: Request,
    /// The other.
    pub user: User,
}

/// Which requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestDirection {
    /// Those that wait for me.
    Incoming,
    /// Mine.
    Outgoing,
}

impl OutgoingRequest {
    fn new(request: &Request, to: &User) -> Self {
        Self {
            request_id: request.request_id,
            to: to.card(),
            origin: request.origin,
            created_at: request.created_at,
            expires_at: request.expires_at,
        }
    }
}

/// Who of the two a request is between may act on it.
#[derive(Clone, Copy)]
enum Actor {
    Sender,
    Addressee,
}

impl Store {
    /// Sends a request, or connects when the other's waits.
    ///
    /// # Errors
    /// `NotFound` for nobody, oneself, and whom the caller may not find or reach.
    pub async fn send_request(
        &self,
        me: &UserId,
        addressee: &Addressee,
        message: &Message,
        key: Option<&IdempotencyKey>,
    ) -> Result<SendOutcome, StoreError> {
        let named = match addressee {
            Addressee::User(user) => Self::pair_keys(me, user).to_vec(),
            Addressee::ChatworkId(handle) => vec![keys::profile(me), keys::handle(handle)],
        };
        self.transact_once(named, key, |loaded| {
            loaded.caller(me)?;
            let other = match addressee {
                Addressee::User(user) => user.clone(),
                Addressee::ChatworkId(handle) => loaded.holder(handle)?.ok_or(StoreError::NotFound)?,
            };
            if let Some(unknown) = loaded.unknown(Self::pair_keys(me, &other)) {
                return Ok(Decision::Load(unknown));
            }
            let between = self.between(loaded, me, &other)?;
            if matches!(addressee, Addressee::ChatworkId(_)) && !between.other.findable_by.chatwork_id {
                return Err(StoreError::NotFound);
            }
            let request = NewRequest {
                request_id: self.new_ulid(),
                message: message.clone(),
                origin: Origin::Search,
                invitation: None,
            };
            self.decide(&between, request, sent)
        })
        .await
    }

    /// Accepts a request that was sent to me.
    ///
    /// # Errors
    /// `NotFound` for one that is not mine to accept, `NotPending` for one that no longer waits.
    pub async fn accept_request(
        &self,
        me: &UserId,
        request_id: Ulid,
        key: Option<&IdempotencyKey>,
    ) -> Result<AcceptedAs, StoreError> {
        let accept = |_| Accept(request_id);
        self.act_on_request(me, request_id, key, Actor::Addressee, accept, accepted)
            .await
    }

    /// Declines a request that was sent to me.
    ///
    /// # Errors
    /// As [`Self::accept_request`].
    pub async fn decline_request(
        &self,
        me: &UserId,
        request_id: Ulid,
        mode: DeclineMode,
        key: Option<&IdempotencyKey>,
    ) -> Result<(), StoreError> {
        let decline = |_| Decline(request_id, mode);
        self.act_on_request(me, request_id, key, Actor::Addressee, decline, |(), _| ())
            .await
    }

    /// Cancels a request of mine.
    ///
    /// # Errors
    /// As [`Self::accept_request`].
    pub async fn cancel_request(&self, me: &UserId, request_id: Ulid) -> Result<(), StoreError> {
        let cancel = |past_block| Cancel { request_id, past_block };
        self.act_on_request(me, request_id, None, Actor::Sender, cancel, |(), _| ())
            .await
    }

    /// Lets somebody act on a request; `action` depends on whether it was sent past a block.
    async fn act_on_request<A: Action, T: Keepable + Send>(
        &self,
        me: &UserId,
        request_id: Ulid,
        key: Option<&IdempotencyKey>,
        actor: Actor,
        action: impl Fn(bool) -> A + Send + Sync,
        say: impl Fn(A::Outcome, &Between) -> T + Send + Sync,
    ) -> Result<T, StoreError> {
        let request_key = keys::request(request_id);
        self.transact_once([keys::profile(me), request_key.clone()], key, |loaded| {
            loaded.caller(me)?;
            let RequestItem {
                from,
                to,
                invitation,
                past_block,
            } = loaded.get(&request_key)?.ok_or(StoreError::NotFound)?;
            let (actor, other) = match actor {
                Actor::Addressee => (to, from),
                // A request that came from an invitation is not the inviter's to know of.
                Actor::Sender if invitation.is_none() => (from, to),
                Actor::Sender => return Err(StoreError::NotFound),
            };
            if actor != *me {
                return Err(StoreError::NotFound);
            }
            if let Some(unknown) = loaded.unknown(Self::pair_keys(me, &other)) {
                return Ok(Decision::Load(unknown));
            }
            self.decide(&self.between(loaded, me, &other)?, action(past_block), &say)
        })
        .await
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

    /// A page of one of my lists of people, newest first, with the people loaded.
    pub(crate) async fn listed(
        &self,
        me: &UserId,
        list: List<'_>,
        limit: usize,
        after: Option<&Position>,
    ) -> Result<(Vec<Direction>, Option<Position>, Loaded), StoreError> {
        let range = Range {
            of_lists: true,
            partition: list.partition(),
            prefix: None,
            newest_first: true,
            limit: limit.min(MOST_OF_A_PAGE),
            after,
        };
        let (found, next) = self.query(&range).await?;
        // A signpost has no pair.
        let directions = found.iter().filter(|item| item.contains_key(keys::PAIR)).map(read);
        let directions: Vec<Direction> = directions.collect::<Result<_, _>>()?;
        let others = directions.iter().map(|direction| keys::profile(&direction.other));
        let loaded = self.load(others.chain([keys::profile(me)])).await?;
        loaded.caller(me)?;
        Ok((directions, next, loaded))
    }
}

fn sent(outcome: RequestOutcome, between: &Between) -> SendOutcome {
    let request = |request: &Request| OutgoingRequest::new(request, &between.other);
    match outcome {
        RequestOutcome::Sent(sent) => SendOutcome::Sent(request(&sent)),
        RequestOutcome::AlreadyPending(standing) => SendOutcome::AlreadyPending(request(&standing), standing.message),
        RequestOutcome::Connected(_) => SendOutcome::Connected,
        RequestOutcome::AlreadyContact => SendOutcome::AlreadyContact,
    }
}

fn accepted(outcome: AcceptOutcome, between: &Between) -> AcceptedAs {
    match outcome {
        AcceptOutcome::Connected(contact) => AcceptedAs::Contact(ContactCard::external(&between.other, &contact)),
        AcceptOutcome::AlreadyColleagues => AcceptedAs::AlreadyColleagues,
    }
}
