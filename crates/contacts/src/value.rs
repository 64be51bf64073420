//! What is wrong with a value that came from outside.

use std::fmt;

/// Why a value was refused: a stable code for programs, a sentence for people.
///
/// Neither holds the value itself, so both may be answered and logged. Written out, it is the sentence, with the place
/// of a character that nobody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invalid {
    /// Stable, in snake case: `empty`, `too_long`, `control_character`, …
    pub code: &'static str,
    /// One sentence without a full stop.
    pub detail: &'static str,
    /// The character that cannot be seen, and so not be found either, where that is what is wrong.
    pub hidden: Option<Hidden>,
}

/// A character that shows nothing, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hidden {
    /// The character.
    pub character: char,
    /// Its place among the characters of the value, from 1.
    pub position: usize,
}

impl Invalid {
    /// A refusal with its code and its sentence.
    pub const fn new(code: &'static str, detail: &'static str) -> Self {
        Self {
            code,
            detail,
            hidden: None,
        }
    }

    /// The refusal of a text for the first of its characters that `is_hidden` holds for, if there is one.
    pub(crate) fn for_hidden(text: &str, is_hidden: impl Fn(char) -> bool) -> Option<Self> {
        let (before, character) = text.chars().enumerate().find(|(_, c)| is_hidden(*c))?;
        let mut invalid = Self::new(
            "control_character",
            "control, bidi and invisible characters are not allowed",
        );
        invalid.hidden = Some(Hidden {
            character,
            position: before + 1,
        });
        Some(invalid)
    }
}

impl std::error::Error for Invalid {}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.detail)?;
        match self.hidden {
            Some(Hidden { character, position }) => {
                write!(f, ": U+{:04X} at position {position}", u32::from(character))
            }
            None => Ok(()),
        }
    }
}

/// True for what could break a line, hide text or turn its direction: control characters, line and
/// paragraph separators, bidi controls and invisible characters (Unicode categories Cc, Cf, Zl, Zp, and whatever else
/// is Default_Ignorable), what Unicode keeps free of characters, and characters that are assigned and show nothing
/// (the blank Braille pattern, the null notehead, the blanks of Egyptian and Khitan, the place of an object).
///
/// Joiners and selectors count too; where they are part of ordinary writing is for [`judged`] to say.
pub fn is_control_or_invisible(c: char) -> bool {
    c.is_control()
        || u32::from(c) & 0xfffe == 0xfffe
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{13430}'..='\u{13442}' | '\u{16fe4}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Each character of a text, with whether it may stand where it does: all that shows, and
///
/// - a variation selector behind what it selects a form of: an ideograph, a symbol, a letter of a script that has
///   such forms
/// - a joiner between emoji, and in the scripts that spell with joiners (UAX 31 has the same ones)
/// - the tags of an emoji flag
///
/// What stands where it does nothing may not: a name that looks like another is made of that.
pub fn judged(text: &str) -> impl Iterator<Item = (char, bool)> + '_ {
    let mut base = None;
    let mut follows_base = false;
    text.char_indices().map(move |(at, c)| {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let may = if is_selector(c) {
            follows_base && base.is_some_and(has_selected_forms)
        } else if is_joiner(c) {
            base.is_some_and(|base| {
                spells_with_joiners(base) || (is_pictograph(base) && rest.starts_with(is_pictograph))
            })
        } else if is_tag(c) {
            base == Some(FLAG) && ends_a_flag(rest, c)
        } else {
            !is_control_or_invisible(c)
        };
        follows_base = may && !is_selector(c) && !is_joiner(c);
        if follows_base && !is_tag(c) {
            base = Some(c).filter(|c| !c.is_whitespace());
        }
        (c, may)
    })
}

/// True for variation selectors.
pub fn is_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// True for the zero-width joiner and non-joiner.
pub fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// The flag whose region is spelled in tags behind it.
const FLAG: char = '\u{1f3f4}';
const END_OF_TAGS: char = '\u{e007f}';
/// The longest code of a region that Unicode's locale data has.
const LONGEST_REGION: usize = 6;

