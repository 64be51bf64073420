//! The coarse key of a word: what the index is sorted by, and what a query's one probe begins with.
//!
//! A word has more spellings than the index has room for. The key is equal for most of them, so that
//! few entries serve all; it selects too much at times, and the exact comparison in
//! [`crate::search`] decides. From the third character on (the first two are the partition, which a
//! query must name) it
//!
//! - contracts long vowels: `ou` and `oo` to `o`, `uu` to `u`, and drops the `h` of an `oh` that no
//!   vowel follows
//! - writes a doubled n once, since ん is typed so
//! - writes Hepburn for Kunrei where no later letter is needed to know: `si` as `shi`, `sya` as `sha`,
//!   `tu` as `tsu`; and `jya` as `ja`
//!
//! Kana is written in its loose form ([`super::kana`]) from the second character on. A key is cut at [`MAX_KEY`].
//!
//! A character only ever adds to the key of what is before it, so the key of a prefix is a prefix
//! of the key: that is what makes one `begins_with` enough.

use super::kana::Loose;

/// The longest key, in bytes: an entry of the index has a key and a word, and both have to be short.
pub const MAX_KEY: usize = 120;

/// A key in the making.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coarse {
    key: String,
    /// Characters taken so far, 2 meaning "two or more".
    taken: u8,
    last: Option<char>,
    /// The `o` or `u` that the characters just taken lengthen.
    long: Option<char>,
    /// An `h` after an `o`: part of the key only if a vowel follows.
    waiting_h: bool,
    kana: Loose,
}

impl Coarse {
    /// Takes the next character.
    pub fn push(&mut self, c: char) {
        let c = self.kana.next(c);
        if self.waiting_h {
            self.waiting_h = false;
            if is_vowel(c) {
                self.key.push('h');
                self.long = None;
            }
        }
        let lengthens = matches!((self.long, c), (Some('o'), 'o' | 'u') | (Some('u'), 'u'));
        if self.taken < 2 {
            self.taken += 1;
            self.key.push(c);
        } else if c == 'h' && self.long == Some('o') {
            self.waiting_h = true;
            self.last = Some(c);
            return;
        } else if !lengthens {
            match (self.last, c) {
                (Some('s'), 'i') => self.key.push_str("hi"),
                (Some('s'), 'y') => self.key.push('h'),
                (Some('t'), 'u') => self.key.push_str("su"),
                (Some('j'), 'y') | (Some('n'), 'n') => {}
                _ => self.key.push(c),
            }
        }
        if !lengthens {
            self.long = matches!(c, 'o' | 'u').then_some(c);
        }
        self.last = Some(c);
    }

    /// Takes a text.
    pub fn push_str(&mut self, text: &str) {
        text.chars().for_each(|c| self.push(c));
    }

    /// How many characters were taken; 2 means "two or more".
    pub fn taken(&self) -> u8 {
        self.taken
    }

    /// The key so far.
    pub fn into_key(mut self) -> String {
        self.key.truncate(cut(&self.key).len());
        self.key
    }
}

/// The key of a folded word.
pub fn coarse(word: &str) -> String {
    let mut key = Coarse::default();
    key.push_str(word);
    key.into_key()
}

/// As many characters of a text as have room in a key.
pub(crate) fn cut(text: &str) -> &str {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.take_while(|&end| end <= MAX_KEY).last().unwrap_or_default();
    text.get(..end).unwrap_or_default()
}

/// True for the five vowels of romaji.
pub fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'i' | 'u' | 'e' | 'o')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_meet_in_one_key() {
        for (key, spellings) in [
            ("yoko", &["yoko", "youko", "yooko", "yohko"][..]),
            ("sato", &["sato", "satou", "satoh", "satoo"]),
            ("kotaro", &["kotaro", "koutarou", "kohtaroh", "kootaroo"]),
            ("koharu", &["koharu", "kouharu", "kohharu"]),
            ("yuki", &["yuki", "yuuki"]),
            ("yoshiko", &["yoshiko", "yosiko"]),
            ("matsu", &["matsu", "matu"]),
            ("nishojo", &["nishojo", "nisyojyo", "nishoujou"]),
            ("kenichi", &["kenichi", "kennichi"]),
            ("こーいち", &["こういち", "こーいち", "こおいち"]),
            ("きよーこ", &["きょうこ", "きようこ"]),
            ("霞け関", &["霞け関", "霞が関"]),
        ] {
            for spelling in spellings {
                assert_eq!(coarse(spelling), key, "{spelling}");
            }
        }
        assert_eq!(coarse("oota"), "oota", "the first two characters are the partition");
    }
}
