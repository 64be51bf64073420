//! The DynamoDB engine: dynoxide on a SQLite file, or in memory.
//!
//! The engine blocks its caller, so every use of it runs on the blocking pool, one at a time.

use std::{path::Path, sync::Arc};

use dynoxide::{DynoxideError, actions, storage::Storage};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::sync::{Mutex, watch};

use crate::{clock::StackClock, idempotency::Tokens, stack::StartError, template::Table};

/// The engine, open.
#[derive(Clone)]
pub struct Engine {
    storage: Arc<Mutex<Storage>>,
    tokens: Arc<Tokens>,
    clock: Arc<StackClock>,
    writes: watch::Sender<u64>,
}

/// What the engine answers on the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: Value,
    /// Read units consumed.
    pub read_units: f64,
    /// Write units consumed.
    pub write_units: f64,
}

impl Answer {
    /// A failure as DynamoDB writes it.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let body = json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": message});
        Self {
            status,
            body,
            read_units: 0.0,
            write_units: 0.0,
        }
    }
}

impl Engine {
    /// Opens the database; without a path, one in memory.
    ///
    /// # Errors
    /// `Damaged` when the file is no database or fails SQLite's check.
    pub fn open(path: Option<&Path>, clock: Arc<StackClock>) -> Result<Self, StartError> {
        let storage = match path {
            None => Storage::memory(),
            Some(path) => Storage::new(&path.to_string_lossy()),
        };
        let damaged = |reason: String| StartError::Damaged {
            path: path.unwrap_or(Path::new(":memory:")).to_owned(),
            reason,
        };
        let storage = storage
            .map_err(|error| damaged(error.to_string()))?
            .with_clock(clock.clone());
        prepare(&storage).map_err(damaged)?;
        Ok(Self {
            storage: Arc::new(Mutex::new(storage)),
            tokens: Arc::default(),
            clock,
            writes: watch::Sender::new(0),
        })
    }

    /// Makes the template's table unless it is there.
    ///
    /// # Errors
    /// `Table` when the engine refuses the definition.
    pub async fn ensure_table(&self, table: &Table) -> Result<(), StartError> {
        let exists = self
            .run(|storage, name| storage.table_exists(&name), table.name.clone())
            .await;
        if exists.map_err(|error| StartError::Table(error.to_string()))? {
            return Ok(());
        }
        self.call("CreateTable", table.create.clone()).await.into_result()?;
        if let Some(attribute) = &table.ttl_attribute {
            let request = json!({
                "TableName": table.name,
                "TimeToLiveSpecification": {"AttributeName": attribute, "Enabled": true},
            });
            self.call("UpdateTimeToLive", request).await.into_result()?;
        }
        Ok(())
    }

    /// Carries out one operation of DynamoDB's API, or of its streams' API.
    pub async fn call(&self, operation: &str, request: Value) -> Answer {
        let guard = self.storage.clone().lock_owned().await;
        let (tokens, clock) = (self.tokens.clone(), self.clock.clone());
        let name = operation.to_owned();
        let carried_out = tokio::task::spawn_blocking(move || {
            let now = contacts::Clock::now(&*clock);
            tokens.once(&name, &request, now, || answer(&guard, &name, &request))
        });
        let answer = carried_out
            .await
            .unwrap_or_else(|_| Answer::error(500, "InternalServerError", "the engine panicked"));
        if is_write(operation) && answer.status == 200 {
            self.writes.send_modify(|count| *count = count.wrapping_add(1));
        }
        answer
    }

    /// Runs a function of the engine's storage that no operation of the API offers.
    ///
    /// # Errors
    /// What the function answers; `InternalServerError` when it panics.
    pub async fn run<A: Send + 'static, T: Send + 'static>(
        &self,
        function: impl FnOnce(&Storage, A) -> dynoxide::Result<T> + Send + 'static,
        argument: A,
    ) -> dynoxide::Result<T> {
        let guard = self.storage.clone().lock_owned().await;
        tokio::task::spawn_blocking(move || function(&guard, argument))
            .await
            .unwrap_or_else(|_| Err(DynoxideError::InternalServerError("the engine panicked".to_owned())))
    }

    /// Deletes what is past its `delete_at`, as DynamoDB does some time after.
    ///
    /// # Errors
    /// What the engine answers.
    pub async fn delete_expired(&self) -> dynoxide::Result<usize> {
        let sweep = |storage: &Storage, ()| pollster::block_on(dynoxide::ttl::sweep_expired_items(storage));
        let deleted = self.run(sweep, ()).await?;
        if deleted > 0 {
            self.writes.send_modify(|count| *count = count.wrapping_add(1));
        }
        Ok(deleted)
    }

