//! How names are compared: one folding for the text that is searched and for what is typed.
//!
//! [`fold`] removes what people do not type alike; [`words`] cuts a name into what is found
//! separately; [`romaji`] knows how kana is written in Latin letters; [`coarse`] makes the key by
//! which the index finds a word. `tests/vectors/name-folding.json` shows each rule by example.

pub mod coarse;
pub(crate) mod kana;
mod kanji;
pub mod romaji;
mod syllables;

use icu_casemap::CaseMapper;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::value::is_control_or_invisible;

/// The version of the search entries and the places by name that this code makes.
///
/// It grows whenever a name gets other [`crate::search::SearchWords`], other entries or another
/// [`crate::search::sort_key`] than before, since a query finds only what was folded as it is itself. What the table
/// holds of an older version is brought up to date by `contacts-admin reindex`.
pub const VERSION: u32 = 2;

/// The folded form of a name or a query:
///
/// - NFKC, so width does not matter (`ＡＢＣ`, `ｶﾅ`), and full case folding (`Straße` is `strasse`)
/// - accents dropped, and letters that have no accent to drop replaced (ø o, ł l, æ ae, …); the voicing
///   marks of kana stay
/// - katakana as hiragana; `ー` stays, `ヵ` and `ヶ` are as their large forms
/// - forms of one kanji as one of them (`髙` and `高`, `邉`, `邊` and `辺`)
/// - a hyphen, dash, minus or wave dash behind kana as `ー`, which people write with them
/// - apostrophes dropped; between the parts of one word (`Jean-Paul`, `Ota.Mei`) a [`JOINT`]
/// - whatever else is neither letter nor digit as one space, none around: white space, `・`, brackets, commas, stars
///
/// Characters that nobody sees are dropped: variation selectors and joiners are part of how a name is written, but not
/// of what is typed to find it. Folding twice is folding once.
pub fn fold(text: &str) -> String {
    let compatible = compatible(text);
    let cased = CaseMapper::new().fold_string(&compatible);
    let mut letters = String::with_capacity(cased.len());
    for c in cased.nfd().filter(|&c| !is_accent(c) && !is_apostrophe(c)) {
        match plain_letter(c) {
            Some(plain) => letters.push_str(plain),
            None => letters.push(kanji::plain(hiragana(c))),
        }
    }
    spaced(letters.nfkc())
}

/// Joins the parts of one word in a folded text.
pub const JOINT: char = '.';

/// A folded word with its parts together.
pub fn glued(word: &str) -> String {
    word.replace(JOINT, "")
}

/// The pieces of a query, not yet folded: what is between white space and the marks that separate words.
pub(crate) fn pieces(text: &str) -> Vec<String> {
    let separates = |c| between(c) == Some(' ') && !is_wave(c) && !is_apostrophe(c);
    let compatible = compatible(text);
    compatible
        .split(separates)
        .filter(|piece| !piece.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The visible characters of a text in NFKC.
fn compatible(text: &str) -> String {
    // These would become a space and a combining mark in NFKC, and so split a word.
    let spacing = |c| match c {
        '\u{309b}' => '\u{3099}',
        '\u{309c}' => '\u{309a}',
        '\u{b4}' => '\'',
        c => c,
    };
    let visible = |c: &char| c.is_whitespace() || !is_control_or_invisible(*c);
    text.chars().filter(visible).map(spacing).nfkc().collect()
}

/// The text with one space or [`JOINT`] for what is between its words, and `ー` for a dash behind kana.
fn spaced(text: impl Iterator<Item = char>) -> String {
    let mut result = String::new();
    let mut last = None;
    let mut mark = None;
    for c in text {
        if mark.is_none() && (is_hyphen(c) || is_wave(c)) && last.is_some_and(is_kana) {
            result.push('ー');
            last = Some('ー');
            continue;
        }
        if let Some(found) = between(c) {
            // A space is stronger than a joint beside it.
            mark = mark.filter(|&mark| mark == ' ').or(Some(found));
            continue;
        }
        if last.is_some_and(|last| is_emoji(last) != is_emoji(c)) && !is_combining_mark(c) {
            mark = Some(' ');
        }
        result.extend(mark.take().filter(|_| last.is_some()));
        result.push(c);
        last = Some(c);
    }
    result
}

/// What stands for a character that is no part of a word: a space, or a [`JOINT`].
fn between(c: char) -> Option<char> {
    if is_hyphen(c) || c == JOINT {
        return Some(JOINT);
    }
    // Where a font of one's own has characters, they are kanji that no standard has.
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10fffd}');
    let is_word = c.is_alphanumeric() || is_combining_mark(c) || is_kanji(c) || is_emoji(c) || is_private || c == '_';
    (!is_word).then_some(' ')
}

/// The words of a folded text.
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(' ').filter(|word| !word.is_empty())
}

