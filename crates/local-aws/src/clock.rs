//! The clock of everything here: real time, which can be moved forward. Points in time.

use std::{
    fmt,
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

use crate::file::{Damaged, replace};

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Printed, and serialized, as RFC 3339 in UTC with milliseconds: `2026-03-01T09:30:00.250Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the epoch.
    pub const fn from_unix_milliseconds(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// Milliseconds since the epoch.
    pub fn unix_milliseconds(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    pub fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// As a date, at the full second.
    pub(crate) fn date_time(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.unix_seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        let milliseconds = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(milliseconds))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
        let second = self.date_time().format(&second).map_err(|_| fmt::Error)?;
        write!(f, "{second}.{:03}Z", self.0.rem_euclid(1_000))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let time = OffsetDateTime::parse(&text, &Rfc3339).map_err(D::Error::custom)?;
        let milliseconds = time.unix_timestamp_nanos().div_euclid(1_000_000);
        i64::try_from(milliseconds).map(Self).map_err(D::Error::custom)
    }
}

/// Real time plus an offset that only grows, kept in a file so that time never goes back.
#[derive(Debug)]
pub struct Clock {
    offset_milliseconds: AtomicI64,
    file: Option<PathBuf>,
    /// Held by who moves it.
    moving: Mutex<()>,
}

/// How far ahead of real time the clock may be moved in all: 100 years of 365 days. What is reckoned from a time then
/// still fits the years that a date can have.
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

impl Clock {
    /// Takes up the offset that the file holds; without a file, starts at real time.
    ///
    /// # Errors
    /// When the file is there and holds no offset that the clock can have.
    pub fn open(file: Option<PathBuf>) -> Result<Self, Damaged> {
        let offset = match &file {
            Some(path) if path.exists() => std::fs::read_to_string(path)
                .ok()
                .and_then(|text| text.trim().parse().ok())
                .filter(|offset| (0..=farthest()).contains(offset))
                .ok_or_else(|| Damaged::new(Some(path), "not an offset from 0 to 100 years, in milliseconds"))?,
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
        Ok(self.now())
    }

    /// The time here.
    pub fn now(&self) -> Timestamp {
        let real = i64::try_from(real_time().as_millis()).unwrap_or(i64::MAX);
        Timestamp(real.saturating_add(self.offset_milliseconds.load(Ordering::SeqCst)))
    }
}

fn farthest() -> i64 {
    i64::try_from(FARTHEST.as_millis()).unwrap_or(i64::MAX)
}

/// The one place that reads the machine's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock that everything else is passed"
)]
fn real_time() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// The engine dates its stream records and judges what has expired by the same clock.
impl local_dynamodb::Clock for Clock {
    fn now_unix_secs(&self) -> u64 {
        self.now().unix_seconds().unsigned_abs()
    }

    // The engine numbers its stream records by this: microseconds, so the real clock's are kept.
    fn now_unix_secs_f64(&self) -> f64 {
        real_time().as_secs_f64() + self.offset_milliseconds.load(Ordering::SeqCst) as f64 / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_keeps_its_offset() {
        let folder = std::env::temp_dir().join(format!("local-aws-clock-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("clock");
        let before = Clock::open(None).unwrap().now();
        let advanced = Clock::open(Some(file.clone()))
            .unwrap()
            .advance(Duration::from_secs(3600))
            .unwrap();
        let reopened = Clock::open(Some(file.clone())).unwrap().now();
        assert!(advanced >= before + Duration::from_secs(3600));
        assert!(reopened >= advanced);
        let farthest = FARTHEST.as_millis();
        for (text, good) in [("soon", false), ("-1", false), ("0", true)] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(Clock::open(Some(file.clone())).is_ok(), good, "{text}");
        }
        for (offset, good) in [(farthest, true), (farthest + 1, false)] {
            std::fs::write(&file, offset.to_string()).unwrap();
            assert_eq!(Clock::open(Some(file.clone())).is_ok(), good, "{offset}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_clock_is_not_moved_too_far() {
        let clock = Clock::open(None).unwrap();
        clock.advance(FARTHEST - Duration::from_secs(10)).unwrap();
        let before = clock.now();
        for by in [Duration::from_secs(11), FARTHEST, Duration::MAX] {
            assert!(matches!(clock.advance(by), Err(ClockError::TooFar)), "{by:?}");
        }
        assert!(
            clock.now() < before + Duration::from_secs(11),
            "it stands where it stood"
        );
        clock.advance(Duration::from_secs(10)).unwrap();
        assert!(clock.advance(Duration::from_millis(1)).is_err(), "in all");
    }

    #[test]
    fn a_time_is_read_as_it_is_written() {
        for (milliseconds, text) in [
            (0, "\"1970-01-01T00:00:00.000Z\""),
            (1_795_343_440_250, "\"2026-11-22T10:30:40.250Z\""),
        ] {
            let time = Timestamp::from_unix_milliseconds(milliseconds);
            assert_eq!(serde_json::to_string(&time).unwrap(), text);
            assert_eq!(serde_json::from_str::<Timestamp>(text).unwrap(), time);
        }
    }
}
