//! `Idempotency-Key` on invitations, links and redemptions: one effect, and the same bytes back.

use std::collections::BTreeSet;

use contacts_tests::{
    DAY, Person, Reply, World,
    links::{path_of, token_of},
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// The same request many times at once, with one key: the answers.
async fn at_once(person: &Person, key: &str, path: &str, body: &Value) -> Vec<Reply> {
    let mut posts = JoinSet::new();
    for _ in 0..12 {
        let (person, key, path, body) = (person.clone(), key.to_owned(), path.to_owned(), body.clone());
        posts.spawn(async move { person.post_once(&key, &path, body).await });
    }
    posts.join_all().await
}

/// How much of the day's quota a report says is used.
fn quota_used(report: &Reply) -> u64 {
    let figure = |name: &str| report.json["quota"][name].as_u64().unwrap();
    figure("limit") - figure("remaining")
}

/// Posts twice with a key, and answers the first: the second has the same status and bytes, writes
/// nothing, and the key is good for nothing else.
async fn twice(world: &World, person: &Person, path: &str, body: &Value, other_body: &Value) -> Reply {
    let first = person.post_once("key-1", path, body.clone()).await;
    assert!(first.status < 300, "{}", first.text);
    world.idle().await;
    let (again, cost) = world.count(person.post_once("key-1", path, body.clone())).await;
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    assert_eq!(again.headers["content-type"], first.headers["content-type"]);
    assert!(cost.write_units() == 0.0, "{cost:?}");
    let other = person.post_once("key-1", path, other_body.clone()).await;
    assert_eq!(other.problem(422), "idempotency_key_reused");
    first
}

#[tokio::test]
async fn invitations() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let body = json!({"text": "a@guest.example\nb@guest.example\nnonsense", "message": "Hello"});
    let other = json!({"text": "c@guest.example"});
    let first = twice(&world, &aiko, "/invitations", &body, &other).await;
    assert_eq!(first.json["counts"], json!({"queued": 2, "invalid": 1}));
    assert_eq!(world.mailbox().await.len(), 2, "nothing is sent twice");
    assert_eq!(aiko.list("/invitations", "invitations").await.len(), 2);
    // Without the key it is another request, and with another key too.
    for anew in [
        aiko.post("/invitations", body.clone()).await,
        aiko.post_once("key-2", "/invitations", body.clone()).await,
    ] {
        assert_eq!(anew.expect(202)["counts"], json!({"already_invited": 2, "invalid": 1}));
    }
    // Somebody else's key of the same name is somebody else's.
    let ben = world.person("Ben").await;
    let of_ben = ben.post_once("key-1", "/invitations", other).await.expect(202);
    assert_eq!(of_ben["counts"], json!({"queued": 1}));
    // What was refused had no effect: the key is free.
    let refused = aiko.post_once("key-3", "/invitations", json!({"emails": []})).await;
    refused.problem(422);
    aiko.post_once("key-3", "/invitations", json!({"emails": ["d@guest.example"]}))
        .await
        .expect(202);
    // After a day the key is forgotten.
    world.pass(DAY + 60).await;
    let aiko = world.sign_in(&aiko).await;
    let anew = aiko.post_once("key-1", "/invitations", body).await.expect(202);
    assert_eq!(anew["counts"], json!({"already_invited": 2, "invalid": 1}));
}

#[tokio::test]
async fn a_thousand_lines_come_back_as_they_were() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let lines: Vec<String> = (0..1_000).map(|n| format!("{n} is no address")).collect();
    let body = json!({"text": lines.join("\n")});
    let other = json!({"text": "other"});
    let first = twice(&world, &aiko, "/invitations", &body, &other).await;
    assert_eq!(first.json["lines"].as_array().unwrap().len(), 1_000);
}

