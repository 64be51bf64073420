//! The mailbox page: the captured mail as its reader would see it, as text, and as source.

mod source;

use std::{fmt::Display, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse as _, Response},
};
use contacts_texts::Texts;
use http::{StatusCode, header};
use local_aws::{clock::Timestamp, ses::Mail};
use serde::Deserialize;
use serde_json::Value;
use web::PageVisitor;

use crate::{
    control::Control,
    html::{Notice, answer, page},
};

/// Where the mailbox is.
const PATH: &str = "/_local/mailbox";

/// How many mails the list shows.
const LIMIT: u32 = 200;

/// A mail is somebody else's HTML: it may have its own style and links that open elsewhere, and nothing more.
const FRAME_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; \
                            style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'";

/// What the list is narrowed to.
#[derive(Debug, Deserialize)]
pub struct Narrowed {
    #[serde(default)]
    to: String,
}

#[derive(Template)]
#[template(path = "mailbox.html")]
struct List<'a> {
    t: Texts,
    to: &'a str,
    rows: Vec<Row>,
    limit: u32,
}

struct Row {
    message_id: String,
    subject: String,
    to: String,
    from: String,
    sent_at: String,
    events: Vec<String>,
}

/// The list, newest first.
pub async fn list(
    State(control): State<Arc<Control>>,
    Query(narrowed): Query<Narrowed>,
    visitor: PageVisitor,
) -> Response {
    let t = visitor.texts();
    let to = narrowed.to.trim().to_lowercase();
    match control.email.ses.mail().newest(&to, LIMIT as usize) {
        Ok(mails) => {
            let rows = mails.into_iter().map(row).collect();
            page(
                StatusCode::OK,
                &List {
                    t,
                    to: &to,
                    rows,
                    limit: LIMIT,
                },
            )
        }
        Err(error) => unreadable(t, &error),
    }
}

fn row(mail: Mail) -> Row {
    Row {
        from: source::sender_name(&mail.from),
        events: mail.events.iter().map(|event| kind(event).to_owned()).collect(),
        message_id: mail.message_id,
        subject: mail.subject,
        to: mail.to,
        sent_at: readable(mail.sent_at),
    }
}

/// `2026-11-22 14:58:21 UTC`.
fn readable(time: Timestamp) -> String {
    let text = time.to_string();
    match (text.get(..10), text.get(11..19)) {
        (Some(date), Some(time)) => format!("{date} {time} UTC"),
        _ => text,
    }
}

/// The name of an event of SES.
fn kind(event: &Value) -> &str {
    event.get("eventType").and_then(Value::as_str).unwrap_or_default()
}

/// How a mail is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum MailView {
    #[default]
    Rendered,
    Text,
    Source,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Width {
    #[default]
    Wide,
    Phone,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Scheme {
    /// What the browser prefers.
    #[default]
    Auto,
    Light,
    Dark,
}

/// What is chosen on the page of a mail.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    view: MailView,
    width: Width,
    scheme: Scheme,
}

struct Choice {
    label: &'static str,
    address: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Shown<'a> {
    t: Texts,
    mail: &'a Mail,
    from: String,
    sent_at: String,
    view: MailView,
    phone: bool,
    views: Vec<Choice>,
    widths: Vec<Choice>,
    schemes: Vec<Choice>,
    frame: String,
    source: String,
    download: String,
    events: Vec<Event>,
}

struct Event {
    kind: String,
    json: String,
}

/// One mail.
pub async fn show(
    State(control): State<Arc<Control>>,
    Path(message_id): Path<String>,
    Query(chosen): Query<Chosen>,
    visitor: PageVisitor,
) -> Response {
    let t = visitor.texts();
    match found(&control, t, &message_id) {
        Ok(mail) => page(StatusCode::OK, &shown(t, &mail, chosen)),
        Err(response) => *response,
    }
}

fn shown(t: Texts, mail: &Mail, chosen: Chosen) -> Shown<'_> {
    let own = format!("{PATH}/{}", mail.message_id);
    let choice = |label, query: &str, chosen| Choice {
        label,
        address: format!("{own}?{query}"),
        chosen,
    };
    let (width, scheme) = (chosen.width.name(), chosen.scheme.name());
    let view = |label, name: &str, view| {
        choice(
            label,
            &format!("view={name}&width={width}&scheme={scheme}"),
            chosen.view == view,
        )
    };
    let wide = |label, width: Width| {
        choice(
            label,
            &format!("width={}&scheme={scheme}", width.name()),
            chosen.width == width,
        )
    };
    let coloured = |label, scheme: Scheme| {
        choice(
            label,
            &format!("width={width}&scheme={}", scheme.name()),
            chosen.scheme == scheme,
        )
    };
    let event = |event: &Value| Event {
        kind: kind(event).to_owned(),
        json: serde_json::to_string_pretty(event).unwrap_or_default(),
    };
    Shown {
        t,
        mail,
        from: source::sender(&mail.from),
        sent_at: readable(mail.sent_at),
        view: chosen.view,
        phone: chosen.width == Width::Phone,
        views: vec![
            view(t.local_mail_rendered(), "rendered", MailView::Rendered),
            view(t.local_mail_text(), "text", MailView::Text),
            view(t.local_mail_source(), "source", MailView::Source),
        ],
        widths: vec![
            wide(t.local_mail_wide(), Width::Wide),
            wide(t.local_mail_phone(), Width::Phone),
        ],
        schemes: vec![
            coloured(t.local_mail_auto(), Scheme::Auto),
            coloured(t.local_mail_light(), Scheme::Light),
            coloured(t.local_mail_dark(), Scheme::Dark),
        ],
        frame: format!("{own}/frame?scheme={scheme}"),
        source: source::of(mail).replace("\r\n", "\n"),
        download: format!("{own}/source.eml"),
        events: mail.events.iter().map(event).collect(),
    }
}

