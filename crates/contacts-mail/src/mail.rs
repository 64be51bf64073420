//! Rendering: one mail for all its destinations, with placeholders for what differs.

use askama::Template;
use contacts::{Locale, Message, PersonName, Timestamp, inert::inert};
use time::{Duration, OffsetDateTime};

/// The language of a mail to someone who is not registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailLanguage {
    /// Japanese.
    Ja,
    /// English.
    En,
    /// Japanese first, then English.
    Both,
}

/// The language that the inviter chose, both if none was.
impl From<Option<Locale>> for MailLanguage {
    fn from(chosen: Option<Locale>) -> Self {
        match chosen {
            Some(Locale::Ja) => Self::Ja,
            Some(Locale::En) => Self::En,
            None => Self::Both,
        }
    }
}

/// Which mail it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To someone who is not registered: come and sign up.
    Invitation(MailLanguage),
    /// To someone registered, in their language: a contact request waits.
    Request(Locale),
}

/// What all destinations of one call have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Which mail.
    pub kind: Kind,
    /// Who invites.
    pub inviter_name: PersonName,
    /// The organisation of who invites.
    pub inviter_organization: Option<PersonName>,
    /// The words of who invites; empty for none.
    pub message: Message,
}

/// A mail as SES takes it: with `{{link}}`, `{{unsubscribe}}`, `{{note_ja}}` and `{{note_en}}` in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The subject: one line, without a placeholder.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The text part.
    pub text: String,
}

/// Redacted: it holds the message.
impl std::fmt::Debug for Rendered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Rendered({} bytes of HTML, {} of text)",
            self.html.len(),
            self.text.len()
        )
    }
}

impl Mail {
    /// Renders the parts. Everything that people wrote is inert, and escaped in HTML.
    ///
    /// # Errors
    /// A fault in a template, which the tests of this crate would show.
    pub fn render(&self, product: &PersonName) -> Result<Rendered, askama::Error> {
        let message = inert(self.message.as_str());
        let organization = self.inviter_organization.as_ref().map(|name| inert(name.as_str()));
        let parts = Parts {
            kind: self.kind,
            lang: match self.kind {
                Kind::Invitation(MailLanguage::En) | Kind::Request(Locale::En) => Locale::En.tag(),
                _ => Locale::Ja.tag(),
            },
            product: product.as_str(),
            name: &inert(self.inviter_name.as_str()),
            organization: organization.as_deref(),
            message: &message,
            quoted: &message
                .lines()
                .map(|line| format!("> {line}"))
                .collect::<Vec<_>>()
                .join("\n"),
            link: "{{link}}",
            unsubscribe: "{{unsubscribe}}",
            note_ja: "{{note_ja}}",
            note_en: "{{note_en}}",
        };
        Ok(Rendered {
            subject: Subject { mail: &parts }.render()?.trim().to_owned(),
            html: Html { mail: &parts }.render()?,
            text: Text { mail: &parts }.render()?,
        })
    }

    /// What differs from one destination to the next besides its links: how many more people wait,
    /// and until when the link is good.
    pub(crate) fn note(&self, language: Locale, others: u32, until: Timestamp) -> Result<String, askama::Error> {
        let offset = match language {
            Locale::Ja => Duration::hours(9),
            Locale::En => Duration::ZERO,
        };
        let date = OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(until.unix_milliseconds()) + offset;
        let note = Note {
            kind: self.kind,
            language,
            others,
            year: date.year(),
            month: u8::from(date.month()),
            month_name: date.month().to_string(),
            day: date.day(),
        };
        Ok(note.render()?.trim().to_owned())
    }
}

/// What the templates are filled with.
struct Parts<'a> {
    kind: Kind,
    lang: &'a str,
    product: &'a str,
    name: &'a str,
    organization: Option<&'a str>,
    message: &'a str,
    /// The message with `> ` before each line.
    quoted: &'a str,
    link: &'a str,
    unsubscribe: &'a str,
    note_ja: &'a str,
    note_en: &'a str,
}

#[derive(Template)]
#[template(path = "subject.txt", escape = "none")]
struct Subject<'a> {
    mail: &'a Parts<'a>,
}

#[derive(Template)]
#[template(path = "body.html", escape = "html")]
struct Html<'a> {
    mail: &'a Parts<'a>,
}

#[derive(Template)]
#[template(path = "body.txt", escape = "none")]
struct Text<'a> {
    mail: &'a Parts<'a>,
}

/// A sentence or two, with nothing in it that HTML would need escaped: SES puts it into both parts.
#[derive(Template)]
#[template(path = "note.txt", escape = "none")]
struct Note {
    kind: Kind,
    language: Locale,
    others: u32,
    year: i32,
    month: u8,
    month_name: String,
    day: u8,
}
