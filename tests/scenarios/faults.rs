//! DynamoDB conflicts, throttles, is out of reach, or loses an answer.

use contacts_tests::{Person, Reply, World, answer, at_once};
use reqwest::Method;
use serde_json::{Value, json};

fn is_unavailable(answer: &Reply) {
    assert_eq!(answer.problem(503), "unavailable");
    let seconds = answer.headers["retry-after"].to_str().unwrap().parse::<u32>();
    assert!(seconds.is_ok_and(|seconds| seconds > 0), "{:?}", answer.headers);
}

/// Both sides see the request, or neither.
async fn whole_request(aiko: &Person, ben: &Person) -> bool {
    let (sent, seen) = (aiko.outgoing().await.len(), ben.incoming().await.len());
    assert_eq!(sent, seen, "half a pair");
    sent == 1
}

#[tokio::test]
async fn a_conflict_is_tried_again() {
    let world = World::without_mail().await;
    for conflicts in [1, 2, 5] {
        let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
        world
            .break_dynamodb(json!([{"error": "TransactionConflict", "times": conflicts}]))
            .await;
        let (asked, count) = world.count(aiko.ask(&ben)).await;
        let request = asked.expect(201)["request"]["request_id"].as_str().unwrap().to_owned();
        assert_eq!(count.of("TransactWriteItems"), conflicts + 1);
        assert!(whole_request(&aiko, &ben).await);
        world
            .break_dynamodb(json!([{"error": "TransactionConflict", "times": conflicts}]))
            .await;
        ben.accept(&request).await.expect(200);
        assert!(aiko.has_contact(&ben).await && ben.has_contact(&aiko).await);
        world
            .break_dynamodb(json!([{"error": "TransactionConflict", "times": conflicts}]))
            .await;
        aiko.block(&ben).await;
        assert!(!aiko.has_contact(&ben).await && !ben.has_contact(&aiko).await);
    }
}

#[tokio::test]
async fn a_conflict_without_end_is_503_and_changes_nothing() {
    let world = World::without_mail().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    world
        .break_dynamodb(json!([{"error": "TransactionConflict", "times": 1_000}]))
        .await;
    let (asked, count) = world.count(aiko.ask(&ben)).await;
    is_unavailable(&asked);
    assert_eq!(count.write_units(), 0.0);
    world.mend_dynamodb().await;
    assert!(!whole_request(&aiko, &ben).await);
    aiko.send_request(&ben).await;
}

