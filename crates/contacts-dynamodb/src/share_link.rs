//! Share links of their owner: made, changed, given another token, removed.

use contacts::{
    PersonName, Timestamp, UserId,
    invite_link::{Approval, MAX_LINKS, ShareLink, TokenTarget},
    time::days,
    token::LinkToken,
};
use ulid::Ulid;

use crate::{
    StoreError,
    idempotency::{Answer, Reply},
    keys::{self, Item, n},
    read::{BATCH, Loaded, Range, read},
    store::Store,
    transaction::{Commit, Condition, Transaction, Tries},
};

/// How long a token that leads nowhere any more is known as revoked.
const DEAD_TOKEN_KEPT: std::time::Duration = days(400);
/// More than there may be, and with the caller still one batch.
const MOST_LISTED: usize = BATCH - 2;

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
                .is_some_and(|item| item.contains_key("links"));
            if has_had_one || !links.is_empty() {
                return Ok(links.into_iter().map(|link| counted(&loaded, link)).collect());
            }
            let link = self.new_link(me, &ShareLinkChange::default());
            let mut transaction = Transaction::default();
            let first = Condition::new("attribute_not_exists(#links)");
            self.put_new_link(&mut transaction, &link, first)?;
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
            limit: MOST_LISTED,
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
            let wanted = [keys::profile(me), keys::counts(me)];
            let loaded = self.load(wanted.into_iter().chain(reply.item_key())).await?;
            loaded.caller(me)?;
            if let Some(answer) = self.kept_answer(reply.key, &loaded)? {
                return Ok(answer);
            }
            if loaded.number(&keys::counts(me), "links") >= MAX_LINKS {
                return Err(StoreError::TooManyLinks);
            }
            let link = self.new_link(me, settings);
            let mut transaction = Transaction::default();
            let room = Condition::new("attribute_not_exists(#links) OR #links < :most").value(":most", n(MAX_LINKS));
            self.put_new_link(&mut transaction, &link, room)?;
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

    /// Writes a link, if the number of its owner's links allows it.
    fn put_new_link(
        &self,
        transaction: &mut Transaction,
        link: &ShareLink,
        allowed: Condition,
    ) -> Result<(), StoreError> {
        self.count_links(transaction, &link.owner, 1, allowed);
        let item: Item = serde_dynamo::to_item(link)?;
        transaction.put(
            &self.table,
            &keys::share_link(&link.owner, link.link_id),
            item,
            Condition::absent(),
        );
        self.put_token_of(transaction, link)
    }

    /// Keeps the number of a user's links: the limit depends on it, so it changes with them.
    fn count_links(&self, transaction: &mut Transaction, owner: &UserId, difference: i64, condition: Condition) {
        let condition = condition.name("#links", "links").value(":difference", n(difference));
        transaction.update(&self.table, &keys::counts(owner), "ADD #links :difference", condition);
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
            self.count_links(transaction, me, -1, Condition::default());
            Ok(None)
        })
        .await
    }

    fn end_token(&self, transaction: &mut Transaction, link: &ShareLink) {
        let end = n((self.now() + DEAD_TOKEN_KEPT).unix_seconds());
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
            let item = loaded.item(&key).ok_or(StoreError::NotFound)?;
            let before: ShareLink = read(item)?;
            let mut transaction = Transaction::default();
            let after = change(&mut transaction, &before)?;
            let same = unchanged(item);
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
}

/// The link is as it was read: every change of its owner touches one of these, every redemption the uses.
fn unchanged(link: &Item) -> Condition {
    const CHANGING: [&str; 7] = ["token", "name", "enabled", "approval", "expires_at", "max_uses", "uses"];
    let mut condition = Condition::new(CHANGING.map(|name| format!("#{name} = :{name}")).join(" AND "));
    for name in CHANGING {
        if let Some(value) = link.get(name) {
            condition = condition
                .name(&format!("#{name}"), name)
                .value(&format!(":{name}"), value.clone());
        }
    }
    condition
}

fn counted(loaded: &Loaded, link: ShareLink) -> CountedLink {
    let views = loaded.number(&keys::link_views(link.link_id), "views");
    CountedLink { link, views }
}
