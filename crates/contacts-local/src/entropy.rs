//! The system's random generator.

/// Unpredictable bytes from the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl contacts::Random for SystemRandom {
    // The system's generator fails only where there is none, and then nothing here may go on.
    #[allow(clippy::panic)]
    fn fill(&self, buffer: &mut [u8]) {
        if let Err(error) = getrandom::fill(buffer) {
            panic!("the system's random generator fails: {error}");
        }
    }
}
