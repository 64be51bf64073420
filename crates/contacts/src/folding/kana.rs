//! Kana that is written in several ways: long vowels, kana between kanji, and large kana for small.
//!
//! [`Loose`] makes one of the ways for the key of the index, character by character, so that the key of a prefix is a
//! prefix of the key. It makes too much alike; [`begins_with`] decides.

use super::is_kanji;

/// The loose form of a word, read from its beginning. The first character stays as it is: the index is divided by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Loose {
    begun: bool,
    /// What the kana just read ends with, however long it is.
    vowel: Option<char>,
}

impl Loose {
    /// The next character's loose form.
    pub(super) fn next(&mut self, c: char) -> char {
        let large = large(c);
        if !self.begun {
            self.begun = true;
            self.vowel = vowel(large);
            return c;
        }
        if self.vowel.is_some_and(|vowel| lengthens(vowel, large)) {
            return 'ー';
        }
        self.vowel = vowel(large);
        match large {
            'が' => 'け',
            '之' => 'の',
            large => large,
        }
    }
}

/// True when a folded word begins with what was typed, each of these counting as one:
///
/// - `ー` and the kana that lengthens the vowel before it
/// - between kanji `け` (from `ヶ`) and `が`, `つ` and `っ`, `の` and `之`
/// - small kana and large, where `whole` allows it and the two are as long as one another: lists of banks and registers
///   have no small kana, but by a prefix everybody called きょう… would be found by きよ
pub(crate) fn begins_with(word: &str, typed: &str, whole: bool) -> bool {
    let pairs = || word.chars().zip(typed.chars());
    let ends = word.chars().count();
    if typed.chars().count() > ends {
        return false;
    }
    let whole = whole && typed.chars().count() == ends;
    let (mut loose_word, mut loose_typed) = (Loose::default(), Loose::default());
    let mut before = None;
    let behind = word.chars().skip(1).map(Some).chain([None]);
    for ((known, asked), behind) in pairs().zip(behind) {
        let (loose, other) = (loose_word.next(known), loose_typed.next(asked));
        let in_kanji = before.is_some_and(is_kanji) && behind.is_some_and(is_kanji);
        let is_long = loose == 'ー' && (known == 'ー' || asked == 'ー');
        let is_sound = in_kanji && matches!(loose, 'け' | 'つ' | 'の');
        let is_size = whole && large(known) == large(asked);
        if known != asked && !(loose == other && (is_long || is_sound || is_size)) {
            return false;
        }
        before = Some(known);
    }
    true
}

/// A small kana as its large form.
fn large(c: char) -> char {
    match c {
        'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' | 'ゎ' => {
            char::from_u32(u32::from(c) + 1).unwrap_or(c)
        }
        _ => c,
    }
}

/// The vowel of a large hiragana.
fn vowel(kana: char) -> Option<char> {
    const ROWS: [(char, &str); 5] = [
        ('あ', "あかがさざただなはばぱまやらわ"),
        ('い', "いきぎしじちぢにひびぴみりゐ"),
        ('う', "うゔくぐすずつづぬふぶぷむゆる"),
        ('え', "えけげせぜてでねへべぺめれゑ"),
        ('お', "おこごそぞとどのほぼぽもよろを"),
    ];
    ROWS.iter().find(|(_, row)| row.contains(kana)).map(|&(vowel, _)| vowel)
}

/// True when a kana makes the vowel before it long.
fn lengthens(vowel: char, kana: char) -> bool {
    kana == 'ー' || kana == vowel || matches!((vowel, kana), ('え', 'い') | ('お', 'う'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_write_a_word_are_one_where_they_sound_alike() {
        for (word, whole, typed, found) in [
            ("こういち", false, "こーい", true),
            ("こーいち", false, "こおいち", true),
            ("こういち", false, "こおいち", false),
            ("こういち", false, "こいち", false),
            ("けい", false, "けー", true),
            ("あお", false, "あー", false),
            ("霞け関", false, "霞が", true),
            ("霞け", false, "霞が", false),
            ("山之内", false, "山の内", true),
            ("弘之", false, "弘の", false),
            ("きょうこ", true, "きよーこ", true),
            ("きょうこ", true, "きよ", false),
            ("きょうこ", false, "きようこ", false),
            ("はっとり", true, "はつとり", true),
        ] {
            assert_eq!(begins_with(word, typed, whole), found, "{word} {typed} {whole}");
        }
    }
}
