//! A captured mail as it would go over the wire (RFC 5322, 2045 to 2047), and headers as people read them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use local_aws::ses::Mail;
use mail_parser::MessageParser;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc2822};

/// The bytes in an encoded word, which has at most 75 characters (RFC 2047).
const WORD_BYTES: usize = 45;
/// The most that a line of quoted-printable may have, without its line end.
const LINE: usize = 76;

/// A sender as people read it; as it stands when it is no address.
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
    let sent = OffsetDateTime::UNIX_EPOCH + Duration::seconds(mail.sent_at.unix_seconds());
    // Never in a part: quoted-printable has no `=_`.
    let boundary = format!("=_{}", mail.message_id);
    let mut headers = vec![
        ("Message-ID", format!("<{}@local>", mail.message_id)),
        ("Date", sent.format(&Rfc2822).unwrap_or_default()),
        ("From", mail.from.clone()),
        ("To", mail.to.clone()),
    ];
    headers.extend(mail.reply_to.clone().map(|reply_to| ("Reply-To", reply_to)));
    headers.push(("Subject", encoded(&one_line(&mail.subject))));
    headers.extend(mail.headers.iter().map(|(name, value)| (name.as_str(), value.clone())));
    headers.push(("MIME-Version", "1.0".to_owned()));
    headers.push((
        "Content-Type",
        format!("multipart/alternative;\r\n boundary=\"{boundary}\""),
    ));
    let mut source: String = headers
        .iter()
        .map(|(name, value)| match *name {
            // Both have line ends of their own making.
            "Subject" | "Content-Type" => format!("{name}: {value}\r\n"),
            name => format!("{}: {}\r\n", one_line(name), one_line(value)),
        })
        .collect();
    let parts = [("plain", &mail.text), ("html", &mail.html)];
    for (kind, part) in parts.iter().filter_map(|(kind, part)| Some((kind, part.as_ref()?))) {
        source.push_str(&format!(
            "\r\n--{boundary}\r\nContent-Type: text/{kind}; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}",
            quoted_printable(part)
        ));
    }
    source.push_str(&format!("\r\n--{boundary}--\r\n"));
    source
}

/// Without anything that would begin another header.
fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}

/// The text as it is, or in encoded words when it is not ASCII.
fn encoded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (word, behind) = rest.split_at(rest.floor_char_boundary(WORD_BYTES));
        words.push(format!("=?UTF-8?B?{}?=", STANDARD.encode(word)));
        rest = behind;
    }
    words.join("\r\n ")
}

fn quoted_printable(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let mut out = String::new();
        let mut width = 0;
        let mut bytes = line.bytes().peekable();
        while let Some(byte) = bytes.next() {
            let last = bytes.peek().is_none();
            // White space at the end of a line may get lost on the way.
            let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (matches!(byte, b' ' | b'\t') && !last);
            let piece = if plain {
                char::from(byte).to_string()
            } else {
                format!("={byte:02X}")
            };
            if width + piece.len() > LINE - usize::from(!last) {
                out.push_str("=\r\n");
                width = 0;
            }
            width += piece.len();
            out.push_str(&piece);
        }
        out + "\r\n"
    });
    lines.collect()
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
