//! The secrets in links, and what they lead to.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use ulid::Ulid;

use crate::{Random, Timestamp, UserId, invitation::InvitationRef};

/// The secret in an invite link: 256 random bits, 43 characters of base64url.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LinkToken(String);

impl TryFrom<String> for LinkToken {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a token")
    }
}

impl From<LinkToken> for String {
    fn from(token: LinkToken) -> Self {
        token.0
    }
}

impl LinkToken {
    /// Characters of a token.
    const LENGTH: usize = 43;

    /// A new token.
    pub fn new(random: &dyn Random) -> Self {
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads a token from a link. `None` unless it is what [`LinkToken::new`] writes, so that a
    /// malformed one never reaches the store.
    pub fn parse(text: &str) -> Option<Self> {
        // The last character of 43 has two unused bits; the decoder refuses other values for them.
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == 32).then(|| Self(text.to_owned()))
    }

    /// Reads the token at the start of what somebody followed, and what was added behind it: by a sentence, a mail
    /// program, a counter of visitors. `None` where a letter of a token follows, since then it is another one.
    pub fn parse_start(text: &str) -> Option<(Self, &str)> {
        let (token, behind) = text.split_at_checked(Self::LENGTH)?;
        let goes_on = behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        (!goes_on).then(|| Some((Self::parse(token)?, behind)))?
    }

    /// The text that is in the link.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the store knows the token by: SHA-256, base64url.
    pub fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.0))
    }
}

/// Redacted.
impl std::fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkToken(…)")
    }
}

/// What a token leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TokenTarget {
    /// A share link.
    Share {
        /// Whose.
        owner: UserId,
        /// Which.
        link_id: Ulid,
    },
    /// An invitation by e-mail.
    Email {
        /// Which.
        invitation: InvitationRef,
        /// When the invitation ends, should it be gone.
        expires_at: Timestamp,
    },
    /// The unsubscribe page: redeems nothing.
    Unsubscribe {
        /// The invitation whose mail it is in.
        invitation: InvitationRef,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sevens;

    impl Random for Sevens {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(7);
        }
    }

    #[test]
    fn l01_what_stands_behind_a_token_is_no_part_of_it() {
        let token = LinkToken::new(&Sevens);
        for behind in [
            "",
            ".",
            ")",
            ",",
            ">",
            "\"",
            " ",
            "\u{a0}",
            "\u{200b}",
            "。",
            "」",
            "=",
            "/",
            "/x/A",
            "&utm_source=x",
            "?utm_source=x",
            "#x",
            "%",
            "...and",
            "\0",
            "\u{fffd}",
            "さん",
            "é",
            "Ａ",
            "\u{301}",
            "!-_A",
        ] {
            let followed = format!("{}{behind}", token.as_str());
            assert_eq!(
                LinkToken::parse_start(&followed),
                Some((token.clone(), behind)),
                "{behind:?}"
            );
        }
        let short = &token.as_str()[..42];
        for none in [
            "",
            short,
            &format!("{short}."),
            &format!("{short}。"),
            &format!("{short}d."),
            &format!("{}A", token.as_str()),
            &format!("{}-.", token.as_str()),
            &format!("{}_", token.as_str()),
            &format!(".{}", token.as_str()),
        ] {
            assert_eq!(LinkToken::parse_start(none), None, "{none:?}");
        }
    }

    /// Mail programs leave such a last character out of a link.
    #[test]
    fn a_token_never_ends_with_a_mark() {
        for bytes in 0..=255 {
            struct Only(u8);
            impl Random for Only {
                fn fill(&self, buffer: &mut [u8]) {
                    buffer.fill(self.0);
                }
            }
            let token = LinkToken::new(&Only(bytes));
            assert!(token.as_str().ends_with(|c: char| c.is_ascii_alphanumeric()), "{bytes}");
        }
    }

    #[test]
    fn only_43_canonical_characters_are_a_token() {
        let token = LinkToken::new(&Sevens);
        assert_eq!(token.as_str().len(), 43);
        assert_eq!(LinkToken::parse(token.as_str()), Some(token.clone()));
        let altered = format!("{}d", &token.as_str()[..42]);
        for bad in [
            "",
            "a",
            "..",
            &altered,
            &token.as_str()[..42],
            &format!("{}=", token.as_str()),
            &"+".repeat(43),
        ] {
            assert_eq!(LinkToken::parse(bad), None, "{bad:?}");
        }
    }
}
