//! What waits for the mailer. The item in the table is the truth; the stream only makes it fast.

use contacts::{
    Timestamp, User, UserId,
    invitation::{
        Invitation,
        mailing::{self, Asked, Delivery, Facts, Sending, Step, record},
    },
    link::{LinkToken, TokenTarget},
    relationship::{NewRequest, Origin, RequestOutcome},
};

use super::{invitation_item, unchanged};
use crate::{
    StoreError,
    relationship::Decided,
    store::Store,
    table::{
        keys::{self, DUE_SHARDS, Due, Item, Key, n, s},
        read::{Loaded, Range, failed, number, read},
        transaction::Decision,
        write::{Condition, Transaction},
    },
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
            .key_condition_expression(keys::DUE_UNTIL)
            .expression_attribute_values(":pk", s(keys::due_partition(shard)))
            .expression_attribute_values(":until", s(keys::due_place(self.now())))
            .limit(A_SWEEP);
        let found = call
            .send()
            .await
            .map_err(|error| failed(&error))?
            .items
            .unwrap_or_default();
        Ok(found.iter().filter_map(Key::of).collect())
    }

    /// Does what is due at a key, up to the sending of a mail: that is returned, claimed.
    /// Somebody else's claim, an old stream record, an item that is gone: nothing.
    pub async fn claim(&self, key: &Key, at: Timestamp) -> Result<Option<Claimed>, StoreError> {
        let Some(item) = self.get(key).await?.filter(keys::is_due) else {
            return Ok(None);
        };
        match key.due() {
            Some(Due::Invitation) => return self.claim_invitation(key, item, at).await,
            Some(Due::Submission) => self.end_cut_short(&read(&item)?).await?,
            Some(Due::NewUser) => {
                let user: AddressUser = read(&item)?;
                self.welcome(&key.pk, &user.user_id).await?;
                self.not_due(key, Condition::present()).await?;
            }
            Some(Due::NewName) => {
                let user: User = read(&item)?;
                self.move_in_lists(&user).await?;
                let same = Condition::new("rev = :rev").value(":rev", n(number(&item, keys::REV)));
                self.not_due(key, same).await?;
            }
            None => {}
        }
        Ok(None)
    }

    async fn not_due(&self, key: &Key, condition: Condition) -> Result<(), StoreError> {
        self.update_if(key, keys::REMOVE_DUE, condition).await?;
        Ok(())
    }

    /// Turns the invitations that wait for an address into requests to its new user.
    async fn welcome(&self, partition: &str, user: &UserId) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let range = Range {
                of_lists: false,
                partition: partition.to_owned(),
                prefix: Some(keys::INVITATION),
                newest_first: false,
                limit: 100,
                after: after.as_ref(),
            };
            let (items, next) = self.query(&range).await?;
            for item in items {
                if let Some(key) = Key::of(&item) {
                    self.welcome_by(&key, item, user).await?;
                }
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// Turns an open invitation into a request, if it is as it was read: one that is revoked
    /// meanwhile becomes none.
    async fn welcome_by(&self, key: &Key, item: Item, user: &UserId) -> Result<(), StoreError> {
        self.transact(Loaded::found(key.clone(), Some(item)), [], |loaded| {
            let invitation: Option<Invitation> = loaded.get(key)?;
            let Some(invitation) = invitation.filter(|invitation| invitation.is_open(self.now())) else {
                return Ok(Decision::Nothing(()));
            };
            if let Some(unknown) = loaded.unknown(Self::pair_keys(&invitation.inviter, user)) {
                return Ok(Decision::Load(unknown));
            }
            let asked = self.ask(loaded, &invitation, user)?;
            let Some(Decided {
                outcome,
                mut transaction,
            }) = asked.filter(|asked| !asked.transaction.is_empty())
            else {
                return Ok(Decision::Nothing(()));
            };
            if matches!(outcome, RequestOutcome::Connected(_)) {
                let mut accepted = invitation.clone();
                accepted.accept();
                self.put_invitation(&mut transaction, &accepted, unchanged(&invitation)?)?;
            } else {
                transaction.check(&self.table, key, unchanged(&invitation)?);
            }
            Ok(Decision::Commit(transaction, ()))
        })
        .await
    }

    /// What makes an invitation a request to the registered user; `None` when the two do not allow it.
    fn ask(
        &self,
        loaded: &Loaded,
        invitation: &Invitation,
        user: &UserId,
    ) -> Result<Option<Decided<RequestOutcome>>, StoreError> {
        let request = NewRequest {
            request_id: self.new_ulid(),
            message: invitation.message.clone(),
            origin: Origin::EmailInvitation,
            invitation: Some((invitation.reference(), invitation.expires_at)),
        };
        self.decided_if_allowed(loaded, (&invitation.inviter, user), request)
    }

    /// Claims an invitation that is due, by the rules of [`contacts::invitation::mailing`]. The request to a
    /// registered user stands and falls with the claim.
    async fn claim_invitation(&self, key: &Key, item: Item, at: Timestamp) -> Result<Option<Claimed>, StoreError> {
        self.transact(Loaded::found(key.clone(), Some(item)), [], |loaded| {
            let invitation: Option<Invitation> = loaded.get(key)?;
            match invitation.as_ref().and_then(|invitation| invitation.due(self.now())) {
                Some(due) => self.decide_claim(loaded, due, at),
                None => Ok(Decision::Nothing(None)),
            }
        })
        .await
    }

    fn decide_claim(
        &self,
        loaded: &Loaded,
        due: mailing::Due<'_>,
        at: Timestamp,
    ) -> Result<Decision<Option<Claimed>>, StoreError> {
        let before = due.invitation();
        let hash = before.reference().address();
        let opt_outs = [
            keys::opt_out_of_all(hash),
            keys::opt_out_of_inviter(hash, &before.inviter),
        ];
        let people = [keys::address_user(hash), keys::profile(&before.inviter)];
        if let Some(unknown) = loaded.unknown(opt_outs.iter().cloned().chain(people)) {
            return Ok(Decision::Load(unknown));
        }
        let inviter = loaded.user(&before.inviter)?;
        let registered: Option<AddressUser> = loaded.get(&keys::address_user(hash))?;
        // A claim that only settles needs no pair.
        let is_asked = before.is_open(self.now()) && inviter.is_some();
        let (mut asked, mut transaction, mut recipient) = (None, Transaction::default(), None);
        if let Some(user) = registered.filter(|_| is_asked) {
            if let Some(unknown) = loaded.unknown(Self::pair_keys(&before.inviter, &user.user_id)) {
                return Ok(Decision::Load(unknown));
            }
            let decided = self.ask(loaded, before, &user.user_id)?;
            asked = Some(as_asked(before, decided.as_ref().map(|decided| &decided.outcome)));
            if let Some(decided) = decided {
                transaction = decided.transaction;
                recipient = loaded.user(&user.user_id)?;
            }
        }
        let facts = Facts {
            now: self.now(),
            at,
            inviter_is_there: inviter.is_some(),
            asked,
            opted_out: opt_outs.iter().any(|opt_out| loaded.item(opt_out).is_some()),
        };
        let (after, tokens, is_settled) = match mailing::claim(due, &facts) {
            Step::Settled(after) => (after, None, true),
            Step::Suppressed(after) => (after, None, false),
            Step::Mail(after) => {
                for opt_out in &opt_outs {
                    transaction.check(&self.table, opt_out, Condition::absent());
                }
                let tokens = self.put_mail_tokens(&mut transaction, &after)?;
                (after, Some(tokens), false)
            }
        };
        self.put_invitation(&mut transaction, &after, unchanged(before)?)?;
        let claimed = inviter.filter(|_| !is_settled).map(|inviter| Claimed {
            invitation: after,
            inviter,
            registered: recipient,
            tokens,
            at,
        });
        Ok(Decision::Commit(transaction, claimed))
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
        let invitation = &claimed.invitation;
        let delivery = Delivery {
            sending,
            mailed: claimed.tokens.is_some(),
            at: claimed.at,
        };
        let key = keys::invitation(invitation.reference().address(), &invitation.inviter);
        let known = Loaded::found(key.clone(), Some(invitation_item(invitation, self.now())?));
        self.transact(known, [], |loaded| {
            // Revoked, accepted, or taken over after the lease: only what still waits is changed.
            let same = |found: &Invitation| found.invitation_id == invitation.invitation_id;
            let before = loaded.get::<Invitation>(&key)?.filter(same);
            let recorded = before.and_then(|before| {
                let after = record(&before, delivery, self.now(), self.random())?;
                Some((before, after))
            });
            let Some((before, after)) = recorded else {
                return Ok(Decision::Nothing(()));
            };
            let mut transaction = Transaction::default();
            self.put_invitation(&mut transaction, &after, unchanged(&before)?)?;
            Ok(Decision::Commit(transaction, ()))
        })
        .await
    }
}

/// What asking the registered user came to, as far as the mail is concerned; the rules may refuse it.
fn as_asked(invitation: &Invitation, outcome: Option<&RequestOutcome>) -> Asked {
    match outcome {
        None => Asked::NotShown,
        Some(RequestOutcome::Connected(_) | RequestOutcome::AlreadyContact) => Asked::Contacts,
        Some(RequestOutcome::Sent(request) | RequestOutcome::AlreadyPending(request)) => Asked::by(request, invitation),
    }
}
