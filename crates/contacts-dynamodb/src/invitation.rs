//! Invitations by e-mail: listed, sent again, taken back.

use contacts::{
    Timestamp, UserId,
    invitation::{Invitation, RETENTION, State, address_of},
    relationship::Action,
};
use ulid::Ulid;

use crate::{
    StoreError,
    idempotency::{Answer, Reply},
    keys::{self, Item, Key, List, s},
    page::{Page, Position},
    read::{BATCH, Loaded, Range},
    relationship::Direction,
    store::Store,
    transaction::{Commit, Condition, Transaction, Tries},
    user::AddressUser,
};

impl Store {
    /// Adds the writing of an invitation to a transaction.
    pub(crate) fn put_invitation(
        &self,
        transaction: &mut Transaction,
        invitation: &Invitation,
        condition: Condition,
    ) -> Result<(), StoreError> {
        let item = invitation_item(invitation, self.now())?;
        let key = keys::invitation(address_of(invitation.invitation_id), &invitation.inviter);
        transaction.put(&self.table, &key, item, condition);
        Ok(())
    }

    /// A page of my invitations, newest first.
    pub async fn invitations(
        &self,
        me: &UserId,
        state: Option<State>,
        limit: usize,
        after: Option<&Position>,
    ) -> Result<Page<Invitation>, StoreError> {
        let range = Range {
            index: Some(keys::LISTS),
            partition: List::Invitations(me).partition(),
            prefix: None,
            newest_first: true,
            limit: limit.min(BATCH - 1),
            after,
        };
        let (found, next) = self.query(&range).await?;
        let found: Vec<Key> = found.iter().filter_map(Key::of).collect();
        let loaded = self.load(found.iter().cloned().chain([keys::profile(me)])).await?;
        loaded.caller(me)?;
        let mut items = Vec::new();
        for key in &found {
            // The index lags behind: the item tells.
            let wanted = |invitation: &Invitation| state.is_none_or(|state| invitation.state(self.now()) == state);
            items.extend(loaded.get::<Invitation>(key)?.filter(wanted));
        }
        Ok(Page { items, next })
    }

    /// One of my invitations.
    pub async fn invitation(&self, me: &UserId, invitation_id: Ulid) -> Result<Invitation, StoreError> {
        let key = keys::invitation(address_of(invitation_id), me);
        let loaded = self.load([keys::profile(me), key.clone()]).await?;
        mine(&loaded, me, &key, invitation_id)
    }

    /// Takes an invitation back, and with it the request that it has become, if it has.
    ///
    /// Whether it has, the inviter may not learn: an address that nobody has costs the same reads and
    /// as many actions.
    pub async fn revoke_invitation(
        &self,
        me: &UserId,
        id: Ulid,
        reply: Reply<'_, Invitation>,
    ) -> Result<Answer, StoreError> {
        let address = address_of(id);
        let (key, user_key) = (keys::invitation(address, me), keys::address_user(address));
        let mut tries = Tries::default();
        loop {
            let wanted = [keys::profile(me), key.clone(), user_key.clone()];
            let loaded = self.load(wanted.into_iter().chain(reply.item_key())).await?;
            loaded.caller(me)?;
            if let Some(answer) = self.kept_answer(reply.key, &loaded)? {
                return Ok(answer);
            }
            let before = mine(&loaded, me, &key, id)?;
            let mut invitation = before.clone();
            invitation.revoke(self.now())?;
            let answer = (reply.render)(&invitation);
            let registered: Option<AddressUser> = loaded.get(&user_key)?;
            let mut transaction = self.withdrawal(&before, registered.map(|user| user.user_id)).await?;
            self.put_invitation(&mut transaction, &invitation, unchanged(&before)?)?;
            self.keep_answer(&mut transaction, reply.key, &answer)?;
            if self.commit(transaction).await? == Commit::Done {
                return Ok(answer);
            }
            self.again(&mut tries).await?;
        }
    }

