//! Invite links: share links of an owner, and what any link does when it is opened or pressed.

use contacts::{
    Message, PersonName, Timestamp, User, UserId,
    invitation::Invitation,
    invite_link::{Approval, Link, MAX_LINKS, ShareLink, TokenTarget, View, Visitor, view},
    relationship::{Action, NewRequest, Origin, Outcome},
    time::days,
    token::LinkToken,
};
use serde::Serialize;
use ulid::Ulid;

use crate::{
    StoreError,
    idempotency::{Answer, Reply},
    keys::{self, Item, Key, s},
    read::{Loaded, Range, read},
    store::Store,
    transaction::{Commit, Condition, Transaction, Tries},
};

/// How long a token that leads nowhere any more is known as revoked.
const DEAD_TOKEN_KEPT: std::time::Duration = days(400);

/// What an owner sets; `None` leaves it, `Some(None)` takes it away.
#[derive(Debug, Clone, Default)]
pub struct ShareLinkChange {
    /// What the owner calls it.
    pub name: Option<Option<PersonName>>,
    /// Switched on or off.
    pub enabled: Option<bool>,
    /// Who decides.
    pub approval: Option<Approval>,
    /// Days from now until it ends.
    pub expires_in_days: Option<Option<u32>>,
    /// How many people may use it.
    pub max_uses: Option<Option<u32>>,
}

/// A share link, with how often its page was opened.
#[derive(Debug, Clone)]
pub struct CountedLink {
    /// The link.
    pub link: ShareLink,
    /// Views of its page, about.
    pub views: u64,
}

/// What opening a link shows.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What it is; none when unknown.
    pub link: Option<Link>,
    /// Who invites; none when unknown.
    pub inviter: Option<User>,
    /// What the visitor is shown.
    pub view: View,
}

/// What pressing the button came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Redemption {
    /// The owner has a request now.
    RequestSent,
    /// The two are contacts now.
    Connected,
    /// The two were contacts.
    AlreadyContact,
    /// The visitor's request waits already.
    AlreadyPending,
}

impl ShareLinkChange {
    fn apply(&self, link: &mut ShareLink, now: Timestamp) {
        if let Some(name) = &self.name {
            link.name = name.clone();
        }
        if let Some(lifetime) = self.expires_in_days {
            link.expires_at = lifetime.map(|lifetime| now + days(u64::from(lifetime)));
        }
        if let Some(max_uses) = self.max_uses {
            link.max_uses = max_uses;
        }
        link.enabled = self.enabled.unwrap_or(link.enabled);
        link.approval = self.approval.unwrap_or(link.approval);
    }
}

impl Store {
    /// All my share links, oldest first. The first call makes one.
    pub async fn share_links(&self, me: &UserId) -> Result<Vec<CountedLink>, StoreError> {
        let mut tries = Tries::default();
        loop {
            let links = self.own_links(me).await?;
            let views = links.iter().map(|link| keys::link_views(link.link_id));
            let loaded = self.load(views.chain([keys::profile(me), keys::counts(me)])).await?;
            loaded.caller(me)?;
            let has_had_one = loaded
                .item(&keys::counts(me))
                .is_some_and(|item| item.contains_key("first_link"));
            if has_had_one || !links.is_empty() {
                return Ok(links.into_iter().map(|link| counted(&loaded, link)).collect());
            }
            let link = self.new_link(me, &ShareLinkChange::default());
            let mut transaction = Transaction::default();
            self.put_new_link(&mut transaction, &link)?;
            let first = Condition::new("attribute_not_exists(first_link)").value(":link", s(link.link_id.to_string()));
            transaction.update(&self.table, &keys::counts(me), "SET first_link = :link", first);
            if self.commit(transaction).await? == Commit::Done {
                return Ok(vec![CountedLink { link, views: 0 }]);
            }
            self.again(&mut tries).await?;
        }
    }

    async fn own_links(&self, me: &UserId) -> Result<Vec<ShareLink>, StoreError> {
        let range = Range {
            index: None,
            partition: keys::user_partition(me),
            prefix: Some(keys::SHARE_LINK),
            newest_first: false,
            limit: MAX_LINKS + 1,
            after: None,
        };
        self.query(&range).await?.0.iter().map(read).collect()
    }

