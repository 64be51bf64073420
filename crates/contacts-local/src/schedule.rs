//! Calls a function at the template's rate, and whenever the clock was moved.

use std::sync::Arc;

use contacts::{Clock as _, Random as _};
use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard, Notify, watch};

use contacts_runtime::system::SystemRandom;

use crate::{clock::StackClock, connector::REGION, functions::Invoker, template::Schedule};

/// A schedule at work.
pub struct Timer {
    invoker: Invoker,
    clock: Arc<StackClock>,
    schedule: Schedule,
    early: Notify,
    /// Held by the call that runs.
    running: Mutex<()>,
}

impl Timer {
    /// A timer of one schedule.
    pub fn new(invoker: Invoker, clock: Arc<StackClock>, schedule: Schedule) -> Self {
        Self {
            invoker,
            clock,
            schedule,
            early: Notify::new(),
            running: Mutex::new(()),
        }
    }

    /// Calls the function by the rate until the stack stops.
    pub async fn run(&self, mut stopped: watch::Receiver<bool>) {
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
    pub fn hurry(&self) {
        self.early.notify_one();
    }

    /// Waits until no call runs, and keeps the next one back while the guard lives.
    pub async fn pause(&self) -> MutexGuard<'_, ()> {
        self.running.lock().await
    }

    /// Calls the function now, after the call that runs, and waits for its answer.
    pub async fn fire(&self) {
        let _running = self.pause().await;
        if let Err(error) = self.invoker.invoke(&self.schedule.function, self.event()).await {
            tracing::error!(%error, "schedule");
        }
    }

    /// EventBridge's event of a schedule.
    fn event(&self) -> Value {
        let mut id = [0; 16];
        SystemRandom.fill(&mut id);
        json!({
            "version": "0",
            "id": format!("{:032x}", u128::from_be_bytes(id)),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": "000000000000",
            "time": self.clock.now(),
            "region": REGION,
            "resources": [format!("arn:aws:events:{REGION}:000000000000:rule/{}", self.schedule.function)],
            "detail": {},
        })
    }
}