#[tokio::test]
async fn reports_without_an_effect() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    for (key, more, status) in [("dry", "dry_run", 200), ("strict", "mode", 422)] {
        let guest = format!("{key}@guest.example");
        let mut body = json!({"text": format!("{guest}\nnonsense")});
        body[more] = if more == "mode" { json!("strict") } else { json!(true) };
        let first = aiko.post_once(key, "/invitations", body.clone()).await;
        assert_eq!(first.status, status, "{}", first.text);
        assert_eq!(first.json["counts"], json!({"queued": 1, "invalid": 1}));
        // What has changed since does not show, and the key is good for nothing else.
        let invited = aiko.post("/invitations", json!({"text": guest})).await.expect(202);
        assert_eq!(
            invited["counts"],
            json!({"queued": 1}),
            "the report alone invites nobody"
        );
        let again = aiko.post_once(key, "/invitations", body.clone()).await;
        assert_eq!((again.status, &again.text), (status, &first.text));
        body["message"] = json!("another");
        let reused = aiko.post_once(key, "/invitations", body).await;
        assert_eq!(reused.problem(422), "idempotency_key_reused");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn invitations_sent_many_times_at_once_have_one_effect() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let body = json!({"emails": (0..5).map(|n| format!("{n}@guest.example")).collect::<Vec<_>>()});
    let answers = at_once(&aiko, "key", "/invitations", &body).await;
    for answer in answers.iter().filter(|answer| answer.status != 202) {
        assert_eq!(answer.problem(409), "still_running");
        assert!(answer.headers.contains_key("retry-after"));
    }
    let done: BTreeSet<&str> = answers
        .iter()
        .filter(|answer| answer.status == 202)
        .map(|answer| answer.text.as_str())
        .collect();
    assert_eq!(done.len(), 1, "{done:?}");
    let after = aiko.post_once("key", "/invitations", body).await;
    assert!(done.contains(after.text.as_str()), "{}", after.text);
    assert_eq!(after.json["counts"], json!({"queued": 5}));
    assert_eq!(quota_used(&after), 5);
    assert_eq!(world.mailbox().await.len(), 5);
}

#[tokio::test]
async fn redemptions() {
    let world = World::start().await;
    let owner = world.person("Owner").await;
    let visitor = world.person("Visitor").await;
    for (approval, outcome) in [("owner", "request_sent"), ("automatic", "connected")] {
        let link = owner.share_link(json!({"approval": approval, "max_uses": 1})).await;
        let path = format!("/invite-links/{}/redemptions", token_of(&link));
        let visitor = world.person("Visitor").await;
        let first = visitor.post_once("key", &path, json!({})).await;
        assert_eq!(first.clone().expect(200), json!({"outcome": outcome}));
        let again = visitor.post_once("key", &path, json!({})).await;
        assert_eq!((again.status, &again.text), (200, &first.text), "not already_…");
        // The key belongs to the path too.
        let other = owner.share_link(json!({})).await;
        let other = format!("/invite-links/{}/redemptions", token_of(&other));
        let reused = visitor.post_once("key", &other, json!({})).await;
        assert_eq!(reused.problem(422), "idempotency_key_reused");
        // The first answer, even when the link is dead by now.
        owner.delete(&path_of(&link)).await.expect(204);
        let dead = world.person("Late").await.press(&token_of(&link)).await;
        assert_eq!(dead.problem(410), "revoked");
        let again = visitor.post_once("key", &path, json!({})).await;
        assert_eq!((again.status, &again.text), (200, &first.text));
    }
    let invitation = owner.invited(&visitor.email).await;
    let token = world.mailed_token(&visitor.email).await;
    let path = format!("/invite-links/{token}/redemptions");
    for _ in 0..2 {
        let pressed = visitor.post_once("key", &path, json!({})).await.expect(200);
        assert_eq!(pressed, json!({"outcome": "connected"}));
    }
    assert_eq!(owner.state_of(&invitation).await, "accepted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redemptions_sent_many_times_at_once_have_one_effect() {
    let world = World::start().await;
    let owner = world.person("Owner").await;
    let visitor = world.person("Visitor").await;
    let link = owner.share_link(json!({"max_uses": 3})).await;
    let path = format!("/invite-links/{}/redemptions", token_of(&link));
    for answer in at_once(&visitor, "key", &path, &json!({})).await {
        assert_eq!(answer.expect(200), json!({"outcome": "request_sent"}));
    }
    assert_eq!(owner.incoming().await.len(), 1);
    let links = owner.share_links().await;
    assert_eq!(links[0]["uses"], 1);
}

#[tokio::test]
async fn share_links_and_their_rotation() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let (body, other) = (json!({"name": "Card"}), json!({"name": "Flyer"}));
    let made = twice(&world, &aiko, "/share-links", &body, &other).await;
    assert_eq!(made.status, 201);
    assert_eq!(aiko.share_links().await.len(), 1, "not one a post");
    let rotate = format!("{}/rotate", path_of(&made.json));
    let rotated = aiko.post_once("key-2", &rotate, json!({})).await;
    let again = aiko.post_once("key-2", &rotate, json!({})).await;
    assert_eq!(rotated.clone().expect(200), again.expect(200));
    assert_ne!(token_of(&rotated.json), token_of(&made.json));
    assert_eq!(aiko.share_links().await, [rotated.json], "rotated once");
    let reused = aiko.post_once("key-1", &rotate, json!({})).await;
    assert_eq!(reused.problem(422), "idempotency_key_reused");
}

