//! The stack's clock: real time, moved forward by `POST /_local/clock`.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use contacts::Timestamp;

use crate::stack::StartError;

/// Real time plus an offset that only grows, kept in the data folder so that time never goes back.
#[derive(Debug)]
pub struct StackClock {
    offset_milliseconds: AtomicI64,
    file: Option<PathBuf>,
}

impl StackClock {
    /// Takes up the offset that the file holds; without a file, starts at real time.
    ///
    /// # Errors
    /// When the file is there and unreadable.
    pub fn open(file: Option<PathBuf>) -> Result<Self, StartError> {
        let offset = match &file {
            Some(path) if path.exists() => std::fs::read_to_string(path)
                .ok()
                .and_then(|text| text.trim().parse().ok())
                .ok_or_else(|| StartError::Damaged {
                    path: path.clone(),
                    reason: "not a number".to_owned(),
                })?,
            _ => 0,
        };
        Ok(Self {
            offset_milliseconds: AtomicI64::new(offset),
            file,
        })
    }

    /// Moves the clock forward.
    ///
    /// # Errors
    /// When the offset cannot be kept.
    pub fn advance(&self, by: Duration) -> std::io::Result<Timestamp> {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let add = |offset: i64| Some(offset.saturating_add(by));
        let _ = self
            .offset_milliseconds
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, add);
        if let Some(file) = &self.file {
            std::fs::write(file, self.offset_milliseconds.load(Ordering::SeqCst).to_string())?;
        }
        Ok(contacts::Clock::now(self))
    }

    fn unix_milliseconds(&self) -> i64 {
        let real = i64::try_from(real_time().as_millis()).unwrap_or(i64::MAX);
        real.saturating_add(self.offset_milliseconds.load(Ordering::SeqCst))
    }
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
        std::fs::write(&file, "soon").unwrap();
        assert!(StackClock::open(Some(file)).is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
