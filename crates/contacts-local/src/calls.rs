//! What the functions ask of AWS, counted at the SDK's connector: retries count too.

use std::{collections::BTreeMap, sync::Mutex};

use serde::Serialize;

/// One operation's sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Sum {
    /// Calls.
    pub count: u64,
    /// Read capacity units, as the engine reports them.
    pub read_units: f64,
    /// Write capacity units.
    pub write_units: f64,
}

/// The sums since the last reset, by operation.
#[derive(Debug, Default)]
pub struct Calls(Mutex<BTreeMap<String, Sum>>);

impl Calls {
    /// Adds one call.
    pub fn add(&self, operation: &str, read_units: f64, write_units: f64) {
        let mut sums = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let sum = sums.entry(operation.to_owned()).or_default();
        sum.count += 1;
        sum.read_units += read_units;
        sum.write_units += write_units;
    }

    /// The sums.
    pub fn report(&self) -> BTreeMap<String, Sum> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Back to nothing.
    pub fn reset(&self) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }
}
