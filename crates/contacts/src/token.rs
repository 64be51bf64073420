//! The secrets in links, and the one secret of the service.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{EmailAddress, Random};

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

/// The service's one secret, from which every keyed hash and sealing key comes.
#[derive(Clone)]
pub struct ServiceSecret(Vec<u8>);

/// The keyed hash of an address: 80 bits, the random part of a ULID (see [`crate::invitation`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressHash(u128);

impl ServiceSecret {
    /// At least 32 bytes.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() >= 32).then_some(Self(bytes))
    }

    /// The keyed hash of an address: what stands for it in keys, and outlives it in an opt-out.
    pub fn address_hash(&self, address: &EmailAddress) -> AddressHash {
        let mac = self.mac("address", address.as_str().as_bytes());
        AddressHash(mac.iter().take(10).fold(0, |bits, byte| bits << 8 | u128::from(*byte)))
    }

    /// A key of 32 bytes for one purpose.
    pub fn key_for(&self, purpose: &str) -> [u8; 32] {
        self.mac("key", purpose.as_bytes())
    }

    fn mac(&self, domain: &str, message: &[u8]) -> [u8; 32] {
        // HMAC takes a key of any length: the error cannot occur, and a constant would be a hole.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            unreachable!("HMAC takes a key of any length")
        };
        mac.update(domain.as_bytes());
        mac.update(&[0]);
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

/// Redacted.
impl std::fmt::Debug for ServiceSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServiceSecret(…)")
    }
}

impl AddressHash {
    /// From the low 80 bits.
    pub fn from_bits(bits: u128) -> Self {
        Self(bits & ((1 << 80) - 1))
    }

    /// The 80 bits.
    pub fn bits(self) -> u128 {
        self.0
    }
}

/// Twenty hexadecimal digits.
impl std::fmt::Display for AddressHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:020x}", self.0)
    }
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
