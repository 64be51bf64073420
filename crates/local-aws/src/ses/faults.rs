//! Faults that a test asks for: what the next calls of SES answer.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde::Deserialize;
use serde_json::Value;

/// One fault: of an entry of a bulk call, of a whole call, or nothing but a delay.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SesFault {
    /// The status of an entry of a bulk call; also one that SES does not have yet.
    pub status: Option<String>,
    /// The exception that a whole call answers.
    pub error: Option<String>,
    /// The connection breaks: before the mails are accepted (`before` or `true`), or `after`.
    pub timeout: Option<Value>,
    /// The results of a bulk call, which accepts all the same: `fewer` than entries, `more`, or `none`.
    pub results: Option<String>,
    /// How long the response to a call takes, in milliseconds; beside an error, a timeout or results, or alone.
    pub delay_ms: Option<u64>,
    /// How many entries, or calls, it hits.
    pub times: u32,
    /// The address that it hits; any unless given.
    pub to: Option<String>,
}

/// What `error` may say: the exceptions of SES's API, and those of AWS in general.
const ERRORS: &[&str] = &[
    "AccessDeniedException",
    "AccountSuspendedException",
    "BadRequestException",
    "InternalServiceErrorException",
    "LimitExceededException",
    "MailFromDomainNotVerifiedException",
    "MessageRejected",
    "NotFoundException",
    "RequestLimitExceeded",
    "SendingPausedException",
    "SerializationException",
    "ServiceUnavailable",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "ValidationException",
];

/// The longest delay, in milliseconds: longer than any client waits.
const MAX_DELAY: u64 = 600_000;

/// Results of a bulk call that are not one for each entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Results {
    /// The last is missing.
    Fewer,
    /// The last is there twice.
    More,
    /// There are none.
    None,
}

/// What a whole call meets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct CallFault {
    /// The exception that it answers; nothing is accepted.
    pub(super) exception: Option<String>,
    /// The connection breaks before anything is accepted.
    pub(super) lost_before: bool,
    /// The connection breaks when all is accepted.
    pub(super) lost_after: bool,
    /// What is done to the results.
    pub(super) results: Option<Results>,
    /// How long the answer takes.
    pub(super) delay: Duration,
}

impl SesFault {
    /// What is wrong with it: the field, a code, and what it may be.
    pub fn wrong(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        let mut wrong = Vec::new();
        let is_status = |status: &String| status.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
        if self
            .status
            .as_ref()
            .is_some_and(|status| status.is_empty() || !is_status(status))
        {
            wrong.push(("status", "unknown_status", "a status such as ACCOUNT_THROTTLED"));
        }
        if self.error.as_deref().is_some_and(|error| !ERRORS.contains(&error)) {
            wrong.push(("error", "unknown_error", "an exception of SES"));
        }
        let is_timeout =
            |timeout: &Value| timeout == &Value::Bool(true) || matches!(timeout.as_str(), Some("before" | "after"));
        if self.timeout.as_ref().is_some_and(|timeout| !is_timeout(timeout)) {
            wrong.push(("timeout", "unknown_timeout", "before or after"));
        }
        if self.results.is_some() && self.results().is_none() {
            wrong.push(("results", "unknown_results", "fewer, more or none"));
        }
        if self.delay_ms.is_some_and(|delay| delay > MAX_DELAY) {
            wrong.push(("delay_ms", "out_of_range", "at most 600,000"));
        }
        if self.status.is_some() && self.delay_ms.is_some() {
            wrong.push(("delay_ms", "which", "a call takes long, not one of its entries"));
        }
        let kinds = [
            self.status.is_some(),
            self.error.is_some(),
            self.timeout.is_some(),
            self.results.is_some(),
        ];
        let kinds = kinds.into_iter().filter(|given| *given).count();
        if kinds > 1 || (kinds == 0 && self.delay_ms.is_none()) {
            wrong.push((
                "error",
                "which",
                "one of status, error, timeout and results, or a delay_ms",
            ));
        }
        wrong
    }

    fn results(&self) -> Option<Results> {
        match self.results.as_deref()? {
            "fewer" => Some(Results::Fewer),
            "more" => Some(Results::More),
            "none" => Some(Results::None),
            _ => None,
        }
    }
}

/// The faults that wait for calls.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Vec<SesFault>>);

impl Faults {
    /// Adds faults after those that still wait.
    pub(super) fn add(&self, faults: Vec<SesFault>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(faults);
    }

    /// Forgets what still waits.
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What a call to these addresses meets.
    pub(super) fn of_call(&self, addresses: &[String]) -> CallFault {
        let hits =
            |fault: &SesFault| fault.status.is_none() && fault.to.as_ref().is_none_or(|to| addresses.contains(to));
        let fault = self.take(hits).unwrap_or_default();
        let after = fault.timeout.as_ref().and_then(Value::as_str) == Some("after");
        CallFault {
            lost_before: fault.timeout.is_some() && !after,
            lost_after: after,
            results: fault.results(),
            delay: Duration::from_millis(fault.delay_ms.unwrap_or_default()),
            exception: fault.error,
        }
    }

    /// The status of an entry to this address, if it is not accepted.
    pub(super) fn of_entry(&self, to: &str) -> Option<String> {
        let hits = |fault: &SesFault| fault.status.is_some() && fault.to.as_deref().is_none_or(|only| only == to);
        self.take(hits)?.status
    }

    fn take(&self, hits: impl Fn(&SesFault) -> bool) -> Option<SesFault> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = faults.iter_mut().find(|fault| fault.times > 0 && hits(fault))?;
        fault.times -= 1;
        let fault = fault.clone();
        faults.retain(|fault| fault.times > 0);
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_fault_that_no_call_can_meet_is_wrong() {
        for (fault, fields) in [
            (json!({"times": 1}), vec!["error"]),
            (json!({"error": "MessageRejectedd", "times": 1}), vec!["error"]),
            (json!({"status": "paused", "times": 1}), vec!["status"]),
            (json!({"timeout": "later", "times": 1}), vec!["timeout"]),
            (json!({"timeout": false, "times": 1}), vec!["timeout"]),
            (json!({"results": "some", "times": 1}), vec!["results"]),
            (json!({"status": "FAILED", "delay_ms": 5, "times": 1}), vec!["delay_ms"]),
            (json!({"delay_ms": 600_001, "times": 1}), vec!["delay_ms"]),
            (
                json!({"error": "MessageRejected", "timeout": true, "times": 1}),
                vec!["error"],
            ),
            (json!({"status": "SOMETHING_NEW", "times": 1}), vec![]),
            (json!({"results": "more", "delay_ms": 5, "times": 1}), vec![]),
            (json!({"delay_ms": 5, "times": 1}), vec![]),
        ] {
            let read: SesFault = serde_json::from_value(fault.clone()).unwrap();
            let wrong: Vec<&str> = read.wrong().iter().map(|(field, ..)| *field).collect();
            assert_eq!(wrong, fields, "{fault}");
        }
    }
}
