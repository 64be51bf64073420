//! What makes the mailer work: the stream's mappings and the schedules, and when both have nothing left to do.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc, time::Duration};

use contacts::Clock as _;
use contacts_dynamodb::keys::{DUE, DUE_SHARDS, due_partition, due_place};
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinSet};

use crate::{
    clock::StackClock,
    engine::Engine,
    functions::Invoker,
    schedule::Timer,
    start_error::StartError,
    stream::Pump,
    template::{Schedule, StreamMapping},
};

/// What a mailer needs to run.
pub struct Mailer {
    /// The engine whose stream is read.
    pub engine: Engine,
    /// Calls the functions.
    pub invoker: Invoker,
    /// Says what is due.
    pub clock: Arc<StackClock>,
    /// The table.
    pub table_name: String,
    /// Where the stream's position is kept.
    pub checkpoint: Option<PathBuf>,
}

/// A running mailer.
pub struct RunningMailer {
    mailer: Mailer,
    pumps: Vec<Arc<Pump>>,
    timers: Vec<Arc<Timer>>,
}

/// Why the mailer does not come to rest.
#[derive(Debug, thiserror::Error)]
pub enum Busy {
    /// So many items are due, and calling the mailer does not change it.
    #[error("{0} items stay due, or a batch of the stream goes on failing")]
    StillDue(usize),
    /// So many items are due, and no schedule calls the mailer: the stream tells of what is new, not of what waits.
    #[error("{0} items wait for the mailer, and --no-schedule keeps it from them")]
    SwitchedOff(usize),
}

/// How long `idle` waits.
const PATIENCE: Duration = Duration::from_secs(60);

impl Mailer {
    /// Starts the mappings and the schedules; none of a kind switches that kind off.
    ///
    /// # Errors
    /// When a mapping has no stream to read.
    pub async fn start(
        self,
        streams: Vec<StreamMapping>,
        schedules: Vec<Schedule>,
        stopped: &watch::Receiver<bool>,
        tasks: &mut JoinSet<()>,
    ) -> Result<RunningMailer, StartError> {
        let mut pumps = Vec::new();
        for mapping in streams {
            // Each mapping has its own position in the stream.
            let checkpoint = self
                .checkpoint
                .as_ref()
                .map(|path| path.with_extension(&mapping.function));
            let pump = Pump::new(
                self.engine.clone(),
                self.invoker.clone(),
                mapping,
                self.clock.clone(),
                &self.table_name,
                checkpoint,
            );
            let pump = Arc::new(pump.await?);
            let (running, stopped) = (pump.clone(), stopped.clone());
            tasks.spawn(async move { running.run(stopped).await });
            pumps.push(pump);
        }
        let mut timers = Vec::new();
        for schedule in schedules {
            let timer = Arc::new(Timer::new(self.invoker.clone(), self.clock.clone(), schedule));
            let (running, stopped) = (timer.clone(), stopped.clone());
            tasks.spawn(async move { running.run(stopped).await });
            timers.push(timer);
        }
        Ok(RunningMailer {
            mailer: self,
            pumps,
            timers,
        })
    }
}

impl RunningMailer {
    /// Makes the schedules call at once: after the clock was moved, or at a start with data.
    pub fn hurry(&self) {
        self.timers.iter().for_each(|timer| timer.hurry());
    }

    /// Waits until the stream is worked off and nothing is due.
    ///
    /// # Errors
    /// When that does not come about, or cannot: without a schedule, what the stream leaves undone stays so.
    pub async fn idle(&self) -> Result<(), Busy> {
        match tokio::time::timeout(PATIENCE, self.work_off()).await {
            Ok(result) => result,
            Err(_) => Err(Busy::StillDue(self.due().await.len())),
        }
    }

    async fn work_off(&self) -> Result<(), Busy> {
        let mut without_progress = 0;
        let mut before = BTreeSet::new();
        loop {
            for pump in &self.pumps {
                pump.drained().await;
            }
            let due = self.due_between_calls().await;
            if due.is_empty() {
                return Ok(());
            }
            if self.timers.is_empty() {
                return Err(Busy::SwitchedOff(due.len()));
            }
            without_progress = if due == before { without_progress + 1 } else { 0 };
            if without_progress > 3 {
                return Err(Busy::StillDue(due.len()));
            }
            before = due;
            for timer in &self.timers {
                timer.fire().await;
            }
        }
    }

    /// What waits for the schedules, while none of them works: what one has claimed is not due, and
    /// not done either.
    async fn due_between_calls(&self) -> BTreeSet<String> {
        let mut paused = Vec::new();
        for timer in &self.timers {
            paused.push(timer.pause().await);
        }
        self.due().await
    }

    /// The keys of what waits for the mailer now.
    async fn due(&self) -> BTreeSet<String> {
        let now = due_place(self.mailer.clock.now());
        let mut due = BTreeSet::new();
        for shard in 0..DUE_SHARDS {
            let query = json!({
                "TableName": self.mailer.table_name,
                "IndexName": DUE,
                "KeyConditionExpression": "due_pk = :shard AND due_sk <= :now",
                "ExpressionAttributeValues": {":shard": {"S": due_partition(shard)}, ":now": {"S": now}},
            });
            let (_, body) = self.mailer.engine.ask("Query", &query).await;
            let items = body.get("Items").and_then(Value::as_array);
            due.extend(items.into_iter().flatten().map(Value::to_string));
        }
        due
    }
}
