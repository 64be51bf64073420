//! What is wrong with a value that came from outside.

/// Why a value was refused: a stable code for programs, a sentence for people.
///
/// Neither holds the value itself, so both may be answered and logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Invalid {
    /// Stable, in snake case: `empty`, `too_long`, `control_character`, …
    pub code: &'static str,
    /// One sentence without a full stop.
    pub detail: &'static str,
}

impl Invalid {
    /// A refusal with its code and its sentence.
    pub const fn new(code: &'static str, detail: &'static str) -> Self {
        Self { code, detail }
    }
}

/// True for what could break a line, hide text or turn its direction: control characters, line and
/// paragraph separators, bidi controls and invisible characters (Unicode categories Cc, Cf, Zl, Zp).
///
/// The zero-width joiner and non-joiner count too: a name has no need of them, and a look-alike has. So does
/// the blank Braille pattern, a symbol to Unicode (So) that shows nothing.
pub fn is_control_or_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Drops the white space around a text, but none that [`is_control_or_invisible`] has other than tab and line ends:
/// what is refused within a text is refused at its ends too.
pub fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| matches!(c, '\t' | '\n' | '\r') || (c.is_whitespace() && !is_control_or_invisible(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_goes_and_what_is_refused_stays() {
        for (text, trimmed) in [
            (" \t\r\n a b\u{3000}\u{a0}", "a b"),
            ("\u{2028}", "\u{2028}"),
            (" \u{85}a ", "\u{85}a"),
            ("a\u{b}", "a\u{b}"),
            ("", ""),
        ] {
            assert_eq!(trim(text), trimmed, "{text:?}");
        }
    }
}
