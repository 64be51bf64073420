//! Faults that a test asks for: what the next calls of DynamoDB answer, since the local engine never fails by itself.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use local_dynamodb::Response;
use serde::Deserialize;
use serde_json::{Value, json};

/// One fault: an error, a cancellation, unprocessed keys, or nothing but a delay.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// `TransactionConflict`, `unreachable`, `answer_lost`, or the name of an exception.
    pub error: Option<String>,
    /// Why `TransactWriteItems` is canceled: a reason for each action, from the first; `None` for one that was well, as
    /// is each action without a reason.
    pub cancellation: Option<Vec<String>>,
    /// How many keys `BatchGetItem` leaves unprocessed, from the last.
    pub unprocessed: Option<usize>,
    /// How long the response takes, in milliseconds; beside any of the above, or alone.
    pub delay_ms: Option<u64>,
    /// How many calls it hits.
    pub times: u32,
    /// The operation that it hits; any unless given. Conflicts and cancellations hit `TransactWriteItems`, unprocessed
    /// keys `BatchGetItem`.
    pub operation: Option<String>,
}

/// What is wrong with a fault as it was asked for: the field, a code, and what it may be.
pub type Wrong = (&'static str, &'static str, &'static str);

/// What `error` may say: what this module does by itself, and the exceptions that DynamoDB returns.
const ERRORS: &[&str] = &[
    "TransactionConflict",
    "unreachable",
    "answer_lost",
    "AccessDeniedException",
    "ConditionalCheckFailedException",
    "IdempotentParameterMismatchException",
    "InternalServerError",
    "ItemCollectionSizeLimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ResourceNotFoundException",
    "ServiceUnavailable",
    "ThrottlingException",
    "TransactionCanceledException",
    "TransactionConflictException",
    "TransactionInProgressException",
    "ValidationException",
];

/// What a reason of a cancellation may be.
const REASONS: &[&str] = &[
    "None",
    "ConditionalCheckFailed",
    "DuplicateItem",
    "ItemCollectionSizeLimitExceeded",
    "ProvisionedThroughputExceeded",
    "ThrottlingError",
    "TransactionConflict",
    "ValidationError",
];

/// The longest delay, in milliseconds: longer than any client waits.
const MAX_DELAY: u64 = 600_000;

/// What `operation` may say.
const OPERATIONS: &[&str] = &[
    "BatchGetItem",
    "BatchWriteItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "TransactGetItems",
    "TransactWriteItems",
    "UpdateItem",
];

impl Fault {
    /// What is wrong with it: something that no call could ever meet.
    pub fn wrong(&self) -> Vec<Wrong> {
        let known = |name: &Option<String>, names: &[&str]| {
            let name = name.as_deref();
            name.is_none_or(|name| names.contains(&name))
        };
        let mut wrong = Vec::new();
        if !known(&self.error, ERRORS) {
            let detail = "TransactionConflict, unreachable, answer_lost, or an exception of DynamoDB";
            wrong.push(("error", "unknown_error", detail));
        }
        if !known(&self.operation, OPERATIONS) {
            wrong.push(("operation", "unknown_operation", "an operation of DynamoDB on items"));
        }
        let reasons = self.cancellation.iter().flatten();
        if !reasons.clone().all(|reason| REASONS.contains(&reason.as_str())) {
            wrong.push((
                "cancellation",
                "unknown_reason",
                "reasons of DynamoDB, such as ThrottlingError",
            ));
        } else if self.cancellation.is_some() && !reasons.clone().any(|reason| reason != "None") {
            wrong.push(("cancellation", "empty", "at least one reason other than None"));
        }
        if self.delay_ms.is_some_and(|delay| delay > MAX_DELAY) {
            wrong.push(("delay_ms", "out_of_range", "at most 600,000"));
        }
        let kinds = [
            self.error.is_some(),
            self.cancellation.is_some(),
            self.unprocessed.is_some(),
        ];
        let kinds = kinds.into_iter().filter(|given| *given).count();
        if kinds > 1 || (kinds == 0 && self.delay_ms.is_none()) {
            wrong.push((
                "error",
                "which",
                "one of error, cancellation and unprocessed, or a delay_ms",
            ));
        }
        let only = self.only_operation();
        if only.is_some() && self.operation.is_some() && self.operation.as_deref() != only {
            wrong.push(("operation", "never_met", "this fault is of another operation"));
        }
        wrong
    }

    /// The one operation that can meet it; none if any can.
    fn only_operation(&self) -> Option<&'static str> {
        if self.cancellation.is_some() {
            Some("TransactWriteItems")
        } else if self.unprocessed.is_some() {
            Some("BatchGetItem")
        } else {
            None
        }
    }

    fn hits(&self, operation: &str) -> bool {
        let conflict = (self.error.as_deref() == Some("TransactionConflict")).then_some("TransactWriteItems");
        let given = self.operation.as_deref();
        self.times > 0
            && given
                .or(self.only_operation())
                .or(conflict)
                .is_none_or(|only| only == operation)
    }

    fn meets(&self, operation: &str, request: &[u8]) -> Meets {
        if let Some(reasons) = &self.cancellation {
            return Meets::Response(canceled(reasons, request));
        }
        if let Some(unprocessed) = self.unprocessed {
            return Meets::Unprocessed(unprocessed);
        }
        match self.error.as_deref() {
            None => Meets::Nothing,
            Some("unreachable") => Meets::Unreachable,
            Some("answer_lost") => Meets::ResponseLost,
            Some("TransactionConflict") => Meets::Response(conflict(operation, request)),
            Some(error @ ("InternalServerError" | "ServiceUnavailable")) => {
                Meets::Response(Response::error(500, error, "injected"))
            }
            Some(error) => Meets::Response(Response::error(400, error, "injected")),
        }
    }
}

