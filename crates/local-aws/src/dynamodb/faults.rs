//! Faults that a test asks for: what the next calls of DynamoDB answer, since the local engine never fails by itself.

use std::sync::{Mutex, PoisonError};

use local_dynamodb::Answer;
use serde::Deserialize;
use serde_json::{Value, json};

/// One fault.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// `TransactionConflict`, `unreachable`, `answer_lost`, or the name of an exception.
    pub error: String,
    /// How many calls it hits.
    pub times: u32,
    /// The operation that it hits; any unless given. A conflict hits `TransactWriteItems`.
    pub operation: Option<String>,
}

/// What `error` may say: what this module does by itself, and the exceptions that DynamoDB answers with.
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
    /// Whether `error` is something that a call can meet.
    pub fn has_known_error(&self) -> bool {
        ERRORS.contains(&self.error.as_str())
    }

    /// Whether `operation` is one on items; a fault of any other would never be met.
    pub fn has_known_operation(&self) -> bool {
        self.operation
            .as_deref()
            .is_none_or(|operation| OPERATIONS.contains(&operation))
    }
}

/// What a call meets.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meets {
    /// Nothing in its way.
    Nothing,
    /// An answer in place of the engine's.
    Answer(Answer),
    /// No connection; nothing is done.
    Unreachable,
    /// It is done, and its answer does not arrive.
    AnswerLost,
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

    /// Uses up the first fault that hits this call.
    pub(super) fn meet(&self, operation: &str, request: &[u8]) -> Meets {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hits = |fault: &&mut Fault| match (&fault.operation, fault.error.as_str()) {
            (Some(only), _) => only == operation,
            (None, "TransactionConflict") => operation == "TransactWriteItems",
            (None, _) => true,
        };
        let Some(fault) = faults.iter_mut().filter(|fault| fault.times > 0).find(hits) else {
            return Meets::Nothing;
        };
        fault.times -= 1;
        let error = fault.error.clone();
        faults.retain(|fault| fault.times > 0);
        match error.as_str() {
            "unreachable" => Meets::Unreachable,
            "answer_lost" => Meets::AnswerLost,
            "TransactionConflict" => Meets::Answer(conflict(operation, request)),
            "InternalServerError" => Meets::Answer(Answer::error(500, &error, "injected")),
            _ => Meets::Answer(Answer::error(400, &error, "injected")),
        }
    }
}

/// A conflict on the first item of a transaction, or on the item of any other operation.
fn conflict(operation: &str, request: &[u8]) -> Answer {
    let request: Value = serde_json::from_slice(request).unwrap_or_default();
    let Some(items) = request.get("TransactItems").and_then(Value::as_array) else {
        let message = format!("{operation} conflicts with a transaction");
        return Answer::error(400, "TransactionConflictException", &message);
    };
    let reason = |index| match index {
        0 => json!({"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}),
        _ => json!({"Code": "None"}),
    };
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict]",
        "CancellationReasons": (0..items.len()).map(reason).collect::<Vec<_>>(),
    });
    Answer::failure(400, &body)
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
    fn a_fault_hits_as_often_as_it_says() {
        let faults = faults(json!([{"error": "unreachable", "times": 2}]));
        let met: Vec<_> = (0..3).map(|_| faults.meet("GetItem", b"{}")).collect();
        assert_eq!(met, [Meets::Unreachable, Meets::Unreachable, Meets::Nothing]);
    }

    #[test]
    fn a_conflict_names_a_reason_for_each_item() {
        let faults = faults(json!([{"error": "TransactionConflict", "times": 1}]));
        assert_eq!(faults.meet("Query", b"{}"), Meets::Nothing);
        let Meets::Answer(answer) = faults.meet("TransactWriteItems", br#"{"TransactItems": [{}, {}]}"#) else {
            panic!("no answer")
        };
        assert_eq!(answer.status, 400);
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(body["CancellationReasons"][0]["Code"], "TransactionConflict");
        assert_eq!(body["CancellationReasons"][1]["Code"], "None");
    }
}
