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
use faults::Meets;
pub use faults::{Fault, Faults};
use local_dynamodb::Answer;

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
    pub(crate) async fn call(&self, operation: &str, request: Bytes) -> Option<Answer> {
        self.calls.note_rights(operation, &request);
        let (answer, arrives) = match self.faults.meet(operation, &request) {
            Meets::Unreachable => {
                self.calls.add(operation, 0.0, 0.0);
                return None;
            }
            Meets::Answer(answer) => (answer, true),
            Meets::AnswerLost => (self.engine.call(operation, request).await, false),
            Meets::Nothing => (self.engine.call(operation, request).await, true),
        };
        self.calls.add(operation, answer.read_units, answer.write_units);
        arrives.then_some(answer)
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