impl Width {
    fn name(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Phone => "phone",
        }
    }
}

impl Scheme {
    fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The document in the frame: the HTML part, whose links open in a new tab.
pub async fn frame(
    State(control): State<Arc<Control>>,
    Path(message_id): Path<String>,
    Query(chosen): Query<Chosen>,
    visitor: PageVisitor,
) -> Response {
    match found(&control, visitor.texts(), &message_id) {
        Ok(mail) => {
            let html = mail.html.as_deref().unwrap_or_default();
            answer(StatusCode::OK, framed(html, chosen.scheme), FRAME_POLICY)
        }
        Err(response) => *response,
    }
}

fn framed(html: &str, scheme: Scheme) -> String {
    const BASE: &str = "<base target=\"_blank\">";
    // Before a doctype it would change how the mail is laid out.
    let html = match html.split_once("<head>") {
        Some((before, behind)) => format!("{before}<head>{BASE}{behind}"),
        None => format!("{BASE}{html}"),
    };
    // A page cannot tell a frame what to prefer, so the mail is told.
    let (query, only) = match scheme {
        Scheme::Auto => return html,
        Scheme::Light => ("not all", "light"),
        Scheme::Dark => ("all", "dark"),
    };
    html.replace("(prefers-color-scheme: dark)", query)
        .replace("content=\"light dark\"", &format!("content=\"{only}\""))
        .replace("color-scheme: light dark", &format!("color-scheme: {only}"))
}

/// The source as a file that mail clients open.
pub async fn file(
    State(control): State<Arc<Control>>,
    Path(message_id): Path<String>,
    visitor: PageVisitor,
) -> Response {
    match found(&control, visitor.texts(), &message_id) {
        Ok(mail) => ([(header::CONTENT_TYPE, "message/rfc822")], source::of(&mail)).into_response(),
        Err(response) => *response,
    }
}

/// The mail, or the page that says that there is none.
fn found(control: &Control, t: Texts, message_id: &str) -> Result<Mail, Box<Response>> {
    match control.email.ses.mail().get(message_id) {
        Ok(Some(mail)) => Ok(mail),
        Ok(None) => Err(Box::new(page(
            StatusCode::NOT_FOUND,
            &Notice {
                t,
                title: t.local_mail_unknown(),
                text: t.local_mail_unknown_text(),
                link: Some((PATH, t.local_mailbox())),
            },
        ))),
        Err(error) => Err(Box::new(unreadable(t, &error))),
    }
}

fn unreadable(t: Texts, error: &impl Display) -> Response {
    tracing::error!(%error, "mailbox");
    let notice = Notice {
        t,
        title: t.local_mail_unreadable(),
        text: t.local_mail_unreadable_text(),
        link: None,
    };
    page(StatusCode::INTERNAL_SERVER_ERROR, &notice)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_mail_cannot_break_out_of_its_page() {
        let evil = "\"></iframe><script>alert(1)</script>";
        let mail = Mail {
            message_id: evil.to_owned(),
            to: evil.to_owned(),
            from: evil.to_owned(),
            reply_to: Some(evil.to_owned()),
            subject: evil.to_owned(),
            text: Some(evil.to_owned()),
            html: Some(evil.to_owned()),
            headers: BTreeMap::from([(evil.to_owned(), evil.to_owned())]),
            tags: BTreeMap::from([(evil.to_owned(), evil.to_owned())]),
            events: vec![json!({"eventType": evil})],
            sent_at: Timestamp::from_unix_milliseconds(0),
        };
        let t = Texts::new(contacts::user::Locale::Ja);
        let views = [MailView::Rendered, MailView::Text, MailView::Source];
        let mut pages: Vec<String> = views
            .into_iter()
            .map(|view| {
                shown(
                    t,
                    &mail,
                    Chosen {
                        view,
                        ..Chosen::default()
                    },
                )
                .render()
                .unwrap()
            })
            .collect();
        let rows = vec![row(mail)];
        pages.push(
            List {
                t,
                to: evil,
                rows,
                limit: 1,
            }
            .render()
            .unwrap(),
        );
        for html in pages {
            assert!(!html.contains("<script>") && !html.contains(" style="), "{html}");
            assert_eq!(html.matches("<iframe").count(), html.matches("</iframe").count());
        }
    }

    #[test]
    fn a_mail_keeps_its_doctype_and_takes_the_colours_asked_for() {
        let html = "<!doctype html><html><head><meta name=\"color-scheme\" content=\"light dark\">\
                    <style>@media (prefers-color-scheme: dark) {p{}}</style></head><p>content light dark</p></html>";
        let auto = framed(html, Scheme::Auto);
        assert_eq!(auto.replace("<base target=\"_blank\">", ""), html);
        assert!(auto.starts_with("<!doctype html><html><head><base target=\"_blank\">"));
        let dark = framed(html, Scheme::Dark);
        assert!(
            dark.contains("@media all {p{}}") && dark.contains("content=\"dark\""),
            "{dark}"
        );
        assert!(framed(html, Scheme::Light).contains("@media not all {p{}}"));
        assert!(dark.ends_with("<p>content light dark</p></html>"));
        assert_eq!(framed("<p>x", Scheme::Auto), "<base target=\"_blank\"><p>x");
    }
}