/// What a call meets.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meets {
    /// Nothing in its way.
    Nothing,
    /// An answer in place of the engine's.
    Response(Response),
    /// No connection; nothing is done.
    Unreachable,
    /// It is done, and its answer does not arrive.
    ResponseLost,
    /// It is done but for so many keys.
    Unprocessed(usize),
}

/// The faults that wait for calls.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Adds faults after those that still wait.
    pub fn add(&self, faults: Vec<Fault>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(faults);
    }

    /// Forgets what still waits.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Uses up the first fault that hits this call; with how long the call waits.
    pub(super) fn meet(&self, operation: &str, request: &[u8]) -> (Meets, Duration) {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(fault) = faults.iter_mut().find(|fault| fault.hits(operation)) else {
            return (Meets::Nothing, Duration::ZERO);
        };
        fault.times -= 1;
        let met = fault.meets(operation, request);
        let delay = Duration::from_millis(fault.delay_ms.unwrap_or_default());
        faults.retain(|fault| fault.times > 0);
        (met, delay)
    }
}

/// A conflict on the first item of a transaction, or on the item of any other operation.
fn conflict(operation: &str, request: &[u8]) -> Response {
    if operation != "TransactWriteItems" {
        let message = format!("{operation} conflicts with a transaction");
        return Response::error(400, "TransactionConflictException", &message);
    }
    canceled(&["TransactionConflict".to_owned()], request)
}

/// A canceled transaction with these reasons, and `None` for each further action.
fn canceled(reasons: &[String], request: &[u8]) -> Response {
    let request: Value = serde_json::from_slice(request).unwrap_or_default();
    let actions = request
        .get("TransactItems")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let codes: Vec<&str> = reasons
        .iter()
        .map(String::as_str)
        .chain(std::iter::repeat("None"))
        .take(actions)
        .collect();
    let reason = |code: &&str| match *code {
        "None" => json!({"Code": "None"}),
        code => json!({"Code": code, "Message": "injected"}),
    };
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": format!(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
            codes.join(", ")
        ),
        "CancellationReasons": codes.iter().map(reason).collect::<Vec<_>>(),
    });
    Response::failure(400, &body)
}