/// Every route that reads or writes the table, with what each would do.
fn routes(other: &Person, request: &str) -> Vec<(Method, String, Value)> {
    let ask = json!({"user_id": other.id});
    let get = |path: &str| (Method::GET, path.to_owned(), Value::Null);
    vec![
        get("/users?q=zoe"),
        get("/users?q=zoe@people.example"),
        get("/me"),
        get("/contacts"),
        get("/contacts/summary"),
        get(&format!("/contacts/{}", other.id)),
        get("/contact-requests?direction=incoming"),
        get("/contact-requests?direction=outgoing"),
        get("/blocks"),
        get("/invitations"),
        get("/share-links"),
        get("/invite-links/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        (
            Method::PATCH,
            "/me".to_owned(),
            json!({"name": "Other", "chatwork_id": "other"}),
        ),
        (Method::POST, "/contact-requests".to_owned(), ask),
        (
            Method::POST,
            "/contact-requests".to_owned(),
            json!({"chatwork_id": "zoe"}),
        ),
        (Method::POST, format!("/contact-requests/{request}/accept"), json!({})),
        (Method::POST, format!("/contact-requests/{request}/decline"), json!({})),
        (Method::DELETE, format!("/contact-requests/{request}"), json!({})),
        (Method::DELETE, format!("/contacts/{}", other.id), json!({})),
        (Method::PUT, format!("/blocks/{}", other.id), json!({})),
        (Method::DELETE, format!("/blocks/{}", other.id), json!({})),
        (
            Method::POST,
            "/invitations".to_owned(),
            json!({"emails": ["a@b.example"]}),
        ),
        (Method::POST, "/share-links".to_owned(), json!({})),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_reach_is_503_everywhere_and_loses_nothing() {
    for error in [
        "unreachable",
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "InternalServerError",
    ] {
        let world = World::without_mail().await;
        let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
        let request = ben.send_request(&aiko).await;
        world.break_dynamodb(json!([{"error": error, "times": 100_000}])).await;
        world.reset_calls().await;
        let calls = routes(&ben, &request).into_iter().map(|(method, path, body)| {
            let call = aiko.request(method.clone(), &path);
            let call = if method == Method::GET { call } else { call.json(&body) };
            async move { answer(call).await }
        });
        for (answer, (method, path, _)) in at_once(calls).await.iter().zip(routes(&ben, &request)) {
            assert_eq!(answer.status, 503, "{error}: {method} {path}: {}", answer.text);
            is_unavailable(answer);
        }
        assert_eq!(world.counted().await.write_units(), 0.0, "{error}");
        world.mend_dynamodb().await;
        assert!(whole_request(&ben, &aiko).await, "{error}");
        assert_eq!(aiko.get("/me").await.expect(200)["name"], "Aiko", "{error}");
        aiko.accept(&request).await.expect(200);
    }
}

#[tokio::test]
async fn a_passing_fault_is_not_even_seen() {
    let world = World::without_mail().await;
    for error in [
        "unreachable",
        "ThrottlingException",
        "InternalServerError",
        "answer_lost",
    ] {
        for operation in ["BatchGetItem", "TransactWriteItems"] {
            let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
            world
                .break_dynamodb(json!([{"error": error, "times": 1, "operation": operation}]))
                .await;
            let asked = aiko.ask(&ben).await.expect(201);
            assert_eq!(asked["outcome"], "sent", "{error} of {operation}");
            assert!(whole_request(&aiko, &ben).await, "{error} of {operation}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_is_found_by_its_key() {
    let world = World::without_mail().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let body = json!({"user_id": ben.id});
    world
        .break_dynamodb(json!([{"error": "answer_lost", "times": 100, "operation": "TransactWriteItems"}]))
        .await;
    is_unavailable(&aiko.post_once("key", "/contact-requests", body.clone()).await);
    world.mend_dynamodb().await;
    assert!(whole_request(&aiko, &ben).await, "it had its effect");
    let again = aiko.post_once("key", "/contact-requests", body).await.expect(201);
    assert_eq!(again["outcome"], "sent");
    assert_eq!(again["request"]["request_id"], aiko.outgoing().await[0]["request_id"]);
}

#[tokio::test]
async fn somebody_is_registered_once_though_the_answer_is_lost() {
    let world = World::without_mail().await;
    let lost = json!([{"error": "answer_lost", "times": 3, "operation": "TransactWriteItems"}]);
    world.break_dynamodb(lost).await;
    let aiko = world.person("Aiko").await;
    assert_eq!(aiko.get("/me").await.expect(200)["user_id"], aiko.id);
    world.mend_dynamodb().await;
    let again = json!({"name": "Aiko", "email": aiko.email});
    assert_eq!(world.post("/_local/users", again).await.problem(409), "email_taken");

    let away = json!([{"error": "unreachable", "times": 100}]);
    world.break_dynamodb(away).await;
    let ben = json!({"name": "Ben", "email": "ben@people.example"});
    is_unavailable(&world.post("/_local/users", ben.clone()).await);
    world.mend_dynamodb().await;
    world.register(ben).await;
}

#[tokio::test]
async fn a_fault_that_nothing_could_meet_is_refused_with_its_place() {
    let world = World::without_mail().await;
    let faults = json!([
        {"error": "unreachable", "times": 1_000},
        {"error": "Unreachable", "times": 1},
        {"error": "answer_lost", "times": 1, "operation": "TransactWriteItem"},
    ]);
    let refused = world.post("/_local/dynamodb/faults", faults).await;
    assert_eq!(refused.problem(422), "invalid");
    assert_eq!(refused.pointers(), ["/1/error", "/2/operation"]);
    // None of them is taken.
    world.person("Aiko").await.get("/me").await.expect(200);
}

#[tokio::test]
async fn local_keys_that_stay_unprocessed_are_read_again() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    for number in 0..5 {
        aiko.connect(&world.person(&format!("Ben {number}")).await).await;
    }
    for unprocessed in [1, 3, 100] {
        let fault = json!([{"unprocessed": unprocessed, "times": 2}]);
        world.break_dynamodb(fault).await;
        let (listed, count) = world.count(aiko.get("/contacts")).await;
        assert_eq!(listed.expect(200)["contacts"].as_array().unwrap().len(), 5);
        assert_eq!(count.of("BatchGetItem"), 3, "{unprocessed} unprocessed");
    }
    world.break_dynamodb(json!([{"unprocessed": 1, "times": 1_000}])).await;
    is_unavailable(&aiko.get("/contacts").await);
    world.mend_dynamodb().await;
}

#[tokio::test]
async fn local_a_canceled_transaction_is_told_by_its_reasons() {
    let world = World::without_mail().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    for reasons in [
        json!(["ThrottlingError"]),
        json!(["None", "ProvisionedThroughputExceeded"]),
    ] {
        world
            .break_dynamodb(json!([{"cancellation": reasons, "times": 1}]))
            .await;
        is_unavailable(&aiko.ask(&ben).await);
        assert!(!whole_request(&aiko, &ben).await);
    }
    // What did not hold is looked at again, as is what is in conflict.
    for reasons in [
        json!(["None", "ConditionalCheckFailed"]),
        json!(["TransactionConflict"]),
    ] {
        world
            .break_dynamodb(json!([{"cancellation": reasons, "times": 1}]))
            .await;
        let request = aiko.send_request(&ben).await;
        aiko.cancel(&request).await;
    }
    world
        .break_dynamodb(json!([{"cancellation": ["ValidationError"], "times": 1}]))
        .await;
    assert_eq!(aiko.ask(&ben).await.problem(500), "internal_error");
    assert!(!whole_request(&aiko, &ben).await);
}

#[tokio::test]
async fn local_a_slow_response_is_a_response() {
    let world = World::without_mail().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let slow = json!([{"delay_ms": 300, "operation": "TransactWriteItems", "times": 1}]);
    world.break_dynamodb(slow).await;
    let begun = std::time::Instant::now();
    aiko.send_request(&ben).await;
    assert!(begun.elapsed().as_millis() >= 300);
    let lost = json!([{"delay_ms": 100, "error": "answer_lost", "operation": "TransactWriteItems", "times": 1}]);
    world.break_dynamodb(lost).await;
    let begun = std::time::Instant::now();
    ben.post("/share-links", json!({})).await;
    assert!(begun.elapsed().as_millis() >= 100);
}

#[tokio::test]
async fn local_a_stream_that_repeats_itself_changes_nothing() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    aiko.invited("guest@guest.example").await;
    assert_eq!(world.mail_to("guest@guest.example").await.len(), 1);
    let repeated = world
        .post("/_local/stream/replay", json!({"last": 100}))
        .await
        .expect(200);
    assert!(repeated["deliveries"][0]["records"].as_u64().unwrap() > 0, "{repeated}");
    assert_eq!(repeated["deliveries"][0]["answer"], json!({"batchItemFailures": []}));
    for record in [
        json!({}),
        json!(null),
        json!([1]),
        json!({"eventName": "INSERT", "dynamodb": {"Keys": {"pk": {"N": "1"}}, "SequenceNumber": "1"}}),
        json!({"eventName": "INSERT", "dynamodb": {"Keys": {"pk": {"S": "ADDRESS#x"}, "sk": {"S": "INVITATION#y"}}}}),
    ] {
        let handed = world.post("/_local/stream/record", record.clone()).await.expect(200);
        assert_eq!(
            handed["deliveries"][0]["answer"],
            json!({"batchItemFailures": []}),
            "{record}"
        );
    }
    assert_eq!(world.mail_to("guest@guest.example").await.len(), 1);
    for bad in [json!({"last": 0}), json!({"last": 1_001}), json!({})] {
        world.post("/_local/stream/replay", bad).await.expect(422);
    }
    let without = World::with(|options| options.no_stream = true).await;
    assert_eq!(
        without.post("/_local/stream/record", json!({})).await.problem(409),
        "no_stream"
    );
}

#[tokio::test]
async fn local_results_of_ses_that_do_not_match_send_nothing_a_third_time() {
    let world = World::start().await;
    for results in ["fewer", "more", "none"] {
        // A new one each time: the hours that pass end the token of the one before.
        let inviter = world.person(results).await;
        world
            .break_ses(json!([{"results": results, "delay_ms": 10, "times": 1}]))
            .await;
        let addresses: Vec<String> = (0..3)
            .map(|number| format!("{results}{number}@guest.example"))
            .collect();
        inviter
            .post("/invitations", json!({"emails": addresses}))
            .await
            .expect(202);
        world.pass(3 * 60 * 60).await;
        for address in &addresses {
            let mails = world.mail_to(address).await.len();
            assert!((1..=2).contains(&mails), "{mails} mails to {address}");
        }
    }
    let refused = world
        .post("/_local/ses/faults", json!([{"error": "MessageRejectedd", "times": 1}]))
        .await;
    assert_eq!(refused.expect(422)["errors"][0]["pointer"], "/0/error");
}
