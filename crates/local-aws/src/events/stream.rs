//! Reads the table's stream, and hands its records to a function by the rules of the template's mapping.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};

use super::Sources;
use crate::{
    clock::Clock,
    dynamodb::Engine,
    file::{Damaged, replace},
    lambda::Invoker,
    template::StreamMapping,
};

/// Why a mapping cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The table has no stream.
    #[error("it has no stream, and a mapping needs one")]
    Missing,
    /// The kept position is none.
    #[error(transparent)]
    Checkpoint(#[from] Damaged),
}

/// A mapping at work.
pub(super) struct Pump {
    engine: Engine,
    invoker: Invoker,
    mapping: StreamMapping,
    clock: Arc<Clock>,
    stream_arn: String,
    shard_id: String,
    checkpoint: Option<PathBuf>,
    /// The sequence number that the checkpoint had at the start.
    after: Option<String>,
    /// The count of the engine's writes up to which every record is delivered.
    delivered: watch::Sender<u64>,
    /// Ends the gathering of a batch.
    flush: Notify,
    /// The newest records that were delivered, oldest first.
    recent: Mutex<VecDeque<Value>>,
}

/// What came of records that were handed to a function out of turn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Delivery {
    /// The function.
    pub function: String,
    /// How many records it was handed.
    pub records: usize,
    /// What it answered; null when it failed.
    pub answer: Option<Value>,
    /// Why it failed.
    pub error: Option<String>,
}

/// Delivered records that can be delivered again.
pub const RECENT: usize = 1_000;

/// Records read at a time. Each is in memory several times over while it is read.
const PAGE: usize = 250;

/// Waits between tries of a failing batch, at the most.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// What came of an invocation.
#[derive(Debug, PartialEq, Eq)]
enum BatchOutcome {
    Done,
    /// The record with this index failed, and all behind it count as not delivered.
    FailedFrom(usize),
    /// The whole batch failed.
    Failed,
}

impl Pump {
    /// A pump on the table's stream, from its checkpoint or else from the beginning.
    ///
    /// # Errors
    /// When the table has no stream, or the checkpoint is no position.
    pub(super) async fn new(sources: &Sources, mapping: StreamMapping) -> Result<Self, StreamError> {
        let table = &sources.table_name;
        let (_, streams) = sources.engine.ask("ListStreams", &json!({"TableName": table})).await;
        let arn = streams.pointer("/Streams/0/StreamArn").and_then(Value::as_str);
        // Each mapping has its own position in the stream.
        let checkpoint = sources.checkpoint.as_ref();
        let mut pump = Self {
            engine: sources.engine.clone(),
            invoker: sources.invoker.clone(),
            clock: sources.clock.clone(),
            after: None,
            stream_arn: arn.ok_or(StreamError::Missing)?.to_owned(),
            shard_id: local_dynamodb::shard_id(table),
            checkpoint: checkpoint.map(|path| path.with_extension(&mapping.function)),
            mapping,
            delivered: watch::Sender::new(0),
            flush: Notify::new(),
            recent: Mutex::default(),
        };
        if let Some(path) = pump.checkpoint.as_ref().filter(|path| path.exists()) {
            let after = std::fs::read_to_string(path).unwrap_or_default();
            if pump.iterator(Some(&after)).await.is_err() {
                return Err(Damaged::new(Some(path), "it is no sequence number").into());
            }
            pump.after = Some(after);
        }
        Ok(pump)
    }

    /// Delivers records as they come, until told to stop.
    pub(super) async fn run(&self, mut stopped: watch::Receiver<bool>) {
        tokio::select! {
            () = self.deliver_for_ever() => {}
            _ = stopped.wait_for(|stopped| *stopped) => {}
        }
    }

