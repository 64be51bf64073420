//! What a mail says in one language: each phrase once, for the HTML part and the text part.

use contacts::Locale;
use contacts_texts::Texts;

use crate::MailKind;

/// Who invites to what. Names are defanged.
pub(crate) struct Inviter<'a> {
    pub(crate) name: &'a str,
    pub(crate) organization: Option<&'a str>,
    pub(crate) product: &'a str,
}

/// The phrases, each on one line, not escaped.
pub(crate) struct Words<'a> {
    pub(crate) lang: &'static str,
    pub(crate) subject: String,
    /// Who wants what, in a sentence: what lists of mail show beside the subject.
    pub(crate) summary: String,
    pub(crate) lead: String,
    pub(crate) message_label: String,
    pub(crate) unchecked: String,
    pub(crate) button: &'static str,
    pub(crate) plain_link: &'static str,
    pub(crate) note: &'a str,
    pub(crate) why: String,
    pub(crate) no_reply: String,
    pub(crate) unsubscribe: &'static str,
    pub(crate) report: &'static str,
    /// After a label in the text part.
    pub(crate) colon: &'static str,
}

impl<'a> Words<'a> {
    pub(crate) fn of(kind: MailKind, language: Locale, inviter: &Inviter<'_>, note: &'a str) -> Self {
        let t = Texts::new(language);
        let Inviter {
            name,
            organization,
            product,
        } = *inviter;
        let (subject, summary, lead, button, why) = match kind {
            MailKind::Invitation(_) => (
                t.mail_invitation_subject(name, product),
                match organization {
                    Some(organization) => t.mail_invitation_summary_organization(name, organization, product),
                    None => t.mail_invitation_summary(name, product),
                },
                t.mail_invitation_lead(product),
                t.mail_invitation_button(),
                t.mail_invitation_why(name, product),
            ),
            MailKind::Request(_) => (
                t.mail_request_subject(name),
                match organization {
                    Some(organization) => t.mail_request_summary_organization(name, organization, product),
                    None => t.mail_request_summary(name, product),
                },
                t.mail_request_lead(product),
                t.mail_request_button(),
                t.mail_request_why(name, product),
            ),
        };
        Self {
            lang: language.tag(),
            subject,
            summary,
            lead,
            message_label: t.mail_message_label(name),
            unchecked: t.mail_unchecked(name, product),
            button,
            plain_link: t.mail_plain_link(),
            note,
            why,
            no_reply: t.mail_no_reply(name),
            unsubscribe: t.mail_unsubscribe(),
            report: t.mail_report(),
            colon: t.mail_colon(),
        }
    }
}

/// The subject of an invitation in two languages.
pub(crate) fn subject_in_both(first: Locale, second: Locale, inviter: &Inviter<'_>) -> String {
    let begins = Texts::new(first).mail_invitation_subject_first(inviter.name, inviter.product);
    let ends = Texts::new(second).mail_invitation_subject_second(inviter.product);
    format!("{begins} / {ends}")
}
