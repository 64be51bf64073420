//! What the characters of a pasted text are, in any width and form.

use icu_properties::{
    CodePointMapData,
    props::{GeneralCategory, GeneralCategoryGroup},
};
use unicode_normalization::UnicodeNormalization as _;

use crate::{
    user::email_address::{is_blank, is_dot},
    value::{is_left_by_copying, narrow},
};

/// What a character does between addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CharacterKind {
    Blank,
    Separator,
    /// A bracket that opens; `<` is one.
    Opening,
    /// A bracket that closes.
    Closing,
    /// A double quote. Which side it is for is no help: input methods for Japanese write the same one on both.
    Quote,
    /// Part of a word.
    Word,
}

impl CharacterKind {
    pub(super) fn of(c: char) -> Self {
        let form = form(c);
        match form {
            ',' | ';' | '|' | '\u{3001}' | '\u{60c}' | '\u{61b}' => Self::Separator,
            // Bars, as they are between the columns of tables.
            '\u{a6}' | '\u{2016}' | '\u{2223}' | '\u{2502}' | '\u{2503}' | '\u{2551}' => Self::Separator,
            '<' | '\u{226a}' => Self::Opening,
            '>' | '\u{226b}' => Self::Closing,
            '"' => Self::Quote,
            _ if is_blank(c) => Self::Blank,
            _ if is_apostrophe(form) => Self::Word,
            _ => match category(form) {
                GeneralCategory::InitialPunctuation | GeneralCategory::FinalPunctuation => Self::Quote,
                GeneralCategory::OpenPunctuation => Self::Opening,
                GeneralCategory::ClosePunctuation => Self::Closing,
                _ => Self::Word,
            },
        }
    }

    pub(super) fn is_wrapper(self) -> bool {
        matches!(self, Self::Opening | Self::Closing | Self::Quote)
    }
}

/// The ASCII character that a punctuation mark differs from in width or form only, or the ideographic comma; any other
/// character as it is.
pub(super) fn form(c: char) -> char {
    let narrow = narrow(c);
    if narrow.is_ascii() || c.is_alphanumeric() {
        return narrow;
    }
    let mut forms = c.nfkc();
    match (forms.next(), forms.next()) {
        (Some(one), None) if one.is_ascii_punctuation() || one == '\u{3001}' => one,
        _ => c,
    }
}

pub(super) fn is_at(c: char) -> bool {
    form(c) == '@'
}

pub(super) fn is_ascii_letter_or_digit(c: char) -> bool {
    narrow(c).is_ascii_alphanumeric()
}

/// The single quotes and what is typed for them: within a word they are an apostrophe.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}'..='\u{201b}')
}

/// The line ends of Unicode; of CRLF each half.
pub(super) fn is_line_end(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What a file or a clipboard puts around a text without anybody seeing it: at an end it counts for nothing.
pub(super) fn is_unseen(c: char) -> bool {
    is_blank(c) || is_left_by_copying(c)
}

/// Marks, symbols and numbers in circles, and what belongs to those: all that cannot be part of a name.
pub(super) fn is_symbol(c: char) -> bool {
    let symbols = GeneralCategoryGroup::Symbol
        .union(GeneralCategoryGroup::Punctuation)
        .union(GeneralCategoryGroup::OtherNumber);
    let joined = GeneralCategoryGroup::Format.union(GeneralCategoryGroup::EnclosingMark);
    let category = category(c);
    symbols.contains(category) || joined.contains(category) || matches!(c, '\u{fe00}'..='\u{fe0f}')
}

/// Bullets, middle dots, arrows and the slash in full width, as they stand between two addresses; no dash, quote or
/// full stop, which may be meant for one in ASCII.
pub(super) fn is_bullet(c: char) -> bool {
    let bullets = GeneralCategoryGroup::OtherSymbol
        .union(GeneralCategoryGroup::MathSymbol)
        .union(GeneralCategoryGroup::OtherPunctuation);
    let is_cut = is_ellipsis(c) || is_dot(c) || c == '\u{b7}';
    c == '\u{ff0f}' || (!form(c).is_ascii() && !is_cut && bullets.contains(category(c)))
}

/// The dots of what is left out, in one character.
pub(super) fn is_ellipsis(c: char) -> bool {
    matches!(c, '\u{2025}' | '\u{2026}' | '\u{22ef}' | '\u{fe19}' | '\u{fe30}')
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}
