//! Other people's text without a working link.
//!
//! Mail clients turn text into links by themselves, so escaping is not enough. The one character that makes a link is put
//! into brackets, as in reports on malicious sites: `http[:]//evil[.]com`, `a[@]evil[.]com`. The text stays readable, and
//! nothing invisible is added that a client may strip. What no client takes for a link stays as it is: `Node.js`,
//! `St.John`, `10.30`.
//!
//! | character | what is done | when |
//! | --- | --- | --- |
//! | `.` and its look-alikes `．` `․` `﹒` | brackets | anything but ASCII white space is before it (some clients take other white space for letters), and what follows begins with a top-level domain; or it ends a label `www` or `ftp`; or it is the third dot between four numbers, as in an IP address |
//! | `。` `｡`, which browsers read as dots | a space behind it | a top-level domain follows: `。` ends a sentence, and in brackets it would look like a fault |
//! | `@` and its look-alikes | brackets | something is before it, and what follows is a name with a dot |
//! | `:` and its look-alikes | brackets | a slash follows; or a letter is before it and a letter, digit or `+` behind (`mailto:`, `tel:`) |
//! | `\` | brackets | it is the second of two, which start the name of a network share |
//!
//! Doubled braces are set apart by a space, since SES would take `{{link}}` for a placeholder.

use contacts::{
    user::email_address::is_top_level_domain,
    value::{is_joiner, is_selector, is_tag, narrow},
};

/// The longest label of a domain name (RFC 1035).
const MAX_LABEL: usize = 63;
/// The longest domain name.
const MAX_NAME: usize = 253;

/// Characters that clients leave out when they look for a link, and that [`contacts::Message`] allows.
fn is_transparent(c: char) -> bool {
    is_joiner(c) || is_selector(c) || is_tag(c)
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

/// The text as people read it, with nothing in it that a mail client makes a link of or SES substitutes.
pub fn defang(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut read = Read::default();
    for (index, c) in text.char_indices() {
        let rest = text.get(index + c.len_utf8()..).unwrap_or_default();
        if matches!((read.last, c), (Some('{'), '{') | (Some('}'), '}')) {
            out.push(' ');
        }
        if read.makes_a_link(c, rest) {
            out.push('[');
            out.push(c);
            out.push(']');
        } else {
            out.push(c);
        }
        if is_ideographic_dot(c) && begins_with_top_level_domain(rest) {
            out.push(' ');
        }
        read.pass(c);
    }
    out
}

/// What is before a character.
#[derive(Default)]
struct Read {
    /// The last character but the transparent ones.
    last: Option<char>,
    /// The last character of all.
    previous: Option<char>,
    /// How many dots the run of digits and dots has that ends here, for IP addresses.
    numeric_dots: usize,
    /// The label that ends here, in lower case, as far as [`is_prefix_of_hosts`] needs it.
    label: String,
}

impl Read {
    /// True when a client would make a link of the text if this character were as it is.
    fn makes_a_link(&mut self, c: char, rest: &str) -> bool {
        let next = visible(rest).next();
        let follows_something = self.previous.is_some_and(|c| !c.is_ascii_whitespace());
        match c {
            _ if is_dot(c) => {
                let between_digits = self.last.is_some_and(char::is_numeric) && next.is_some_and(char::is_numeric);
                self.numeric_dots = if between_digits { self.numeric_dots + 1 } else { 0 };
                follows_something
                    && (self.numeric_dots >= 3
                        || is_prefix_of_hosts(&self.label) && next.is_some_and(|c| !c.is_ascii_whitespace())
                        || begins_with_top_level_domain(rest))
            }
            '@' | '＠' | '﹫' => follows_something && begins_with_dotted_name(rest),
            ':' | '：' | '﹕' | '∶' => {
                next.is_some_and(is_slash)
                    || self.last.is_some_and(|c| c.is_ascii_alphabetic())
                        && next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '+')
            }
            // The beginning of an encoded word (RFC 2047), which a header would be decoded by.
            '?' => self.last == Some('='),
            _ => is_backslash(c) && self.last.is_some_and(is_backslash),
        }
    }

    fn pass(&mut self, c: char) {
        self.previous = Some(c);
        if is_transparent(c) {
            return;
        }
        self.last = Some(c);
        if !is_dot(c) && !c.is_numeric() {
            self.numeric_dots = 0;
        }
        if c.is_alphanumeric() {
            if self.label.len() <= MAX_LABEL {
                self.label.push(narrow_lower(c));
            }
        } else {
            self.label.clear();
        }
    }
}

/// Clients make links of what begins so, whatever the top-level domain.
fn is_prefix_of_hosts(label: &str) -> bool {
    label.trim_end_matches(|c: char| c.is_ascii_digit()) == "www" || label == "ftp"
}

fn visible(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !is_transparent(*c))
}

/// In ASCII if it is ASCII in full width, and in lower case.
fn narrow_lower(c: char) -> char {
    let c = narrow(c);
    c.to_lowercase().next().unwrap_or(c)
}

