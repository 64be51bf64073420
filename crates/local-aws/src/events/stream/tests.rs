use std::{collections::BTreeMap, sync::Mutex};

use lambda_runtime::LambdaEvent;

use super::*;
use crate::{
    events::Filter,
    lambda::{Function, Functions},
    template::Table,
};

fn record(number: u32) -> Value {
    json!({"dynamodb": {"SequenceNumber": number.to_string()}})
}

fn batch() -> Vec<Value> {
    (1..=4).map(record).collect()
}

#[test]
fn the_lowest_failure_counts_and_unknown_ones_fail_all() {
    let failures = |identifiers: Value| {
        let failures: Vec<_> = identifiers
            .as_array()
            .unwrap()
            .iter()
            .map(|id| json!({"itemIdentifier": id}))
            .collect();
        json!({"batchItemFailures": failures})
    };
    for (answer, expected) in [
        (json!(null), BatchOutcome::Done),
        (json!({}), BatchOutcome::Done),
        (json!({"batchItemFailures": null}), BatchOutcome::Done),
        (failures(json!([])), BatchOutcome::Done),
        (failures(json!(["3"])), BatchOutcome::FailedFrom(2)),
        (failures(json!(["4", "2"])), BatchOutcome::FailedFrom(1)),
        (failures(json!(["1"])), BatchOutcome::FailedFrom(0)),
        (failures(json!(["2", ""])), BatchOutcome::Failed),
        (failures(json!([null])), BatchOutcome::Failed),
        (failures(json!(["99"])), BatchOutcome::Failed),
    ] {
        assert_eq!(outcome(&answer, &batch(), true), expected, "{answer}");
    }
    assert_eq!(
        outcome(&failures(json!(["1"])), &batch(), false),
        BatchOutcome::Done,
        "not asked for"
    );
}

/// The batches that a function got, by the `pk` of their records.
type Seen = Arc<Mutex<Vec<Vec<String>>>>;

struct Fixture {
    pump: Arc<Pump>,
    engine: Engine,
    seen: Seen,
    stop: watch::Sender<bool>,
}

/// A pump whose function answers the n-th call as `answer` says.
async fn fixture(
    mapping: StreamMapping,
    answer: impl Fn(usize, &[Value]) -> Result<Value, String> + Send + Sync + 'static,
) -> Fixture {
    let clock = Arc::new(Clock::open(None).unwrap());
    let engine = Engine::open(None, clock.clone()).unwrap();
    let create = json!({
        "TableName": "table", "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    });
    engine
        .ensure_table(&Table {
            name: "table".to_owned(),
            create,
            ttl_attribute: None,
        })
        .await
        .unwrap();
    let seen = Seen::default();
    let calls = seen.clone();
    let function = Function::event(move |event: LambdaEvent<Value>| {
        let records = event.payload["Records"].as_array().unwrap().clone();
        let keys = records
            .iter()
            .map(|r| r["dynamodb"]["Keys"]["pk"]["S"].as_str().unwrap().to_owned())
            .collect();
        let mut calls = calls.lock().unwrap();
        calls.push(keys);
        let answered = answer(calls.len(), &records);
        async move { answered }
    });
    let functions = Functions::InProcess(Arc::new(BTreeMap::from([("f", function)])));
    let invoker = Invoker::new(functions, BTreeMap::new(), clock.clone());
    let sources = Sources {
        engine: engine.clone(),
        table_name: "table".to_owned(),
        invoker,
        clock,
        checkpoint: None,
    };
    let pump = Arc::new(Pump::new(&sources, mapping).await.unwrap());
    let (stop, stopped) = watch::channel(false);
    let running = pump.clone();
    tokio::spawn(async move { running.run(stopped).await });
    Fixture {
        pump,
        engine,
        seen,
        stop,
    }
}

fn mapping() -> StreamMapping {
    StreamMapping {
        function: "f".to_owned(),
        batch_size: 3,
        window: Duration::from_secs(3_600),
        bisect: false,
        maximum_retries: Some(1),
        maximum_age: None,
        reports_failures: true,
        filter: Filter::parse([r#"{"eventName": ["INSERT"]}"#]).unwrap(),
    }
}

impl Fixture {
    async fn put(&self, keys: &[&str]) {
        for key in keys {
            let put = json!({"TableName": "table", "Item": {"pk": {"S": key}}});
            assert_eq!(self.engine.ask("PutItem", &put).await.0, 200);
        }
    }

    async fn delivered(&self) -> Vec<Vec<String>> {
        self.pump.drained().await;
        self.seen.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn records_come_in_order_in_batches_once() {
    let fixture = fixture(mapping(), |_, _| Ok(json!({"batchItemFailures": []}))).await;
    fixture.put(&["a", "b", "c", "d"]).await;
    fixture
        .engine
        .ask("DeleteItem", &json!({"TableName": "table", "Key": {"pk": {"S": "a"}}}))
        .await;
    assert_eq!(
        fixture.delivered().await.concat(),
        ["a", "b", "c", "d"],
        "and nothing of the REMOVE"
    );
    assert!(fixture.delivered().await.iter().all(|batch| batch.len() <= 3));
    fixture.put(&["e"]).await;
    assert_eq!(fixture.delivered().await.last().unwrap(), &["e"]);
    fixture.stop.send(true).unwrap();
}

#[tokio::test]
async fn a_failure_rewinds_to_its_record() {
    let fixture = fixture(mapping(), |call, records| {
        let failed = |index: usize| records[index]["dynamodb"]["SequenceNumber"].clone();
        match call {
            1 => Ok(json!({"batchItemFailures": [{"itemIdentifier": failed(1)}]})),
            _ => Ok(json!({"batchItemFailures": []})),
        }
    })
    .await;
    // One transaction: the three are in one batch, whenever the pump reads.
    let put = |key: &str| json!({"Put": {"TableName": "table", "Item": {"pk": {"S": key}}}});
    let three = json!({"TransactItems": [put("a"), put("b"), put("c")]});
    assert_eq!(fixture.engine.ask("TransactWriteItems", &three).await.0, 200);
    let delivered = fixture.delivered().await;
    assert_eq!(delivered[0].len(), 3);
    assert_eq!(delivered[1], delivered[0][1..]);
    assert_eq!(delivered.len(), 2);
}

#[tokio::test]
async fn what_goes_on_failing_is_given_up_alone() {
    let halving = StreamMapping {
        bisect: true,
        ..mapping()
    };
    let fixture = fixture(halving, |_, records| {
        let poison = records
            .iter()
            .any(|record| record["dynamodb"]["Keys"]["pk"]["S"] == "b");
        if poison {
            Err("poison".to_owned())
        } else {
            Ok(json!({}))
        }
    })
    .await;
    let put = |key: &str| json!({"Put": {"TableName": "table", "Item": {"pk": {"S": key}}}});
    let three = json!({"TransactItems": [put("a"), put("b"), put("c")]});
    assert_eq!(fixture.engine.ask("TransactWriteItems", &three).await.0, 200);
    let delivered = fixture.delivered().await;
    for good in ["a", "c"] {
        let with_good = |batch: &&Vec<String>| batch.contains(&good.to_owned()) && !batch.contains(&"b".to_owned());
        assert_eq!(delivered.iter().filter(with_good).count(), 1, "{good}: {delivered:?}");
    }
    let alone = delivered.iter().filter(|batch| **batch == ["b"]).count();
    assert_eq!(alone, 2, "tried, and tried once more: {delivered:?}");
}