    /// Takes back the request that an invitation has become, or makes sure that it has become none:
    /// two actions in any case.
    async fn withdrawal(&self, invitation: &Invitation, user: Option<UserId>) -> Result<Transaction, StoreError> {
        let me = &invitation.inviter;
        let address = invitation.reference().address();
        let is_registered = user.is_some();
        // Of an address that nobody has, items are read that are not there.
        let other = match user {
            Some(user) => user,
            None => UserId::parse(&address.to_string()).map_err(|error| StoreError::Fault(error.detail.to_owned()))?,
        };
        let loaded = self.load(Self::pair_keys(me, &other)).await?;
        let withdraw = Action::Withdraw(invitation.reference());
        if let Some((_, transaction)) = self.decide_if_allowed(&loaded, (me, &other), withdraw)? {
            return Ok(transaction);
        }
        let mine = keys::with(me, &other);
        let rev = loaded.get::<Direction>(&mine)?.map(|direction| direction.rev);
        let theirs = if is_registered {
            keys::with(&other, me)
        } else {
            keys::address_user(address)
        };
        let mut transaction = Transaction::default();
        for key in [mine, theirs] {
            transaction.check(&self.table, &key, Condition::revision(rev));
        }
        Ok(transaction)
    }

    /// Sends an invitation again.
    pub async fn resend_invitation(
        &self,
        me: &UserId,
        id: Ulid,
        reply: Reply<'_, Invitation>,
    ) -> Result<Answer, StoreError> {
        self.change_invitation(me, id, reply, |invitation, now| Ok(invitation.resend(now)?))
            .await
    }

    async fn change_invitation(
        &self,
        me: &UserId,
        invitation_id: Ulid,
        reply: Reply<'_, Invitation>,
        change: impl Fn(&mut Invitation, Timestamp) -> Result<(), StoreError> + Send + Sync,
    ) -> Result<Answer, StoreError> {
        let key = keys::invitation(address_of(invitation_id), me);
        let mut tries = Tries::default();
        loop {
            let loaded = self
                .load([keys::profile(me), key.clone()].into_iter().chain(reply.item_key()))
                .await?;
            loaded.caller(me)?;
            if let Some(answer) = self.kept_answer(reply.key, &loaded)? {
                return Ok(answer);
            }
            let before = mine(&loaded, me, &key, invitation_id)?;
            let mut invitation = before.clone();
            change(&mut invitation, self.now())?;
            let answer = (reply.render)(&invitation);
            let mut transaction = Transaction::default();
            self.put_invitation(&mut transaction, &invitation, unchanged(&before)?)?;
            self.keep_answer(&mut transaction, reply.key, &answer)?;
            if self.commit(transaction).await? == Commit::Done {
                return Ok(answer);
            }
            self.again(&mut tries).await?;
        }
    }
}

fn mine(loaded: &Loaded, me: &UserId, key: &Key, invitation_id: Ulid) -> Result<Invitation, StoreError> {
    loaded.caller(me)?;
    let invitation: Option<Invitation> = loaded.get(key)?;
    invitation
        .filter(|invitation| invitation.invitation_id == invitation_id)
        .ok_or(StoreError::NotFound)
}

/// The item of an invitation, with its places in the indexes.
pub(crate) fn invitation_item(invitation: &Invitation, now: Timestamp) -> Result<Item, StoreError> {
    let mut item: Item = serde_dynamo::to_item(invitation)?;
    List::Invitations(&invitation.inviter).enter(&mut item, &invitation.invitation_id.to_string());
    if let Some(due) = invitation.mailing.due_at {
        keys::make_due(
            &mut item,
            due,
            u64::try_from(address_of(invitation.invitation_id).bits() & 0xffff).unwrap_or(0),
        );
    }
    let end = if invitation.is_open(now) {
        invitation.expires_at
    } else {
        now
    };
    keys::delete_at(&mut item, end + RETENTION);
    Ok(item)
}

/// The invitation is as it was read: every change touches one of these.
pub(crate) fn unchanged(before: &Invitation) -> Result<Condition, StoreError> {
    let mailing = serde_dynamo::to_attribute_value(&before.mailing)?;
    let stage = serde_dynamo::to_attribute_value(before.stage)?;
    Ok(
        Condition::new("invitation_id = :id AND stage = :stage AND mailing = :mailing")
            .value(":id", s(before.invitation_id.to_string()))
            .value(":stage", stage)
            .value(":mailing", mailing),
    )
}