/// True when the text begins with a top-level domain, or with what a client may read as one: some stop where ASCII
/// letters end (`comを`), some take the whole label (`みんな`), and all know the encoded form of names (`xn--`).
fn begins_with_top_level_domain(text: &str) -> bool {
    let label: String = visible(text)
        .map(narrow_lower)
        .take_while(|c| c.is_alphanumeric() || *c == '-')
        .take(MAX_LABEL)
        .collect();
    let letters = label.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(label.len());
    let ascii = label.get(..letters).unwrap_or_default();
    label.starts_with("xn--")
        || [ascii, label.trim_end_matches('-')]
            .into_iter()
            .any(is_top_level_domain)
}

/// True when the text begins with a name of a host that has a dot in it.
fn begins_with_dotted_name(text: &str) -> bool {
    let name = text.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
    name.char_indices().skip(1).take(MAX_NAME).any(|(index, c)| {
        let rest = name.get(index + c.len_utf8()..).unwrap_or_default();
        is_dot(c) && visible(rest).next().is_some_and(char::is_alphanumeric)
            || is_ideographic_dot(c) && begins_with_top_level_domain(rest)
    })
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
            ("http：//evil。com", "http[：]//evil。 com"),
            ("see evil.com.", "see evil[.]com."),
            ("www.evil.co.jp/x", "www[.]evil[.]co[.]jp/x"),
            ("www2.evil.internal", "www2[.]evil.internal"),
            ("ftp.evil", "ftp[.]evil"),
            ("t.co/abc", "t[.]co/abc"),
            ("evil。com", "evil。 com"),
            ("evil｡com", "evil｡ com"),
            ("evil.comをご覧ください", "evil[.]comをご覧ください"),
            ("evil.ＣＯＭ", "evil[.]ＣＯＭ"),
            ("evil.xn--q9jyb4c", "evil[.]xn--q9jyb4c"),
            ("evil．com", "evil[．]com"),
            ("evil․com", "evil[․]com"),
            ("日本。jp", "日本。 jp"),
            ("ABC。Tel.03-1234-5678", "ABC。 Tel.03-1234-5678"),
            ("日本語.みんな", "日本語[.]みんな"),
            ("xn--wgv71a119e.jp", "xn--wgv71a119e[.]jp"),
            ("i❤\u{fe0f}.ws", "i❤\u{fe0f}[.]ws"),
            ("\u{200d}.com", "\u{200d}[.]com"),
            ("evil.\u{200d}com", "evil[.]\u{200d}com"),
            ("evil\u{2000}.com", "evil\u{2000}[.]com"),
            ("田中\u{3000}.com", "田中\u{3000}[.]com"),
            ("taro@evil.com", "taro[@]evil[.]com"),
            ("taro＠evil．com", "taro[＠]evil[．]com"),
            ("taro@mail.internal", "taro[@]mail.internal"),
            ("taro@evil。com", "taro[@]evil。 com"),
            ("a@i❤.ws", "a[@]i❤[.]ws"),
            ("mailto:a@b.cd", "mailto[:]a[@]b[.]cd"),
            ("tel:+81312345678", "tel[:]+81312345678"),
            ("javascript:alert(1)", "javascript[:]alert(1)"),
            (r"\\evil\share", r"\[\]evil\share"),
            ("//evil.com", "//evil[.]com"),
            ("田中です。https://example.com", "田中です。https[:]//example[.]com"),
            ("192.168.0.1", "192.168.0[.]1"),
        ] {
            assert_eq!(defang(text), expected);
        }
    }

    #[test]
    fn a10_m09_ordinary_text_stays_as_it_is() {
        for text in [
            "",
            "ABC。電話03-1234-5678",
            "明日10.30に。See you.Then",
            "Node.js 勉強会",
            "file.pdf",
            "Tanaka Inc.からのお知らせ",
            "Hello.Nice to meet you",
            "よろしくお願いします.田中",
            "Taro.Yamada",
            "A.I.太郎",
            "St.John O’Neil",
            "田中＠営業部",
            "a@localhost",
            "田中＠営業部。よろしくお願いします",
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

    /// What a mail client makes links of. The finder takes anything with a dot for a host, clients only what ends in a
    /// top-level domain.
    fn links(text: &str) -> Vec<String> {
        let mut finder = LinkFinder::new();
        finder.url_must_have_scheme(false);
        let is_live = |link: &linkify::Link<'_>| {
            let host = link.as_str().split(['/', '?', '#', ':']).next().unwrap_or_default();
            let is_bare = *link.kind() == linkify::LinkKind::Url && !link.as_str().contains("://");
            !is_bare || host.starts_with("www.") || host.split('.').skip(1).any(begins_with_top_level_domain)
        };
        finder
            .links(text)
            .filter(is_live)
            .map(|link| link.as_str().to_owned())
            .collect()
    }

    #[test]
    fn the_finder_of_these_tests_finds_links() {
        for text in ["see evil.com", "http://evil", "a@evil.com", "www.evil.internal"] {
            assert_eq!(links(text).len(), 1, "{text}");
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
            prop_assert_eq!(links(&made), Vec::<String>::new(), "{}", made);
            prop_assert!(!made.contains("{{") && !made.contains("}}"), "{}", made);
        }

        #[test]
        fn nothing_is_lost(text in linkish()) {
            let strip = |text: &str| text.chars().filter(|c| !"[] ".contains(*c)).collect::<String>();
            prop_assert_eq!(strip(&defang(&text)), strip(&text));
        }
    }
}
