//! What waits for the mailer. The item in the table is the truth; the stream only makes it fast.

use contacts::{
    Timestamp, User, UserId,
    invitation::{Invitation, LEASE, MAX_SENDS, Stage},
    invite_link::TokenTarget,
    random,
    relationship::{Action, NewRequest, Origin, Outcome},
    token::LinkToken,
};
use std::time::Duration;

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

/// What came of a sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sending {
    /// SES took it.
    Accepted {
        /// SES's id.
        message_id: Option<String>,
    },
    /// SES did not take it, and may later.
    NotNow {
        /// When to try again.
        after: Duration,
        /// It was the mail's own failure.
        counts: bool,
    },
    /// SES never will.
    Refused {
        /// Why.
        reason: String,
    },
    /// Nobody knows.
    Unknown,
}

/// How long to wait for news of a mail of which nobody knows whether SES took it.
const UNKNOWN: Duration = Duration::from_secs(15 * 60);

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
                let invitation: Invitation = read(item)?;
                if invitation.is_open(self.now()) {
                    self.request_from(&invitation, user).await?;
                }
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// Makes an invitation a request to the registered user; `None` when the two do not allow it.
    async fn request_from(&self, invitation: &Invitation, user: &UserId) -> Result<Option<Related>, StoreError> {
        let end = (invitation.reference(), invitation.expires_at);
        self.between(invitation, user, |store| {
            Action::Request(NewRequest {
                request_id: store.new_ulid(),
                message: invitation.message.clone(),
                origin: Origin::EmailInvitation,
                invitation: Some(end.clone()),
            })
        })
        .await
    }

    /// Lets the inviter act towards the registered user.
    async fn between(
        &self,
        invitation: &Invitation,
        user: &UserId,
        action: impl Fn(&Self) -> Action + Send + Sync,
    ) -> Result<Option<Related>, StoreError> {
        let mut tries = Tries::default();
        loop {
            let loaded = self.load(Self::pair_keys(&invitation.inviter, user)).await?;
            let loading = match self.living_pair_of(&loaded, &invitation.inviter, user).await {
                Ok(loading) => loading,
                Err(StoreError::NotRegistered | StoreError::NotFound) => return Ok(None),
                Err(error) => return Err(error),
            };
            let (related, transaction) = match self.decide(loading, action(self), None) {
                Ok(decided) => decided,
                Err(StoreError::NotFound | StoreError::NotPending(_) | StoreError::Refused(_)) => return Ok(None),
                Err(error) => return Err(error),
            };
            if self.commit(transaction).await? == Commit::Done {
                return Ok(Some(related));
            }
            self.again(&mut tries).await?;
        }
    }

    /// Claims an invitation that is due. Time line of one mail, each line one write:
    ///
    /// ```text
    /// claim    sends + 1, due again when the lease ends, tokens' hashes   (on condition: as read, no opt-out)
    /// SES      …
    /// record   sent, or due later                                        (on condition: as claimed)
    /// ```
    ///
    /// A crash between any two leaves it due: it is claimed again after the lease, until
    /// [`MAX_SENDS`] calls may have been accepted.
    async fn claim(&self, key: &Key, at: Timestamp) -> Result<Option<Claimed>, StoreError> {
        let mut tries = Tries::default();
        loop {
            let Some(item) = self.get(key).await? else {
                return Ok(None);
            };
            let before: Invitation = read(&item)?;
            let now = self.now();
            if before.mailing.due_at.is_none_or(|due| now < due) {
                return Ok(None);
            }
            let hash = before.reference().address();
            let (all, one) = (
                keys::opt_out_of_all(hash),
                keys::opt_out_of_inviter(hash, &before.inviter),
            );
            let wanted = [
                all.clone(),
                one.clone(),
                keys::address_user(hash),
                keys::profile(&before.inviter),
            ];
            let loaded = self.load(wanted).await?;
            let registered: Option<AddressUser> = loaded.get(&keys::address_user(hash))?;
            let inviter = loaded.user(&before.inviter)?;
            let mut after = before.clone();
            let mut recipient = None;
            let mut send = false;
            if before.stage == Stage::Revoked {
                if let Some(user) = &registered {
                    let reference = before.reference();
                    self.between(&before, &user.user_id, |_| Action::Withdraw(reference.clone()))
                        .await?;
                }
                after.mailing.due_at = None;
            } else if !before.is_open(now) {
                after.mailing.due_at = None;
            } else {
                let wanted_mail = match &registered {
                    None => true,
                    Some(user) => match self.request_from(&before, &user.user_id).await? {
                        None => false,
                        Some(related) => {
                            let shown = matches!(&related.outcome, Outcome::Sent(request) | Outcome::AlreadyPending(request)
                                if !request.shadow && request.invitation == Some(before.reference()));
                            if matches!(related.outcome, Outcome::Connected(_) | Outcome::AlreadyContact) {
                                after.stage = Stage::Accepted;
                            }
                            recipient = Some(related.other);
                            shown
                        }
                    },
                };
                let unwanted = loaded.item(&all).is_some() || loaded.item(&one).is_some();
                send = wanted_mail && !unwanted && before.mailing.sends < MAX_SENDS;
                if after.stage == Stage::Accepted || inviter.is_none() {
                    settle_as_sent(&mut after, at);
                } else {
                    after.mailing.sends += u32::from(send);
                    after.mailing.due_at = Some(now + LEASE);
                }
            }
            let mut transaction = Transaction::default();
            self.put_invitation(&mut transaction, &after, unchanged(&before)?)?;
            let tokens = MailTokens {
                link: LinkToken::new(self.random()),
                unsubscribe: LinkToken::new(self.random()),
            };
            if send {
                transaction.check(&self.table, &all, Condition::absent());
                transaction.check(&self.table, &one, Condition::absent());
                self.put_mail_tokens(&mut transaction, &after, &tokens)?;
            }
            if self.commit(transaction).await? != Commit::Done {
                self.again(&mut tries).await?;
                continue;
            }
            let is_settled = after.mailing.due_at.is_none();
            return Ok(inviter.filter(|_| !is_settled).map(|inviter| Claimed {
                invitation: after,
                inviter,
                registered: recipient,
                tokens: send.then_some(tokens),
                at,
            }));
        }
    }

    fn put_mail_tokens(
        &self,
        transaction: &mut Transaction,
        invitation: &Invitation,
        MailTokens { link, unsubscribe }: &MailTokens,
    ) -> Result<(), StoreError> {
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
        Ok(())
    }

    /// Records what came of a claimed mail.
    pub async fn record(&self, claimed: &Claimed, sending: &Sending) -> Result<(), StoreError> {
        let key = keys::invitation(claimed.invitation.reference().address(), &claimed.invitation.inviter);
        let mut tries = Tries::default();
        let mut before = claimed.invitation.clone();
        loop {
            let mut after = before.clone();
            self.note(&mut after, sending, claimed.at);
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

    fn note(&self, invitation: &mut Invitation, sending: &Sending, at: Timestamp) {
        let now = self.now();
        match sending {
            Sending::Accepted { message_id } => {
                settle_as_sent(invitation, at);
                invitation.mailing.message_id.clone_from(message_id);
            }
            Sending::NotNow { after, counts } => {
                // SES said no: this call cannot have been accepted.
                let mailing = &mut invitation.mailing;
                mailing.sends = mailing.sends.saturating_sub(1);
                mailing.attempts = mailing.attempts.saturating_add(u32::from(*counts));
                let jitter = random::below(1 + after.as_secs() / 2, self.random());
                mailing.due_at = Some(now + *after + Duration::from_secs(jitter));
            }
            Sending::Refused { reason } => {
                invitation.stage = Stage::Undeliverable;
                invitation.reason = Some(reason.clone());
                invitation.mailing.due_at = None;
            }
            Sending::Unknown => invitation.mailing.due_at = Some(now + UNKNOWN),
        }
    }
}

fn settle_as_sent(invitation: &mut Invitation, now: Timestamp) {
    if invitation.stage == Stage::Queued {
        invitation.stage = Stage::Sent;
    }
    invitation.sent_at = Some(now);
    invitation.mailing.due_at = None;
}
