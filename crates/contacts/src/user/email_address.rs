//! E-mail addresses.

mod domain;

use std::{borrow::Cow, fmt};

use email_address::Options;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use self::domain::ascii_domain;
pub use self::domain::is_top_level_domain;
pub(crate) use self::domain::{AMBIGUOUS_DOMAIN, INVALID_DOMAIN, is_dot};
use crate::{
    Invalid,
    value::{is_control_or_invisible, narrow},
};

/// The longest address that SMTP can carry between its angle brackets, less the brackets (RFC 5321).
const MAX_LENGTH: usize = 254;
/// The longest part before the `@` (RFC 5321).
const MAX_LOCAL_LENGTH: usize = 64;

/// An address that mail can be sent to, in its one stored form: ASCII, lower case, domain in punycode.
///
/// Two addresses are one if their stored forms are equal, and mail goes to the stored form only. So
/// nothing may turn into it that a person could have meant, or registered, as another address:
///
/// - Full-width ASCII, as a Japanese keyboard writes it, differs from ASCII in width
///   only, and is mapped.
/// - Letters that Unicode folds into ASCII ones, such as `ı İ ſ K ﬁ`, are refused.
/// - The domain may be an international one, which becomes punycode by UTS 46 with the STD 3 rules. Each of its labels is
///   of one script, kanji and kana being one (UTS 39), and the last one is a name of the root zone if it is not ASCII.
/// - The part before the `@` is of letters, digits and symbols in ASCII with dots between them. Japanese mobile operators
///   gave out addresses with several dots in a row or one before the `@`: RFC 5321 has a place for these in quotes only,
///   which is their stored form, whether they come quoted or not. What needs no quotes is stored without.
/// - Anything else in quotes (`"a b"@…`) is refused: hardly any mail system gives such addresses out, and in pasted text
///   a quote belongs to a name.
/// - The domain has two labels or more, the last one of letters or punycode: no host of the local network, no IP
///   address. A dot at its end is refused, since it would be a second form of the same address.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address as it came from outside; white space around it (also tab and ideographic space,
    /// but no line end) is dropped.
    ///
    /// # Errors
    /// - `empty`: nothing but white space
    /// - `too_long`: more than 254 characters, or 64 before the `@`, in the stored form
    /// - `control_character`: a control, bidi or invisible character, or a line end
    /// - `non_ascii_local_part`: a character outside ASCII before the `@`
    /// - `invalid_domain`: what follows the `@` is not the name of a host on the internet
    /// - `ambiguous_domain`: text may have been glued to the domain
    /// - `invalid_email`: anything else, such as no `@`, two of them, or white space inside
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim_matches(is_blank);
        if text.is_empty() {
            return Err(Invalid::new("empty", "an e-mail address is expected"));
        }
        // Before the rest, which need not work on 256 KB: punycode makes an address longer, not shorter.
        if text.chars().nth(MAX_LENGTH).is_some() {
            return Err(TOO_LONG);
        }
        // A tab is white space, here as in a list of addresses.
        if let Some(invalid) = Invalid::for_hidden(text, |c| is_control_or_invisible(c) && !is_blank(c)) {
            return Err(invalid);
        }
        let narrow: String = text.chars().map(narrow).collect();
        let (local, domain) = narrow.split_once('@').ok_or(INVALID_EMAIL)?;
        if local.is_empty() || domain.is_empty() || domain.contains('@') || narrow.contains(is_blank) {
            return Err(INVALID_EMAIL);
        }
        let stored = format!("{}@{}", stored_local(local)?, ascii_domain(domain)?);
        if stored.len() > MAX_LENGTH {
            return Err(TOO_LONG);
        }
        let options = Options::default()
            .with_required_tld()
            .without_domain_literal()
            .without_display_text();
        if email_address::EmailAddress::parse_with_options(&stored, options).is_err() {
            return Err(INVALID_EMAIL);
        }
        Ok(Self(stored))
    }

    /// The stored form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the `@`, in punycode.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

const TOO_LONG: Invalid = Invalid::new("too_long", "at most 254 characters, and 64 before the @");
pub(crate) const INVALID_EMAIL: Invalid = Invalid::new("invalid_email", "not an e-mail address");
/// White space within a line. A line end is none: one at the end of an address is refused rather than
/// dropped, since it might have been meant to end a mail header.
pub(crate) fn is_blank(c: char) -> bool {
    c == '\t' || (c.is_whitespace() && !is_control_or_invisible(c))
}

