//! What the mails say, and what nobody's name or message can change.

// Here a panic is a failed test.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::collections::BTreeSet;

use contacts::{EmailAddress, Locale, Message, PersonName, Timestamp, link::LinkBase};
use contacts_mail::{Mail, MailKind, MailLanguage, Rendered};
use html5gum::{Token, Tokenizer};
use linkify::LinkFinder;
use proptest::prelude::*;

const KINDS: [MailKind; 5] = [
    MailKind::Invitation(MailLanguage::Ja),
    MailKind::Invitation(MailLanguage::En),
    MailKind::Invitation(MailLanguage::Both),
    MailKind::Request(Locale::Ja),
    MailKind::Request(Locale::En),
];

fn name(text: &str) -> PersonName {
    PersonName::parse(text).unwrap()
}

fn mail(kind: MailKind, inviter: &str, organization: Option<&str>, message: &str) -> Mail {
    Mail {
        kind,
        inviter_name: name(inviter),
        inviter_organization: organization.map(name),
        message: Message::parse(message).unwrap(),
    }
}

fn render(mail: &Mail) -> Rendered {
    mail.render(&name("Contacts")).unwrap()
}

/// Tags with their attributes, as a browser's tokenizer sees them.
fn tags(html: &str) -> Vec<String> {
    Tokenizer::new(html)
        .map(|token| token.unwrap())
        .filter_map(|token| match token {
            Token::StartTag(tag) => Some(format!("<{:?} {:?}>", tag.name, tag.attributes)),
            Token::EndTag(tag) => Some(format!("</{:?}>", tag.name)),
            // Breaks a long line.
            Token::Comment(comment) if comment.value.0 == b"\n" => None,
            Token::Comment(comment) => Some(format!("<!--{comment:?}")),
            _ => None,
        })
        .collect()
}

fn visible(html: &str) -> String {
    Tokenizer::new(html)
        .filter_map(|token| match token.unwrap() {
            Token::String(text) => Some(String::from_utf8(text.value.0).unwrap()),
            _ => None,
        })
        .collect()
}

/// What SES would substitute.
fn placeholders(text: &str) -> Vec<&str> {
    text.split("{{")
        .skip(1)
        .map(|rest| rest.split("}}").next().unwrap())
        .collect()
}

#[test]
fn every_mail_is_complete() {
    for kind in KINDS {
        let Rendered { subject, html, text } =
            render(&mail(kind, "田中太郎", Some("青空商事"), "こんにちは。\n元気ですか？"));
        assert!(!subject.contains('\n') && !subject.contains("{{"), "{subject}");
        let shown = visible(&html);
        for part in [&shown, &text] {
            for expected in [
                "田中太郎",
                "青空商事",
                "Contacts",
                "元気ですか？",
                "{{link}}",
                "{{note_",
            ] {
                assert!(part.contains(expected), "{kind:?}: no {expected} in {part}");
            }
        }
        assert!(text.contains("\n> こんにちは。\n> 元気ですか？\n"), "{text}");
        assert!(text.contains("{{unsubscribe}}"));
        assert_eq!(html.matches("href=\"{{link}}\"").count(), 2, "button and plain link");
        for loads in ["<img", "<script", "<link", "@import", "src=", "url(", "http"] {
            assert!(!html.contains(loads), "{kind:?} loads something: {loads}");
        }
        for placeholder in placeholders(&html).into_iter().chain(placeholders(&text)) {
            assert!(
                ["link", "unsubscribe", "note_ja", "note_en"].contains(&placeholder),
                "{placeholder}"
            );
        }
    }
}

#[test]
fn whole_mails() {
    for kind in KINDS {
        let mail = mail(
            kind,
            "田中太郎",
            Some("青空商事"),
            "こんにちは。\nSee https://phish.example",
        );
        let Rendered { subject, html, text } = render(&mail);
        let whole = format!("Subject: {subject}\n\n{text}\n{html}");
        let name = format!("{kind:?}").to_lowercase().replace('(', "_").replace(')', "");
        insta::assert_snapshot!(name, whole);
    }
}