    /// Makes another share link.
    pub async fn create_share_link(
        &self,
        me: &UserId,
        settings: &ShareLinkChange,
        reply: Reply<'_, CountedLink>,
    ) -> Result<Answer, StoreError> {
        let mut tries = Tries::default();
        loop {
            let loaded = self
                .load([keys::profile(me)].into_iter().chain(reply.item_key()))
                .await?;
            loaded.caller(me)?;
            if let Some(answer) = self.kept_answer(reply.key, &loaded)? {
                return Ok(answer);
            }
            if self.own_links(me).await?.len() >= MAX_LINKS {
                return Err(StoreError::TooManyLinks);
            }
            let link = self.new_link(me, settings);
            let mut transaction = Transaction::default();
            self.put_new_link(&mut transaction, &link)?;
            let answer = (reply.render)(&CountedLink { link, views: 0 });
            self.keep_answer(&mut transaction, reply.key, &answer)?;
            if self.commit(transaction).await? == Commit::Done {
                return Ok(answer);
            }
            self.again(&mut tries).await?;
        }
    }

    fn new_link(&self, me: &UserId, settings: &ShareLinkChange) -> ShareLink {
        let now = self.now();
        let mut link = ShareLink {
            link_id: self.new_ulid(),
            owner: me.clone(),
            token: LinkToken::new(self.random()),
            name: None,
            enabled: true,
            approval: Approval::Owner,
            expires_at: None,
            max_uses: None,
            uses: 0,
            last_used_at: None,
            created_at: now,
        };
        settings.apply(&mut link, now);
        link
    }

    fn put_new_link(&self, transaction: &mut Transaction, link: &ShareLink) -> Result<(), StoreError> {
        let item: Item = serde_dynamo::to_item(link)?;
        transaction.put(
            &self.table,
            &keys::share_link(&link.owner, link.link_id),
            item,
            Condition::absent(),
        );
        self.put_token_of(transaction, link)
    }

    fn put_token_of(&self, transaction: &mut Transaction, link: &ShareLink) -> Result<(), StoreError> {
        let target = TokenTarget::Share {
            owner: link.owner.clone(),
            link_id: link.link_id,
        };
        let item = serde_dynamo::to_item(target)?;
        transaction.put(&self.table, &keys::token(&link.token.hash()), item, Condition::absent());
        Ok(())
    }

    /// Changes what a link's owner sets.
    pub async fn change_share_link(
        &self,
        me: &UserId,
        link_id: Ulid,
        change: &ShareLinkChange,
        reply: Reply<'_, CountedLink>,
    ) -> Result<Answer, StoreError> {
        self.with_link(me, link_id, reply, |_, link| {
            let mut link = link.clone();
            change.apply(&mut link, self.now());
            Ok(Some(link))
        })
        .await
    }

    /// Gives a link a new token; the old one is dead at once.
    pub async fn rotate_share_link(
        &self,
        me: &UserId,
        link_id: Ulid,
        reply: Reply<'_, CountedLink>,
    ) -> Result<Answer, StoreError> {
        self.with_link(me, link_id, reply, |transaction, link| {
            self.end_token(transaction, link);
            let token = LinkToken::new(self.random());
            let link = ShareLink { token, ..link.clone() };
            self.put_token_of(transaction, &link)?;
            Ok(Some(link))
        })
        .await
    }

    /// Removes a link; its URL is dead at once.
    pub async fn delete_share_link(
        &self,
        me: &UserId,
        link_id: Ulid,
        reply: Reply<'_, CountedLink>,
    ) -> Result<Answer, StoreError> {
        self.with_link(me, link_id, reply, |transaction, link| {
            self.end_token(transaction, link);
            Ok(None)
        })
        .await
    }

    fn end_token(&self, transaction: &mut Transaction, link: &ShareLink) {
        let end = keys::n((self.now() + DEAD_TOKEN_KEPT).unix_seconds());
        let condition = Condition::default().value(":end", end);
        let key = keys::token(&link.token.hash());
        transaction.update(&self.table, &key, "SET delete_at = :end", condition);
    }

    /// One of my links.
    pub async fn share_link(&self, me: &UserId, link_id: Ulid) -> Result<ShareLink, StoreError> {
        let key = keys::share_link(me, link_id);
        let loaded = self.load([keys::profile(me), key.clone()]).await?;
        loaded.caller(me)?;
        loaded.get(&key)?.ok_or(StoreError::NotFound)
    }

