//! The calls under `/_local`.

use contacts_local::{Options, Stack, StartError, start};
use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::{Folder, call, items, quiet, refusal, wire};

#[tokio::test]
async fn calls_are_counted_with_their_units() {
    let stack = start(quiet()).await.unwrap();
    let put = json!({"TableName": "contacts", "Item": {"pk": {"S": "a"}, "sk": {"S": "b"}}});
    let get = json!({"TableName": "contacts", "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}}, "ConsistentRead": true});
    let answer = wire(&stack, "PutItem", &put).await.unwrap();
    assert_eq!(answer, json!({}), "no capacity unless it is asked for");
    assert_eq!(wire(&stack, "GetItem", &get).await.unwrap()["Item"], put["Item"]);
    wire(&stack, "GetItem", &get).await.unwrap();
    let (_, counted) = call(&stack, "GET", "/_local/calls", json!(null)).await;
    assert_eq!(
        counted["calls"],
        json!({
            "GetItem": {"count": 2, "read_units": 2.0, "write_units": 0.0},
            "PutItem": {"count": 1, "read_units": 0.0, "write_units": 1.0},
        })
    );
    call(&stack, "DELETE", "/_local/calls", json!(null)).await;
    assert_eq!(
        call(&stack, "GET", "/_local/calls", json!(null)).await.1,
        json!({"calls": {}})
    );
}

#[tokio::test]
async fn faults_reach_other_processes_too() {
    let stack = start(quiet()).await.unwrap();
    let faults = json!([
        {"error": "ProvisionedThroughputExceededException", "times": 1, "operation": "GetItem"},
        {"error": "unreachable", "times": 1},
    ]);
    assert_eq!(
        call(&stack, "POST", "/_local/dynamodb/faults", faults).await.0,
        StatusCode::NO_CONTENT
    );
    let get = json!({"TableName": "contacts", "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}}});
    let throttled = wire(&stack, "GetItem", &get).await.unwrap();
    assert!(
        throttled["__type"]
            .as_str()
            .unwrap()
            .ends_with("#ProvisionedThroughputExceededException")
    );
    assert!(wire(&stack, "GetItem", &get).await.is_err(), "no answer");
    assert_eq!(wire(&stack, "GetItem", &get).await.unwrap(), json!({}));
    for bad in [
        json!([{"error": "x"}]),
        json!({}),
        json!([{"error": "x", "times": 1, "when": "now"}]),
    ] {
        assert_eq!(
            call(&stack, "POST", "/_local/dynamodb/faults", bad).await.0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
}

#[tokio::test]
async fn the_clock_moves_tokens_and_clean_up() {
    let stack = start(quiet()).await.unwrap();
    let (_, answer) = call(&stack, "POST", "/_local/token", json!({"user_id": "aiko"})).await;
    let token = answer["access_token"].as_str().unwrap().to_owned();
    let get = async || {
        let request = Client::new().get(format!("{}/me", stack.origin())).bearer_auth(&token);
        request.send().await.unwrap().status()
    };
    assert_ne!(get().await, StatusCode::UNAUTHORIZED);

    let now: u64 = call(&stack, "GET", "/_local/clock", json!(null)).await.1["unix_seconds"]
        .as_u64()
        .unwrap();
    for (key, delete_at) in [("soon", now + 1_000), ("later", now + 100_000)] {
        let item = json!({"pk": {"S": key}, "sk": {"S": "x"}, "delete_at": {"N": delete_at.to_string()}});
        wire(&stack, "PutItem", &json!({"TableName": "contacts", "Item": item}))
            .await
            .unwrap();
    }
    let (status, _) = call(&stack, "POST", "/_local/clock", json!({"advance_seconds": 7_200})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(get().await, StatusCode::UNAUTHORIZED, "the token is past its hour");
    let left = items(&stack).await;
    assert_eq!(left[0]["pk"]["S"], "later", "{left}");
    assert_eq!(left.as_array().map(Vec::len), Some(1), "{left}");
}

#[tokio::test]
async fn the_clock_is_not_moved_too_far() {
    let folder = Folder::prepared().await;
    let stack = start(folder.options()).await.unwrap();
    let now = async || call(&stack, "GET", "/_local/clock", json!(null)).await.1["unix_seconds"].clone();
    const CENTURY: u64 = 3_153_600_000;
    let advance = async |seconds: u64| call(&stack, "POST", "/_local/clock", json!({"advance_seconds": seconds})).await;
    let before = now().await.as_u64().unwrap();
    for seconds in [1_000_000_000_000, CENTURY + 1, u64::MAX] {
        let (status, problem) = advance(seconds).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{seconds}");
        assert_eq!(problem["errors"][0]["pointer"], "/advance_seconds");
    }
    assert!(now().await.as_u64().unwrap() < before + CENTURY, "nothing changed");
    assert!(!folder.0.join("clock").exists(), "nothing is kept");
    assert_eq!(advance(CENTURY).await.0, StatusCode::OK);
    assert_eq!(advance(1).await.0, StatusCode::UNPROCESSABLE_ENTITY, "in all");

    // A century ahead people still register, ask for tokens, and invite.
    let ann = json!({"name": "Ann", "email": "ann@x.example"});
    let (status, ann) = call(&stack, "POST", "/_local/users", ann).await;
    assert_eq!(status, StatusCode::CREATED, "{ann}");
    let invite = Client::new()
        .post(format!("{}/invitations", stack.origin()))
        .bearer_auth(ann["access_token"].as_str().unwrap())
        .json(&json!({"emails": ["guest@x.example"]}));
    assert_eq!(invite.send().await.unwrap().status(), StatusCode::ACCEPTED);

    stack.shutdown().await;
    start(folder.options()).await.unwrap().shutdown().await;
    std::fs::write(folder.0.join("clock"), (CENTURY * 1_000 + 1).to_string()).unwrap();
    let damaged = refusal(folder.options()).await;
    assert!(matches!(damaged, StartError::Damaged { .. }), "{damaged}");
}

#[tokio::test]
async fn what_a_call_cannot_take_is_named_by_a_pointer() {
    let stack = start(quiet()).await.unwrap();
    for (path, body, pointer, code) in [
        (
            "users",
            json!({"name": 1, "email": "a@x.example"}),
            "/name",
            "wrong_type",
        ),
        ("users", json!({"name": "A"}), "/email", "missing"),
        (
            "users",
            json!({"name": "A", "email": "a@x.example", "nick/name": ""}),
            "/nick~1name",
            "unknown_field",
        ),
        ("users", json!([]), "", "wrong_type"),
        ("token", json!({"email": 1}), "/email", "wrong_type"),
        ("token", json!({}), "/user_id", "which"),
        (
            "token",
            json!({"user_id": "a", "email": "a@x.example"}),
            "/email",
            "which",
        ),
        (
            "clock",
            json!({"advance_seconds": -1}),
            "/advance_seconds",
            "wrong_type",
        ),
        ("clock", json!({}), "/advance_seconds", "missing"),
        ("clock", json!({"advance_seconds": 1, "x": 1}), "/x", "unknown_field"),
        ("mail/events", json!({"message_id": "a"}), "/type", "missing"),
        (
            "ses/faults",
            json!([{"times": 1}, {"times": "2"}]),
            "/1/times",
            "wrong_type",
        ),
        ("dynamodb/faults", json!([{"error": "x"}]), "/0/times", "missing"),
    ] {
        let (status, problem) = call(&stack, "POST", &format!("/_local/{path}"), body.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {body}");
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!(pointer), &json!(code)),
            "{path} {body}: {problem}"
        );
    }
    let broken = Client::new().post(format!("{}/_local/clock", stack.origin())).body("{");
    assert_eq!(broken.send().await.unwrap().status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn pages_of_other_sites_may_not_call() {
    let stack = start(quiet()).await.unwrap();
    let person = json!({"name": "Ann", "email": "ann@x.example"});
    let register = Client::new()
        .post(format!("{}/_local/users", stack.origin()))
        .json(&person);
    for (name, value) in [
        ("host", "evil.example"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let answer = register.try_clone().unwrap().header(name, value).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{name}: {value}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
    // Wherever they are under `/_local`.
    for path in [
        "/_local/mailbox",
        "/_local/oidc/jwks",
        "/_local/style.css",
        "/_local/none",
    ] {
        let get = Client::new()
            .get(format!("{}{path}", stack.origin()))
            .header("host", "evil.example");
        assert_eq!(get.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{path}");
    }
    let from_here = register
        .header("origin", stack.origin())
        .header("sec-fetch-site", "same-origin");
    assert_eq!(
        from_here.send().await.unwrap().status(),
        StatusCode::CREATED,
        "nobody was registered before"
    );
    let port = stack.address.port();
    let by_name = Client::new().get(format!("{}/_local/mailbox", stack.origin()));
    let by_name = by_name
        .header("host", format!("localhost:{port}"))
        .header("sec-fetch-site", "none");
    assert_eq!(by_name.send().await.unwrap().status(), StatusCode::OK, "a bookmark");
}

#[tokio::test]
async fn with_both_ways_shut_mail_that_waits_is_not_idle() {
    let folder = Folder::prepared().await;
    let stack = start(folder.options()).await.unwrap();
    let idle = async |stack: &Stack| call(stack, "POST", "/_local/idle", json!({})).await;
    assert_eq!(idle(&stack).await.0, StatusCode::OK, "nothing waits");
    call(
        &stack,
        "POST",
        "/_local/users",
        json!({"name": "Ann", "email": "ann@x.example"}),
    )
    .await;
    let (status, problem) = idle(&stack).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    assert_eq!(problem["code"], "waiting");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("--no-schedule"), "{detail}");
    stack.shutdown().await;
    for (no_stream, no_schedule) in [(true, false), (false, true)] {
        let options = Options {
            no_stream,
            no_schedule,
            ..folder.options()
        };
        let stack = start(options).await.unwrap();
        assert_eq!(idle(&stack).await.0, StatusCode::OK, "--no-stream {no_stream}");
        stack.shutdown().await;
    }
    let stack = start(folder.options()).await.unwrap();
    assert_eq!(idle(&stack).await.0, StatusCode::OK, "it is worked off");
}
