//! Which mail it is, and in which languages.

use contacts::Locale;

/// The language of a mail to someone who is not registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailLanguage {
    /// Japanese.
    Ja,
    /// English.
    En,
    /// Japanese first, then English.
    Both,
}

/// The language that the inviter chose, both if none was.
impl From<Option<Locale>> for MailLanguage {
    fn from(chosen: Option<Locale>) -> Self {
        match chosen {
            Some(Locale::Ja) => Self::Ja,
            Some(Locale::En) => Self::En,
            None => Self::Both,
        }
    }
}

/// Which mail it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// To someone who is not registered: come and sign up.
    Invitation(MailLanguage),
    /// To someone registered, in their language: a contact request waits.
    Request(Locale),
}

impl MailKind {
    /// The languages that the mail is in, the one it begins with first.
    pub(crate) fn languages(self) -> &'static [Locale] {
        match self {
            Self::Invitation(MailLanguage::Both) => &[Locale::Ja, Locale::En],
            Self::Invitation(MailLanguage::Ja) | Self::Request(Locale::Ja) => &[Locale::Ja],
            Self::Invitation(MailLanguage::En) | Self::Request(Locale::En) => &[Locale::En],
        }
    }
}
