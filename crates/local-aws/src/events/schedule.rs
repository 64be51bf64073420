//! Calls a function at the template's rate, and whenever the clock was moved.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard, Notify, watch};
use uuid::Uuid;

use crate::{ACCOUNT, REGION, clock::Clock, lambda::Invoker, template::Schedule};

/// A schedule at work.
pub(super) struct Timer {
    invoker: Invoker,
    clock: Arc<Clock>,
    schedule: Schedule,
    early: Notify,
    /// Held by the call that runs.
    running: Mutex<()>,
}

impl Timer {
    /// A timer of one schedule.
    pub(super) fn new(invoker: Invoker, clock: Arc<Clock>, schedule: Schedule) -> Self {
        Self {
            invoker,
            clock,
            schedule,
            early: Notify::new(),
            running: Mutex::new(()),
        }
    }

    /// Calls the function by the rate until told to stop.
    pub(super) async fn run(&self, mut stopped: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(self.schedule.rate) => {}
                () = self.early.notified() => {}
                _ = stopped.wait_for(|stopped| *stopped) => return,
            }
            self.fire().await;
        }
    }

    /// Makes the next call come at once.
    pub(super) fn hurry(&self) {
        self.early.notify_one();
    }

    /// Waits until no call runs, and keeps the next one back while the guard lives.
    pub(super) async fn pause(&self) -> MutexGuard<'_, ()> {
        self.running.lock().await
    }

    /// Calls the function now, after the call that runs, and waits for its answer.
    pub(super) async fn fire(&self) {
        let _running = self.pause().await;
        if let Err(error) = self.invoker.invoke(&self.schedule.function, self.event()).await {
            tracing::error!(%error, "schedule");
        }
    }

    /// EventBridge's event of a schedule.
    fn event(&self) -> Value {
        json!({
            "version": "0",
            "id": Uuid::new_v4().simple().to_string(),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": ACCOUNT,
            "time": self.clock.now(),
            "region": REGION,
            "resources": [format!("arn:aws:events:{REGION}:{ACCOUNT}:rule/{}", self.schedule.function)],
            "detail": {},
        })
    }
}
