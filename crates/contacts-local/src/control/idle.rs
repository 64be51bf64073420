//! When the mailer has nothing left to do.

use std::{collections::BTreeSet, time::Duration};

use contacts_dynamodb::keys::{DUE, DUE_SHARDS, due_partition, due_place};
use serde_json::{Value, json};

use super::Control;
use crate::stack::wiring::product_time;

/// Why the mailer does not come to rest.
#[derive(Debug, thiserror::Error)]
pub(super) enum Busy {
    /// So many items are due, and calling the mailer does not change it.
    #[error("{0} items stay due, or a batch of the stream goes on failing")]
    StillDue(usize),
    /// So many items are due, and no schedule calls the mailer: the stream tells of what is new, not of what waits.
    #[error("{0} items wait for the mailer, and --no-schedule keeps it from them")]
    SwitchedOff(usize),
}

/// How long [`wait`] waits.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until the stream is worked off and nothing is due.
///
/// # Errors
/// When that does not come about, or cannot: without a schedule, what the stream leaves undone stays so.
pub(super) async fn wait(control: &Control) -> Result<(), Busy> {
    match tokio::time::timeout(PATIENCE, work_off(control)).await {
        Ok(result) => result,
        Err(_) => Err(Busy::StillDue(due(control).await.len())),
    }
}

async fn work_off(control: &Control) -> Result<(), Busy> {
    let mut without_progress = 0;
    let mut before = BTreeSet::new();
    loop {
        control.events.drained().await;
        let due = due_between_calls(control).await;
        if due.is_empty() {
            return Ok(());
        }
        if !control.events.has_schedules() {
            return Err(Busy::SwitchedOff(due.len()));
        }
        without_progress = if due == before { without_progress + 1 } else { 0 };
        if without_progress > 3 {
            return Err(Busy::StillDue(due.len()));
        }
        before = due;
        control.events.fire().await;
    }
}

/// What waits for the schedules, while none of them works: what one has claimed is not due, and not done either.
async fn due_between_calls(control: &Control) -> BTreeSet<String> {
    let _paused = control.events.pause().await;
    due(control).await
}

/// The keys of what waits for the mailer now.
async fn due(control: &Control) -> BTreeSet<String> {
    let now = due_place(product_time(control.clock.now()));
    let mut due = BTreeSet::new();
    for shard in 0..DUE_SHARDS {
        let query = json!({
            "TableName": control.table_name,
            "IndexName": DUE,
            "KeyConditionExpression": "due_pk = :shard AND due_sk <= :now",
            "ExpressionAttributeValues": {":shard": {"S": due_partition(shard)}, ":now": {"S": now}},
        });
        let (_, body) = control.dynamodb.engine.ask("Query", &query).await;
        let items = body.get("Items").and_then(Value::as_array);
        due.extend(items.into_iter().flatten().map(Value::to_string));
    }
    due
}
