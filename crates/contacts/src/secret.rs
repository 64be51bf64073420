//! The one secret of the service, and what is made with it: hashes of addresses, and sealing.

mod seal;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use ulid::Ulid;

use crate::EmailAddress;

/// The service's one secret, from which every keyed hash and sealing key comes.
#[derive(Clone)]
pub struct ServiceSecret(Vec<u8>);

/// The keyed hash of an address: 80 bits, the random part of a ULID (see [`crate::invitation`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressHash(u128);

/// What an invitation is called outside of the service: 128 bits that neither the id nor the address follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventId(u128);

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

    /// What an invitation is called in log lines, and is to be called in any event that is published about it: a
    /// keyed hash of its id. The id itself ends in the hash of the address, which is the same for all inviters.
    pub fn event_id(&self, invitation_id: Ulid) -> EventId {
        let mac = self.mac("event", &invitation_id.0.to_be_bytes());
        EventId(mac.iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte)))
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

/// Thirty-two hexadecimal digits.
impl std::fmt::Display for EventId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Twenty hexadecimal digits.
impl std::fmt::Display for AddressHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:020x}", self.0)
    }
}
