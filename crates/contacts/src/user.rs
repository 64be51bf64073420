//! People, and what identifies them.
//!
//! - [`email_address`]: addresses; [`handle`]: who has a Chatwork ID; [`profile`]: what people change about themselves

pub mod email_address;
pub mod handle;
pub mod profile;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    EmailAddress, Invalid, Random, Timestamp,
    value::{judged, trim},
};

/// Who is calling, as the sign-in token says it: 1 to 128 characters of `[A-Za-z0-9._:|@-]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(String);

impl UserId {
    /// Reads an id.
    ///
    /// # Errors
    /// `invalid_user_id`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._:|@-".contains(&b);
        if (1..=128).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new(
                "invalid_user_id",
                "1 to 128 of the characters A-Z a-z 0-9 . _ : | @ -",
            ))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for UserId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The number that Chatwork's API knows a person by: positive, below 2^53 so that a JavaScript
/// client reads it exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(u64);

impl AccountId {
    /// A random one; the store makes sure that it is unique.
    pub fn new(random: &dyn Random) -> Self {
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        Self((u64::from_be_bytes(bytes) >> 11).max(1))
    }

    /// The number.
    pub fn get(self) -> u64 {
        self.0
    }
}

/// A handle that a person chose: 1 to 50 ASCII letters, digits, `-`, `_`. Shown as written,
/// compared without case.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChatworkId(String);

impl ChatworkId {
    /// Reads a handle.
    ///
    /// # Errors
    /// `empty`, `too_long`, `invalid_chatwork_id`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() {
            return Err(Invalid::new("empty", "a Chatwork ID has at least one character"));
        }
        if text.len() > 50 {
            return Err(Invalid::new("too_long", "a Chatwork ID has at most 50 characters"));
        }
        if !text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        {
            return Err(Invalid::new(
                "invalid_chatwork_id",
                "only ASCII letters, digits, - and _",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// As its owner wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is compared: lower case.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl PartialEq for ChatworkId {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for ChatworkId {}

/// The name of a person, or its reading: 1 to 64 graphemes, at most 256 bytes, in NFC, one line,
/// no invisible or bidi character but the joiners and selectors of ordinary writing ([`judged`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonName(String);

const MAX_GRAPHEMES: usize = 64;
const MAX_BYTES: usize = 256;

impl PersonName {
    /// Reads a name; white space around it is dropped.
    ///
    /// # Errors
    /// `empty`, `too_long`, `control_character`.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        const TOO_LONG: Invalid = Invalid::new("too_long", "at most 64 characters and 256 bytes");
        if raw.len() > 4 * MAX_BYTES {
            return Err(TOO_LONG);
        }
        let name: String = trim(raw).nfc().collect();
        if name.is_empty() {
            return Err(Invalid::new("empty", "a name has at least one character"));
        }
        if judged(&name).any(|(_, may)| !may) {
            return Err(Invalid::new(
                "control_character",
                "control, bidi and invisible characters are not allowed",
            ));
        }
        if name.len() > MAX_BYTES || name.graphemes(true).count() > MAX_GRAPHEMES {
            return Err(TOO_LONG);
        }
        Ok(Self(name))
    }

    /// A name that another system has, made one of ours: what may not stand in it is left out, white space of any kind
    /// is a space, and what is too long is cut between graphemes. `None` if nothing is left.
    pub fn cleaned(raw: &str) -> Option<Self> {
        let spaced = raw.replace(char::is_whitespace, " ");
        let composed: String = spaced.nfc().collect();
        let visible = judged(&composed).filter(|&(_, may)| may).map(|(c, _)| c);
        let name: String = visible.nfc().collect();
        let mut end = 0;
        for (at, grapheme) in trim(&name).grapheme_indices(true).take(MAX_GRAPHEMES) {
            if at + grapheme.len() > MAX_BYTES {
                break;
            }
            end = at + grapheme.len();
        }
        // White space before the cut goes here; everything else holds already.
        Self::parse(trim(&name).get(..end)?).ok()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first letters of the first and the last word, in capitals: what stands where a picture would.
    pub fn initials(&self) -> String {
        let mut words = self.0.split_whitespace();
        let ends = [words.next(), words.next_back()].into_iter().flatten();
        ends.filter_map(|word| word.graphemes(true).next())
            .flat_map(str::chars)
            .flat_map(char::to_uppercase)
            .collect()
    }
}

/// The language of what a person is shown and sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// Japanese.
    #[default]
    Ja,
    /// English.
    En,
}

impl Locale {
    /// The tag for `lang` attributes and headers.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// The language of a tag of BCP 47, whatever its script, region and case.
    pub fn of_language_tag(tag: &str) -> Option<Self> {
        let language = tag.split('-').next()?;
        let mut known = [Self::Ja, Self::En].into_iter();
        known.find(|known| language.eq_ignore_ascii_case(known.tag()))
    }
}

/// By what others may find a person; each by itself, all on at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindableBy {
    /// By name and reading.
    pub name: bool,
    /// By Chatwork ID, in search and in a request.
    pub chatwork_id: bool,
    /// By the exact e-mail address.
    pub email: bool,
}

impl Default for FindableBy {
    fn default() -> Self {
        Self {
            name: true,
            chatwork_id: true,
            email: true,
        }
    }
}

/// An organisation's number, positive and below 2^53.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrganizationId(pub u64);

/// The organisation a person belongs to; only the administration sets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its number.
    pub organization_id: OrganizationId,
    /// Its name.
    pub name: PersonName,
}

