//! A captured mail as it would go over the wire (RFC 5322, 2045 to 2047), and headers as people read them.

use local_aws::ses::Mail;
use mail_builder::{
    MessageBuilder,
    headers::{content_type::ContentType, raw::Raw},
    mime::MimePart,
};
use mail_parser::MessageParser;

/// A sender as people read it; as it is when it is no address.
pub(super) fn sender(header: &str) -> String {
    match parsed(header) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        _ => header.to_owned(),
    }
}

/// A sender's name alone, or the address of one without.
pub(super) fn sender_name(header: &str) -> String {
    match parsed(header) {
        (Some(name), _) => name,
        (None, address) => address.unwrap_or_else(|| header.to_owned()),
    }
}

fn parsed(header: &str) -> (Option<String>, Option<String>) {
    let raw = format!("From: {}\r\n\r\n", one_line(header));
    let parsed = MessageParser::default().parse(&raw);
    let from = parsed.as_ref().and_then(|mail| mail.from()?.first());
    let owned = |text: Option<&str>| text.map(str::to_owned);
    from.map_or((None, None), |from| (owned(from.name()), owned(from.address())))
}

/// The mail with its headers, in ASCII.
pub(super) fn of(mail: &Mail) -> String {
    // The one that Mail has is a header as SES takes it: encoded already where it has to be.
    let raw = |value: &str| Raw::new(one_line(value));
    let mut message = MessageBuilder::new()
        .message_id(format!("{}@local", mail.message_id))
        .date(mail.sent_at.unix_seconds())
        .header("From", raw(&mail.from))
        .header("To", raw(&mail.to));
    if let Some(reply_to) = &mail.reply_to {
        message = message.header("Reply-To", raw(reply_to));
    }
    message = message.subject(one_line(&mail.subject));
    for (name, value) in &mail.headers {
        message = message.header(one_line(name), raw(value));
    }
    let text = mail.text.as_ref().map(|text| MimePart::new("text/plain", text));
    let html = mail.html.as_ref().map(|html| MimePart::new("text/html", html));
    let parts: Vec<MimePart> = text.into_iter().chain(html).collect();
    // The same each time. Never in a part: neither of the encodings has `=_`.
    let kind = ContentType::new("multipart/alternative").attribute("boundary", format!("=_{}", mail.message_id));
    message
        .body(MimePart::new(kind, parts))
        .write_to_string()
        .unwrap_or_default()
}

/// Without anything that would begin another header.
fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use local_aws::clock::Timestamp;

    use super::*;

    fn mail() -> Mail {
        Mail {
            message_id: "0a1b".to_owned(),
            to: "guest@guest.example".to_owned(),
            from: "=?UTF-8?B?55Sw5LitIHZpYSBDb250YWN0cw==?= <no-reply@contacts.example>".to_owned(),
            reply_to: Some("no-reply@contacts.example".to_owned()),
            subject: "田中さんから".repeat(9),
            text: Some(format!("1 = 1 \n> {}\n\n.\n\t", "あ".repeat(70))),
            html: Some(format!("<p style=\"{}\">é</p>", "x".repeat(200))),
            headers: BTreeMap::from([("Auto-Submitted".to_owned(), "auto-generated".to_owned())]),
            tags: BTreeMap::new(),
            events: Vec::new(),
            sent_at: Timestamp::from_unix_milliseconds(1_795_343_440_000),
        }
    }

    #[test]
    fn an_independent_parser_reads_the_source() {
        let mail = mail();
        let source = of(&mail);
        assert!(
            source.is_ascii() && source.lines().all(|line| line.len() <= 998),
            "{source}"
        );
        let body = source.split_once("\r\n\r\n").unwrap().1;
        assert!(body.lines().all(|line| line.len() <= 76), "{body}");
        let parsed = MessageParser::default().parse(&source).unwrap();
        assert_eq!(parsed.subject(), Some(mail.subject.as_str()));
        assert_eq!(
            parsed.from().unwrap().first().unwrap().name(),
            Some("田中 via Contacts")
        );
        assert_eq!(
            parsed.to().unwrap().first().unwrap().address(),
            Some("guest@guest.example")
        );
        assert_eq!(parsed.message_id(), Some("0a1b@local"));
        assert_eq!(parsed.date().unwrap().to_rfc3339(), "2026-11-22T10:30:40Z");
        assert_eq!(
            parsed.header_raw("Auto-Submitted").map(str::trim),
            Some("auto-generated")
        );
        let unix = |text: &str| text.replace("\r\n", "\n").trim_end_matches('\n').to_owned();
        assert_eq!(unix(&parsed.body_text(0).unwrap()), unix(mail.text.as_ref().unwrap()));
        assert_eq!(unix(&parsed.body_html(0).unwrap()), unix(mail.html.as_ref().unwrap()));
    }

    #[test]
    fn nothing_of_a_mail_makes_a_header() {
        let evil = "x\r\nBcc: everybody@x.example\r\n\r\n";
        let source = of(&Mail {
            message_id: "1".to_owned(),
            to: evil.to_owned(),
            from: evil.to_owned(),
            reply_to: Some(evil.to_owned()),
            subject: evil.to_owned(),
            headers: BTreeMap::from([(evil.to_owned(), evil.to_owned())]),
            ..mail()
        });
        assert!(!source.contains("\nBcc"), "{source}");
    }

    #[test]
    fn a_sender_is_readable() {
        assert_eq!(sender(&mail().from), "田中 via Contacts <no-reply@contacts.example>");
        assert_eq!(
            sender("\"A \\\"B\\\" via C\" <a@b.example>"),
            "A \"B\" via C <a@b.example>"
        );
        assert_eq!(sender("a@b.example"), "a@b.example");
        assert_eq!(sender_name(&mail().from), "田中 via Contacts");
        assert_eq!(
            (sender_name("a@b.example"), sender_name("")),
            ("a@b.example".to_owned(), String::new())
        );
        assert_eq!(sender(""), "");
    }
}
