//! The sender: `NAME via PRODUCT <address>`.

#[cfg(feature = "send")]
use base64::{Engine as _, engine::general_purpose::STANDARD};
#[cfg(feature = "send")]
use contacts::EmailAddress;
use contacts::PersonName;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::defang::defang;

/// The most bytes of a name that are shown: encoded they take twice the room, and the header is short.
const MAX_NAME_BYTES: usize = 90;
/// The bytes in an encoded word, which has at most 75 characters (RFC 2047).
#[cfg(feature = "send")]
const WORD_BYTES: usize = 45;

/// The name beside the address, as people read it.
pub(crate) fn display_name(name: &PersonName, product: &PersonName) -> String {
    let name = defang(name.as_str());
    let shown = cut(&name, MAX_NAME_BYTES);
    let cut_off = if shown.len() < name.len() { "…" } else { "" };
    format!("{shown}{cut_off} via {}", product.as_str())
}

/// The header's value, in ASCII.
#[cfg(feature = "send")]
pub(crate) fn from_header(name: &PersonName, product: &PersonName, address: &EmailAddress) -> String {
    format!("{} <{}>", phrase(&display_name(name, product)), address.as_str())
}

#[cfg(feature = "send")]
fn phrase(text: &str) -> String {
    if text.is_ascii() {
        return format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    }
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let word = cut(rest, WORD_BYTES);
        words.push(format!("=?UTF-8?B?{}?=", STANDARD.encode(word)));
        rest = rest.get(word.len()..).unwrap_or_default();
    }
    words.join(" ")
}

/// The longest start of the text that has at most so many bytes and no half grapheme cluster; a first cluster that is
/// longer than that is cut between its characters.
fn cut(text: &str, bytes: usize) -> &str {
    let ends = text
        .grapheme_indices(true)
        .map(|(start, cluster)| start + cluster.len());
    let end = ends.take_while(|end| *end <= bytes).last();
    text.get(..end.unwrap_or_else(|| text.floor_char_boundary(bytes)))
        .unwrap_or_default()
}

#[cfg(test)]
#[cfg(feature = "send")]
mod tests {
    use super::*;

    fn header(name: &str) -> String {
        let parse = |text: &str| PersonName::parse(text).unwrap();
        from_header(
            &parse(name),
            &parse("Contacts"),
            &EmailAddress::parse("no-reply@contacts.example").unwrap(),
        )
    }

    #[test]
    fn a_name_is_no_encoded_word() {
        assert_eq!(
            header("=?utf-8?q?http=3A//evil=2Ecom?="),
            "\"=[?]utf-8?q?http=3A//evil=2Ecom?= via Contacts\" <no-reply@contacts.example>"
        );
    }

    #[test]
    fn ascii_is_quoted_and_the_rest_encoded() {
        assert_eq!(
            header("Taro Tanaka"),
            "\"Taro Tanaka via Contacts\" <no-reply@contacts.example>"
        );
        assert_eq!(
            header("A\\\" <b@evil.com>, \"x"),
            "\"A\\\\\\\" <b[@]evil[.]com>, \\\"x via Contacts\" <no-reply@contacts.example>"
        );
        assert_eq!(
            header("田中"),
            "=?UTF-8?B?55Sw5LitIHZpYSBDb250YWN0cw==?= <no-reply@contacts.example>"
        );
    }

    #[test]
    fn m04_no_cluster_is_cut() {
        for cluster in ["🇯🇵", "👍🏽"] {
            for count in [11, 30] {
                let name = PersonName::parse(&format!("あ{}", cluster.repeat(count))).unwrap();
                let shown = display_name(&name, &PersonName::parse("Contacts").unwrap());
                let shown = shown.trim_end_matches(" via Contacts").trim_end_matches('…');
                let clusters = shown.strip_prefix('あ').unwrap();
                assert_eq!(clusters.replace(cluster, ""), "", "{shown}");
                assert!(!clusters.is_empty());
            }
        }
    }

    #[test]
    fn it_stays_short() {
        for name in ["あ".repeat(64), "x".repeat(64), "🦀".repeat(64)] {
            let header = header(&name);
            assert!(header.is_ascii() && header.len() <= 320, "{header}");
            assert!(header.split(' ').all(|word| word.len() <= 75), "{header}");
        }
    }
}
