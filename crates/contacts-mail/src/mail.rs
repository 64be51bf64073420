//! Rendering: one mail for all its destinations, with placeholders for what differs.

use askama::Template;
use contacts::{EmailAddress, Locale, Message, PersonName, Timestamp, link::LinkBase};
use contacts_texts::Texts;
use serde::Serialize;
use time::{Duration, OffsetDateTime};

use crate::{
    MailKind,
    defang::defang,
    from::display_name,
    lines::{fold_html, fold_text},
    words::{Inviter, Words, subject_in_both},
};

/// What all destinations of one call have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Which mail.
    pub kind: MailKind,
    /// Who invites.
    pub inviter_name: PersonName,
    /// The organisation of who invites.
    pub inviter_organization: Option<PersonName>,
    /// The words of who invites; empty for none.
    pub message: Message,
}

/// A mail's parts. As SES takes them, they have `{{link}}`, `{{unsubscribe}}`, `{{note_ja}}` and `{{note_en}}` in them.
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

/// What differs from one destination to the next: what SES puts into the rendered parts.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Values {
    link: String,
    unsubscribe: String,
    note_ja: String,
    note_en: String,
}

impl Values {
    pub(crate) fn new(link: &str, unsubscribe: &str, until: Timestamp) -> Self {
        Self {
            link: link.to_owned(),
            unsubscribe: unsubscribe.to_owned(),
            note_ja: note(Locale::Ja, until),
            note_en: note(Locale::En, until),
        }
    }
}

impl Mail {
    /// Renders the parts. Everything that people wrote is defanged, and escaped in HTML.
    ///
    /// # Errors
    /// A fault in a template, which the tests of this crate would show.
    pub fn render(&self, product: &PersonName) -> Result<Rendered, askama::Error> {
        let placeholder = |name: &str| format!("{{{{{name}}}}}");
        let placeholders = Values {
            link: placeholder("link"),
            unsubscribe: placeholder("unsubscribe"),
            note_ja: placeholder("note_ja"),
            note_en: placeholder("note_en"),
        };
        self.filled(product, &placeholders)
    }

    /// Renders the mail as one destination would get it, for somebody to look at before it is sent. Its
    /// links have `…` in the place of a token, and lead nowhere.
    ///
    /// # Errors
    /// A fault in a template, which the tests of this crate would show.
    pub fn preview(&self, product: &PersonName, base: &LinkBase, until: Timestamp) -> Result<Rendered, askama::Error> {
        let (link, unsubscribe) = (format!("{}/i/…", base.as_str()), format!("{}/u/…", base.as_str()));
        self.filled(product, &Values::new(&link, &unsubscribe, until))
    }

    /// The sender as people read it: `NAME via PRODUCT <address>`.
    pub fn from(&self, product: &PersonName, address: &EmailAddress) -> String {
        format!("{} <{}>", display_name(&self.inviter_name, product), address.as_str())
    }

    fn filled(&self, product: &PersonName, values: &Values) -> Result<Rendered, askama::Error> {
        let name = defang(self.inviter_name.as_str());
        let organization = self.inviter_organization.as_ref().map(|name| defang(name.as_str()));
        let message = defang(self.message.as_str());
        let inviter = Inviter {
            name: &name,
            organization: organization.as_deref(),
            product: product.as_str(),
        };
        let words = |language: &Locale| {
            let note = match language {
                Locale::Ja => &values.note_ja,
                Locale::En => &values.note_en,
            };
            Words::of(self.kind, *language, &inviter, note)
        };
        let words: Vec<Words<'_>> = self.kind.languages().iter().map(words).collect();
        let subject = match self.kind.languages() {
            [first, second] => subject_in_both(*first, *second, &inviter),
            _ => words.first().map(|words| words.subject.clone()).unwrap_or_default(),
        };
        let quoted: Vec<String> = message.lines().map(|line| format!("> {line}")).collect();
        let text = Text {
            words: &words,
            message: &message,
            quoted: &quoted.join("\n"),
            values,
        };
        let html = Html {
            lang: words.first().map_or(Locale::default().tag(), |words| words.lang),
            subject: &subject,
            inviter: &inviter,
            initials: &defang(&self.inviter_name.initials()),
            words: &words,
            message: &message,
            values,
        };
        Ok(Rendered {
            html: fold_html(&html.render()?),
            text: fold_text(&text.render()?),
            subject,
        })
    }
}

/// The day is that of Japan in every language, so that a mail in two languages names one.
const JAPAN: Duration = Duration::hours(9);

/// Until when the link of a mail is good, in a sentence with nothing in it that HTML would need escaped: SES puts it
/// into both parts.
fn note(language: Locale, until: Timestamp) -> String {
    // The last day of the year 9999 has no morning after in Japan.
    let date = OffsetDateTime::UNIX_EPOCH
        .saturating_add(Duration::milliseconds(until.unix_milliseconds()))
        .saturating_add(JAPAN);
    let (day, month, year) = (date.day().to_string(), u8::from(date.month()), date.year().to_string());
    Texts::new(language).mail_expires(&day, month.into(), &year)
}

#[derive(Template)]
#[template(path = "body.html", escape = "html")]
struct Html<'a> {
    lang: &'a str,
    subject: &'a str,
    inviter: &'a Inviter<'a>,
    initials: &'a str,
    words: &'a [Words<'a>],
    message: &'a str,
    values: &'a Values,
}

#[derive(Template)]
#[template(path = "body.txt", escape = "none")]
struct Text<'a> {
    words: &'a [Words<'a>],
    message: &'a str,
    /// The message with `> ` before each line.
    quoted: &'a str,
    values: &'a Values,
}
