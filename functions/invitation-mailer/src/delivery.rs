//! Claimed mails, sent in chunks, and recorded.

use std::time::Duration;

use contacts::{PersonName, invitation::mailing::Sending};
use contacts_dynamodb::invitation::mailing::{Claimed, MailTokens};
use contacts_mail::{Destination, Mail, MailAction, MailKind};
use futures_util::{StreamExt as _, stream};

use crate::{Mailer, SIDE_BY_SIDE};

/// Calls of SES side by side. Fifty mails of fifty inviters, each call at its time-out of ten
/// seconds, still end within the lease.
const CALLS_SIDE_BY_SIDE: usize = 8;
/// After a first failure that passes; doubled with each further one.
const BACK_OFF: Duration = Duration::from_secs(30);
/// The most between two attempts.
const MOST_BACK_OFF: Duration = Duration::from_secs(3_600);
/// After SES said that there were too many at once.
const THROTTLED: Duration = Duration::from_secs(10);
/// After SES said that the day's quota is used up.
const QUOTA: Duration = Duration::from_secs(3_600);
/// While an operator has something to fix: one look a minute.
const OPERATOR: Duration = Duration::from_secs(60);

impl Mailer {
    /// Sends claimed mails, those of one inviter, wording and language together; then records all
    /// that was claimed, mailed or not, at once.
    pub(crate) async fn deliver(&self, claimed: Vec<Claimed>) {
        let mut groups: Vec<(Mail, Vec<Mailed<'_>>)> = Vec::new();
        for claim in &claimed {
            let Some(tokens) = &claim.tokens else { continue };
            let wording = wording(claim);
            let same = |(other, mails): &&mut (Mail, Vec<Mailed<'_>>)| {
                *other == wording && mails.first().is_some_and(|first| is_of_same_inviter(first.0, claim))
            };
            match groups.iter_mut().find(same) {
                Some((_, mails)) => mails.push((claim, tokens)),
                None => groups.push((wording, vec![(claim, tokens)])),
            }
        }
        let sendings: Vec<_> = groups
            .iter()
            .map(|(wording, mails)| self.send(wording, mails))
            .collect();
        let sent: Vec<Vec<(&Claimed, MailAction)>> = stream::iter(sendings)
            .buffer_unordered(CALLS_SIDE_BY_SIDE)
            .collect()
            .await;
        let sent: Vec<(&Claimed, MailAction)> = sent.into_iter().flatten().collect();
        let suppressed = claimed.iter().filter(|claim| claim.tokens.is_none());
        let suppressed: Vec<(&Claimed, MailAction)> = suppressed
            .map(|claim| (claim, same_outcome_as_batch(claim, &sent)))
            .collect();
        let records: Vec<_> = sent
            .iter()
            .chain(&suppressed)
            .map(|(claim, action)| self.record(claim, action))
            .collect();
        stream::iter(records)
            .buffer_unordered(SIDE_BY_SIDE)
            .collect::<Vec<()>>()
            .await;
    }

    async fn send<'c>(&self, wording: &Mail, mails: &[Mailed<'c>]) -> Vec<(&'c Claimed, MailAction)> {
        let destinations: Vec<Destination> = mails.iter().map(|mail| self.destination(mail)).collect();
        let actions = self.sender.send(wording, &destinations).await;
        mails.iter().map(|(claim, _)| *claim).zip(actions).collect()
    }

    fn destination(&self, (claim, tokens): &Mailed<'_>) -> Destination {
        Destination {
            address: claim.invitation.email.clone(),
            link: self.links.invitation(&tokens.link),
            unsubscribe: self.links.unsubscribe(&tokens.unsubscribe),
            expires_at: claim.invitation.expires_at,
            invitation_id: claim.invitation.invitation_id,
        }
    }

    async fn record(&self, mail: &Claimed, action: &MailAction) {
        let sending = sending(action, mail.invitation.mailing.attempts);
        let invitation = self.store.secret().event_id(mail.invitation.invitation_id);
        match self.store.record(mail, &sending).await {
            Ok(()) => {
                let mailed = mail.tokens.is_some();
                tracing::info!(%invitation, outcome = action.name(), mailed, "mail");
            }
            // It is claimed again when the lease ends, and may then be sent a second time.
            Err(error) => tracing::error!(%invitation, %error, "the sending of a mail could not be recorded"),
        }
    }
}

/// A claim that is mailed.
type Mailed<'c> = (&'c Claimed, &'c MailTokens);

fn is_of_same_inviter(one: &Claimed, other: &Claimed) -> bool {
    one.inviter.user_id == other.inviter.user_id
}

/// What becomes of an invitation that is not mailed: what became of the same inviter's mails beside
/// it, so that trouble with SES does not tell the one from the others.
fn same_outcome_as_batch(suppressed: &Claimed, sent: &[(&Claimed, MailAction)]) -> MailAction {
    const SENT: MailAction = MailAction::Sent { message_id: None };
    let beside = || {
        sent.iter()
            .filter(|(claim, _)| is_of_same_inviter(claim, suppressed))
            .map(|(_, action)| action)
    };
    if beside().any(|action| matches!(action, MailAction::Sent { .. })) {
        return SENT;
    }
    // That SES refuses an address says nothing about another.
    beside()
        .find(|action| !matches!(action, MailAction::Undeliverable { .. }))
        .cloned()
        .unwrap_or(SENT)
}

fn wording(mail: &Claimed) -> Mail {
    let kind = match &mail.registered {
        Some(user) => MailKind::Request(user.locale),
        None => MailKind::Invitation(mail.invitation.locale.into()),
    };
    let organization: Option<PersonName> = mail
        .inviter
        .organization
        .as_ref()
        .map(|organization| organization.name.clone());
    Mail {
        kind,
        inviter_name: mail.inviter.name.clone(),
        inviter_organization: organization,
        message: mail.invitation.message.clone(),
    }
}

fn sending(action: &MailAction, attempts: u32) -> Sending {
    match action {
        MailAction::Sent { message_id } => Sending::Accepted {
            message_id: message_id.clone(),
        },
        MailAction::Retry => {
            let after = BACK_OFF.saturating_mul(1_u32 << attempts.min(7)).min(MOST_BACK_OFF);
            Sending::NotNow { after, counts: true }
        }
        MailAction::Throttled => Sending::NotNow {
            after: THROTTLED,
            counts: false,
        },
        MailAction::QuotaExceeded => {
            tracing::error!("the day's quota of SES is used up");
            Sending::NotNow {
                after: QUOTA,
                counts: false,
            }
        }
        MailAction::OperatorsMatter { reason } => {
            tracing::error!(reason, "SES does not send: an operator has something to fix");
            Sending::NotNow {
                after: OPERATOR,
                counts: false,
            }
        }
        MailAction::Undeliverable { reason } => Sending::Refused { reason: reason.clone() },
        MailAction::Ambiguous => Sending::Unknown,
    }
}
