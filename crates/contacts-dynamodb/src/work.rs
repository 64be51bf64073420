//! What waits for the mailer. The item in the table is the truth; the stream only makes it fast.

use contacts::{
    Timestamp, User, UserId,
    invitation::{Invitation, Stage},
    invite_link::TokenTarget,
    mailing::{Reach, Sending},
    relationship::{Action, NewRequest, Origin, Outcome},
    token::LinkToken,
};

use crate::{
    StoreError,
    invitation::unchanged,
    keys::{self, DUE_SHARDS, Item, Key, n, s},
    read::{Range, failed, read},
    relationship::Related,
    store::Store,
    transaction::{Commit, Condition, Transaction, Tries},
    user::AddressUser,
};

/// Items of one sweep and shard.
const A_SWEEP: i32 = 100;

/// An invitation that is claimed, to be mailed or not.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The invitation.
    pub invitation: Invitation,
    /// Who invites.
    pub inviter: User,
    /// The registered user with this address, who has a request now.
    pub registered: Option<User>,
    /// The secrets of the mail. None for an invitation that is not mailed (opted out, blocked, refused),
    /// which nobody may tell from one that is: it shares the fate of those beside it.
    pub tokens: Option<MailTokens>,
    /// When the mailer took it up, together with others: what all of them show as sent at, so that
    /// its order tells nothing about their recipients.
    pub at: Timestamp,
}

/// The secrets in a mail.
#[derive(Debug, Clone)]
pub struct MailTokens {
    /// In its link.
    pub link: LinkToken,
    /// In its unsubscribe link.
    pub unsubscribe: LinkToken,
}

impl Store {
    /// What is due now, the oldest first in each shard.
    pub async fn due(&self) -> Result<Vec<Key>, StoreError> {
        let shards = (0..DUE_SHARDS).map(|shard| self.due_in(shard));
        Ok(futures_util::future::try_join_all(shards)
            .await?
            .into_iter()
            .flatten()
            .collect())
    }

    async fn due_in(&self, shard: u64) -> Result<Vec<Key>, StoreError> {
        let call = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(keys::DUE)
            .key_condition_expression("due_pk = :pk AND due_sk <= :now")
            .expression_attribute_values(":pk", s(keys::due_partition(shard)))
            .expression_attribute_values(":now", s(keys::due_place(self.now())))
            .limit(A_SWEEP);
        let found = call
            .send()
            .await
            .map_err(|error| failed(&error))?
            .items
            .unwrap_or_default();
        Ok(found.iter().filter_map(Key::of).collect())
    }

    /// Does what is due at a key, up to the sending of a mail: that is answered, claimed.
    /// Somebody else's claim, an old stream record, an item that is gone: nothing.
    pub async fn take_up(&self, key: &Key, at: Timestamp) -> Result<Option<Claimed>, StoreError> {
        if key.sk.starts_with(keys::INVITATION) {
            return self.claim(key, at).await;
        }
        let Some(item) = self.get(key).await?.filter(|item| item.contains_key("due_pk")) else {
            return Ok(None);
        };
        if key.sk == "USER" {
            let user: AddressUser = read(&item)?;
            self.welcome(&key.pk, &user.user_id).await?;
            self.not_due(key, Condition::present()).await?;
        } else if key.sk == "PROFILE" {
            let user: User = read(&item)?;
            self.move_in_lists(&user).await?;
            let same = Condition::new("rev = :rev").value(":rev", n(crate::read::number(&item, "rev")));
            self.not_due(key, same).await?;
        }
        Ok(None)
    }

    async fn not_due(&self, key: &Key, condition: Condition) -> Result<(), StoreError> {
        self.update_if(key, "REMOVE due_pk, due_sk", condition).await?;
        Ok(())
    }

