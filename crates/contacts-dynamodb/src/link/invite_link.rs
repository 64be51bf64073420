//! Invite links of either kind, opened or redeemed.

use contacts::{
    Message, User, UserId,
    invitation::{Invitation, Stage},
    link::{
        Effect, Ending, Link, LinkToken, Press, Redemption, ShareLink, TokenTarget, View, Visitor, effect, press, view,
    },
    relationship::Action,
    time::days,
};

use crate::{
    StoreError,
    relationship::Between,
    store::Store,
    table::{
        idempotency::{IdempotencyKey, Keepable},
        keys::{self, Item, Key, s},
        read::{Loaded, read},
        transaction::Decision,
        write::{Condition, Transaction},
    },
};

impl Keepable for Redemption {
    const SEALED: bool = false;
}

/// A link as anybody may see it.
#[derive(Debug, Clone)]
pub struct OpenedLink {
    /// What it is.
    pub link: Link,
    /// Who invites by it.
    pub inviter: User,
    /// Why it is dead, if it is.
    pub ending: Option<Ending>,
}

/// A link as somebody signed in sees it.
#[derive(Debug, Clone)]
pub struct VisitedLink {
    /// What it is.
    pub link: Link,
    /// Who invites by it.
    pub inviter: User,
    /// What the visitor is shown; never `Unknown`.
    pub view: View,
    /// What its button does, where the view has one.
    pub effect: Option<Effect>,
}

impl Store {
    /// What a token leads to.
    pub(crate) async fn target(&self, token: &LinkToken) -> Result<Option<TokenTarget>, StoreError> {
        let found = self.get(&keys::token(&token.hash())).await?;
        found.as_ref().map(read).transpose()
    }

    /// Opens a link for anybody; `None` when there is no such link. Changes nothing.
    pub async fn open_link(&self, token: &LinkToken) -> Result<Option<OpenedLink>, StoreError> {
        let target = self.target(token).await?;
        let Some(redeemed) = target.as_ref().and_then(Redeemed::by) else {
            return Ok(None);
        };
        let loaded = self.load([keys::profile(redeemed.owner), redeemed.key.clone()]).await?;
        let Some(inviter) = loaded.user(redeemed.owner)? else {
            return Ok(None);
        };
        let link = redeemed.link(&loaded)?;
        let ending = link.ending(&token.hash(), self.now());
        Ok(Some(OpenedLink { link, inviter, ending }))
    }

    /// Opens a link for somebody signed in; `None` when there is no link that they may know of. Changes nothing.
    pub async fn visit_link(&self, me: &UserId, token: &LinkToken) -> Result<Option<VisitedLink>, StoreError> {
        let target = self.target(token).await?;
        let Some(redeemed) = target.as_ref().and_then(Redeemed::by) else {
            self.caller(me).await?;
            return Ok(None);
        };
        let wanted = Self::pair_keys(me, redeemed.owner);
        let loaded = self.load(wanted.into_iter().chain([redeemed.key.clone()])).await?;
        loaded.caller(me)?;
        let Some(inviter) = loaded.user(redeemed.owner)? else {
            return Ok(None);
        };
        let link = redeemed.link(&loaded)?;
        let between = self.between(&loaded, me, redeemed.owner)?;
        let (hash, visitor, now) = (token.hash(), as_visitor(&between), self.now());
        let view = view(&link, &hash, visitor, now);
        let effect = effect(&link, &hash, visitor, now);
        Ok((view != View::Unknown).then_some(VisitedLink {
            link,
            inviter,
            view,
            effect,
        }))
    }

    /// Counts a view of a share link's page; when DynamoDB is busy the view goes uncounted.
    pub async fn count_view(&self, opened: &OpenedLink) {
        if let Link::Share(link) = &opened.link {
            let one = Condition::default()
                .name("#views", keys::VIEWS)
                .value(":one", keys::n(1));
            if let Err(error) = self
                .update_if(&keys::link_views(link.link_id), "ADD #views :one", one)
                .await
            {
                tracing::debug!(%error, "a view was not counted");
            }
        }
    }

