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

    /// The text that stands in the link.
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
        /// The invitation whose mail it stands in.
        invitation: InvitationRef,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_43_canonical_characters_are_a_token() {
        struct Sevens;
        impl Random for Sevens {
            fn fill(&self, buffer: &mut [u8]) {
                buffer.fill(7);
            }
        }
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
