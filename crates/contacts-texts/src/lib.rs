//! What people read, in each language: the mails and the pages.
//!
//! The texts are in `texts/LANGUAGE.ftl`. The build script makes a method of [`Texts`] of each, `mail-no-reply` is
//! [`Texts::mail_no_reply`], whose parameters are its placeholders in alphabetical order; a number is a `u32`, all
//! else a `&str`. Those whose name begins with `manage-` are for the script of the Manage Contacts page, and become
//! a JavaScript module a language instead.
//!
//! Nothing is escaped here: whoever puts a text into HTML escapes it there.

use contacts::Locale;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// The texts of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Texts {
    locale: Locale,
}

impl Texts {
    /// The texts of this language.
    pub fn new(locale: Locale) -> Self {
        Self { locale }
    }

    /// The language, as `lang` attributes name it.
    pub fn tag(self) -> &'static str {
        self.locale.tag()
    }
}

/// A number as both languages write it: with commas between thousands.
fn number(value: u32) -> String {
    let digits = value.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (value, expected) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345, "12,345"),
            (4_000_000_000, "4,000,000,000"),
        ] {
            assert_eq!(number(value), expected);
        }
    }

    #[test]
    fn a_text_is_filled_in_its_language() {
        let (en, ja) = (Texts::new(Locale::En), Texts::new(Locale::Ja));
        assert_eq!(
            en.mail_expires("22", 12, "2026"),
            "This link expires on 22 December 2026, Japan time."
        );
        assert_eq!(
            ja.mail_expires("1", 2, "2027"),
            "このリンクは2027年2月1日（日本時間）まで有効です。"
        );
        assert_eq!(
            en.mail_expires("1", 2, "2027"),
            "This link expires on 1 February 2027, Japan time."
        );
        assert_eq!(ja.link_sign_in(), "ログイン");
    }
}
