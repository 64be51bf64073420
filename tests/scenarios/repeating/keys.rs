//! The same POST twice, under one `Idempotency-Key`.

use contacts_tests::{DAY, Person, Reply, World, answer};
use reqwest::Method;
use serde_json::{Value, json};

/// Sends it twice: the second answer is the first one's bytes.
async fn twice(person: &Person, key: &str, path: &str, body: Value) -> Reply {
    let first = person.post_once(key, path, body.clone()).await;
    let again = person.post_once(key, path, body.clone()).await;
    assert_eq!((again.status, &again.text), (first.status, &first.text), "{path}");
    let kind = |answer: &Reply| answer.headers.get("content-type").cloned();
    assert_eq!(kind(&again), kind(&first), "{path}");
    // Another body under the same key is a mistake of the caller's.
    let mut other = body;
    other["message"] = json!("another");
    let reused = answer(
        person
            .request(Method::POST, path)
            .header("idempotency-key", key)
            .json(&other),
    )
    .await;
    assert_eq!(reused.status, 422, "{path}: {}", reused.text);
    first
}

#[tokio::test]
async fn a_request_is_sent_once() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let body = json!({"user_id": ben.id, "message": "hello"});
    let first = twice(&aiko, "key", "/contact-requests", body.clone()).await;
    let sent = first.clone().expect(201);
    assert_eq!(sent["outcome"], "sent", "not already_pending the second time");
    let reused = aiko
        .post_once("key", "/contact-requests", json!({"user_id": ben.id}))
        .await;
    assert_eq!(reused.problem(422), "idempotency_key_reused");
    let elsewhere = aiko
        .post_once(
            "key",
            "/contact-requests/01ARZ3NDEKTSV4RRFFQ69G5FAV/accept",
            body.clone(),
        )
        .await;
    assert_eq!(elsewhere.status, 422, "{elsewhere:?}");
    assert_eq!(ben.incoming().await.len(), 1);

    // Whatever happens afterwards, it has been answered.
    let request = sent["request"]["request_id"].as_str().unwrap();
    ben.accept(request).await.expect(200);
    assert_eq!(aiko.delete(&format!("/contacts/{}", ben.id)).await.status, 204);
    let again = aiko.post_once("key", "/contact-requests", body.clone()).await;
    assert_eq!((again.status, &again.text), (201, &first.text));
    assert!(ben.incoming().await.is_empty(), "one effect");

    // After a day the key is new.
    world.pass(DAY).await;
    let (aiko, ben) = (world.sign_in(&aiko).await, world.sign_in(&ben).await);
    let anew = aiko.post_once("key", "/contact-requests", body).await.expect(201);
    assert_ne!(anew["request"]["request_id"], sent["request"]["request_id"]);
    assert_eq!(ben.incoming().await.len(), 1);
}

#[tokio::test]
async fn a_request_is_answered_once() {
    let world = World::start().await;
    let (aiko, ben, cyd) = (
        world.person("Aiko").await,
        world.person("Ben").await,
        world.person("Cyd").await,
    );
    let request = aiko.send_request(&ben).await;
    let path = format!("/contact-requests/{request}/accept");
    let accepted = twice(&ben, "key", &path, json!({})).await.expect(200);
    assert_eq!(accepted["user_id"], aiko.id, "not not_pending the second time");
    assert!(aiko.has_contact(&ben).await);

    let request = cyd.send_request(&ben).await;
    let path = format!("/contact-requests/{request}/decline");
    let declined = twice(&ben, "other key", &path, json!({"mode": "not_now"})).await;
    assert_eq!((declined.status, declined.text.as_str()), (204, ""));
    let reused = ben.post_once("other key", &path, json!({"mode": "never"})).await;
    assert_eq!(reused.problem(422), "idempotency_key_reused");
    // Declined once: the cool-down is that of the first time.
    assert_eq!(cyd.cancel(&request).await.status, 204);
    let [cyd, ben] = world.pass_days(7, [&cyd, &ben]).await;
    cyd.send_request(&ben).await;
    assert_eq!(ben.incoming().await.len(), 1);
}

#[tokio::test]
async fn every_outcome_is_kept_but_no_refusal() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let ask = json!({"user_id": aiko.id});
    aiko.send_request(&ben).await;
    let pending = aiko
        .post_once("pending", "/contact-requests", json!({"user_id": ben.id}))
        .await;
    assert_eq!(pending.json["outcome"], "already_pending");
    let connected = twice(&ben, "connects", "/contact-requests", ask.clone())
        .await
        .expect(200);
    assert_eq!(connected["outcome"], "connected", "not already_contact the second time");
    let again = aiko
        .post_once("pending", "/contact-requests", json!({"user_id": ben.id}))
        .await;
    assert_eq!(again.text, pending.text);

    // What was refused had no effect, and may be tried again.
    ben.patch(
        "/me",
        json!({"chatwork_id": "ben", "findable_by": {"chatwork_id": false}}),
    )
    .await
    .expect(200);
    aiko.delete(&format!("/contacts/{}", ben.id)).await;
    let by_handle = json!({"chatwork_id": "ben"});
    aiko.post_once("refused", "/contact-requests", by_handle.clone())
        .await
        .problem(404);
    ben.patch("/me", json!({"findable_by": {"chatwork_id": true}}))
        .await
        .expect(200);
    aiko.post_once("refused", "/contact-requests", by_handle)
        .await
        .expect(201);
}

#[tokio::test]
async fn a_key_is_its_callers_own_and_has_a_form() {
    let world = World::start().await;
    let (aiko, ben, cyd) = (
        world.person("Aiko").await,
        world.person("Ben").await,
        world.person("Cyd").await,
    );
    let body = json!({"user_id": cyd.id});
    for person in [&aiko, &ben] {
        assert_eq!(
            person
                .post_once("shared", "/contact-requests", body.clone())
                .await
                .status,
            201
        );
    }
    assert_eq!(cyd.incoming().await.len(), 2);
    let dan = world.person("Dan").await;
    let body = json!({"user_id": dan.id});
    for bad in ["".to_owned(), "x".repeat(256)] {
        let refused = aiko.post_once(&bad, "/contact-requests", body.clone()).await;
        assert_eq!(refused.problem(400), "invalid_idempotency_key", "{bad}");
    }
    assert!(dan.incoming().await.is_empty());
    aiko.post_once(&"x".repeat(255), "/contact-requests", body)
        .await
        .expect(201);
}
