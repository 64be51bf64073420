//! Contact requests: sent, answered, listed.

use contacts::{
    ChatworkId, Message, User, UserId,
    relationship::{Action, Decline, NewRequest, Origin, Request},
};
use ulid::Ulid;

use crate::{
    StoreError,
    idempotency::{Answer, Reply},
    keys::{self, List},
    page::{Page, Position},
    read::{BATCH, Loaded, Range, read},
    relationship::{Direction, Related, RequestItem},
    store::Store,
    transaction::Tries,
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

/// A request in a list.
#[derive(Debug)]
pub struct ListedRequest {
    /// The request.
    pub request: Request,
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

impl Store {
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
            let wanted = Self::pair_keys(me, other).into_iter().chain(reply.item_key());
            let loaded = self.load(wanted).await?;
            if let Some(answer) = self.kept_answer(reply.key, &loaded)? {
                return Ok(answer);
            }
            let loading = self.pair_of(&loaded, me, other)?;
            if let Some(answer) = self.settle(loading, action.clone(), None, &reply).await? {
                return Ok(answer);
            }
            self.again(&mut tries).await?;
        }
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
}