    /// Waits until what is written by now is delivered.
    pub(super) async fn drained(&self) {
        let written = *self.engine.writes().borrow();
        let mut delivered = self.delivered.subscribe();
        let reached = delivered.wait_for(|delivered| *delivered >= written);
        tokio::pin!(reached);
        loop {
            // Again and again, since a batch may be gathered anew before all is delivered.
            self.flush.notify_one();
            tokio::select! {
                _ = &mut reached => return,
                () = tokio::time::sleep(Duration::from_millis(20)) => {}
            }
        }
    }

    async fn deliver_for_ever(&self) {
        let mut writes = self.engine.writes();
        let mut after = self.after.clone();
        loop {
            let written = *writes.borrow_and_update();
            after = self.deliver_all(after).await;
            self.delivered.send_replace(written);
            if writes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Delivers what there is; answers the last sequence number.
    async fn deliver_all(&self, mut after: Option<String>) -> Option<String> {
        let mut gathered = false;
        loop {
            let records = self.read(after.as_deref()).await;
            let Some(last) = records.last().and_then(sequence_number).map(str::to_owned) else {
                return after;
            };
            let page_is_full = records.len() == PAGE;
            let wanted: Vec<Value> = records
                .into_iter()
                .filter(|record| self.mapping.filter.passes(record))
                .collect();
            let waits = !wanted.is_empty() && wanted.len() < self.mapping.batch_size && !page_is_full;
            if waits && !gathered && !self.mapping.window.is_zero() {
                tokio::select! {
                    () = tokio::time::sleep(self.mapping.window) => {}
                    () = self.flush.notified() => {}
                }
                gathered = true;
                continue;
            }
            gathered = false;
            for batch in wanted.chunks(self.mapping.batch_size) {
                self.deliver(batch.to_vec()).await;
                self.remember(batch);
                if let Some(delivered) = batch.last().and_then(sequence_number) {
                    self.keep_checkpoint(delivered);
                }
            }
            self.keep_checkpoint(&last);
            after = Some(last);
        }
    }

    fn remember(&self, batch: &[Value]) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.extend(batch.iter().cloned());
        let surplus = recent.len().saturating_sub(RECENT);
        recent.drain(..surplus);
    }

    /// Delivers the last records again, as a stream may.
    pub(super) async fn replay(&self, last: usize) -> Vec<Delivery> {
        let records: Vec<Value> = {
            let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
            recent.iter().skip(recent.len().saturating_sub(last)).cloned().collect()
        };
        let mut deliveries = Vec::new();
        for batch in records.chunks(self.mapping.batch_size) {
            deliveries.push(self.hand(batch).await);
        }
        deliveries
    }

    /// Hands these records to the function once, whatever they are.
    pub(super) async fn hand(&self, records: &[Value]) -> Delivery {
        let function = self.mapping.function.clone();
        let answer = self.invoker.invoke(&function, json!({"Records": records})).await;
        Delivery {
            function,
            records: records.len(),
            error: answer.as_ref().err().map(ToString::to_string),
            answer: answer.ok(),
        }
    }

    /// Where to read on, or what the engine says instead.
    async fn iterator(&self, after: Option<&str>) -> Result<Value, Value> {
        let (kind, after) = match after {
            Some(after) => ("AFTER_SEQUENCE_NUMBER", Some(after)),
            None => ("TRIM_HORIZON", None),
        };
        let request = json!({
            "StreamArn": self.stream_arn,
            "ShardId": self.shard_id,
            "ShardIteratorType": kind,
            "SequenceNumber": after,
        });
        let (_, answer) = self.engine.ask("GetShardIterator", &request).await;
        answer.get("ShardIterator").cloned().ok_or(answer)
    }

    async fn read(&self, after: Option<&str>) -> Vec<Value> {
        let iterator = match self.iterator(after).await {
            Ok(iterator) => iterator,
            Err(answer) => {
                tracing::error!(%answer, "the stream cannot be read");
                return Vec::new();
            }
        };
        let request = json!({"ShardIterator": iterator, "Limit": PAGE});
        let (_, mut answer) = self.engine.ask("GetRecords", &request).await;
        let mut records = match answer.get_mut("Records") {
            Some(Value::Array(records)) => std::mem::take(records),
            _ => Vec::new(),
        };
        for record in records.iter_mut().filter_map(Value::as_object_mut) {
            record.insert("eventSourceARN".to_owned(), self.stream_arn.clone().into());
        }
        records
    }

    /// Delivers one batch; what fails for longer than the mapping allows is given up.
    async fn deliver(&self, batch: Vec<Value>) {
        let mut batches = VecDeque::from([(batch, 0)]);
        while let Some((batch, tries)) = batches.pop_front() {
            let answer = self
                .invoker
                .invoke(&self.mapping.function, json!({"Records": batch}))
                .await;
            let outcome = match &answer {
                Ok(answer) => outcome(answer, &batch, self.mapping.reports_failures),
                Err(error) => {
                    tracing::error!(%error, records = batch.len(), "stream");
                    BatchOutcome::Failed
                }
            };
            let (rest, tries) = match outcome {
                BatchOutcome::Done => continue,
                // A failure behind delivered records is the first of a new batch.
                BatchOutcome::FailedFrom(index) if index > 0 => (batch.get(index..).unwrap_or_default().to_vec(), 1),
                BatchOutcome::FailedFrom(_) => (batch, tries + 1),
                // Halving is no retry.
                BatchOutcome::Failed if self.mapping.bisect && batch.len() > 1 => {
                    let (first, second) = batch.split_at(batch.len() / 2);
                    batches.push_front((second.to_vec(), tries));
                    batches.push_front((first.to_vec(), tries));
                    continue;
                }
                BatchOutcome::Failed => (batch, tries + 1),
            };
            if self.gives_up(&rest, tries) {
                tracing::error!(records = rest.len(), "stream records are given up");
                continue;
            }
            let wait = Duration::from_millis(50).saturating_mul(1 << tries.min(16));
            tokio::time::sleep(wait.min(LONGEST_WAIT)).await;
            batches.push_front((rest, tries));
        }
    }

    fn gives_up(&self, batch: &[Value], tries: u32) -> bool {
        let now = self.clock.now().unix_seconds() as f64;
        let created = batch
            .first()
            .and_then(|record| record.pointer("/dynamodb/ApproximateCreationDateTime")?.as_f64());
        let too_old = |maximum: Duration| created.is_some_and(|created| now - created > maximum.as_secs_f64());
        self.mapping.maximum_retries.is_some_and(|maximum| tries > maximum)
            || self.mapping.maximum_age.is_some_and(too_old)
    }

    fn keep_checkpoint(&self, sequence_number: &str) {
        let Some(path) = &self.checkpoint else { return };
        if let Err(error) = replace(path, sequence_number.as_bytes()) {
            tracing::error!(%error, "the stream's checkpoint cannot be kept");
        }
    }
}

fn sequence_number(record: &Value) -> Option<&str> {
    record.pointer("/dynamodb/SequenceNumber")?.as_str()
}

/// What a function's answer says of a batch.
fn outcome(answer: &Value, batch: &[Value], reports_failures: bool) -> BatchOutcome {
    let failures = match answer.get("batchItemFailures") {
        Some(Value::Array(failures)) if reports_failures => failures,
        _ => return BatchOutcome::Done,
    };
    let mut lowest = batch.len();
    for failure in failures {
        let failed = failure.get("itemIdentifier").and_then(Value::as_str);
        let index = failed.and_then(|failed| batch.iter().position(|record| sequence_number(record) == Some(failed)));
        match index {
            Some(index) => lowest = lowest.min(index),
            // Null, empty and unknown identifiers fail the whole batch.
            None => return BatchOutcome::Failed,
        }
    }
    if lowest == batch.len() {
        BatchOutcome::Done
    } else {
        BatchOutcome::FailedFrom(lowest)
    }
}

#[cfg(test)]
mod tests;
