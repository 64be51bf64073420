//! Calls of invitations that are cut short: the quota gets back what was not used.

use contacts_tests::{Person, World};
use serde_json::{Value, json};

async fn remaining(aiko: &Person) -> u64 {
    let look = json!({"emails": ["look@guest.example"], "dry_run": true});
    let report = aiko.post("/invitations", look).await.expect(200);
    report["quota"]["remaining"].as_u64().unwrap()
}

#[tokio::test]
async fn the_schedule_gives_back_what_a_call_had_reserved() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let all = remaining(&aiko).await;
    let lost = json!([{"error": "answer_lost", "times": 20, "operation": "TransactWriteItems"}]);
    world.break_dynamodb(lost).await;
    let body = json!({"emails": ["a@guest.example", "b@guest.example", "c@guest.example"]});
    let cut_short = aiko.post("/invitations", body.clone()).await;
    assert_eq!(cut_short.problem(503), "unavailable");
    world.mend_dynamodb().await;
    assert_eq!(
        remaining(&aiko).await,
        all - 3,
        "reserved, and not known to be written or not"
    );
    world.pass(61).await;
    assert_eq!(remaining(&aiko).await, all);
    // The address is free, and each is invited once.
    let report = aiko.post("/invitations", body).await.expect(202);
    assert_eq!(report["counts"], json!({"queued": 3}));
    assert_eq!(remaining(&aiko).await, all - 3);
    assert_eq!(world.mailbox().await.len(), 3);
}

/// A thousand addresses, and no answer of the table to what is written for them.
async fn lose_the_answers_to_a_thousand(world: &World, aiko: &Person, key: Option<&str>) -> Value {
    let emails: Vec<String> = (0..1_000).map(|number| format!("{number}@guest.example")).collect();
    let body = json!({"emails": emails});
    world
        .break_dynamodb(json!([{"error": "answer_lost", "times": 1_000, "operation": "TransactWriteItems"}]))
        .await;
    let lost = match key {
        Some(key) => aiko.post_once(key, "/invitations", body.clone()).await,
        None => aiko.post("/invitations", body.clone()).await,
    };
    assert_eq!(lost.problem(503), "unavailable");
    world.mend_dynamodb().await;
    body
}

#[tokio::test]
async fn fault_10_a_lost_answer_takes_nothing_from_the_quota() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let all = remaining(&aiko).await;
    // As often as would use up the quota, if each took its share for good.
    for _ in 0..3 {
        lose_the_answers_to_a_thousand(&world, &aiko, None).await;
        assert_eq!(remaining(&aiko).await, all - 1_000, "until the lease is over");
        assert!(aiko.list("/invitations", "invitations").await.is_empty());
        world.pass(61).await;
        assert_eq!(remaining(&aiko).await, all);
    }
}

#[tokio::test]
async fn fault_10_with_a_key_the_same_call_goes_on_and_takes_once() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let all = remaining(&aiko).await;
    let body = lose_the_answers_to_a_thousand(&world, &aiko, Some("key")).await;
    let waiting = aiko.post_once("key", "/invitations", body.clone()).await;
    assert_eq!(waiting.problem(409), "still_running");
    world.pass(61).await;
    let report = aiko.post_once("key", "/invitations", body.clone()).await;
    let again = aiko.post_once("key", "/invitations", body).await;
    assert_eq!(again.text, report.text);
    assert_eq!(report.expect(202)["counts"], json!({"queued": 1_000}));
    assert_eq!(remaining(&aiko).await, all - 1_000);
}
