//! What wakes the mailer.

use std::collections::HashSet;

use contacts_dynamodb::keys::Key;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The event is neither a batch of a stream nor a tick of a schedule.
#[derive(Debug, thiserror::Error)]
#[error("the event is neither of a DynamoDB stream nor of a schedule")]
pub struct Unreadable;

/// What is answered to a batch: the records after which the stream goes back.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnswer {
    batch_item_failures: Vec<Failure>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    item_identifier: String,
}

pub(crate) enum Waking {
    Stream(Vec<Record>),
    Schedule,
}

/// A record: where to look. Its images are not read: the item tells.
pub(crate) struct Record {
    sequence_number: String,
    key: Key,
}

#[derive(Deserialize)]
struct RawRecord {
    #[serde(rename = "eventName", default)]
    event_name: String,
    dynamodb: Option<Change>,
}

#[derive(Deserialize)]
struct Change {
    #[serde(rename = "Keys")]
    keys: Option<Keys>,
    #[serde(rename = "SequenceNumber")]
    sequence_number: Option<String>,
}

#[derive(Deserialize)]
struct Keys {
    pk: Text,
    sk: Text,
}

#[derive(Deserialize)]
struct Text {
    #[serde(rename = "S")]
    s: String,
}

pub(crate) fn read(event: &Value) -> Result<Waking, Unreadable> {
    if let Some(records) = event.get("Records").and_then(Value::as_array) {
        return Ok(Waking::Stream(records.iter().filter_map(record).collect()));
    }
    let scheduled = event.get("source").and_then(Value::as_str) == Some("aws.events");
    if scheduled {
        Ok(Waking::Schedule)
    } else {
        Err(Unreadable)
    }
}

/// A record that can be read. One that cannot would fail for ever and hold up its shard: what it
/// was about is found by the schedule, if it is due.
fn record(record: &Value) -> Option<Record> {
    let Ok(RawRecord {
        event_name,
        dynamodb: Some(change),
    }) = RawRecord::deserialize(record)
    else {
        tracing::error!("a record of the stream cannot be read");
        return None;
    };
    // What is removed, by us or by TTL, is not due any more.
    if event_name == "REMOVE" {
        return None;
    }
    let (Some(keys), Some(sequence_number)) = (change.keys, change.sequence_number) else {
        tracing::error!("a record of the stream has no key");
        return None;
    };
    Some(Record {
        sequence_number,
        key: Key {
            pk: keys.pk.s,
            sk: keys.sk.s,
        },
    })
}

pub(crate) fn distinct_keys(records: &[Record]) -> Vec<Key> {
    let mut seen = HashSet::new();
    records
        .iter()
        .map(|record| record.key.clone())
        .filter(|key| seen.insert(key.clone()))
        .collect()
}

impl BatchAnswer {
    /// Whether the stream may go on after the whole batch.
    pub(crate) fn is_complete(&self) -> bool {
        self.batch_item_failures.is_empty()
    }

    pub(crate) fn of(records: &[Record], failed: &[Key]) -> Self {
        let failures = records.iter().filter(|record| failed.contains(&record.key));
        let batch_item_failures = failures
            .map(|record| Failure {
                item_identifier: record.sequence_number.clone(),
            })
            .collect();
        Self { batch_item_failures }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(name: &str, number: &str, pk: &str) -> Value {
        json!({"eventName": name, "dynamodb": {"SequenceNumber": number, "Keys": {"pk": {"S": pk}, "sk": {"S": "USER"}}}})
    }

    #[test]
    fn a_batch_is_read_record_by_record() {
        let batch = json!({"Records": [
            change("INSERT", "1", "a"), change("MODIFY", "2", "a"), change("REMOVE", "3", "b"),
            {"eventName": "INSERT"}, 7, {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "5"}}, change("INSERT", "6", "c"),
        ]});
        let Ok(Waking::Stream(records)) = read(&batch) else {
            panic!("a batch")
        };
        let keys = distinct_keys(&records);
        assert_eq!(keys.iter().map(|key| key.pk.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        let answer = serde_json::to_value(BatchAnswer::of(&records, &keys[..1])).unwrap();
        assert_eq!(
            answer,
            json!({"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "2"}]})
        );
    }

    #[test]
    fn anything_else_is_refused() {
        assert!(matches!(
            read(&json!({"source": "aws.events", "detail-type": "Scheduled Event"})),
            Ok(Waking::Schedule)
        ));
        for other in [
            json!({}),
            json!(null),
            json!({"source": "aws.s3"}),
            json!({"Records": 1}),
        ] {
            assert!(read(&other).is_err(), "{other}");
        }
    }
}
