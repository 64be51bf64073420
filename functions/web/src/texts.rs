//! What the pages say, in both languages.

pub(crate) mod late;
pub(crate) mod link;
pub(crate) mod manage;
pub(crate) mod signed_in;
pub(crate) mod tokenless;
pub(crate) mod unsubscribe;

use contacts::user::Locale;

/// A text in both languages.
struct Both {
    en: &'static str,
    ja: &'static str,
}

impl Both {
    fn of(&self, language: Locale) -> &'static str {
        match language {
            Locale::En => self.en,
            Locale::Ja => self.ja,
        }
    }
}

const fn both(en: &'static str, ja: &'static str) -> Both {
    Both { en, ja }
}