/// True for the tags that spell the region of an emoji flag.
pub fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0020}'..=END_OF_TAGS)
}

/// True for what is unseen around copied text: zero-width spaces and joiners, marks of direction, soft hyphens.
pub fn is_left_by_copying(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The ASCII character of a full-width one; any other as it is.
pub fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// True when a tag belongs to the name of a region, which has an end and is short: longer tags are hidden text.
fn ends_a_flag(rest: &str, tag: char) -> bool {
    let more = rest.chars().take_while(|&c| is_tag(c) && c != END_OF_TAGS).count();
    tag == END_OF_TAGS || (more < LONGEST_REGION && rest.chars().nth(more) == Some(END_OF_TAGS))
}

/// Latin, Greek, Cyrillic and Armenian letters have no forms to select; they have look-alikes enough.
fn has_selected_forms(base: char) -> bool {
    !(base.is_alphabetic() && base < '\u{590}')
}

/// Symbols that emoji are made of, by their blocks.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Arabic and its kin, the scripts of India and those descended from them, Mongolian and Adlam, by their blocks.
fn spells_with_joiners(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{1a20}'..='\u{1aaf}'
        | '\u{1b00}'..='\u{1bff}' | '\u{a840}'..='\u{a87f}' | '\u{a8e0}'..='\u{a9df}' | '\u{aa00}'..='\u{aaff}'
        | '\u{abc0}'..='\u{abff}' | '\u{fb50}'..='\u{fdcf}' | '\u{fe70}'..='\u{fefc}' | '\u{10a00}'..='\u{10aff}'
        | '\u{11000}'..='\u{11fff}' | '\u{1e900}'..='\u{1e95f}')
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
    fn selectors_joiners_and_tags_may_stand_where_they_do_something() {
        for good in [
            "辻\u{e0100}",
            "\u{fa19}\u{fe00}",
            "❤\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "👩\u{1f3fd}\u{200d}💻",
            "🙇\u{200d}♂\u{fe0f}",
            "❤\u{fe0f}\u{200d}🔥",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "ශ්\u{200d}රී",
            "രാമന്\u{200d}",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        ] {
            assert!(judged(good).all(|(_, may)| may), "{good:?}");
        }
        for bad in [
            "\u{e0100}辻",
            "辻\u{e0100}\u{e0101}",
            "a\u{fe0f}",
            " \u{fe0f}",
            "a\u{200d}b",
            "\u{200c}",
            "👩\u{200d}",
            "👩\u{200d}a",
            "\u{e0041}",
            "a\u{e0041}\u{e007f}",
            "\u{1f3f4}\u{e0067}",
            "\u{1f3f4}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e007f}",
            "می\u{200f}",
            "\u{1d159}",
            "\u{fffc}",
            "\u{2800}",
            "\u{fdd0}",
            "\u{1fffe}",
        ] {
            assert!(judged(bad).any(|(_, may)| !may), "{bad:?}");
        }
    }

    #[test]
    fn p03_the_place_of_a_hidden_character_is_named() {
        let refused = |text| Invalid::for_hidden(text, is_control_or_invisible).map(|invalid| invalid.to_string());
        let sentence = "control, bidi and invisible characters are not allowed";
        assert_eq!(
            refused("aya\u{200b}@"),
            Some(format!("{sentence}: U+200B at position 4"))
        );
        assert_eq!(refused("\0"), Some(format!("{sentence}: U+0000 at position 1")));
        assert_eq!(
            refused("\u{3042}\u{e0001}\u{200b}"),
            Some(format!("{sentence}: U+E0001 at position 2"))
        );
        assert_eq!(refused("aya"), None);
        assert_eq!(Invalid::new("empty", "nothing").to_string(), "nothing");
    }

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
