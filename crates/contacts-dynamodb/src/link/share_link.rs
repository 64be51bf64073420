//! Share links of their owner: made, changed, given another token, removed.

use contacts::{
    PersonName, Timestamp, UserId,
    link::{Approval, LinkToken, MAX_LINKS, ShareLink, ShareLinkSettings, TokenTarget},
    time::days,
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::{
    StoreError,
    store::Store,
    table::{
        idempotency::{IdempotencyKey, Keepable},
        keys::{self, Item, Key, n},
        read::{BATCH, Loaded, Range, read},
        transaction::Decision,
        write::{Condition, Transaction},
    },
};

/// How long a token that leads nowhere any more is known as revoked.
const DEAD_TOKEN_KEPT: std::time::Duration = days(400);
/// More than there may be, and with the caller still one batch.
const MOST_LISTED: usize = BATCH - 2;

/// A share link as its owner sees it, with how often its page was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareLinkCard {
    /// Its id.
    pub link_id: Ulid,
    /// The secret in its URL.
    pub token: LinkToken,
    /// What the owner calls it.
    pub name: Option<PersonName>,
    /// Switched on.
    pub enabled: bool,
    /// Who decides.
    pub approval: Approval,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// How many people may use it.
    pub max_uses: Option<u32>,
    /// How many have.
    pub uses: u32,
    /// Views of its page: some may have gone uncounted.
    pub views: u64,
    /// When it was used last.
    pub last_used_at: Option<Timestamp>,
}

impl Keepable for ShareLinkCard {
    const SEALED: bool = true;
}

impl ShareLinkCard {
    fn new(link: ShareLink, views: u64) -> Self {
        Self {
            link_id: link.link_id,
            token: link.token,
            name: link.name,
            enabled: link.enabled,
            approval: link.approval,
            expires_at: link.expires_at,
            max_uses: link.max_uses,
            uses: link.uses,
            views,
            last_used_at: link.last_used_at,
        }
    }

    fn counted(link: ShareLink, loaded: &Loaded) -> Self {
        let views = loaded.number(&keys::link_views(link.link_id), keys::VIEWS);
        Self::new(link, views)
    }
}

impl Store {
    /// All my share links, oldest first. The first call makes one.
    pub async fn share_links(&self, me: &UserId) -> Result<Vec<ShareLinkCard>, StoreError> {
        let links = self.own_links(me).await?;
        let views = links.iter().map(|link| keys::link_views(link.link_id));
        let wanted = views.chain([keys::profile(me), keys::counts(me)]);
        let mut tried_to_make_one = false;
        let found = self
            .transact(Loaded::default(), wanted, |loaded| {
                loaded.caller(me)?;
                let counts = loaded.item(&keys::counts(me));
                if !links.is_empty() || counts.is_some_and(|counts| counts.contains_key(keys::LINKS)) {
                    let counted = |link: &ShareLink| ShareLinkCard::counted(link.clone(), loaded);
                    let found = (!tried_to_make_one).then(|| links.iter().map(counted).collect());
                    return Ok(Decision::Nothing(found));
                }
                tried_to_make_one = true;
                let link = self.new_link(me, &ShareLinkSettings::default());
                let mut transaction = Transaction::default();
                let first = Condition::new("attribute_not_exists(#links)");
                self.put_new_link(&mut transaction, &link, first)?;
                Ok(Decision::Commit(transaction, Some(vec![ShareLinkCard::new(link, 0)])))
            })
            .await?;
        match found {
            Some(links) => Ok(links),
            // Another call made the first one at the same moment; nobody has opened it yet.
            None => {
                let links = self.own_links(me).await?;
                Ok(links.into_iter().map(|link| ShareLinkCard::new(link, 0)).collect())
            }
        }
    }

    async fn own_links(&self, me: &UserId) -> Result<Vec<ShareLink>, StoreError> {
        let range = Range {
            of_lists: false,
            partition: keys::user_partition(me),
            prefix: Some(keys::SHARE_LINK),
            newest_first: false,
            limit: MOST_LISTED,
            after: None,
        };
        self.query(&range).await?.0.iter().map(read).collect()
    }

    /// Makes another share link.
    ///
    /// # Errors
    /// `TooManyLinks` for an owner of [`MAX_LINKS`].
    pub async fn create_share_link(
        &self,
        me: &UserId,
        settings: &ShareLinkSettings,
        key: Option<&IdempotencyKey>,
    ) -> Result<ShareLinkCard, StoreError> {
        self.transact_once([keys::profile(me), keys::counts(me)], key, |loaded| {
            loaded.caller(me)?;
            if loaded.number(&keys::counts(me), keys::LINKS) >= MAX_LINKS {
                return Err(StoreError::TooManyLinks);
            }
            let link = self.new_link(me, settings);
            let mut transaction = Transaction::default();
            let room = Condition::new("attribute_not_exists(#links) OR #links < :most").value(":most", n(MAX_LINKS));
            self.put_new_link(&mut transaction, &link, room)?;
            Ok(Decision::Commit(transaction, ShareLinkCard::new(link, 0)))
        })
        .await
    }

