//! The DynamoDB engine for an asynchronous caller: on the blocking pool, one call at a time.

use std::{path::Path, sync::Arc};

use local_dynamodb::{Response, is_write};
use serde_json::{Value, json};
use tokio::sync::{Mutex, watch};

use crate::{clock::Clock, file::Damaged, template::Table};

/// The engine. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    engine: Arc<Mutex<local_dynamodb::Engine>>,
    writes: watch::Sender<u64>,
}

/// Why the engine does not do what is no operation of DynamoDB.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// It fails.
    #[error(transparent)]
    Failed(#[from] local_dynamodb::EngineError),
    /// It panicked.
    #[error("the engine panicked")]
    Panicked,
}

/// Why there is no table as the template describes it.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The engine refuses the definition; what it answers.
    #[error("{0}")]
    Refused(Value),
    /// The engine fails.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Engine {
    /// Opens the database; without a path, one in memory.
    ///
    /// # Errors
    /// When the file is no database or fails SQLite's check.
    pub fn open(path: Option<&Path>, clock: Arc<Clock>) -> Result<Self, Damaged> {
        let engine = local_dynamodb::Engine::open(path, clock).map_err(|error| Damaged::new(path, error))?;
        Ok(Self {
            engine: Arc::new(Mutex::new(engine)),
            writes: watch::Sender::new(0),
        })
    }

    /// Makes the template's table, or what it lacks after a first start that was cut short.
    ///
    /// # Errors
    /// When the engine refuses the definition.
    pub async fn ensure_table(&self, table: &Table) -> Result<(), TableError> {
        let name = table.name.clone();
        if !self.run(move |engine| engine.has_table(&name)).await? {
            self.made("CreateTable", &table.create).await?;
        }
        let Some(attribute) = &table.ttl_attribute else {
            return Ok(());
        };
        let (_, described) = self.ask("DescribeTimeToLive", &json!({"TableName": table.name})).await;
        let status = described.pointer("/TimeToLiveDescription/TimeToLiveStatus");
        if status.and_then(Value::as_str) != Some("ENABLED") {
            let request = json!({
                "TableName": table.name,
                "TimeToLiveSpecification": {"AttributeName": attribute, "Enabled": true},
            });
            self.made("UpdateTimeToLive", &request).await?;
        }
        Ok(())
    }

    async fn made(&self, operation: &str, request: &Value) -> Result<(), TableError> {
        match self.ask(operation, request).await {
            (200, _) => Ok(()),
            (_, refusal) => Err(TableError::Refused(refusal)),
        }
    }

    /// Carries out one operation of DynamoDB's API, or of its streams' API.
    pub async fn call(&self, operation: &str, request: impl AsRef<[u8]> + Send + 'static) -> Response {
        let name = operation.to_owned();
        let carried_out = self.run(move |engine| Ok(engine.call(&name, request.as_ref()))).await;
        let answer =
            carried_out.unwrap_or_else(|error| Response::error(500, "InternalServerError", &error.to_string()));
        if is_write(operation) && answer.status == 200 {
            self.written();
        }
        answer
    }

    /// The same for whoever runs all this: status and JSON.
    pub async fn ask(&self, operation: &str, request: &Value) -> (u16, Value) {
        let answer = self.call(operation, request.to_string()).await;
        (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    /// Deletes what is past its time to live, as DynamoDB does some time after.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn delete_expired(&self) -> Result<usize, EngineError> {
        let deleted = self.run(|engine| engine.delete_expired()).await?;
        if deleted > 0 {
            self.written();
        }
        Ok(deleted)
    }

    /// Deletes what the stream has kept for 24 hours.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn trim_stream(&self) -> Result<usize, EngineError> {
        self.run(|engine| engine.trim_stream()).await
    }

    /// Changes after every write.
    pub fn writes(&self) -> watch::Receiver<u64> {
        self.writes.subscribe()
    }

    fn written(&self) {
        self.writes.send_modify(|count| *count = count.wrapping_add(1));
    }

    async fn run<T: Send + 'static>(
        &self,
        function: impl FnOnce(&mut local_dynamodb::Engine) -> Result<T, local_dynamodb::EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let mut engine = self.engine.clone().lock_owned().await;
        let done = tokio::task::spawn_blocking(move || function(&mut engine)).await;
        Ok(done.map_err(|_| EngineError::Panicked)??)
    }
}
