//! The words that go with a request or an invitation.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    Invalid,
    value::{is_control_or_invisible, is_joiner, is_selector, is_tag, judged, trim},
};

/// The most that a person sees, in graphemes.
const MAX_GRAPHEMES: usize = 1_000;
/// The most that is stored, in bytes of UTF-8: a grapheme may have any number of them.
const MAX_BYTES: usize = 4_000;

/// Other people's text: 1,000 graphemes and 4,000 bytes at most, in NFC, line ends as `\n`.
///
/// Empty means no message. Control, bidi and invisible characters other than tab and line end are refused;
/// joiners, variation selectors and tags are kept where they are part of ordinary writing ([`judged`]).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Message(String);

impl Message {
    /// Reads a message as it came from outside; white space around it is dropped.
    ///
    /// # Errors
    /// `too_long`, `control_character`, `invisible`.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        if raw.len() > 4 * MAX_BYTES {
            return Err(TOO_LONG);
        }
        let text: String = trim(&raw.replace("\r\n", "\n").replace('\r', "\n")).nfc().collect();
        if text.chars().any(is_refused) {
            return Err(HIDDEN);
        }
        if !text.is_empty() && text.chars().all(|c| c.is_whitespace() || is_control_or_invisible(c)) {
            return Err(Invalid::new("invisible", "a message has something to see"));
        }
        if judged(&text).any(|(c, may)| !may && !is_line_or_tab(c)) {
            return Err(HIDDEN);
        }
        if text.len() > MAX_BYTES || text.graphemes(true).count() > MAX_GRAPHEMES {
            return Err(TOO_LONG);
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True when there is no message.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

const TOO_LONG: Invalid = Invalid::new("too_long", "at most 1,000 characters and 4,000 bytes");
const HIDDEN: Invalid = Invalid::new(
    "control_character",
    "control, bidi and invisible characters are not allowed",
);

/// True for what no place in a text makes ordinary.
fn is_refused(c: char) -> bool {
    let part_of_text = is_line_or_tab(c) || is_joiner(c) || is_selector(c) || is_tag(c);
    !part_of_text && is_control_or_invisible(c)
}

fn is_line_or_tab(c: char) -> bool {
    matches!(c, '\t' | '\n')
}

/// Redacted: a message is not for logs.
impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_exact() {
        assert!(Message::parse(&"あ".repeat(1_000)).is_ok());
        assert_eq!(Message::parse(&"あ".repeat(1_001)), Err(TOO_LONG));
        assert!(Message::parse(&"𠮷".repeat(1_000)).is_ok());
        assert_eq!(
            Message::parse(&"👨‍👩‍👧".repeat(300)),
            Err(TOO_LONG),
            "graphemes fit, bytes do not"
        );
    }

    #[test]
    fn text_as_people_write_it_passes_and_control_characters_do_not() {
        for good in [
            "",
            "Hello,\r\nit's me\t:)",
            "よろしく 👨‍👩‍👧 ❤️",
            "a\rb",
            "辻\u{e0100}です",
            "می\u{200c}خواهم",
        ] {
            assert!(Message::parse(good).is_ok(), "{good:?}");
        }
        for bad in [
            "a\0b",
            "a\u{1b}[31mb",
            "a\u{202e}b",
            "a\u{2066}b",
            "a\u{2028}b",
            "a\u{200b}b",
            "a\u{feff}b",
            "\u{2028}",
            "a\u{85}",
            "a\u{e0041}",
            "a\u{200d}b",
            "\u{1d159}",
            "\u{fffc}",
        ] {
            assert_eq!(
                Message::parse(bad).map_err(|e| e.code),
                Err("control_character"),
                "{bad:?}"
            );
        }
        for hidden in ["\u{200d}", "\u{e0041}", " \u{fe0f}\u{3000}\u{200c}"] {
            assert_eq!(
                Message::parse(hidden).map_err(|e| e.code),
                Err("invisible"),
                "{hidden:?}"
            );
        }
        assert_eq!(Message::parse(" a\r\nb ").map(|m| m.0), Ok("a\nb".to_owned()));
    }
}
