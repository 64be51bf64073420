//! Invite links of either kind, opened or pressed.

use contacts::{
    User, UserId,
    invitation::Invitation,
    invite_link::{Link, Press, Redemption, ShareLink, TokenTarget, View, Visitor, press, view},
    time::days,
    token::LinkToken,
};

use crate::{
    StoreError,
    idempotency::{Answer, Reply},
    keys::{self, Item, Key, s},
    read::{Loaded, read},
    store::Store,
    transaction::{Commit, Condition, Transaction, Tries},
};

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

impl Store {
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
        let Some(inviter) = loaded.user(owner)? else {
            return Ok(UNKNOWN);
        };
        let link = link_of(&loaded, &link_key, &target, owner)?;
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
            let link = link_of(&loaded, &link_key, &target, owner)?;
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
        let loading = self.pair_of(loaded, me, owner)?;
        let visitor = Visitor {
            pair: &loading.pair,
            around: loading.around,
            is_inviter: me == owner,
        };
        let pressed = press(
            link,
            &token.hash(),
            visitor,
            &loading.me.email,
            self.new_ulid(),
            self.now(),
        );
        let action = match pressed {
            Ok(Press::Nothing(redemption)) => return self.answer_only(reply, &redemption).await,
            Ok(Press::Act(action)) => action,
            Err(View::Unknown) => return Err(StoreError::NotFound),
            Err(dead) => return Err(StoreError::NotRedeemable(dead)),
        };
        let mut transaction = Transaction::default();
        match link {
            Link::Share(link) => self.use_link(&mut transaction, link, me, first_time),
            // The invitee's own redemption writes to the invitation, unless it was taken back.
            Link::Email { .. } if link.is_for(&loading.me.email) => {}
            // Nothing comes of one.
            Link::Deleted(_) => {}
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
        let redemption = Redemption::of(&related.outcome);
        let answer = (reply.render)(&redemption);
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

/// The link behind a token of this owner's.
fn link_of(loaded: &Loaded, key: &Key, target: &TokenTarget, owner: &UserId) -> Result<Link, StoreError> {
    match target {
        TokenTarget::Email {
            invitation: reference,
            expires_at,
        } => {
            let invitation: Option<Invitation> = loaded.get(key)?;
            let invitation = invitation.filter(|found| found.invitation_id == reference.invitation_id);
            Ok(Link::Email {
                reference: reference.clone(),
                invitation,
                expires_at: *expires_at,
            })
        }
        _ => {
            let link = loaded.get(key)?;
            Ok(link.map_or_else(|| Link::Deleted(owner.clone()), Link::Share))
        }
    }
}
