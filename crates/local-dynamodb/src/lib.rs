//! DynamoDB's API on a SQLite file, or in memory: dynoxide, bytes in and bytes out.
//!
//! A package of its own, because the engine's code is generic over its storage and is compiled where it is
//! called: here it is optimised in every profile, without a rebuild for each change of the local stack.

mod idempotency;

use std::{path::Path, sync::Arc};

use dynoxide::{DynoxideError, actions, storage::Storage, types::ConsumedCapacity};
pub use dynoxide::{storage_backend::Clock, streams::shard_id};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use idempotency::Tokens;

/// The engine, open. It blocks its caller.
pub struct Engine {
    storage: Storage,
    tokens: Tokens,
    clock: Arc<dyn Clock>,
}

/// Why the engine cannot be opened, or cannot do what is no operation of DynamoDB.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// SQLite's check finds something.
    #[error("{0}")]
    Unsound(String),
    /// SQLite fails.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// Dynoxide fails.
    #[error(transparent)]
    Dynoxide(#[from] DynoxideError),
}

/// What the engine answers on the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// The body: JSON.
    pub body: Vec<u8>,
    /// Read units consumed.
    pub read_units: f64,
    /// Write units consumed.
    pub write_units: f64,
}

impl Response {
    /// A failure as DynamoDB writes it.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let code = format!("com.amazonaws.dynamodb.v20120810#{code}");
        Self::failure(status, &json!({"__type": code, "message": message}))
    }

    /// A failure with more in it than a message.
    pub fn failure(status: u16, body: &Value) -> Self {
        Self {
            status,
            body: body.to_string().into_bytes(),
            read_units: 0.0,
            write_units: 0.0,
        }
    }
}

impl Engine {
    /// Opens the database; without a path, one in memory.
    ///
    /// # Errors
    /// What is wrong with the file: it is no database, or fails SQLite's check.
    pub fn open(path: Option<&Path>, clock: Arc<dyn Clock>) -> Result<Self, EngineError> {
        let storage = match path {
            None => Storage::memory(),
            Some(path) => Storage::new(&path.to_string_lossy()),
        }?;
        let storage = storage.with_clock(clock.clone());
        prepare(&storage)?;
        Ok(Self {
            storage,
            tokens: Tokens::default(),
            clock,
        })
    }

    /// Carries out one operation of DynamoDB's API, or of its streams' API.
    pub fn call(&mut self, operation: &str, request: &[u8]) -> Response {
        let Ok(request) = serde_json::from_slice::<Value>(request) else {
            return Response::failure(
                400,
                &json!({"__type": "com.amazon.coral.service#SerializationException"}),
            );
        };
        let storage = &self.storage;
        self.tokens
            .once(operation, request, self.clock.now_unix_secs(), |request| {
                answer(storage, operation, request)
            })
    }

    /// Whether there is such a table.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn has_table(&self, name: &str) -> Result<bool, EngineError> {
        Ok(self.storage.table_exists(name)?)
    }

    /// Deletes what is past its time to live, which the engine does not do by itself; answers how many.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn delete_expired(&self) -> Result<usize, EngineError> {
        let swept = dynoxide::ttl::sweep_expired_items(&self.storage);
        Ok(pollster::block_on(swept)?)
    }

    /// Deletes what the stream has kept for 24 hours, which the engine keeps for ever; answers how many.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn trim_stream(&self) -> Result<usize, EngineError> {
        let horizon = i64::try_from(self.clock.now_unix_secs()).unwrap_or(i64::MAX) - 86_400;
        let connection = self.storage.conn();
        Ok(connection.execute("DELETE FROM _stream_records WHERE created_at < ?1", [horizon])?)
    }
}

/// Checks the file, and prepares it for a stream of some length.
fn prepare(storage: &Storage) -> Result<(), EngineError> {
    let connection = storage.conn();
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(EngineError::Unsound(verdict));
    }
    // The engine asks for the highest sequence number at each write, and would read the whole stream for it.
    // NORMAL loses nothing when the process is killed, only when the power fails.
    connection.execute_batch(
        "PRAGMA synchronous = NORMAL;
             CREATE INDEX IF NOT EXISTS stream_records_of_table
                 ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
             CREATE INDEX IF NOT EXISTS stream_records_of_shard
                 ON _stream_records (table_name, shard_id, CAST(sequence_number AS INTEGER));",
    )?;
    Ok(())
}

/// True for the operations that change items, whose capacity counts as written.
pub fn is_write(operation: &str) -> bool {
    matches!(
        operation,
        "PutItem" | "UpdateItem" | "DeleteItem" | "BatchWriteItem" | "TransactWriteItems"
    )
}

