//! The mailbox page: the captured mail as its reader would see it, as text, and as source.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    control::Control,
    html::{escape, page},
    mail::Mail,
};

/// How many mails the list shows.
const NEWEST: u32 = 200;

/// What the list is narrowed to.
#[derive(Debug, Deserialize)]
pub struct Narrowed {
    to: Option<String>,
}

/// The list, newest first.
pub async fn list(State(control): State<Arc<Control>>, Query(narrowed): Query<Narrowed>) -> Response {
    let store = control.email.ses.mail();
    let mails = match &narrowed.to {
        Some(to) => store.list(Some(to)).map(|mails| mails.into_iter().rev().collect()),
        None => store.newest(NEWEST),
    };
    match mails {
        Ok(mails) => page(StatusCode::OK, "Mailbox", &table(&mails)),
        Err(error) => unreadable(&error),
    }
}

fn table(mails: &[Mail]) -> String {
    if mails.is_empty() {
        return "<p>No mail yet.</p>".to_owned();
    }
    let rows: String = mails
        .iter()
        .map(|mail| {
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td><a href=\"/_local/mailbox/{}\">{}</a></td></tr>",
                mail.sent_at,
                escape(&mail.to),
                escape(&mail.from),
                escape(&mail.message_id),
                escape(&mail.subject),
            )
        })
        .collect();
    format!("<table><tr><th>Sent</th><th>To</th><th>From</th><th>Subject</th></tr>{rows}</table>")
}

/// One mail.
pub async fn show(State(control): State<Arc<Control>>, Path(message_id): Path<String>) -> Response {
    match control.email.ses.mail().get(&message_id) {
        Ok(Some(mail)) => page(StatusCode::OK, &escape(&mail.subject), &shown(&mail)),
        Ok(None) => page(
            StatusCode::NOT_FOUND,
            "No such mail",
            "<p><a href=\"/_local/mailbox\">Mailbox</a></p>",
        ),
        Err(error) => unreadable(&error),
    }
}

/// The HTML part stands in a frame without scripts or this page's origin; its links open in a new tab.
fn shown(mail: &Mail) -> String {
    let html = mail.html.as_deref().map_or_else(
        || "<p>This mail has no HTML part.</p>".to_owned(),
        |html| {
            let document = escape(&format!("<base target=\"_blank\">{html}"));
            format!(
                "<iframe title=\"HTML part\" sandbox=\"allow-popups allow-popups-to-escape-sandbox \
                 allow-top-navigation-by-user-activation\" srcdoc=\"{document}\"></iframe>"
            )
        },
    );
    format!(
        "<p><a href=\"/_local/mailbox\">Mailbox</a></p><p>{} → {}</p>\
         <h2>HTML</h2>{html}<h2>Text</h2><pre>{}</pre><h2>Source</h2><pre>{}</pre>",
        escape(&mail.from),
        escape(&mail.to),
        escape(mail.text.as_deref().unwrap_or_default()),
        escape(&source(mail)),
    )
}

fn source(mail: &Mail) -> String {
    let mut lines = vec![
        format!("Message-ID: <{}@local>", mail.message_id),
        format!("Date: {}", mail.sent_at),
        format!("From: {}", mail.from),
        format!("To: {}", mail.to),
    ];
    lines.extend(mail.reply_to.iter().map(|reply_to| format!("Reply-To: {reply_to}")));
    lines.push(format!("Subject: {}", mail.subject));
    lines.extend(mail.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.extend(
        mail.tags
            .iter()
            .map(|(name, value)| format!("X-SES-Message-Tags: {name}={value}")),
    );
    lines.extend([
        String::new(),
        "--text/plain".to_owned(),
        mail.text.clone().unwrap_or_default(),
    ]);
    lines.extend([
        String::new(),
        "--text/html".to_owned(),
        mail.html.clone().unwrap_or_default(),
    ]);
    lines.join("\n")
}

fn unreadable(error: &impl std::fmt::Display) -> Response {
    tracing::error!(%error, "mailbox");
    page(StatusCode::INTERNAL_SERVER_ERROR, "The mailbox cannot be read", "")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use contacts::Timestamp;

    use super::*;

    #[test]
    fn a_mail_cannot_break_out_of_its_frame() {
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
            tags: BTreeMap::new(),
            sent_at: Timestamp::from_unix_milliseconds(0),
        };
        for html in [shown(&mail), table(&[mail])] {
            assert!(!html.contains("<script>"), "{html}");
            assert_eq!(html.matches("<iframe").count(), html.matches("</iframe").count());
        }
    }
}
