//! Other people's text without a working link.
//!
//! Mail clients turn text into links by themselves, so escaping is not enough. The one character that
//! makes a link is put into brackets, as in reports on malicious sites: `http[:]//evil[.]com`,
//! `a[@]evil[.]com`. The text stays readable, and nothing invisible is added that a client may strip.
//!
//! | character | in brackets when |
//! | --- | --- |
//! | `.` and its look-alikes `．` `․` `﹒` | anything but ASCII white space stands before it (some clients take other white space for letters), and two letters or digits follow: no top-level domain is shorter. Not between digits, unless there are four numbers as in an IP address |
//! | `。` `｡`, which browsers read as dots | as above, and the label that follows is ASCII: otherwise it ends a Japanese sentence |
//! | `@` and its look-alikes | something stands on both sides |
//! | `:` and its look-alikes | a slash follows; or a letter stands before it and a letter, digit or `+` behind (`mailto:`, `tel:`) |
//! | `\` | the second of two, which start the name of a network share |
//!
//! Doubled braces are set apart by a space, since SES would take `{{link}}` for a placeholder.

/// Characters that clients leave out when they look for a link, and that [`contacts::Message`] allows.
fn is_transparent(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
}

fn is_dot(c: char) -> bool {
    matches!(c, '.' | '．' | '․' | '﹒')
}

fn is_ideographic_dot(c: char) -> bool {
    matches!(c, '。' | '｡')
}

fn is_slash(c: char) -> bool {
    matches!(c, '/' | '\\' | '／' | '＼' | '⁄' | '∕')
}

fn is_backslash(c: char) -> bool {
    matches!(c, '\\' | '＼' | '﹨')
}

/// ASCII, or ASCII in full width.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
}

/// The text as people read it, with nothing in it that a mail client makes a link of or SES substitutes.
pub fn defang(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    // The last character but the transparent ones.
    let mut before = None;
    // The last character of all.
    let mut previous: Option<char> = None;
    // How many dots the run of digits and dots has that ends here, for IP addresses.
    let mut numeric_dots = 0;
    for (index, c) in text.char_indices() {
        let rest = text.get(index + c.len_utf8()..).unwrap_or_default();
        let after = || rest.chars().filter(|c| !is_transparent(*c));
        let follows_something = previous.is_some_and(|c| !c.is_ascii_whitespace());
        let bracket = match c {
            _ if is_dot(c) => {
                let between_digits =
                    before.is_some_and(char::is_numeric) && after().next().is_some_and(char::is_numeric);
                numeric_dots = if between_digits { numeric_dots + 1 } else { 0 };
                follows_something
                    && if between_digits {
                        numeric_dots >= 3
                    } else {
                        starts_a_label(after())
                    }
            }
            _ if is_ideographic_dot(c) => follows_something && starts_a_label(after()) && label_is_latin(after()),
            '@' | '＠' | '﹫' => {
                previous.is_some_and(|c| !c.is_whitespace()) && after().next().is_some_and(|c| !c.is_whitespace())
            }
            ':' | '：' | '﹕' | '∶' => {
                let next = after().next();
                next.is_some_and(is_slash)
                    || before.is_some_and(|c| c.is_ascii_alphabetic())
                        && next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '+')
            }
            // The beginning of an encoded word (RFC 2047), which a header would be decoded by.
            '?' => before == Some('='),
            _ => is_backslash(c) && before.is_some_and(is_backslash),
        };
        if matches!((before, c), (Some('{'), '{') | (Some('}'), '}')) {
            out.push(' ');
        }
        if bracket {
            out.push('[');
            out.push(c);
            out.push(']');
        } else {
            out.push(c);
        }
        if !is_transparent(c) {
            before = Some(c);
        }
        previous = Some(c);
        if !is_dot(c) && !c.is_numeric() {
            numeric_dots = 0;
        }
    }
    out
}

/// Two letters or digits.
fn starts_a_label(after: impl Iterator<Item = char>) -> bool {
    after.take(2).filter(|c| c.is_alphanumeric()).count() == 2
}

fn label_is_latin(after: impl Iterator<Item = char>) -> bool {
    after
        .take(63)
        .take_while(|c| c.is_alphanumeric() || *c == '-')
        .all(|c| is_latin(c) || c == '-')
}