/// The word with each iteration mark replaced by what it repeats: `佐々木` is `佐佐木`, `みすゞ` is `みすず`.
///
/// This is apart from [`fold`] because an inner part of a name may begin with the mark (`々木`), where
/// there is nothing to repeat.
pub fn without_iteration_marks(word: &str) -> String {
    let mut result = String::with_capacity(word.len());
    for c in word.chars() {
        let last = result.chars().next_back();
        match (c, last) {
            ('々' | '〻', Some(kanji)) if is_kanji(kanji) => result.push(kanji),
            ('ゝ', Some(kana)) if is_kana(kana) => result.push(kana),
            ('ゞ', Some(kana)) if is_kana(kana) => {
                result.extend([kana, '\u{3099}'].into_iter().nfc());
            }
            _ => result.push(c),
        }
    }
    result
}

/// True for hiragana and katakana, their marks and `ー`.
pub fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}')
}

/// True for kanji and the marks that stand for one.
pub fn is_kanji(c: char) -> bool {
    matches!(c,
        '々' | '〆' | '〇' | '〻' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// True for what is written without a space between family name and given name.
pub fn is_unspaced(c: char) -> bool {
    is_kana(c) || is_kanji(c) || matches!(c, '\u{ac00}'..='\u{d7a3}')
}

/// Marks over and under letters. Not all of category Mn: in Thai or Devanagari those are vowels, and in
/// kana they make another syllable.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// Apostrophes, which begin no word: `O'Brien` is `obrien`.
fn is_apostrophe(c: char) -> bool {
    matches!(c,
        '\'' | '`' | '\u{2b9}'..='\u{2bf}' | '\u{2c8}' | '\u{55a}' | '\u{5f3}' | '\u{5f4}' | '\u{2018}'..='\u{201b}'
        | '\u{2032}' | '\u{2035}' | '\u{a78b}' | '\u{a78c}')
}

/// Hyphens, dashes and minus signs; the lines of boxes are typed for dashes.
fn is_hyphen(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{58a}' | '\u{5be}' | '\u{2010}'
            ..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{2500}' | '\u{2501}' | '\u{2e3a}' | '\u{2e3b}'
    )
}

/// Wave dashes; the full-width tilde is a tilde in NFKC.
fn is_wave(c: char) -> bool {
    matches!(c, '~' | '\u{2053}' | '\u{223c}' | '\u{223e}' | '\u{301c}' | '\u{3030}')
}

/// Emoji by their blocks: words of their own, so that a name behind one is found.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}')
}

/// Letters that people type as others and that have no accent to drop.
fn plain_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' | 'ɖ' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ĸ' => "k",
        'ŋ' => "ng",
        'ŧ' => "t",
        'ƀ' => "b",
        'ǥ' => "g",
        'ƶ' => "z",
        _ => return None,
    })
}

fn hiragana(c: char) -> char {
    match c {
        'ヵ' | 'ゕ' => 'か',
        'ヶ' | 'ゖ' => 'け',
        '\u{30a1}'..='\u{30f4}' | '\u{30fd}' | '\u{30fe}' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_what_people_do_not_type_alike() {
        for (text, folded) in [
            ("ＡＢＣ　Def", "abc def"),
            ("ﾀﾅｶ ﾀﾞｲｽｹ", "たなか だいすけ"),
            ("ヴァレリー", "ゔぁれりー"),
            ("か\u{309b}", "が"),
            ("José Straße", "jose strasse"),
            ("Łukasz Đặng Søren Ægir İlgı", "lukasz dang soren aegir ilgi"),
            ("O’Brien-O´Neill", "obrien.oneill"),
            ("ユ−コ ﾕ-ｺ ユ〜コ ユ～コ", "ゆーこ ゆーこ ゆーこ ゆーこ"),
            ("Kobayashi(Sales) “Ota”.Mei", "kobayashi sales ota mei"),
            ("-a- .b. ★c★", "a b c"),
            ("a~b a_b a・b", "a b a_b a b"),
            ("Rin👩\u{200d}💻Rin", "rin 👩💻 rin"),
            ("マリア・ﾙｲｻ", "まりあ るいさ"),
            ("  a \u{3000}\u{a0} b ", "a b"),
            ("辻\u{e0100} 葛\u{e0101}城 ❤\u{fe0f}", "辻 葛城"),
            ("می\u{200c}خواهم", "میخواهم"),
            ("관우", "관우"),
            ("กิ่ง", "กิ่ง"),
        ] {
            assert_eq!(fold(text), folded, "{text:?}");
        }
    }

    #[test]
    fn iteration_marks_repeat_what_stands_before_them() {
        for (word, plain) in [
            ("佐々木", "佐佐木"),
            ("みすゞ", "みすず"),
            ("さゝき", "ささき"),
            ("々木", "々木"),
        ] {
            assert_eq!(without_iteration_marks(&fold(word)), plain, "{word:?}");
        }
    }
}