/// Someone registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Who it is in the sign-in token.
    pub user_id: UserId,
    /// Who it is in Chatwork's API.
    pub account_id: AccountId,
    /// The name.
    pub name: PersonName,
    /// How the name is read, in kana.
    pub reading: Option<PersonName>,
    /// The handle, when one was chosen.
    pub chatwork_id: Option<ChatworkId>,
    /// The verified address.
    pub email: EmailAddress,
    /// The organisation, when there is one.
    pub organization: Option<Organization>,
    /// The department in it.
    pub department: Option<String>,
    /// The picture.
    pub avatar_image_url: Option<String>,
    /// By what others may find this person.
    pub findable_by: FindableBy,
    /// The language chosen.
    pub locale: Locale,
    /// When the person registered.
    pub created_at: Timestamp,
}

/// What anybody sees of a person, as it was when it was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCard {
    /// Who it is in the sign-in token.
    pub user_id: UserId,
    /// Who it is in Chatwork's API.
    pub account_id: AccountId,
    /// The name.
    pub name: PersonName,
    /// The handle, when one was chosen.
    pub chatwork_id: Option<ChatworkId>,
    /// The name of the organisation, when there is one.
    pub organization_name: Option<PersonName>,
    /// The picture, wherever it comes from: whether it may be shown is the deployment's to say.
    pub avatar_image_url: Option<String>,
}

impl User {
    /// What anybody sees of this person.
    pub fn card(&self) -> PersonCard {
        PersonCard {
            user_id: self.user_id.clone(),
            account_id: self.account_id,
            name: self.name.clone(),
            chatwork_id: self.chatwork_id.clone(),
            organization_name: self.organization.as_ref().map(|organization| organization.name.clone()),
            avatar_image_url: self.avatar_image_url.clone(),
        }
    }

    /// True when both are members of one organisation, which makes them internal contacts.
    pub fn is_colleague_of(&self, other: &User) -> bool {
        self.user_id != other.user_id
            && self
                .organization
                .as_ref()
                .zip(other.organization.as_ref())
                .is_some_and(|(mine, theirs)| mine.organization_id == theirs.organization_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_ids_have_a_closed_alphabet() {
        for good in ["a", "auth0|5f7c", "google:1@x.y-z_", &"x".repeat(128)] {
            assert!(UserId::parse(good).is_ok(), "{good:?}");
        }
        for bad in ["", "a b", "a#b", "ä", "a/b", &"x".repeat(129)] {
            assert!(UserId::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_are_one_visible_line() {
        for good in [
            "田中太郎",
            "José",
            " padded ",
            "O'Brien-Smith",
            "葛\u{e0101}城",
            "❤\u{fe0f}",
            "سی\u{200c}نا",
            &"あ".repeat(64),
        ] {
            assert!(PersonName::parse(good).is_ok(), "{good:?}");
        }
        for (bad, code) in [
            ("", "empty"),
            ("\u{3000}", "empty"),
            ("a\nb", "control_character"),
            ("a\u{202e}b", "control_character"),
            ("a\u{200d}b", "control_character"),
            ("\u{1d159}", "control_character"),
            ("\u{fffc}", "control_character"),
            ("\u{e0041}", "control_character"),
            ("\u{e0100}", "control_character"),
            (&"あ".repeat(65), "too_long"),
        ] {
            assert_eq!(PersonName::parse(bad).map_err(|e| e.code), Err(code), "{bad:?}");
        }
    }

    #[test]
    fn s01_a_name_of_another_system_is_cleaned() {
        for (raw, name) in [
            ("Emi ❤\u{fe0f}", Some("Emi ❤\u{fe0f}")),
            ("辻\u{e0100} 一郎", Some("辻\u{e0100} 一郎")),
            ("Rin\u{200f}", Some("Rin")),
            ("Taro\nTanaka", Some("Taro Tanaka")),
            ("Mar\u{ad}tin", Some("Martin")),
            ("Martin\u{200b}", Some("Martin")),
            ("سی\u{200c}نا", Some("سی\u{200c}نا")),
            ("e\u{200b}\u{301}", Some("é")),
            ("\u{202e}\u{1d159} \u{200b}", None),
            ("", None),
        ] {
            assert_eq!(
                PersonName::cleaned(raw).as_ref().map(PersonName::as_str),
                name,
                "{raw:?}"
            );
        }
        for (raw, length) in [
            ("A".repeat(70), 64),
            ("👩\u{200d}💻".repeat(70), 11 * 23),
            ("x".repeat(63) + "  y", 63),
        ] {
            let cleaned = PersonName::cleaned(&raw).unwrap();
            assert!(raw.starts_with(cleaned.as_str()), "{raw:?}");
            assert_eq!(cleaned.as_str().len(), length, "{raw:?}");
        }
    }

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        for (name, initials) in [
            ("José García", "JG"),
            ("田中太郎", "田"),
            ("maria de la cruz", "MC"),
            ("ñ", "Ñ"),
            ("straße ßa", "SSS"),
        ] {
            assert_eq!(PersonName::parse(name).unwrap().initials(), initials, "{name:?}");
        }
    }

    #[test]
    fn handles_are_compared_without_case() {
        assert_eq!(ChatworkId::parse("Taro-1"), ChatworkId::parse("tARO-1"));
        for bad in ["", "a b", "ａ", "a.b", &"x".repeat(51)] {
            assert!(ChatworkId::parse(bad).is_err(), "{bad:?}");
        }
    }
}
