//! The source of randomness, passed in so that a test can repeat a run.

use ulid::Ulid;

use crate::Timestamp;

/// Fills buffers with bytes that nobody can predict.
pub trait Random: Send + Sync {
    /// Overwrites the whole buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// A new ULID: 48 bits of time, 80 random ones.
pub fn new_ulid(now: Timestamp, random: &dyn Random) -> Ulid {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    Ulid::from_parts(now.unix_milliseconds().unsigned_abs(), u128::from_be_bytes(bytes))
}

/// A number from 0 to `below` - 1, for delays: the bias of the remainder does not matter there.
pub fn below(below: u64, random: &dyn Random) -> u64 {
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    u64::from_be_bytes(bytes).checked_rem(below).unwrap_or(0)
}