#[cfg(test)]
mod tests {
    use contacts::Message;
    use linkify::LinkFinder;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn links_and_what_looks_like_one_do_not_work() {
        for (text, expected) in [
            ("http://evil.com", "http[:]//evil[.]com"),
            ("HTTPS://EVIL.COM/a?b=c.d", "HTTPS[:]//EVIL[.]COM/a?b=c.d"),
            ("hxxp://evil.com", "hxxp[:]//evil[.]com"),
            ("http://localhost/x", "http[:]//localhost/x"),
            ("http://1.2.3.4/", "http[:]//1.2.3[.]4/"),
            ("http：//evil。com", "http[：]//evil[。]com"),
            ("see evil.com.", "see evil[.]com."),
            ("www.evil.co.jp/x", "www[.]evil[.]co[.]jp/x"),
            ("t.co/abc", "t[.]co/abc"),
            ("evil。com", "evil[。]com"),
            ("evil｡com", "evil[｡]com"),
            ("evil．com", "evil[．]com"),
            ("evil․com", "evil[․]com"),
            ("日本。jp", "日本[。]jp"),
            ("日本語.みんな", "日本語[.]みんな"),
            ("xn--wgv71a119e.jp", "xn--wgv71a119e[.]jp"),
            ("i❤\u{fe0f}.ws", "i❤\u{fe0f}[.]ws"),
            ("\u{200d}.com", "\u{200d}[.]com"),
            ("evil.\u{200d}com", "evil[.]\u{200d}com"),
            ("evil\u{2000}.com", "evil\u{2000}[.]com"),
            ("田中\u{3000}.com", "田中\u{3000}[.]com"),
            ("taro@evil.com", "taro[@]evil[.]com"),
            ("taro＠evil．com", "taro[＠]evil[．]com"),
            ("a@localhost", "a[@]localhost"),
            ("mailto:a@b.cd", "mailto[:]a[@]b[.]cd"),
            ("tel:+81312345678", "tel[:]+81312345678"),
            ("javascript:alert(1)", "javascript[:]alert(1)"),
            (r"\\evil\share", r"\[\]evil\share"),
            ("//evil.com", "//evil[.]com"),
            ("192.168.0.1", "192.168.0[.]1"),
        ] {
            assert_eq!(defang(text), expected);
        }
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in [
            "",
            "よろしくお願いします。田中です。10時に。Chatworkで話しましょう。",
            "Hello, it's me. See you at 10:30!",
            "J.R.R. Tolkien",
            "v1.5 on 2026.12.22",
            "時間：10時、場所：A会議室",
            "@taro wrote :) {x} [1]",
            "鈴木さん\u{3000}@taro",
            "the .com boom",
            "Co., Ltd.",
            "👨‍👩‍👧 ❤️",
        ] {
            assert_eq!(defang(text), text);
        }
    }

    #[test]
    fn braces_are_no_placeholder() {
        for (text, expected) in [
            ("{{link}}", "{ {link} }"),
            ("{{{{", "{ { { {"),
            ("{\u{200d}{x}\u{fe0f}}", "{\u{200d} {x}\u{fe0f} }"),
        ] {
            assert_eq!(defang(text), expected, "{text}");
        }
    }

    fn linkish() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("http".to_owned()),
            Just("://".to_owned()),
            Just(".".to_owned()),
            Just("com".to_owned()),
            Just("evil".to_owned()),
            Just("@".to_owned()),
            Just("www.".to_owned()),
            Just("mailto:".to_owned()),
            Just("。".to_owned()),
            Just("１".to_owned()),
            Just("1".to_owned()),
            Just("{".to_owned()),
            Just("}".to_owned()),
            Just("/".to_owned()),
            Just("-".to_owned()),
            Just(" ".to_owned()),
            Just("\u{200d}".to_owned()),
            Just("\u{2000}".to_owned()),
            Just("\u{3000}".to_owned()),
            "\\PC{1,3}",
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn no_linkifier_finds_a_link_and_no_placeholder_is_left(text in linkish()) {
            let Ok(message) = Message::parse(&text) else { return Ok(()) };
            let made = defang(message.as_str());
            let mut finder = LinkFinder::new();
            finder.url_must_have_scheme(false);
            prop_assert_eq!(finder.links(&made).count(), 0, "{}", made);
            prop_assert!(!made.contains("{{") && !made.contains("}}"), "{}", made);
        }

        #[test]
        fn nothing_is_lost(text in linkish()) {
            let strip = |text: &str| text.chars().filter(|c| !"[] ".contains(*c)).collect::<String>();
            prop_assert_eq!(strip(&defang(&text)), strip(&text));
        }
    }
}
