//! What calls functions by itself: mappings of the table's stream, and schedules.

mod filter;
mod schedule;
mod stream;

use std::{path::PathBuf, sync::Arc};

use serde_json::Value;
use tokio::{
    sync::{MutexGuard, watch},
    task::JoinSet,
};

pub use filter::{Filter, FilterError};
pub use stream::{Delivery, RECENT, StreamError};

use schedule::Timer;
use stream::Pump;

use crate::{
    clock::Clock,
    dynamodb::Engine,
    lambda::Invoker,
    template::{Schedule, StreamMapping},
};

/// What events need to come about.
pub struct Sources {
    /// The engine whose stream is read.
    pub engine: Engine,
    /// The table.
    pub table_name: String,
    /// Calls the functions.
    pub invoker: Invoker,
    /// Dates events.
    pub clock: Arc<Clock>,
    /// Where the position in the stream is kept: one file a mapping, with its function as extension.
    pub checkpoint: Option<PathBuf>,
}

/// The mappings and schedules at work.
pub struct Events {
    pumps: Vec<Arc<Pump>>,
    timers: Vec<Arc<Timer>>,
}

impl Events {
    /// Starts the mappings and the schedules; none of a kind switches that kind off.
    ///
    /// # Errors
    /// When a mapping has no stream to read.
    pub async fn start(
        sources: Sources,
        streams: Vec<StreamMapping>,
        schedules: Vec<Schedule>,
        stopped: &watch::Receiver<bool>,
        tasks: &mut JoinSet<()>,
    ) -> Result<Self, StreamError> {
        let mut pumps = Vec::new();
        for mapping in streams {
            let pump = Arc::new(Pump::new(&sources, mapping).await?);
            let (running, stopped) = (pump.clone(), stopped.clone());
            tasks.spawn(async move { running.run(stopped).await });
            pumps.push(pump);
        }
        let mut timers = Vec::new();
        for schedule in schedules {
            let timer = Arc::new(Timer::new(sources.invoker.clone(), sources.clock.clone(), schedule));
            let (running, stopped) = (timer.clone(), stopped.clone());
            tasks.spawn(async move { running.run(stopped).await });
            timers.push(timer);
        }
        Ok(Self { pumps, timers })
    }

    /// Makes the schedules call at once: after the clock was moved, or at a start with data.
    pub fn hurry(&self) {
        self.timers.iter().for_each(|timer| timer.hurry());
    }

    /// Waits until what is written by now is delivered to the functions.
    pub async fn drained(&self) {
        for pump in &self.pumps {
            pump.drained().await;
        }
    }

    /// Whether any mapping reads the stream.
    pub fn has_streams(&self) -> bool {
        !self.pumps.is_empty()
    }

    /// Delivers the last records of each mapping again, at most [`RECENT`].
    pub async fn replay(&self, last: usize) -> Vec<Delivery> {
        let mut deliveries = Vec::new();
        for pump in &self.pumps {
            deliveries.extend(pump.replay(last).await);
        }
        deliveries
    }

    /// Hands a record that is in no stream to the function of each mapping.
    pub async fn hand(&self, record: Value) -> Vec<Delivery> {
        let record = [record];
        let mut deliveries = Vec::new();
        for pump in &self.pumps {
            deliveries.push(pump.hand(&record).await);
        }
        deliveries
    }

    /// Whether any schedule is at work.
    pub fn has_schedules(&self) -> bool {
        !self.timers.is_empty()
    }

    /// Calls each schedule's function now, one after the other, and waits for its answer.
    pub async fn fire(&self) {
        for timer in &self.timers {
            timer.fire().await;
        }
    }

    /// Waits until no schedule's call runs, and keeps the next ones back while the guards live.
    pub async fn pause(&self) -> Vec<MutexGuard<'_, ()>> {
        let mut paused = Vec::new();
        for timer in &self.timers {
            paused.push(timer.pause().await);
        }
        paused
    }
}