    fn new_link(&self, me: &UserId, settings: &ShareLinkSettings) -> ShareLink {
        let token = LinkToken::new(self.random());
        ShareLink::new(self.new_ulid(), me.clone(), token, settings, self.now())
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
        let condition = condition
            .name("#links", keys::LINKS)
            .value(":difference", n(difference));
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
        settings: &ShareLinkSettings,
    ) -> Result<ShareLinkCard, StoreError> {
        self.on_link(me, link_id, None, |transaction, loaded, before| {
            let link = before.link.clone().with(settings, self.now());
            self.replace_link(transaction, before, &link)?;
            Ok(ShareLinkCard::counted(link, loaded))
        })
        .await
    }

    /// Gives a link a new token; the old one is dead at once.
    pub async fn rotate_share_link(
        &self,
        me: &UserId,
        link_id: Ulid,
        key: Option<&IdempotencyKey>,
    ) -> Result<ShareLinkCard, StoreError> {
        self.on_link(me, link_id, key, |transaction, loaded, before| {
            self.end_token(transaction, &before.link);
            let token = LinkToken::new(self.random());
            let link = ShareLink {
                token,
                ..before.link.clone()
            };
            self.put_token_of(transaction, &link)?;
            self.replace_link(transaction, before, &link)?;
            Ok(ShareLinkCard::counted(link, loaded))
        })
        .await
    }

    /// Removes a link; its URL is dead at once.
    pub async fn delete_share_link(&self, me: &UserId, link_id: Ulid) -> Result<(), StoreError> {
        self.on_link(me, link_id, None, |transaction, _, before| {
            self.end_token(transaction, &before.link);
            self.count_links(transaction, me, -1, Condition::default());
            transaction.delete(&self.table, &before.key, Some(before.unchanged()));
            Ok(())
        })
        .await
    }

    fn replace_link(
        &self,
        transaction: &mut Transaction,
        before: &LoadedLink<'_>,
        link: &ShareLink,
    ) -> Result<(), StoreError> {
        let item = serde_dynamo::to_item(link)?;
        transaction.put(&self.table, &before.key, item, before.unchanged());
        Ok(())
    }

    fn end_token(&self, transaction: &mut Transaction, link: &ShareLink) {
        let end = n((self.now() + DEAD_TOKEN_KEPT).unix_seconds());
        let condition = Condition::default().value(":end", end);
        let key = keys::token(&link.token.hash());
        transaction.update(&self.table, &key, "SET delete_at = :end", condition);
    }

    /// The token of one of my links.
    pub async fn share_link_token(&self, me: &UserId, link_id: Ulid) -> Result<LinkToken, StoreError> {
        let key = keys::share_link(me, link_id);
        let loaded = self.load([keys::profile(me), key.clone()]).await?;
        loaded.caller(me)?;
        let link: Option<ShareLink> = loaded.get(&key)?;
        Ok(link.ok_or(StoreError::NotFound)?.token)
    }

    /// Loads one of my links, lets `act` say what to write, and commits.
    async fn on_link<T: Keepable + Send>(
        &self,
        me: &UserId,
        link_id: Ulid,
        key: Option<&IdempotencyKey>,
        act: impl Fn(&mut Transaction, &Loaded, &LoadedLink<'_>) -> Result<T, StoreError> + Send + Sync,
    ) -> Result<T, StoreError> {
        let link_key = keys::share_link(me, link_id);
        let wanted = [keys::profile(me), link_key.clone(), keys::link_views(link_id)];
        self.transact_once(wanted, key, |loaded| {
            loaded.caller(me)?;
            let item = loaded.item(&link_key).ok_or(StoreError::NotFound)?;
            let before = LoadedLink {
                link: read(item)?,
                key: link_key.clone(),
                item,
            };
            let mut transaction = Transaction::default();
            let outcome = act(&mut transaction, loaded, &before)?;
            Ok(Decision::Commit(transaction, outcome))
        })
        .await
    }
}

/// A link about to be changed.
struct LoadedLink<'a> {
    link: ShareLink,
    key: Key,
    item: &'a Item,
}

impl LoadedLink<'_> {
    /// The link is as it was read: every change of its owner touches one of these, every redemption the uses.
    fn unchanged(&self) -> Condition {
        const CHANGING: [&str; 7] = [
            "token",
            "name",
            "enabled",
            "approval",
            keys::EXPIRES_AT,
            "max_uses",
            "uses",
        ];
        let mut condition = Condition::new(CHANGING.map(|name| format!("#{name} = :{name}")).join(" AND "));
        for name in CHANGING {
            if let Some(value) = self.item.get(name) {
                condition = condition
                    .name(&format!("#{name}"), name)
                    .value(&format!(":{name}"), value.clone());
            }
        }
        condition
    }
}
