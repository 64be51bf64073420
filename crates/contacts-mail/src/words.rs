//! What a mail says in one language: each phrase once, for the HTML part and the text part.

use askama::Template;
use contacts::Locale;

use crate::Kind;

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
    pub(crate) button: String,
    pub(crate) plain_link: String,
    pub(crate) note: &'a str,
    pub(crate) why: String,
    pub(crate) no_reply: String,
    pub(crate) unsubscribe: String,
    pub(crate) report: String,
}

/// A file of phrases, and how it is read.
macro_rules! phrases {
    ($name:ident, $path:literal) => {
        #[derive(Template)]
        #[template(
            path = $path,
            escape = "none",
            blocks = [
                "subject", "summary", "lead", "message_label", "unchecked", "button", "plain_link", "why", "no_reply",
                "unsubscribe", "report"
            ]
        )]
        struct $name<'a> {
            name: &'a str,
            organization: Option<&'a str>,
            product: &'a str,
        }

        impl $name<'_> {
            fn words<'a>(inviter: &Inviter<'_>, language: Locale, note: &'a str) -> Result<Words<'a>, askama::Error> {
                let Inviter {
                    name,
                    organization,
                    product,
                } = *inviter;
                let phrases = $name {
                    name,
                    organization,
                    product,
                };
                Ok(Words {
                    lang: language.tag(),
                    subject: phrases.as_subject().render()?,
                    summary: phrases.as_summary().render()?,
                    lead: phrases.as_lead().render()?,
                    message_label: phrases.as_message_label().render()?,
                    unchecked: phrases.as_unchecked().render()?,
                    button: phrases.as_button().render()?,
                    plain_link: phrases.as_plain_link().render()?,
                    note,
                    why: phrases.as_why().render()?,
                    no_reply: phrases.as_no_reply().render()?,
                    unsubscribe: phrases.as_unsubscribe().render()?,
                    report: phrases.as_report().render()?,
                })
            }
        }
    };
}

phrases!(InvitationJa, "invitation/ja/words.txt");
phrases!(InvitationEn, "invitation/en/words.txt");
phrases!(RequestJa, "request/ja/words.txt");
phrases!(RequestEn, "request/en/words.txt");

impl<'a> Words<'a> {
    pub(crate) fn of(
        kind: Kind,
        language: Locale,
        inviter: &Inviter<'_>,
        note: &'a str,
    ) -> Result<Self, askama::Error> {
        match (kind, language) {
            (Kind::Invitation(_), Locale::Ja) => InvitationJa::words(inviter, language, note),
            (Kind::Invitation(_), Locale::En) => InvitationEn::words(inviter, language, note),
            (Kind::Request(_), Locale::Ja) => RequestJa::words(inviter, language, note),
            (Kind::Request(_), Locale::En) => RequestEn::words(inviter, language, note),
        }
    }
}