/// True for the operations that can report their capacity.
fn reports_capacity(operation: &str) -> bool {
    is_write(operation)
        || matches!(
            operation,
            "GetItem" | "Query" | "Scan" | "BatchGetItem" | "TransactGetItems"
        )
}

/// Carries out an operation, asking for its capacity whether or not the caller does.
fn answer(storage: &Storage, operation: &str, mut request: Value) -> Response {
    let asked = request
        .get("ReturnConsumedCapacity")
        .and_then(Value::as_str)
        .is_some_and(|mode| mode != "NONE");
    if reports_capacity(operation)
        && !asked
        && let Some(fields) = request.as_object_mut()
    {
        fields.insert("ReturnConsumedCapacity".to_owned(), json!("TOTAL"));
    }
    dispatch(storage, operation, request, asked).unwrap_or_else(|error| Response {
        status: error.status_code(),
        body: error.to_json().into_bytes(),
        read_units: 0.0,
        write_units: 0.0,
    })
}

/// What an operation consumed, in one table or in several.
trait Capacity {
    fn units(&self) -> f64;
}

impl Capacity for ConsumedCapacity {
    fn units(&self) -> f64 {
        self.capacity_units
    }
}

impl Capacity for Vec<ConsumedCapacity> {
    fn units(&self) -> f64 {
        self.iter().map(Capacity::units).sum()
    }
}

fn dispatch(storage: &Storage, operation: &str, request: Value, asked: bool) -> dynoxide::Result<Response> {
    macro_rules! carry_out {
        ($action:ident) => {
            pollster::block_on(actions::$action::execute(storage, read(request)?))?
        };
    }
    macro_rules! item_operation {
        ($action:ident) => {{
            let mut response = carry_out!($action);
            let units = response.consumed_capacity.as_ref().map_or(0.0, Capacity::units);
            if !asked {
                response.consumed_capacity = None;
            }
            let (read_units, write_units) = if is_write(operation) {
                (0.0, units)
            } else {
                (units, 0.0)
            };
            Ok(Response {
                read_units,
                write_units,
                ..success(&response)?
            })
        }};
    }
    match operation {
        "BatchGetItem" => item_operation!(batch_get_item),
        "BatchWriteItem" => item_operation!(batch_write_item),
        "DeleteItem" => item_operation!(delete_item),
        "GetItem" => item_operation!(get_item),
        "PutItem" => item_operation!(put_item),
        "Query" => item_operation!(query),
        "Scan" => item_operation!(scan),
        "TransactGetItems" => item_operation!(transact_get_items),
        "TransactWriteItems" => item_operation!(transact_write_items),
        "UpdateItem" => item_operation!(update_item),
        "CreateTable" => success(&carry_out!(create_table)),
        "DescribeStream" => success(&carry_out!(describe_stream)),
        "DescribeTable" => {
            let no_vectors = actions::vector_lifecycle::VectorIndexLifecycle::new();
            let described = actions::describe_table::execute(storage, read(request)?, &no_vectors);
            success(&pollster::block_on(described)?)
        }
        "DescribeTimeToLive" => success(&carry_out!(describe_time_to_live)),
        "GetRecords" => success(&carry_out!(get_records)),
        "GetShardIterator" => success(&carry_out!(get_shard_iterator)),
        "ListStreams" => success(&carry_out!(list_streams)),
        "ListTables" => success(&carry_out!(list_tables)),
        "UpdateTimeToLive" => success(&carry_out!(update_time_to_live)),
        other => Err(DynoxideError::ValidationException(format!(
            "the local stack does not serve {other}"
        ))),
    }
}

fn read<T: DeserializeOwned>(request: Value) -> dynoxide::Result<T> {
    serde_json::from_value(request).map_err(|error| {
        // The engine marks the class of a refusal by a prefix that is not for the wire.
        let text = error.to_string();
        let text = ["VALIDATION:", "VALIDATION_REQUEST:", "SERIALIZATION:"]
            .iter()
            .find_map(|marker| text.strip_prefix(marker))
            .unwrap_or(&text);
        DynoxideError::ValidationException(text.to_owned())
    })
}

fn success(response: &impl Serialize) -> dynoxide::Result<Response> {
    let body = serde_json::to_vec(response).map_err(|error| DynoxideError::InternalServerError(error.to_string()))?;
    Ok(Response {
        status: 200,
        body,
        read_units: 0.0,
        write_units: 0.0,
    })
}
