//! DynamoDB as functions meet it: counted, and with the faults that a test asks for.

mod engine;
mod faults;

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    response::Response,
    routing::{MethodRouter, post},
};
use http::HeaderMap;

pub use engine::{Engine, EngineError, TableError};
pub use faults::{Fault, Faults, Wrong};
use faults::{Meets, without_last_keys};
use serde_json::Value;

use crate::{
    calls::Calls,
    clients::{hang_up, wire},
};

/// The table, counted. Cheap to clone.
#[derive(Clone)]
pub struct DynamoDb {
    /// The engine.
    pub engine: Engine,
    /// Where calls are counted.
    pub calls: Arc<Calls>,
    /// The faults.
    pub faults: Arc<Faults>,
}

impl DynamoDb {
    /// One call; `None` when the connection breaks.
    pub(crate) async fn call(&self, operation: &str, request: Bytes) -> Option<local_dynamodb::Response> {
        self.calls.note_rights(operation, &request);
        let (met, delay) = self.faults.meet(operation, &request);
        tokio::time::sleep(delay).await;
        let (answer, arrives) = match met {
            Meets::Unreachable => {
                self.calls.add(operation, 0.0, 0.0);
                return None;
            }
            Meets::Response(answer) => (answer, true),
            Meets::ResponseLost => (self.engine.call(operation, request).await, false),
            Meets::Unprocessed(count) => (self.partly(&request, count).await, true),
            Meets::Nothing => (self.engine.call(operation, request).await, true),
        };
        self.calls.add(operation, answer.read_units, answer.write_units);
        arrives.then_some(answer)
    }

    /// A `BatchGetItem` that leaves its last keys unprocessed.
    async fn partly(&self, request: &Bytes, count: usize) -> local_dynamodb::Response {
        let Some((processed, unprocessed)) = without_last_keys(request, count) else {
            return self.engine.call("BatchGetItem", request.clone()).await;
        };
        let keys = processed
            .pointer("/RequestItems")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let mut answer = local_dynamodb::Response {
            status: 200,
            body: br#"{"Responses": {}}"#.to_vec(),
            read_units: 0.0,
            write_units: 0.0,
        };
        if keys.clone().any(|(_, wanted)| {
            wanted
                .get("Keys")
                .and_then(Value::as_array)
                .is_some_and(|keys| !keys.is_empty())
        }) {
            answer = self
                .engine
                .call("BatchGetItem", Bytes::from(processed.to_string()))
                .await;
        }
        if let Ok(Value::Object(mut body)) = serde_json::from_slice(&answer.body) {
            body.insert("UnprocessedKeys".to_owned(), unprocessed);
            answer.body = Value::Object(body).to_string().into_bytes();
        }
        answer
    }
}

/// DynamoDB's API for other processes; signatures are not looked at.
pub fn endpoint<S>(dynamodb: DynamoDb) -> MethodRouter<S> {
    post(serve).with_state(dynamodb)
}

async fn serve(State(dynamodb): State<DynamoDb>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    match dynamodb.call(operation(target), body).await {
        Some(answer) => wire(answer.status, answer.body, None),
        None => hang_up(),
    }
}

/// The operation in `DynamoDB_20120810.GetItem`.
pub(crate) fn operation(target: Option<&str>) -> &str {
    target.unwrap_or_default().rsplit('.').next().unwrap_or_default()
}
