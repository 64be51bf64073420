//! Calls of invitations that are cut short: the quota gets back what was not used.

use contacts_tests::{Person, World};
use serde_json::json;

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