    /// Deletes what the stream has kept for 24 hours; the engine keeps it for ever.
    ///
    /// # Errors
    /// What the engine answers.
    pub async fn trim_stream(&self) -> dynoxide::Result<usize> {
        let horizon = contacts::Clock::now(&*self.clock).unix_seconds() - 86_400;
        let trim = |storage: &Storage, horizon: i64| {
            Ok(storage
                .conn()
                .execute("DELETE FROM _stream_records WHERE created_at < ?1", [horizon])?)
        };
        self.run(trim, horizon).await
    }

    /// Changes after every write.
    pub fn writes(&self) -> watch::Receiver<u64> {
        self.writes.subscribe()
    }
}

impl Answer {
    fn into_result(self) -> Result<Value, StartError> {
        if self.status == 200 {
            Ok(self.body)
        } else {
            Err(StartError::Table(self.body.to_string()))
        }
    }
}

/// Checks the file, and prepares it for a stream of some length.
fn prepare(storage: &Storage) -> Result<(), String> {
    let connection = storage.conn();
    let verdict: Result<String, _> = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
    match verdict {
        Ok(verdict) if verdict == "ok" => {}
        Ok(verdict) => return Err(verdict),
        Err(error) => return Err(error.to_string()),
    }
    // The engine asks for the highest sequence number at each write, and would read the whole stream for it.
    // NORMAL loses nothing when the process is killed, only when the power fails.
    connection
        .execute_batch(
            "PRAGMA synchronous = NORMAL;
             CREATE INDEX IF NOT EXISTS contacts_stream_table
                 ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
             CREATE INDEX IF NOT EXISTS contacts_stream_shard
                 ON _stream_records (table_name, shard_id, CAST(sequence_number AS INTEGER));",
        )
        .map_err(|error| error.to_string())
}

/// True for the operations that change items, whose capacity counts as written.
fn is_write(operation: &str) -> bool {
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
fn answer(storage: &Storage, operation: &str, request: &Value) -> Answer {
    let mut request = request.clone();
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
    match dispatch(storage, operation, request) {
        Ok(mut body) => {
            let units = body.get("ConsumedCapacity").map_or(0.0, units);
            if !asked && let Some(fields) = body.as_object_mut() {
                fields.remove("ConsumedCapacity");
            }
            let (read_units, write_units) = if is_write(operation) {
                (0.0, units)
            } else {
                (units, 0.0)
            };
            Answer {
                status: 200,
                body,
                read_units,
                write_units,
            }
        }
        Err(error) => Answer {
            status: error.status_code(),
            body: serde_json::from_str(&error.to_json()).unwrap_or(Value::Null),
            read_units: 0.0,
            write_units: 0.0,
        },
    }
}

/// The units in a `ConsumedCapacity`, or in a list of them.
fn units(capacity: &Value) -> f64 {
    match capacity {
        Value::Array(tables) => tables.iter().map(units).sum(),
        table => table.get("CapacityUnits").and_then(Value::as_f64).unwrap_or(0.0),
    }
}

fn dispatch(storage: &Storage, operation: &str, request: Value) -> dynoxide::Result<Value> {
    macro_rules! carry_out {
        ($action:ident) => {
            write(pollster::block_on(actions::$action::execute(
                storage,
                read(request)?,
            ))?)
        };
    }
    match operation {
        "BatchGetItem" => carry_out!(batch_get_item),
        "BatchWriteItem" => carry_out!(batch_write_item),
        "CreateTable" => carry_out!(create_table),
        "DeleteItem" => carry_out!(delete_item),
        "DescribeStream" => carry_out!(describe_stream),
        "DescribeTable" => {
            let no_vectors = actions::vector_lifecycle::VectorIndexLifecycle::new();
            let described = actions::describe_table::execute(storage, read(request)?, &no_vectors);
            write(pollster::block_on(described)?)
        }
        "DescribeTimeToLive" => carry_out!(describe_time_to_live),
        "GetItem" => carry_out!(get_item),
        "GetRecords" => carry_out!(get_records),
        "GetShardIterator" => carry_out!(get_shard_iterator),
        "ListStreams" => carry_out!(list_streams),
        "ListTables" => carry_out!(list_tables),
        "PutItem" => carry_out!(put_item),
        "Query" => carry_out!(query),
        "Scan" => carry_out!(scan),
        "TransactGetItems" => carry_out!(transact_get_items),
        "TransactWriteItems" => carry_out!(transact_write_items),
        "UpdateItem" => carry_out!(update_item),
        "UpdateTimeToLive" => carry_out!(update_time_to_live),
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

fn write(response: impl Serialize) -> dynoxide::Result<Value> {
    serde_json::to_value(response).map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}
