//! Invitations by e-mail: listed, sent again, revoked.
//!
//! - [`submission`]: a call of invitations, judged, paid from the quota and written
//! - [`mailing`]: what waits for the mailer

pub mod mailing;
pub mod submission;

use contacts::{
    EmailAddress, Locale, Message, Timestamp, UserId,
    invitation::{Invitation, RETENTION, State, address_of},
    relationship::Withdraw,
    secret::AddressHash,
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::{
    StoreError,
    relationship::Direction,
    store::Store,
    table::{
        idempotency::{IdempotencyKey, Keepable},
        keys::{self, Item, Key, List},
        page::{Page, Position},
        read::{BATCH, Loaded, Range},
        transaction::Decision,
        write::{Condition, Transaction},
    },
    user::AddressUser,
};

/// An invitation as its inviter sees it at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationCard {
    /// Its id.
    pub invitation_id: Ulid,
    /// Who is invited.
    pub email: EmailAddress,
    /// The words that go with it.
    pub message: Message,
    /// The language of the mail, when the inviter chose one.
    pub locale: Option<Locale>,
    /// What had become of it at that moment.
    pub state: State,
    /// Why it is undeliverable.
    pub reason: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When a mail was sent last, or would have been.
    pub sent_at: Option<Timestamp>,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

impl Keepable for InvitationCard {
    const SEALED: bool = false;
}

impl InvitationCard {
    fn at(invitation: Invitation, now: Timestamp) -> Self {
        Self {
            state: invitation.state(now),
            invitation_id: invitation.invitation_id,
            email: invitation.email,
            message: invitation.message,
            locale: invitation.locale,
            reason: invitation.reason,
            created_at: invitation.created_at,
            sent_at: invitation.sent_at,
            expires_at: invitation.expires_at,
        }
    }
}

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
    ) -> Result<Page<InvitationCard>, StoreError> {
        let range = Range {
            of_lists: true,
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
        let now = self.now();
        let mut items = Vec::new();
        for key in &found {
            // The index lags behind: the item tells.
            let card = loaded.get(key)?.map(|invitation| InvitationCard::at(invitation, now));
            items.extend(card.filter(|card| state.is_none_or(|state| card.state == state)));
        }
        Ok(Page { items, next })
    }

    /// One of my invitations.
    pub async fn invitation(&self, me: &UserId, invitation_id: Ulid) -> Result<InvitationCard, StoreError> {
        let key = keys::invitation(address_of(invitation_id), me);
        let loaded = self.load([keys::profile(me), key.clone()]).await?;
        let invitation = mine(&loaded, me, &key, invitation_id)?;
        Ok(InvitationCard::at(invitation, self.now()))
    }

    /// Takes an invitation back, and with it the request that it has become, if it has.
    ///
    /// Whether it has, the inviter may not learn: an address that nobody has costs the same reads and
    /// as many actions.
    pub async fn revoke_invitation(&self, me: &UserId, invitation_id: Ulid) -> Result<(), StoreError> {
        let address = address_of(invitation_id);
        let (key, user_key) = (keys::invitation(address, me), keys::address_user(address));
        let wanted = [keys::profile(me), key.clone(), user_key.clone()];
        self.transact_once(wanted, None, |loaded| {
            let before = mine(loaded, me, &key, invitation_id)?;
            let mut invitation = before.clone();
            invitation.revoke(self.now())?;
            let registered: Option<AddressUser> = loaded.get(&user_key)?;
            let is_registered = registered.is_some();
            let other = registered.map_or_else(|| nobody(address), |user| Ok(user.user_id))?;
            if let Some(unknown) = loaded.unknown(Self::pair_keys(me, &other)) {
                return Ok(Decision::Load(unknown));
            }
            let mut transaction = self.withdrawal(loaded, &before, &other, is_registered)?;
            self.put_invitation(&mut transaction, &invitation, unchanged(&before)?)?;
            Ok(Decision::Commit(transaction, ()))
        })
        .await
    }

    /// Takes back the request that an invitation has become, or makes sure that it has become none:
    /// two actions in any case.
    fn withdrawal(
        &self,
        loaded: &Loaded,
        invitation: &Invitation,
        other: &UserId,
        is_registered: bool,
    ) -> Result<Transaction, StoreError> {
        let me = &invitation.inviter;
        let withdraw = Withdraw(invitation.reference());
        if let Some(decided) = self.decided_if_allowed(loaded, (me, other), withdraw)? {
            return Ok(decided.transaction);
        }
        let mine = keys::with(me, other);
        let rev = loaded.get::<Direction>(&mine)?.map(|direction| direction.rev);
        let theirs = if is_registered {
            keys::with(other, me)
        } else {
            keys::address_user(invitation.reference().address())
        };
        let mut transaction = Transaction::default();
        for key in [mine, theirs] {
            transaction.check(&self.table, &key, Condition::revision(rev));
        }
        Ok(transaction)
    }

    /// Asks for another mail of an invitation.
    ///
    /// # Errors
    /// `CannotResend` when it has ended, or too soon after the last mail.
    pub async fn resend_invitation(
        &self,
        me: &UserId,
        invitation_id: Ulid,
        key: Option<&IdempotencyKey>,
    ) -> Result<InvitationCard, StoreError> {
        let invitation_key = keys::invitation(address_of(invitation_id), me);
        let wanted = [keys::profile(me), invitation_key.clone()];
        self.transact_once(wanted, key, |loaded| {
            let before = mine(loaded, me, &invitation_key, invitation_id)?;
            let mut invitation = before.clone();
            invitation.resend(self.now())?;
            let mut transaction = Transaction::default();
            self.put_invitation(&mut transaction, &invitation, unchanged(&before)?)?;
            Ok(Decision::Commit(
                transaction,
                InvitationCard::at(invitation, self.now()),
            ))
        })
        .await
    }
}

/// Who is in the keys that are read for an address that nobody has: there are no items at these.
pub(crate) fn nobody(address: AddressHash) -> Result<UserId, StoreError> {
    UserId::parse(&address.to_string()).map_err(|error| StoreError::Internal(error.detail.to_owned()))
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
    Ok(
        Condition::new("invitation_id = :id AND stage = :stage AND mailing = :mailing")
            .value(":id", keys::value(&before.invitation_id)?)
            .value(":stage", keys::value(&before.stage)?)
            .value(":mailing", keys::value(&before.mailing)?),
    )
}