/// What is before the `@`, in lower case, and in quotes where it needs them.
fn stored_local(local: &str) -> Result<String, Invalid> {
    if !local.is_ascii() {
        return Err(Invalid::new(
            "non_ascii_local_part",
            "only ASCII characters can stand before the @",
        ));
    }
    let bare = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let bare = bare.unwrap_or(local).to_ascii_lowercase();
    // The beginning of an encoded word (RFC 2047): it is part of a mail header, not of an address.
    if !bare.chars().all(|c| is_atext(c) || c == '.') || bare.starts_with('.') || bare.contains("=?") {
        return Err(INVALID_EMAIL);
    }
    let stored = if bare.contains("..") || bare.ends_with('.') {
        format!("\"{bare}\"")
    } else {
        bare
    };
    if stored.len() > MAX_LOCAL_LENGTH {
        return Err(TOO_LONG);
    }
    Ok(stored)
}

/// The characters of a part between dots (RFC 5322).
fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

/// Redacted: an address is not for logs.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(redacted)")
    }
}

/// By [`EmailAddress::parse`], also from our own table: it takes about a microsecond, and no value can
/// come in past the rules.
impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&<Cow<'de, str>>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stored(text: &str) -> Result<String, &'static str> {
        EmailAddress::parse(text).map(|a| a.0).map_err(|e| e.code)
    }

    #[test]
    fn addresses_as_people_write_them() {
        for (text, expected) in [
            ("taro@example.com", "taro@example.com"),
            ("Taro.Tanaka+List@Example.COM", "taro.tanaka+list@example.com"),
            ("\t\u{3000} taro@example.com\u{a0}\u{3000}", "taro@example.com"),
            ("taro＠example.com", "taro@example.com"),
            ("ＴａＲｏ－１＿２＋３＠ＥＸＡＭＰＬＥ．ｃｏｍ", "taro-1_2+3@example.com"),
            ("taro@example。com", "taro@example.com"),
            ("taro@例え.jp", "taro@xn--r8jz45g.jp"),
            ("taro@XN--R8JZ45G.JP", "taro@xn--r8jz45g.jp"),
            ("taro@ﾃｽﾄ.jp", "taro@xn--zckzah.jp"),
            ("taro@bücher.example", "taro@xn--bcher-kva.example"),
            ("taro@bu\u{308}cher.example", "taro@xn--bcher-kva.example"),
            ("taro@BÜCHER.example", "taro@xn--bcher-kva.example"),
            ("o'brien/x=y@mail.example.co.jp", "o'brien/x=y@mail.example.co.jp"),
            ("1@3com.example", "1@3com.example"),
        ] {
            assert_eq!(stored(text).as_deref(), Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn what_is_refused_and_why() {
        for (text, code) in [
            ("", "empty"),
            (" \t\u{3000}", "empty"),
            ("taro", "invalid_email"),
            ("@example.com", "invalid_email"),
            ("taro@", "invalid_email"),
            ("taro@@example.com", "invalid_email"),
            ("taro@jiro@example.com", "invalid_email"),
            ("taro @example.com", "invalid_email"),
            ("taro\u{3000}tanaka@example.com", "invalid_email"),
            (".taro@example.com", "invalid_email"),
            ("..@example.com", "invalid_email"),
            ("\".taro\"@example.com", "invalid_email"),
            ("\"\"@example.com", "invalid_email"),
            ("\"@example.com", "invalid_email"),
            ("\"taro@example.com", "invalid_email"),
            ("taro\"@example.com", "invalid_email"),
            ("\"ta\\ro\"@example.com", "invalid_email"),
            ("ta(ro)@example.com", "invalid_email"),
            ("\"taro tanaka\"@example.com", "invalid_email"),
            ("Taro <taro@example.com>", "invalid_email"),
            ("<taro@example.com>", "invalid_email"),
            ("mailto:taro@example.com", "invalid_email"),
            ("taro﹫example.com", "invalid_email"),
            ("=?utf-8?q?a?=@b.example", "invalid_email"),
            ("taro@example.comさん", "ambiguous_domain"),
            ("taro@example.comまで", "ambiguous_domain"),
            ("taro@example.com님", "ambiguous_domain"),
            ("taro@exampleさん.com", "ambiguous_domain"),
            ("taro@example.com。よろしく", "ambiguous_domain"),
            ("太郎@example.com", "non_ascii_local_part"),
            ("tarö@example.com", "non_ascii_local_part"),
            ("ﾀﾛｳ@example.com", "non_ascii_local_part"),
            ("taro@localhost", "invalid_domain"),
            ("taro@example.com.", "invalid_domain"),
            ("taro@example.com．", "invalid_domain"),
            ("taro@example..com", "invalid_domain"),
            ("taro@.example.com", "invalid_domain"),
            ("taro@exa mple.com", "invalid_email"),
            ("taro@exa_mple.com", "invalid_domain"),
            ("taro@-example.com", "invalid_domain"),
            ("taro@example-.com", "invalid_domain"),
            ("taro@192.0.2.1", "invalid_domain"),
            ("taro@example.2com", "invalid_domain"),
            ("taro@example.com03", "ambiguous_domain"),
            ("taro@example.com-taro", "ambiguous_domain"),
            ("taro@[192.0.2.1]", "invalid_domain"),
            ("taro@[IPv6:2001:db8::1]", "invalid_domain"),
            ("taro@xn--a.example", "invalid_domain"),
            ("taro@xn--example-.com", "invalid_domain"),
            ("taro@①.example", "invalid_domain"),
            ("taro@℡.example", "invalid_domain"),
            ("taro@example.com>", "invalid_domain"),
            ("ta ro@example.com", "invalid_email"),
            ("ta\tro@example.com", "invalid_email"),
            ("taro\u{3000}@example.com", "invalid_email"),
            ("taro@example.com\n", "control_character"),
            ("taro@example.com\r\nBcc: jiro@example.com", "control_character"),
            ("ta\0ro@example.com", "control_character"),
            ("ta\u{200b}ro@example.com", "control_character"),
            ("taro@exa\u{ad}mple.com", "control_character"),
            ("\u{202e}taro@example.com", "control_character"),
            ("taro@example.com\u{2028}", "control_character"),
            ("taro@example.com\u{2029}x", "control_character"),
        ] {
            assert_eq!(stored(text), Err(code), "{text:?}");
        }
    }

    #[test]
    fn p13_what_is_no_dot_atom_is_stored_in_quotes() {
        for (text, expected) in [
            ("aaa..bbbb.cc@docomo.example", "\"aaa..bbbb.cc\"@docomo.example"),
            ("Xxx.Yyy.@docomo.example", "\"xxx.yyy.\"@docomo.example"),
            ("\"aaa..bbbb.cc\"@docomo.example", "\"aaa..bbbb.cc\"@docomo.example"),
            ("＂a．．b＂＠docomo.example", "\"a..b\"@docomo.example"),
            ("a...b....c..@docomo.example", "\"a...b....c..\"@docomo.example"),
            ("-a-._.@docomo.example", "\"-a-._.\"@docomo.example"),
            ("\"taro\"@example.com", "taro@example.com"),
            ("\"taro.tanaka\"@example.com", "taro.tanaka@example.com"),
        ] {
            assert_eq!(stored(text).as_deref(), Ok(expected), "{text:?}");
            assert_eq!(stored(expected).as_deref(), Ok(expected), "{text:?}");
        }
        let json = serde_json::to_string(&EmailAddress::parse("a..b@x.example").unwrap()).unwrap();
        assert_eq!(json, r#""\"a..b\"@x.example""#);
        assert!(serde_json::from_str::<EmailAddress>(&json).is_ok());
        // The quotes count.
        assert!(stored(&format!("a..{}@x.example", "b".repeat(59))).is_ok());
        assert_eq!(stored(&format!("a..{}@x.example", "b".repeat(60))), Err("too_long"));
    }

    #[test]
    fn p07_a_label_is_of_one_script_and_the_last_one_is_known() {
        for (domain, expected) in [
            ("日本語.jp", "xn--wgv71a119e.jp"),
            ("カタカナと漢字.jp", "xn--o9j5ga3fqc5791bn72a.jp"),
            ("почта.рф", "xn--80a1acny.xn--p1ai"),
            ("한국.한국", "xn--3e0b707e.xn--3e0b707e"),
            ("会社.みんな", "xn--6oq404h.xn--q9jyb4c"),
            ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
            ("xn--6oq404h.xn--q9jyb4c", "xn--6oq404h.xn--q9jyb4c"),
            ("例え2-1.jp", "xn--2-1-763b408n.jp"),
        ] {
            let expected = format!("a@{expected}");
            assert_eq!(stored(&format!("a@{domain}")).as_deref(), Ok(&*expected), "{domain}");
        }
        for domain in [
            "会社.みんなさん",
            "会社.日本",
            "x.exampleé",
            "x.exampleさん",
            "日本語.jpさん",
            "почта会社.jp",
            "会社почта.jp",
            "иx.jp",
            "한국かな.jp",
            "αβ会.example",
            "example.com。よろしく",
            "会社.みんな。よろしく",
        ] {
            assert_eq!(stored(&format!("a@{domain}")), Err("ambiguous_domain"), "{domain}");
        }
        for domain in ["例え→.jp", "❤.example", "例え※.jp"] {
            assert_eq!(stored(&format!("a@{domain}")), Err("invalid_domain"), "{domain}");
        }
    }

    #[test]
    fn p03_a_hidden_character_within_is_named_with_its_place() {
        let refused = |text: &str| EmailAddress::parse(text).map_err(|e| e.to_string()).unwrap_err();
        assert!(refused("aya\u{200b}@x.example").ends_with(": U+200B at position 4"));
        assert!(refused(" a@x\u{ad}.example").ends_with(": U+00AD at position 4"));
    }

    #[test]
    fn no_letter_turns_into_an_ascii_look_alike() {
        for letter in ["ı", "İ", "ſ", "\u{212a}", "ﬁ", "ª", "ⅰ", "𝐚", "ⓐ", "²"] {
            let local = format!("ta{letter}o@example.com");
            assert_eq!(stored(&local), Err("non_ascii_local_part"), "{letter:?}");
            for domain in [format!("t@exa{letter}ple.com"), format!("t@example.{letter}")] {
                assert_eq!(stored(&domain), Err("invalid_domain"), "{letter:?}");
            }
        }
    }

    /// Every character of the basic plane: what is outside ASCII either shows as punycode or is refused.
    #[test]
    fn only_width_and_the_ideographic_dot_are_lost() {
        for c in (0x80..=0xffff).filter_map(char::from_u32) {
            if let Ok(stored) = stored(&format!("t@exa{c}ple.example")) {
                let expected = matches!(c, '！'..='～' | '。' | '｡') || stored.starts_with("t@xn--");
                assert!(expected, "{c:?} became {stored}");
            }
        }
    }

    #[test]
    fn limits_are_exact() {
        let domain = |labels: usize, last: usize| format!("{}{}.jp", "d23456789.".repeat(labels), "x".repeat(last));
        assert!(stored(&format!("{}@example.com", "a".repeat(64))).is_ok());
        assert_eq!(stored(&format!("{}@example.com", "a".repeat(65))), Err("too_long"));
        let longest = format!("{}@{}", "a".repeat(64), domain(18, 6));
        assert_eq!((longest.len(), stored(&longest)), (254, Ok(longest.clone())));
        assert_eq!(
            stored(&format!("{}@{}", "a".repeat(64), domain(18, 7))),
            Err("too_long")
        );
        assert!(stored(&format!("a@{}.example", "x".repeat(63))).is_ok());
        assert_eq!(stored(&format!("a@{}.example", "x".repeat(64))), Err("invalid_domain"));
        let short_until_punycode = format!("a@{}.jp", vec!["例え例え例え"; 30].join("."));
        assert!(short_until_punycode.chars().count() < 254);
        assert!(stored(&short_until_punycode).is_err());
        assert_eq!(stored(&"a".repeat(256 * 1024)), Err("too_long"));
    }

    #[test]
    fn parts_form_and_printing() {
        let address = EmailAddress::parse("Taro@例え.jp").unwrap();
        assert_eq!(address.domain(), "xn--r8jz45g.jp");
        assert_eq!(format!("{address:?}"), "EmailAddress(redacted)");
        let json = serde_json::to_string(&address).unwrap();
        assert_eq!(json, "\"taro@xn--r8jz45g.jp\"");
        assert_eq!(serde_json::from_str::<EmailAddress>(&json).unwrap(), address);
        assert!(serde_json::from_str::<EmailAddress>("\"taro\"").is_err());
    }

    fn address_like() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("@".to_owned()),
            Just("．".to_owned()),
            Just(".".to_owned()),
            Just("example".to_owned()),
            Just("xn--".to_owned()),
            "[a-zA-Z0-9._+\\-]{1,8}",
            "[ａ-ｚＡ-Ｚ０-９＠．]{1,3}",
            "[ıİſ\u{212a}ﬁßé例え。 \"<>]{1,2}",
            any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn the_stored_form_is_what_mail_can_carry(text in prop_oneof![address_like(), any::<String>()]) {
            if let Ok(address) = EmailAddress::parse(&text) {
                let stored = address.as_str();
                prop_assert!(stored.len() <= 254 && stored.bytes().all(|b| b.is_ascii_graphic()));
                prop_assert_eq!(stored.to_ascii_lowercase(), stored);
                prop_assert_eq!(stored.matches('@').count(), 1);
                prop_assert!(address.domain().contains('.') && !address.domain().ends_with('.'));
                prop_assert_eq!(EmailAddress::parse(stored), Ok(address.clone()));
            }
        }

        #[test]
        fn width_and_case_make_no_difference(local in "[a-z0-9_+\\-]{1,20}", domain in "[a-z]{1,9}\\.[a-z]{2,5}") {
            let plain = format!("{local}@{domain}");
            let wide: String = plain
                .to_ascii_uppercase()
                .chars()
                .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
                .collect();
            prop_assert_eq!(EmailAddress::parse(&plain).map(|a| a.0), Ok(plain));
            prop_assert_eq!(EmailAddress::parse(&wide), EmailAddress::parse(&format!("{local}@{domain}")));
        }
    }
}
