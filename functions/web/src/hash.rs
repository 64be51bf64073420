//! Short hashes of content.

use sha2::{Digest as _, Sha256};

/// The first 64 bits of SHA-256, in hexadecimal.
pub(crate) fn hash(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
