//! Sealing: what leaves the service, or is kept in the table, so that only the service can read it.

use chacha20poly1305::{
    ChaCha20Poly1305, Nonce,
    aead::{Aead as _, KeyInit as _, Payload},
};

use super::ServiceSecret;
use crate::Random;

/// Bytes of the nonce, which stand before what is sealed. They are random: with one key, some 2^32 sealings
/// are safe (NIST SP 800-38D, 8.3).
const NONCE: usize = 12;

impl ServiceSecret {
    /// Seals bytes for a purpose. They open for the same purpose and associated data only.
    ///
    /// `None` only beyond ChaCha20-Poly1305's limit of 256 GB.
    pub fn seal(&self, purpose: &str, associated: &[u8], plain: &[u8], random: &dyn Random) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE];
        random.fill(&mut nonce);
        let payload = Payload {
            msg: plain,
            aad: associated,
        };
        let sealed = self.cipher(purpose).encrypt(Nonce::from_slice(&nonce), payload).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`Self::seal`] sealed; `None` for anything else.
    pub fn open(&self, purpose: &str, associated: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let payload = Payload {
            msg: sealed,
            aad: associated,
        };
        self.cipher(purpose).decrypt(Nonce::from_slice(nonce), payload).ok()
    }

    fn cipher(&self, purpose: &str) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&self.key_for(purpose).into())
    }
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
    fn what_is_sealed_opens_for_the_same_purpose_data_and_secret_only() {
        let secret = ServiceSecret::new(vec![1; 32]).unwrap();
        let sealed = secret.seal("cursor", b"mine", b"plain", &Sevens).unwrap();
        assert!(!sealed.windows(5).any(|part| part == b"plain"));
        assert_eq!(
            secret.open("cursor", b"mine", &sealed).as_deref(),
            Some(b"plain".as_slice())
        );
        assert_eq!(secret.open("outcome", b"mine", &sealed), None);
        assert_eq!(secret.open("cursor", b"theirs", &sealed), None);
        let other = ServiceSecret::new(vec![2; 32]).unwrap();
        assert_eq!(other.open("cursor", b"mine", &sealed), None);
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(secret.open("cursor", b"mine", &altered), None, "byte {at}");
        }
        for length in 0..sealed.len() {
            assert_eq!(
                secret.open("cursor", b"mine", &sealed[..length]),
                None,
                "{length} bytes"
            );
        }
    }
}