/// What the links of the HTML part lead to, each once.
fn hrefs(html: &str) -> BTreeSet<&str> {
    let rest = html.split("href=\"").skip(1);
    rest.map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn both_parts_have_the_same_links() {
    for kind in KINDS {
        let Rendered { html, text, .. } = render(&mail(kind, "Aiko", None, "Hello"));
        let in_text: BTreeSet<&str> = text
            .lines()
            .filter(|line| line.starts_with("{{") && !line.contains(' '))
            .collect();
        let in_text = in_text
            .into_iter()
            .filter(|line| !line.starts_with("{{note_"))
            .collect::<BTreeSet<_>>();
        assert_eq!(hrefs(&html), in_text, "{kind:?}");
        assert_eq!(
            hrefs(&html),
            BTreeSet::from(["{{link}}", "{{unsubscribe}}", "{{unsubscribe}}#report"])
        );
        // Each has a line of its own, so that no client takes a neighbour for a part of it.
        assert!(text.lines().all(|line| line.matches("{{").count() <= 1), "{text}");
    }
}

#[test]
fn a_mail_looks_right_without_its_style_sheet_too() {
    for kind in KINDS {
        let html = render(&mail(kind, "Aiko", Some("Sora"), "Hello")).html;
        for scheme in ["color-scheme", "supported-color-schemes"] {
            assert!(html.contains(&format!("<meta name=\"{scheme}\" content=\"light dark\">")));
        }
        let (_, sheet) = html.split_once("@media (prefers-color-scheme: dark) {").unwrap();
        let (sheet, body) = sheet.split_once("</style>").unwrap();
        // Whatever changes its colour in the dark has the light one in an attribute.
        let mut checked = 0;
        for rule in sheet.lines().filter(|line| line.starts_with("  .")) {
            let (class, rule) = rule.trim().trim_start_matches('.').split_once(' ').unwrap();
            let has_class = |tag: &&str| {
                let classes = tag.split("class=\"").nth(1).and_then(|rest| rest.split('"').next());
                classes.is_some_and(|classes| classes.split(' ').any(|one| one == class))
            };
            for tag in body.split('<').filter(has_class) {
                for (dark, light) in [
                    ("background-color:", "background-color:#"),
                    (" color:", ";color:#"),
                    ("border-color:", "solid #"),
                ] {
                    let style = tag.replace("style=\"", ";");
                    assert!(!rule.contains(dark) || style.contains(light), "{class}, {dark} {tag}");
                    checked += usize::from(rule.contains(dark));
                }
            }
        }
        assert!(checked > 10, "{checked}");
        assert_eq!(html.matches("<h1").count(), 1);
        for table in html.split("<table").skip(1) {
            assert!(table.starts_with(" role=\"presentation\""), "{table}");
        }
    }
}

#[test]
fn every_phrase_says_its_language() {
    let languages = |kind| {
        let html = render(&mail(kind, "Aiko", Some("Sora"), "Hello")).html;
        html.split(" lang=\"")
            .skip(1)
            .map(|rest| rest[..2].to_owned())
            .collect::<Vec<_>>()
    };
    for (kind, expected) in [
        (MailKind::Invitation(MailLanguage::Ja), "ja"),
        (MailKind::Invitation(MailLanguage::En), "en"),
        (MailKind::Request(Locale::Ja), "ja"),
        (MailKind::Request(Locale::En), "en"),
    ] {
        assert_eq!(languages(kind), [expected; 2], "the document's own");
    }
    let both = languages(MailKind::Invitation(MailLanguage::Both));
    assert_eq!(both[0], "ja");
    let both: Vec<String> = both.into_iter().filter(|language| language != "ja").collect();
    // Summary, heading, what happens, whose message, who wrote it, button, note, plain link, why, replies, two links.
    assert_eq!(both, vec!["en"; 12]);
}

#[test]
fn the_last_moment_there_is_has_a_date_in_each_language() {
    let last = Timestamp::from_unix_milliseconds(i64::MAX);
    let base = LinkBase::parse("https://contacts.example").unwrap();
    let mail = mail(MailKind::Invitation(MailLanguage::Both), "Aiko", None, "");
    let Rendered { text, .. } = mail.preview(&name("Contacts"), &base, last).unwrap();
    assert_eq!(text.matches("9999").count(), 2, "{text}");
}

#[test]
fn a_preview_is_the_mail_without_a_token() {
    let base = LinkBase::parse("https://contacts.example").unwrap();
    let until = "2026-12-22T20:00:00Z".parse().unwrap();
    let mail = mail(
        MailKind::Invitation(MailLanguage::Both),
        "田中 太郎",
        Some("Sora"),
        "Hello",
    );
    let Rendered { subject, html, text } = mail.preview(&name("Contacts"), &base, until).unwrap();
    assert_eq!(subject, render(&mail).subject);
    assert!(!html.contains("{{") && !text.contains("{{"), "{text}");
    assert_eq!(
        hrefs(&html),
        BTreeSet::from([
            "https://contacts.example/i/…",
            "https://contacts.example/u/…",
            "https://contacts.example/u/…#report"
        ])
    );
    for part in [visible(&html), text] {
        assert!(
            part.contains("2026年12月23日") && part.contains("23 December 2026"),
            "{part}"
        );
    }
    let address = EmailAddress::parse("no-reply@contacts.example").unwrap();
    assert_eq!(
        mail.from(&name("Contacts"), &address),
        "田中 太郎 via Contacts <no-reply@contacts.example>"
    );
}

#[test]
fn a_picture_is_stood_for_by_letters_that_ses_does_not_read() {
    for (inviter, letters) in [
        ("Ken Adams", ">KA<"),
        ("Ken de Adams", ">KA<"),
        ("ken", ">K<"),
        ("田中 太郎", ">田太<"),
        ("{x {y", ">{ {<"),
        ("<b> &", ">&#60;&#38;<"),
    ] {
        let html = render(&mail(KINDS[0], inviter, None, "")).html;
        assert!(html.contains(letters), "{inviter}");
    }
}

#[test]
fn the_language_is_the_one_asked_for() {
    let notes = |kind| {
        let html = render(&mail(kind, "Aiko", None, "")).html;
        let lang = html.split("<html lang=\"").nth(1).unwrap()[..2].to_owned();
        (lang, html.contains("{{note_ja}}"), html.contains("{{note_en}}"))
    };
    assert_eq!(
        notes(MailKind::Invitation(MailLanguage::Ja)),
        ("ja".to_owned(), true, false)
    );
    assert_eq!(
        notes(MailKind::Invitation(MailLanguage::En)),
        ("en".to_owned(), false, true)
    );
    assert_eq!(
        notes(MailKind::Invitation(MailLanguage::Both)),
        ("ja".to_owned(), true, true)
    );
    assert_eq!(notes(MailKind::Request(Locale::Ja)), ("ja".to_owned(), true, false));
    assert_eq!(notes(MailKind::Request(Locale::En)), ("en".to_owned(), false, true));
    let both = render(&mail(MailKind::Invitation(MailLanguage::Both), "Aiko", None, "")).text;
    assert!(
        both.find("招待を受けると").unwrap() < both.find("invites you").unwrap(),
        "Japanese first"
    );
    assert_eq!(MailLanguage::from(None), MailLanguage::Both);
    assert_eq!(MailLanguage::from(Some(Locale::En)), MailLanguage::En);
}

#[test]
fn without_message_and_organization_nothing_is_left_of_them() {
    for kind in KINDS {
        let Rendered { html, text, .. } = render(&mail(kind, "Aiko", None, ""));
        for leftover in ["<blockquote", "（）", "()", "メッセージ", "essage"] {
            assert!(!html.contains(leftover), "{kind:?}: {leftover} in {html}");
            assert!(!text.contains(leftover), "{kind:?}: {leftover} in {text}");
        }
    }
}

#[test]
fn the_largest_mail_is_below_100_kilobytes() {
    let base = LinkBase::parse(&format!("https://{}", "x".repeat(200))).unwrap();
    let until = "2026-12-22T20:00:00Z".parse().unwrap();
    let widest = "\"".repeat(64);
    let heavy = "🦀".repeat(64);
    let message = "'a.bb".repeat(200);
    for kind in KINDS {
        for inviter in [&widest, &heavy] {
            let mail = mail(kind, inviter, Some(&widest), &message);
            let Rendered { html, text, .. } = mail.preview(&name(&widest), &base, until).unwrap();
            assert!(
                html.len() + text.len() < 100_000,
                "{kind:?}: {} + {}",
                html.len(),
                text.len()
            );
        }
    }
}

#[test]
fn links_of_other_people_are_inert_in_every_part() {
    let Rendered { subject, html, text } = render(&mail(
        KINDS[2],
        "www.evil.com",
        Some("evil.co.jp"),
        "http://evil.com/x taro@evil.com",
    ));
    for part in [&subject, &visible(&html), &text] {
        let mut finder = LinkFinder::new();
        finder.url_must_have_scheme(false);
        assert_eq!(finder.links(part).count(), 0, "{part}");
        assert!(part.contains("evil[.]co"), "{part}");
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "\\PC{1,8}",
        1 => prop::sample::select(vec![
            "<b>", "</pre>", "</blockquote>", "<!--", "-->", "<script>", "&lt;", "&#60;", "\"", "'", " onload=x", "{{", "}}",
            "{{link}}", "{", "}", "{%", "%}", "\\", "<a href=\"x\">", "\n", "\n-- \n", "\t", "]]>", "<![CDATA[", "a.com",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_name_and_no_message_changes_the_mail(inviter in any_text(), organization in any_text(), message in any_text()) {
        let (Ok(inviter_name), Ok(organization), Ok(message)) =
            (PersonName::parse(&inviter), PersonName::parse(&organization), Message::parse(&message))
        else { return Ok(()) };
        prop_assume!(!message.is_empty());
        for kind in KINDS {
            let plain = render(&mail(kind, "Aiko", Some("Sora"), "Hello"));
            let made = render(&Mail {
                kind,
                inviter_name: inviter_name.clone(),
                inviter_organization: Some(organization.clone()),
                message: message.clone(),
            });
            prop_assert_eq!(tags(&made.html), tags(&plain.html));
            prop_assert_eq!(placeholders(&made.html), placeholders(&plain.html));
            prop_assert_eq!(placeholders(&made.text), placeholders(&plain.text));
            prop_assert!(!made.subject.contains("{{") && !made.subject.contains("}}"));
            prop_assert!(!made.subject.chars().any(char::is_control), "{:?}", made.subject);
            prop_assert_eq!(
                made.text.lines().filter(|line| !line.starts_with("> ")).count(),
                plain.text.lines().filter(|line| !line.starts_with("> ")).count(),
                "a message stays behind its marks"
            );
        }
    }
}

#[test]
fn m08_no_line_is_longer_than_a_mail_allows() {
    for (inviter, message) in [
        ("Aiko", "x".repeat(1_000)),
        ("Aiko", "あ".repeat(1_000)),
        ("&".repeat(64).as_str(), "&".repeat(1_000)),
        (
            "あ".repeat(64).as_str(),
            format!("{}\n{}", "word ".repeat(99), "語".repeat(500)),
        ),
    ] {
        for kind in KINDS {
            let mail = mail(kind, inviter, Some(inviter), &message);
            let Rendered { html, text, .. } = render(&mail);
            for part in [&html, &text] {
                let longest = part.lines().map(str::len).max().unwrap();
                // The values that SES puts into a line: two links, and a date.
                assert!(longest + 200 <= 998, "{longest}: {kind:?}");
            }
            let quoted: String = text.lines().filter_map(|line| line.strip_prefix("> ")).collect();
            assert_eq!(quoted, message.replace('\n', ""), "{kind:?}");
            assert!(visible(&html).contains(&message), "{kind:?}");
        }
    }
}

#[test]
fn a18_a_mail_in_two_languages_names_one_day() {
    // 20:00 in London, 5:00 of the next day in Japan.
    let until = Timestamp::from_unix_milliseconds(1_798_488_000_000);
    let base = LinkBase::parse("https://contacts.example").unwrap();
    let mail = mail(MailKind::Invitation(MailLanguage::Both), "Aiko", None, "");
    let text = mail.preview(&name("Contacts"), &base, until).unwrap().text;
    assert!(text.contains("2026年12月29日（日本時間）"), "{text}");
    assert!(text.contains("29 December 2026, Japan time"), "{text}");
}