/// A `BatchGetItem` without its last keys, and these as the response names them.
pub(super) fn without_last_keys(request: &[u8], count: usize) -> Option<(Value, Value)> {
    let mut request: Value = serde_json::from_slice(request).ok()?;
    let mut unprocessed = json!({});
    let mut left = count;
    for (table, wanted) in request.get_mut("RequestItems")?.as_object_mut()?.iter_mut().rev() {
        let keys = wanted.get_mut("Keys")?.as_array_mut()?;
        let taken = keys.split_off(keys.len().saturating_sub(left));
        left -= taken.len();
        if !taken.is_empty() {
            let mut of_table = wanted.clone();
            *of_table.get_mut("Keys")? = taken.into();
            *unprocessed.as_object_mut()?.entry(table).or_insert(Value::Null) = of_table;
        }
    }
    Some((request, unprocessed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(of: Value) -> Faults {
        let faults = Faults::default();
        faults.add(serde_json::from_value(of).unwrap());
        faults
    }

    #[test]
    fn a_fault_that_no_call_can_meet_is_wrong() {
        for (fault, fields) in [
            (json!({"times": 1}), vec!["error"]),
            (json!({"error": "TransactionConflictt", "times": 1}), vec!["error"]),
            (
                json!({"error": "unreachable", "unprocessed": 1, "times": 1}),
                vec!["error"],
            ),
            (json!({"cancellation": ["None"], "times": 1}), vec!["cancellation"]),
            (
                json!({"cancellation": ["Throttling"], "times": 1}),
                vec!["cancellation"],
            ),
            (
                json!({"unprocessed": 1, "operation": "Query", "times": 1}),
                vec!["operation"],
            ),
            (json!({"delay_ms": 600_001, "times": 1}), vec!["delay_ms"]),
            (json!({"delay_ms": 10, "times": 1}), vec![]),
            (
                json!({"error": "unreachable", "delay_ms": 10, "operation": "Query", "times": 1}),
                vec![],
            ),
        ] {
            let read: Fault = serde_json::from_value(fault.clone()).unwrap();
            let wrong: Vec<&str> = read.wrong().iter().map(|(field, ..)| *field).collect();
            assert_eq!(wrong, fields, "{fault}");
        }
    }

    #[test]
    fn a_cancellation_names_a_reason_for_each_action() {
        let faults = faults(json!([{"cancellation": ["None", "ThrottlingError"], "times": 1}]));
        assert_eq!(faults.meet("BatchGetItem", b"{}").0, Meets::Nothing);
        let (Meets::Response(answer), _) = faults.meet("TransactWriteItems", br#"{"TransactItems": [{}, {}, {}]}"#)
        else {
            panic!("no answer")
        };
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        let codes: Vec<&str> = body["CancellationReasons"]
            .as_array()
            .unwrap()
            .iter()
            .map(|reason| reason["Code"].as_str().unwrap())
            .collect();
        assert_eq!(codes, ["None", "ThrottlingError", "None"]);
    }

    #[test]
    fn unprocessed_keys_are_the_last_ones() {
        let request =
            br#"{"RequestItems": {"contacts": {"ConsistentRead": true, "Keys": [{"pk": 1}, {"pk": 2}, {"pk": 3}]}}}"#;
        let (asked, unprocessed) = without_last_keys(request, 2).unwrap();
        assert_eq!(asked["RequestItems"]["contacts"]["Keys"], json!([{"pk": 1}]));
        assert_eq!(
            unprocessed["contacts"],
            json!({"ConsistentRead": true, "Keys": [{"pk": 2}, {"pk": 3}]})
        );
        let (asked, _) = without_last_keys(request, 9).unwrap();
        assert_eq!(asked["RequestItems"]["contacts"]["Keys"], json!([]));
    }

    #[test]
    fn a_fault_hits_as_often_as_it_says() {
        let faults = faults(json!([{"error": "unreachable", "times": 2}]));
        let met: Vec<_> = (0..3).map(|_| faults.meet("GetItem", b"{}").0).collect();
        assert_eq!(met, [Meets::Unreachable, Meets::Unreachable, Meets::Nothing]);
    }

    #[test]
    fn a_conflict_names_a_reason_for_each_item() {
        let faults = faults(json!([{"error": "TransactionConflict", "times": 1}]));
        assert_eq!(faults.meet("Query", b"{}").0, Meets::Nothing);
        let (Meets::Response(answer), _) = faults.meet("TransactWriteItems", br#"{"TransactItems": [{}, {}]}"#) else {
            panic!("no answer")
        };
        assert_eq!(answer.status, 400);
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(body["CancellationReasons"][0]["Code"], "TransactionConflict");
        assert_eq!(body["CancellationReasons"][1]["Code"], "None");
    }
}