    /// Loads a link, lets `change` say what it becomes (`None`: nothing), and commits.
    async fn with_link(
        &self,
        me: &UserId,
        link_id: Ulid,
        reply: Reply<'_, CountedLink>,
        change: impl Fn(&mut Transaction, &ShareLink) -> Result<Option<ShareLink>, StoreError> + Send + Sync,
    ) -> Result<Answer, StoreError> {
        let key = keys::share_link(me, link_id);
        let mut tries = Tries::default();
        loop {
            let wanted = [keys::profile(me), key.clone(), keys::link_views(link_id)];
            let loaded = self.load(wanted.into_iter().chain(reply.item_key())).await?;
            loaded.caller(me)?;
            if let Some(answer) = self.kept_answer(reply.key, &loaded)? {
                return Ok(answer);
            }
            let before: ShareLink = loaded.get(&key)?.ok_or(StoreError::NotFound)?;
            let mut transaction = Transaction::default();
            let after = change(&mut transaction, &before)?;
            // Redemptions count in the item: it must be as it was read.
            let same = Condition::new("#token = :token AND uses = :uses")
                .name("#token", "token")
                .value(":token", s(before.token.as_str()))
                .value(":uses", keys::n(before.uses));
            match &after {
                Some(link) => transaction.put(&self.table, &key, serde_dynamo::to_item(link)?, same),
                None => transaction.delete(&self.table, &key, Some(same)),
            }
            let answer = (reply.render)(&counted(&loaded, after.unwrap_or(before)));
            self.keep_answer(&mut transaction, reply.key, &answer)?;
            if self.commit(transaction).await? == Commit::Done {
                return Ok(answer);
            }
            self.again(&mut tries).await?;
        }
    }

    /// What a token leads to. A malformed one is never looked up.
    pub(crate) async fn target(&self, token_hash: &str) -> Result<Option<TokenTarget>, StoreError> {
        let found = self.get(&keys::token(token_hash)).await?;
        found.as_ref().map(read).transpose()
    }

    /// Opens a link, for somebody signed in or for anybody. Changes nothing.
    pub async fn open_link(&self, token: Option<&LinkToken>, visitor: Option<&UserId>) -> Result<Opened, StoreError> {
        const UNKNOWN: Opened = Opened {
            link: None,
            inviter: None,
            view: View::Unknown,
        };
        let target = match token {
            Some(token) => self.target(&token.hash()).await?,
            None => None,
        };
        let Some((token, target)) = token.zip(target) else {
            if let Some(visitor) = visitor {
                self.caller(visitor).await?;
            }
            return Ok(UNKNOWN);
        };
        let Some((link_key, owner)) = behind(&target) else {
            return Ok(UNKNOWN);
        };
        let wanted = match visitor {
            Some(visitor) => Self::pair_keys(visitor, owner).to_vec(),
            None => vec![keys::profile(owner)],
        };
        let loaded = self.load(wanted.into_iter().chain([link_key.clone()])).await?;
        if let Some(visitor) = visitor {
            loaded.caller(visitor)?;
        }
        let link = link_of(&loaded, &link_key, &target)?;
        let Some((link, inviter)) = link.zip(loaded.user(owner)?) else {
            return Ok(Opened {
                view: gone(&loaded, owner)?,
                ..UNKNOWN
            });
        };
        let view = match visitor {
            Some(visitor) => {
                let loading = self.pair_of(&loaded, visitor, owner)?;
                let visitor = Visitor {
                    pair: &loading.pair,
                    around: loading.around,
                    is_inviter: visitor == owner,
                };
                view(&link, &token.hash(), Some(visitor), self.now())
            }
            None => view(&link, &token.hash(), None, self.now()),
        };
        if view == View::Unknown {
            return Ok(UNKNOWN);
        }
        Ok(Opened {
            link: Some(link),
            inviter: Some(inviter),
            view,
        })
    }

    /// Counts a view of a share link's page; when DynamoDB is busy the view goes uncounted.
    pub async fn count_view(&self, opened: &Opened) {
        if let Some(Link::Share(link)) = &opened.link {
            let one = Condition::default().name("#views", "views").value(":one", keys::n(1));
            if let Err(error) = self
                .update_if(&keys::link_views(link.link_id), "ADD #views :one", one)
                .await
            {
                tracing::debug!(%error, "a view was not counted");
            }
        }
    }

