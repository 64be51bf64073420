//! What the mails say, and what nobody's name or message can change.

// Here a panic is a failed test.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use contacts::{Locale, Message, PersonName};
use contacts_mail::{Kind, Mail, MailLanguage, Rendered};
use html5gum::{Token, Tokenizer};
use linkify::LinkFinder;
use proptest::prelude::*;

const KINDS: [Kind; 5] = [
    Kind::Invitation(MailLanguage::Ja),
    Kind::Invitation(MailLanguage::En),
    Kind::Invitation(MailLanguage::Both),
    Kind::Request(Locale::Ja),
    Kind::Request(Locale::En),
];

fn name(text: &str) -> PersonName {
    PersonName::parse(text).unwrap()
}

fn mail(kind: Kind, inviter: &str, organization: Option<&str>, message: &str) -> Mail {
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
        assert_eq!(
            html.matches("href=\"{{unsubscribe}}\"").count(),
            2,
            "unsubscribe and report"
        );
        for loads in ["<img", "<script", "<link", "<style", "src=", "url(", "http"] {
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
fn the_language_is_the_one_asked_for() {
    let notes = |kind| {
        let html = render(&mail(kind, "Aiko", None, "")).html;
        let lang = html.split("<html lang=\"").nth(1).unwrap()[..2].to_owned();
        (lang, html.contains("{{note_ja}}"), html.contains("{{note_en}}"))
    };
    assert_eq!(
        notes(Kind::Invitation(MailLanguage::Ja)),
        ("ja".to_owned(), true, false)
    );
    assert_eq!(
        notes(Kind::Invitation(MailLanguage::En)),
        ("en".to_owned(), false, true)
    );
    assert_eq!(
        notes(Kind::Invitation(MailLanguage::Both)),
        ("ja".to_owned(), true, true)
    );
    assert_eq!(notes(Kind::Request(Locale::Ja)), ("ja".to_owned(), true, false));
    assert_eq!(notes(Kind::Request(Locale::En)), ("en".to_owned(), false, true));
    let both = render(&mail(Kind::Invitation(MailLanguage::Both), "Aiko", None, "")).text;
    assert!(
        both.find("届いています").unwrap() < both.find("invites you").unwrap(),
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
    let widest = "\"".repeat(64);
    let message = "'a.bb".repeat(200);
    for kind in KINDS {
        let Rendered { html, text, .. } = render(&mail(kind, &widest, Some(&widest), &message));
        assert!(
            html.len() + text.len() < 100_000,
            "{kind:?}: {} + {}",
            html.len(),
            text.len()
        );
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