#[tokio::test]
async fn resending() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let path = aiko.invited("guest@guest.example").await;
    world.idle().await;
    world.pass(2 * DAY).await;
    let aiko = world.sign_in(&aiko).await;
    let resend = format!("{path}/resend");
    let first = aiko.post_once("key", &resend, json!({})).await;
    first.clone().expect(202);
    world.idle().await;
    let again = aiko.post_once("key", &resend, json!({})).await;
    assert_eq!((again.status, &again.text), (202, &first.text));
    assert_eq!(world.mail_to("guest@guest.example").await.len(), 2);
    assert_eq!(
        aiko.post_once("other", &resend, json!({})).await.problem(429),
        "too_soon"
    );
}

#[tokio::test]
async fn an_answer_that_was_lost_is_found_by_its_key() {
    let world = World::start().await;
    let owner = world.person("Owner").await;
    let visitor = world.person("Visitor").await;
    let link = owner.share_link(json!({"max_uses": 2})).await;
    let path = format!("/invite-links/{}/redemptions", token_of(&link));
    let lost = json!([{"error": "answer_lost", "times": 20, "operation": "TransactWriteItems"}]);
    world.break_dynamodb(lost.clone()).await;
    let first = visitor.post_once("key", &path, json!({})).await;
    assert!(first.status == 200 || first.status == 503, "{}", first.text);
    world.mend_dynamodb().await;
    let again = visitor.post_once("key", &path, json!({})).await;
    assert_eq!(again.expect(200), json!({"outcome": "request_sent"}));
    assert_eq!(owner.share_links().await[0]["uses"], 1);
    assert_eq!(owner.incoming().await.len(), 1);

    let body = json!({"emails": ["a@guest.example", "b@guest.example"]});
    world.break_dynamodb(lost).await;
    let first = owner.post_once("key", "/invitations", body.clone()).await;
    assert!([202, 409, 503].contains(&first.status), "{}", first.text);
    world.mend_dynamodb().await;
    // The lease of the run that broke off ends first.
    world.pass(60).await;
    let again = owner.post_once("key", "/invitations", body.clone()).await;
    assert_eq!(again.clone().expect(202)["counts"], json!({"queued": 2}));
    assert_eq!(quota_used(&again), 2);
    assert_eq!(owner.post_once("key", "/invitations", body).await.text, again.text);
    assert_eq!(world.mailbox().await.len(), 2);
}