    /// Presses the button of a link.
    pub async fn redeem(
        &self,
        me: &UserId,
        token: Option<&LinkToken>,
        reply: Reply<'_, Redemption>,
    ) -> Result<Answer, StoreError> {
        let target = match token {
            Some(token) => self.target(&token.hash()).await?,
            None => None,
        };
        let Some((token, target)) = token.zip(target) else {
            return Err(self.caller(me).await.err().unwrap_or(StoreError::NotFound));
        };
        let (link_key, owner) = behind(&target).ok_or(StoreError::NotFound)?;
        let mut tries = Tries::default();
        loop {
            let marker = match &target {
                TokenTarget::Share { link_id, .. } => Some(keys::link_redeemed_by(*link_id, me)),
                _ => None,
            };
            let wanted = Self::pair_keys(me, owner)
                .into_iter()
                .chain([link_key.clone()])
                .chain(marker.clone());
            let loaded = self.load(wanted.chain(reply.item_key())).await?;
            loaded.caller(me)?;
            if let Some(answer) = self.kept_answer(reply.key, &loaded)? {
                return Ok(answer);
            }
            let Some(link) = link_of(&loaded, &link_key, &target)? else {
                return Err(match gone(&loaded, owner)? {
                    View::Unknown => StoreError::NotFound,
                    view => StoreError::NotRedeemable(view),
                });
            };
            let first_time = marker.as_ref().is_some_and(|marker| loaded.item(marker).is_none());
            if let Some(answer) = self.press(me, owner, &link, token, &loaded, first_time, &reply).await? {
                return Ok(answer);
            }
            self.again(&mut tries).await?;
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one try of a redemption: what was loaded, and for whom"
    )]
    async fn press(
        &self,
        me: &UserId,
        owner: &UserId,
        link: &Link,
        token: &LinkToken,
        loaded: &Loaded,
        first_time: bool,
        reply: &Reply<'_, Redemption>,
    ) -> Result<Option<Answer>, StoreError> {
        let now = self.now();
        let loading = self.living_pair_of(loaded, me, owner).await?;
        let visitor = Visitor {
            pair: &loading.pair,
            around: loading.around,
            is_inviter: me == owner,
        };
        let is_invitee =
            matches!(link, Link::Email { invitation: Some(invitation), .. } if invitation.email == loading.me.email);
        match view(link, &token.hash(), Some(visitor), now) {
            View::Unknown => return Err(StoreError::NotFound),
            View::AlreadyContact => return self.answer_only(Redemption::AlreadyContact, reply).await,
            View::RequestPending if !is_invitee => return self.answer_only(Redemption::AlreadyPending, reply).await,
            View::RequestPending | View::AwaitingYou | View::Redeemable => {}
            dead => return Err(StoreError::NotRedeemable(dead)),
        }
        // Who is blocked is not told, and nothing is delivered.
        if loading.pair.theirs.blocks_since.is_some() {
            return self.answer_only(Redemption::RequestSent, reply).await;
        }
        let request = |origin| {
            Action::Request(NewRequest {
                request_id: self.new_ulid(),
                message: Message::default(),
                origin,
                invitation: None,
            })
        };
        let action = match link {
            // An owner who is full cannot agree beforehand, but may make room and accept.
            Link::Share(link) if link.approval == Approval::Automatic && !loading.around.other_is_full => {
                Action::Connect {
                    origin: Origin::ShareLink,
                    invitation: None,
                }
            }
            Link::Share(_) => request(Origin::ShareLink),
            Link::Email { reference, .. } if is_invitee => Action::Connect {
                origin: Origin::EmailInvitation,
                invitation: Some(reference.clone()),
            },
            Link::Email { .. } => request(Origin::EmailInvitation),
        };
        let mut transaction = Transaction::default();
        match link {
            Link::Share(link) => self.use_link(&mut transaction, link, me, first_time),
            // The invitee's own redemption writes to the invitation, on the same condition.
            Link::Email { .. } if is_invitee => {}
            Link::Email { reference, .. } => {
                let alive = Condition::new("invitation_id = :id AND stage <> :revoked AND stage <> :accepted")
                    .value(":id", s(reference.invitation_id.to_string()))
                    .value(":revoked", s("revoked"))
                    .value(":accepted", s("accepted"));
                transaction.check(
                    &self.table,
                    &keys::invitation(reference.address(), &reference.inviter),
                    alive,
                );
            }
        }
        let (related, mut transaction) = self.decide(loading, action, Some(transaction))?;
        let redemption = match related.outcome {
            Outcome::Connected(_) => Redemption::Connected,
            Outcome::AlreadyContact => Redemption::AlreadyContact,
            Outcome::AlreadyPending(_) => Redemption::AlreadyPending,
            Outcome::Sent(_) | Outcome::Done => Redemption::RequestSent,
        };
        let answer = (reply.render)(&redemption);
        self.keep_answer(&mut transaction, reply.key, &answer)?;
        Ok((self.commit(transaction).await? == Commit::Done).then_some(answer))
    }