    /// Redeems a link: what pressing its button does. The message goes with a request; where the two connect there is
    /// none.
    ///
    /// # Errors
    /// `NotFound` for a token that leads nowhere, `NotRedeemable` for a link that is dead or not for the caller.
    pub async fn redeem(
        &self,
        me: &UserId,
        token: &LinkToken,
        message: &Message,
        key: Option<&IdempotencyKey>,
    ) -> Result<Redemption, StoreError> {
        let target = self.target(token).await?;
        let Some(redeemed) = target.as_ref().and_then(Redeemed::by) else {
            return Err(self.caller(me).await.err().unwrap_or(StoreError::NotFound));
        };
        let marker = match redeemed.target {
            TokenTarget::Share { link_id, .. } => Some(keys::link_redeemed_by(*link_id, me)),
            _ => None,
        };
        let wanted = Self::pair_keys(me, redeemed.owner)
            .into_iter()
            .chain([redeemed.key.clone()])
            .chain(marker.clone());
        self.transact_once(wanted, key, |loaded| {
            loaded.caller(me)?;
            let link = redeemed.link(loaded)?;
            let between = self.between(loaded, me, redeemed.owner)?;
            let visitor = as_visitor(&between);
            let pressed = press(&link, &token.hash(), visitor, self.new_ulid(), message, self.now());
            let transaction = || {
                let first_time = marker.as_ref().is_some_and(|marker| loaded.item(marker).is_none());
                self.use_of(&link, &between, first_time)
            };
            match pressed {
                Ok(Press::Nothing(redemption)) => Ok(Decision::Nothing(redemption)),
                Ok(Press::Request(request)) => self.redeemed(&between, request, transaction()?),
                Ok(Press::Connect(connect)) => self.redeemed(&between, connect, transaction()?),
                Err(refused) => Err(StoreError::NotRedeemable(refused)),
            }
        })
        .await
    }

    fn redeemed<A: Action<Outcome: Into<Redemption>>>(
        &self,
        between: &Between,
        action: A,
        transaction: Transaction,
    ) -> Result<Decision<Redemption>, StoreError> {
        let decided = self.decided(between, action, transaction)?;
        Ok(Decision::Commit(decided.transaction, decided.outcome.into()))
    }

    /// What is in a redemption's transaction beside the pair: that the link is alive, and its use.
    fn use_of(&self, link: &Link, between: &Between, first_time: bool) -> Result<Transaction, StoreError> {
        let mut transaction = Transaction::default();
        match link {
            Link::Share(link) => self.use_link(&mut transaction, link, &between.me.user_id, first_time),
            // The invitee's own redemption writes to the invitation, unless it was revoked; a blocked one's does not.
            Link::Email { .. } if link.is_for(&between.me.email) && between.pair.theirs.blocks_since.is_none() => {}
            // Nothing comes of one.
            Link::Deleted(_) => {}
            Link::Email { reference, .. } => {
                let alive = Condition::new("invitation_id = :id AND stage <> :revoked AND stage <> :accepted")
                    .value(":id", keys::value(&reference.invitation_id)?)
                    .value(":revoked", keys::value(&Stage::Revoked)?)
                    .value(":accepted", keys::value(&Stage::Accepted)?);
                let key = keys::invitation(reference.address(), &reference.inviter);
                transaction.check(&self.table, &key, alive);
            }
        }
        Ok(transaction)
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

fn as_visitor(between: &Between) -> Visitor<'_> {
    Visitor {
        email: &between.me.email,
        pair: &between.pair,
        context: between.context,
        is_inviter: between.me.user_id == between.other.user_id,
    }
}

/// What a token redeems, and where it is.
struct Redeemed<'t> {
    target: &'t TokenTarget,
    key: Key,
    owner: &'t UserId,
}

impl<'t> Redeemed<'t> {
    /// The unsubscribe token redeems nothing.
    fn by(target: &'t TokenTarget) -> Option<Self> {
        let (key, owner) = match target {
            TokenTarget::Share { owner, link_id } => (keys::share_link(owner, *link_id), owner),
            TokenTarget::Email { invitation, .. } => {
                let inviter = &invitation.inviter;
                (keys::invitation(invitation.address(), inviter), inviter)
            }
            TokenTarget::Unsubscribe { .. } => return None,
        };
        Some(Self { target, key, owner })
    }

    /// The link, from what was loaded with its key.
    fn link(&self, loaded: &Loaded) -> Result<Link, StoreError> {
        if let TokenTarget::Email {
            invitation: reference,
            expires_at,
        } = self.target
        {
            let invitation: Option<Invitation> = loaded.get(&self.key)?;
            let invitation = invitation.filter(|found| found.invitation_id == reference.invitation_id);
            return Ok(Link::Email {
                reference: reference.clone(),
                invitation,
                expires_at: *expires_at,
            });
        }
        let link = loaded.get(&self.key)?;
        Ok(link.map_or_else(|| Link::Deleted(self.owner.clone()), Link::Share))
    }
}