    /// Turns the invitations that wait for an address into requests to its new user.
    async fn welcome(&self, partition: &str, user: &UserId) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let range = Range {
                index: None,
                partition: partition.to_owned(),
                prefix: Some(keys::INVITATION),
                newest_first: false,
                limit: 100,
                after: after.as_ref(),
            };
            let (items, next) = self.query(&range).await?;
            for item in &items {
                if let Some(key) = Key::of(item) {
                    self.welcome_by(&key, read(item)?, user).await?;
                }
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// Turns an open invitation into a request, if it is as it was read: one that is taken back
    /// meanwhile becomes none.
    async fn welcome_by(&self, key: &Key, mut invitation: Invitation, user: &UserId) -> Result<(), StoreError> {
        let mut tries = Tries::default();
        while invitation.is_open(self.now()) {
            let Some((related, mut transaction)) = self.ask(&invitation, user).await? else {
                return Ok(());
            };
            if transaction.is_empty() {
                return Ok(());
            }
            if matches!(related.outcome, Outcome::Connected(_)) {
                let mut accepted = invitation.clone();
                accepted.accept();
                self.put_invitation(&mut transaction, &accepted, unchanged(&invitation)?)?;
            } else {
                transaction.check(&self.table, key, unchanged(&invitation)?);
            }
            if self.commit(transaction).await? == Commit::Done {
                return Ok(());
            }
            self.again(&mut tries).await?;
            match self.get(key).await? {
                Some(item) => invitation = read(&item)?,
                None => return Ok(()),
            }
        }
        Ok(())
    }

    /// What makes an invitation a request to the registered user; `None` when the two do not allow it.
    async fn ask(&self, invitation: &Invitation, user: &UserId) -> Result<Option<(Related, Transaction)>, StoreError> {
        let loaded = self.load(Self::pair_keys(&invitation.inviter, user)).await?;
        let request = Action::Request(NewRequest {
            request_id: self.new_ulid(),
            message: invitation.message.clone(),
            origin: Origin::EmailInvitation,
            invitation: Some((invitation.reference(), invitation.expires_at)),
        });
        self.decide_if_allowed(&loaded, (&invitation.inviter, user), request)
    }

    /// Claims an invitation that is due, by the steps of [`contacts::mailing`]. The request to a
    /// registered user stands and falls with the claim.
    async fn claim(&self, key: &Key, at: Timestamp) -> Result<Option<Claimed>, StoreError> {
        let mut tries = Tries::default();
        loop {
            let Some(item) = self.get(key).await? else {
                return Ok(None);
            };
            let invitation: Invitation = read(&item)?;
            if !invitation.is_due(self.now()) {
                return Ok(None);
            }
            match self.try_to_claim(invitation, at).await? {
                Some(claimed) => return Ok(claimed),
                None => self.again(&mut tries).await?,
            }
        }
    }

    /// One try; `None` when something changed meanwhile.
    async fn try_to_claim(&self, before: Invitation, at: Timestamp) -> Result<Option<Option<Claimed>>, StoreError> {
        let now = self.now();
        let hash = before.reference().address();
        let opt_outs = [
            keys::opt_out_of_all(hash),
            keys::opt_out_of_inviter(hash, &before.inviter),
        ];
        let people = [keys::address_user(hash), keys::profile(&before.inviter)];
        let loaded = self.load(opt_outs.iter().cloned().chain(people)).await?;
        let inviter = loaded.user(&before.inviter)?;
        let mut claimed = before.clone();
        let mut transaction = Transaction::default();
        let (mut recipient, mut tokens) = (None, None);
        if !before.is_open(now) {
            claimed.put_aside();
        } else if inviter.is_none() {
            claimed.settle_as_sent(at);
        } else {
            let registered: Option<AddressUser> = loaded.get(&keys::address_user(hash))?;
            let mut reach = Reach::Mail;
            if let Some(user) = registered {
                let asked = self.ask(&before, &user.user_id).await?;
                reach = before.reach(asked.as_ref().map(|(related, _)| &related.outcome));
                if let Some((related, request)) = asked {
                    transaction = request;
                    recipient = Some(related.other);
                }
            }
            if reach == Reach::Mail && opt_outs.iter().any(|opt_out| loaded.item(opt_out).is_some()) {
                reach = Reach::Silence;
            }
            if reach == Reach::Contact {
                claimed.settle_as_sent(at);
                claimed.accept();
            } else if claimed.claim(reach, now) {
                for opt_out in &opt_outs {
                    transaction.check(&self.table, opt_out, Condition::absent());
                }
                tokens = Some(self.put_mail_tokens(&mut transaction, &claimed)?);
            }
        }
        self.put_invitation(&mut transaction, &claimed, unchanged(&before)?)?;
        if self.commit(transaction).await? != Commit::Done {
            return Ok(None);
        }
        let is_settled = claimed.mailing.due_at.is_none();
        Ok(Some(inviter.filter(|_| !is_settled).map(|inviter| Claimed {
            invitation: claimed,
            inviter,
            registered: recipient,
            tokens,
            at,
        })))
    }

    fn put_mail_tokens(
        &self,
        transaction: &mut Transaction,
        invitation: &Invitation,
    ) -> Result<MailTokens, StoreError> {
        let tokens = MailTokens {
            link: LinkToken::new(self.random()),
            unsubscribe: LinkToken::new(self.random()),
        };
        let MailTokens { link, unsubscribe } = &tokens;
        let reference = invitation.reference();
        let expires_at = invitation.expires_at;
        let mut target: Item = serde_dynamo::to_item(TokenTarget::Email {
            invitation: reference.clone(),
            expires_at,
        })?;
        keys::delete_at(&mut target, expires_at + contacts::invitation::RETENTION);
        transaction.put(&self.table, &keys::token(&link.hash()), target, Condition::absent());
        // Never expires: whoever finds an old mail can still say no.
        let target: Item = serde_dynamo::to_item(TokenTarget::Unsubscribe { invitation: reference })?;
        transaction.put(
            &self.table,
            &keys::token(&unsubscribe.hash()),
            target,
            Condition::absent(),
        );
        Ok(tokens)
    }

    /// Records what came of a claimed mail.
    pub async fn record(&self, claimed: &Claimed, sending: &Sending) -> Result<(), StoreError> {
        let key = keys::invitation(claimed.invitation.reference().address(), &claimed.invitation.inviter);
        let mut tries = Tries::default();
        let mut before = claimed.invitation.clone();
        loop {
            let mut after = before.clone();
            after.note(sending, claimed.at, self.now(), self.random());
            let mut transaction = Transaction::default();
            self.put_invitation(&mut transaction, &after, unchanged(&before)?)?;
            if self.commit(transaction).await? == Commit::Done {
                return Ok(());
            }
            // Taken back, accepted, or taken over after the lease: only what still waits is changed.
            let Some(item) = self.get(&key).await? else {
                return Ok(());
            };
            before = read(&item)?;
            if before.invitation_id != claimed.invitation.invitation_id || before.stage != Stage::Queued {
                return Ok(());
            }
            self.again(&mut tries).await?;
        }
    }
}