    /// Answers without an effect, and keeps the answer when there is a key.
    async fn answer_only(
        &self,
        redemption: Redemption,
        reply: &Reply<'_, Redemption>,
    ) -> Result<Option<Answer>, StoreError> {
        let answer = (reply.render)(&redemption);
        let mut transaction = Transaction::default();
        self.keep_answer(&mut transaction, reply.key, &answer)?;
        Ok((self.commit(transaction).await? == Commit::Done).then_some(answer))
    }

    /// Counts a use, once a person, while the link is good and has uses left.
    fn use_link(&self, transaction: &mut Transaction, link: &ShareLink, me: &UserId, first_time: bool) {
        let now = self.now();
        let alive = "#token = :token AND enabled = :true AND (attribute_type(expires_at, :null) OR expires_at > :now)";
        let condition = |expression: String| {
            Condition::new(expression)
                .name("#token", "token")
                .value(":token", s(link.token.as_str()))
                .value(":true", aws_sdk_dynamodb::types::AttributeValue::Bool(true))
                .value(":null", s("NULL"))
                .value(":now", s(now.to_string()))
        };
        let key = keys::share_link(&link.owner, link.link_id);
        if first_time {
            let room = condition(format!(
                "{alive} AND (attribute_type(max_uses, :null) OR uses < max_uses)"
            ))
            .value(":one", keys::n(1));
            transaction.update(&self.table, &key, "SET last_used_at = :now ADD uses :one", room);
            let mut by = Item::from([("at".to_owned(), s(now.to_string()))]);
            if let Some(end) = link.expires_at {
                keys::delete_at(&mut by, end + days(30));
            }
            transaction.put(
                &self.table,
                &keys::link_redeemed_by(link.link_id, me),
                by,
                Condition::absent(),
            );
        } else {
            transaction.check(&self.table, &key, condition(alive.to_owned()));
        }
    }
}

fn counted(loaded: &Loaded, link: ShareLink) -> CountedLink {
    let views = loaded.number(&keys::link_views(link.link_id), "views");
    CountedLink { link, views }
}

/// The key of what a token redeems, and whose it is; the unsubscribe token redeems nothing.
fn behind(target: &TokenTarget) -> Option<(Key, &UserId)> {
    match target {
        TokenTarget::Share { owner, link_id } => Some((keys::share_link(owner, *link_id), owner)),
        TokenTarget::Email { invitation, .. } => Some((
            keys::invitation(invitation.address(), &invitation.inviter),
            &invitation.inviter,
        )),
        TokenTarget::Unsubscribe { .. } => None,
    }
}

/// The link behind a token; none when a share link was deleted.
fn link_of(loaded: &Loaded, key: &Key, target: &TokenTarget) -> Result<Option<Link>, StoreError> {
    match target {
        TokenTarget::Email {
            invitation: reference,
            expires_at,
        } => {
            let invitation: Option<Invitation> = loaded.get(key)?;
            let invitation = invitation.filter(|found| found.invitation_id == reference.invitation_id);
            Ok(Some(Link::Email {
                reference: reference.clone(),
                invitation,
                expires_at: *expires_at,
            }))
        }
        _ => Ok(loaded.get(key)?.map(Link::Share)),
    }
}

/// What a link shows that is no more: dead if its owner is there, unknown otherwise.
fn gone(loaded: &Loaded, owner: &UserId) -> Result<View, StoreError> {
    Ok(if loaded.user(owner)?.is_some() {
        View::Revoked
    } else {
        View::Unknown
    })
}
