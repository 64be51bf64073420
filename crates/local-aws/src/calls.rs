//! What the functions ask of AWS, counted at the SDK's connector: retries count too.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;
use serde_json::Value;

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

tokio::task_local! {
    /// The function in whose invocation this runs.
    pub(crate) static FUNCTION: String;
}

/// The sums since the last reset, by operation; and what each function has needed a right for.
#[derive(Debug, Default)]
pub struct Calls {
    sums: Mutex<BTreeMap<String, Sum>>,
    rights: Mutex<BTreeMap<String, BTreeSet<String>>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Calls {
    /// Adds one call.
    pub fn add(&self, operation: &str, read_units: f64, write_units: f64) {
        let mut sums = locked(&self.sums);
        let sum = sums.entry(operation.to_owned()).or_default();
        sum.count += 1;
        sum.read_units += read_units;
        sum.write_units += write_units;
    }

    /// The sums.
    pub fn report(&self) -> BTreeMap<String, Sum> {
        locked(&self.sums).clone()
    }

    /// Back to nothing.
    pub fn reset(&self) {
        locked(&self.sums).clear();
    }

    /// Notes for which rights the running function asks with a call.
    pub fn note_rights(&self, operation: &str, request: &[u8]) {
        // Outside of an invocation it is a call of whoever runs all this, or another process's.
        if let Ok(function) = FUNCTION.try_with(Clone::clone) {
            let mut rights = locked(&self.rights);
            rights
                .entry(function)
                .or_default()
                .extend(rights_of(operation, request));
        }
    }

    /// The rights that each function has needed so far, by its name: IAM's actions without the
    /// service, and for a query of an index its name too.
    pub fn rights(&self) -> BTreeMap<String, BTreeSet<String>> {
        locked(&self.rights).clone()
    }
}

/// IAM knows no right to a transaction: each of its actions needs its own.
fn rights_of(operation: &str, request: &[u8]) -> Vec<String> {
    if !matches!(operation, "TransactWriteItems" | "Query") {
        return vec![operation.to_owned()];
    }
    let request: Value = serde_json::from_slice(request).unwrap_or_default();
    if operation == "Query" {
        let index = request.get("IndexName").and_then(Value::as_str);
        return vec![index.map_or_else(|| operation.to_owned(), |index| format!("{operation} {index}"))];
    }
    let actions = request
        .get("TransactItems")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let names = actions.filter_map(Value::as_object).flat_map(serde_json::Map::keys);
    names.map(|name| format!("{name}Item")).collect()
}
