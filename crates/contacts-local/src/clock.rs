//! The stack's clock: real time, moved forward by `POST /_local/clock`.

use std::{
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use contacts::Timestamp;

use crate::{folder::replace, start_error::StartError};

/// Real time plus an offset that only grows, kept in the data folder so that time never goes back.
#[derive(Debug)]
pub struct StackClock {
    offset_milliseconds: AtomicI64,
    file: Option<PathBuf>,
    /// Held by who moves it.
    moving: Mutex<()>,
}

/// How far ahead of real time the clock may be moved in all: 100 years of 365 days. What the product reckons from
/// a time then still fits the years that a date can have.
pub const FARTHEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Why the clock was not moved.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// It would be farther ahead than it may be.
    #[error("the clock can be moved 100 years ahead in all")]
    TooFar,
    /// The offset cannot be kept.
    #[error("the clock's offset cannot be kept: {0}")]
    Unkept(#[from] std::io::Error),
}

impl StackClock {
    /// Takes up the offset that the file holds; without a file, starts at real time.
    ///
    /// # Errors
    /// `Damaged` when the file is there and holds no offset that the clock can have.
    pub fn open(file: Option<PathBuf>) -> Result<Self, StartError> {
        let offset = match &file {
            Some(path) if path.exists() => std::fs::read_to_string(path)
                .ok()
                .and_then(|text| text.trim().parse().ok())
                .filter(|offset| (0..=farthest()).contains(offset))
                .ok_or_else(|| StartError::damaged(path, "not an offset from 0 to 100 years, in milliseconds"))?,
            _ => 0,
        };
        Ok(Self {
            offset_milliseconds: AtomicI64::new(offset),
            file,
            moving: Mutex::default(),
        })
    }

    /// Moves the clock forward, by [`FARTHEST`] in all.
    ///
    /// # Errors
    /// `TooFar` beyond that, `Unkept` when the file cannot be written; the clock then stands where it stood.
    pub fn advance(&self, by: Duration) -> Result<Timestamp, ClockError> {
        let _moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        let by = i64::try_from(by.as_millis()).map_err(|_| ClockError::TooFar)?;
        let offset = self.offset_milliseconds.load(Ordering::SeqCst).saturating_add(by);
        if offset > farthest() {
            return Err(ClockError::TooFar);
        }
        if let Some(file) = &self.file {
            replace(file, offset.to_string().as_bytes())?;
        }
        self.offset_milliseconds.store(offset, Ordering::SeqCst);
        Ok(contacts::Clock::now(self))
    }

    fn unix_milliseconds(&self) -> i64 {
        let real = i64::try_from(real_time().as_millis()).unwrap_or(i64::MAX);
        real.saturating_add(self.offset_milliseconds.load(Ordering::SeqCst))
    }
}

fn farthest() -> i64 {
    i64::try_from(FARTHEST.as_millis()).unwrap_or(i64::MAX)
}

/// The one place that reads the machine's clock.
#[allow(clippy::disallowed_methods)]
fn real_time() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

impl contacts::Clock for StackClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_milliseconds(self.unix_milliseconds())
    }
}

/// The engine dates its stream records and judges `delete_at` by the same clock.
impl dynoxide::storage_backend::Clock for StackClock {
    fn now_unix_secs(&self) -> u64 {
        self.unix_milliseconds().unsigned_abs() / 1000
    }

    // The engine numbers its stream records by this: microseconds, so the real clock's are kept.
    fn now_unix_secs_f64(&self) -> f64 {
        real_time().as_secs_f64() + self.offset_milliseconds.load(Ordering::SeqCst) as f64 / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use contacts::Clock as _;

    use super::*;

    #[test]
    fn the_clock_keeps_its_offset() {
        let folder = std::env::temp_dir().join(format!("contacts-clock-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("clock");
        let before = StackClock::open(None).unwrap().now();
        let advanced = StackClock::open(Some(file.clone()))
            .unwrap()
            .advance(Duration::from_secs(3600))
            .unwrap();
        let reopened = StackClock::open(Some(file.clone())).unwrap().now();
        assert!(advanced >= before + Duration::from_secs(3600));
        assert!(reopened >= advanced);
        let farthest = FARTHEST.as_millis();
        for (text, good) in [("soon", false), ("-1", false), ("0", true)] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(StackClock::open(Some(file.clone())).is_ok(), good, "{text}");
        }
        for (offset, good) in [(farthest, true), (farthest + 1, false)] {
            std::fs::write(&file, offset.to_string()).unwrap();
            assert_eq!(StackClock::open(Some(file.clone())).is_ok(), good, "{offset}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_clock_is_not_moved_too_far() {
        let clock = StackClock::open(None).unwrap();
        clock.advance(FARTHEST - Duration::from_secs(10)).unwrap();
        let before = clock.now();
        for by in [Duration::from_secs(11), FARTHEST, Duration::MAX] {
            assert!(matches!(clock.advance(by), Err(ClockError::TooFar)), "{by:?}");
        }
        assert!(
            clock.now().since(before) < Duration::from_secs(11),
            "it stands where it stood"
        );
        clock.advance(Duration::from_secs(10)).unwrap();
        assert!(clock.advance(Duration::from_millis(1)).is_err(), "in all");
    }
}
