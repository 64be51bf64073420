//! The demo data of a new folder.

use std::{path::Path, process::Stdio, time::Duration};

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{Folder, PATIENCE, Running, interrupted, program};

/// Waits until so many steps of the demo data are noted; on a busy machine all may be made before that is seen.
fn demo_data_are_made_up_to(data: &str, steps: usize) {
    let file = Path::new(data).join("demo-data");
    let end = std::time::Instant::now() + PATIENCE;
    let mut begun = false;
    loop {
        match std::fs::read_to_string(&file) {
            Ok(noted) if noted.lines().count() >= steps => return,
            Ok(_) => begun = true,
            Err(_) if begun => return,
            Err(_) => {}
        }
        assert!(std::time::Instant::now() < end, "no {steps} steps of the demo data");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Everything that the demo data show: all people, and the relationships of some of them.
async fn demo_data(stack: &Running) -> Value {
    let scan = json!({
        "TableName": "contacts", "FilterExpression": "sk = :profile",
        "ExpressionAttributeValues": {":profile": {"S": "PROFILE"}},
    });
    let request = stack
        .client
        .post(format!("{}/_local/dynamodb", stack.origin))
        .header("x-amz-target", "DynamoDB_20120810.Scan");
    let people: Value = request.json(&scan).send().await.unwrap().json().await.unwrap();
    let texts = |items: &Value, path: &str| {
        let items = items.as_array().unwrap();
        let mut texts: Vec<Value> = items.iter().map(|item| item.pointer(path).unwrap().clone()).collect();
        texts.sort_by_key(Value::to_string);
        texts
    };
    let mut shown = vec![
        json!(texts(&people["Items"], "/email/S")),
        json!(texts(&people["Items"], "/chatwork_id/S")),
        json!(
            people["Items"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|item| item["organization"]["M"].is_object())
                .count()
        ),
    ];
    let idle = stack.client.post(format!("{}/_local/idle", stack.origin));
    assert_eq!(idle.send().await.unwrap().status(), StatusCode::OK);
    for handle in ["aiko", "bob", "jun", "chihiro"] {
        let token = stack.token(&format!("{handle}@demo.example")).await;
        for (path, noun, field) in [
            (
                "/contact-requests?direction=incoming",
                "contact_requests",
                "/user/user_id",
            ),
            (
                "/contact-requests?direction=outgoing",
                "contact_requests",
                "/user/user_id",
            ),
            ("/contacts", "contacts", "/user_id"),
            ("/invitations", "invitations", "/email"),
        ] {
            let (status, _, body) = stack.get(path, &token).await;
            assert_eq!(status, StatusCode::OK, "{body}");
            shown.push(json!(texts(&body[noun], field)));
        }
    }
    let (_, _, mail) = stack.get("/_local/mail", "").await;
    shown.push(json!(texts(&mail["mail"], "/to")));
    json!(shown)
}

#[tokio::test]
async fn demo_data_of_a_first_start_that_was_cut_short_are_made_up_for() {
    let folder = Folder::new();
    let whole = Running::start(&["--data", &folder.path("whole")]);
    let expected = demo_data(&whole).await;
    assert_eq!(expected[0].as_array().unwrap().len(), 30, "{expected}");

    let data = folder.path("data");
    let start = || {
        let mut program = program(&["--data", &data, "--port", "0"]);
        program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut first = start();
    demo_data_are_made_up_to(&data, 1);
    assert_eq!(interrupted(&mut first).code(), Some(0), "Ctrl-C");
    // Killed among the people, and among the relationship between them.
    for steps in [20, 35] {
        let mut killed = start();
        demo_data_are_made_up_to(&data, steps);
        killed.kill().unwrap();
        killed.wait().unwrap();
    }
    let last = Running::start(&["--data", &data]);
    assert_eq!(demo_data(&last).await, expected);
    assert_eq!(last.interrupt().code(), Some(0), "Ctrl-C");

    // A step may have come to its end without being noted: it is made again, and changes nothing.
    let noted = folder.write("data/demo-data", "");
    let again = Running::start(&["--data", &data]);
    assert_eq!(demo_data(&again).await, expected);
    assert!(!Path::new(&noted).exists(), "complete");
}

#[tokio::test]
async fn what_becomes_of_demo_data_stays_so() {
    let folder = Folder::new();
    let data = folder.path("data");
    let first = Running::start(&["--data", &data]);
    let aiko = first.token("aiko@demo.example").await;
    let send = async |method: reqwest::Method, path: &str, body: Value| {
        let request = first.client.request(method, format!("{}{path}", first.origin));
        let answer = request.bearer_auth(&aiko).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    };
    let (_, _, outgoing) = first.get("/contact-requests?direction=outgoing", &aiko).await;
    for request in outgoing["contact_requests"].as_array().unwrap() {
        let path = format!("/contact-requests/{}", request["request_id"].as_str().unwrap());
        send(reqwest::Method::DELETE, &path, json!({})).await;
    }
    send(reqwest::Method::DELETE, "/contacts/demo-jun", json!({})).await;
    send(reqwest::Method::PATCH, "/me", json!({"chatwork_id": "aiko-2"})).await;
    let left = demo_data(&first).await;
    assert_eq!(first.interrupt().code(), Some(0), "Ctrl-C");
    let second = Running::start(&["--data", &data]);
    assert_eq!(demo_data(&second).await, left);
}

#[tokio::test]
async fn demo_data_wait_for_functions_that_cannot_be_reached() {
    let folder = Folder::new();
    let (data, log) = (folder.path("data"), folder.path("log"));
    // Nothing listens on the port of a listener that is gone.
    let gone = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let lambda = format!("http://{gone}");
    let first = Running::logging(
        &["--data", &data, "--lambda", &lambda],
        std::fs::File::create(&log).unwrap().into(),
    );
    let (status, _, _) = first.get("/_local/mail", "").await;
    assert_eq!(status, StatusCode::OK, "it serves");
    assert_eq!(first.interrupt().code(), Some(0), "Ctrl-C");
    let log = std::fs::read_to_string(log).unwrap();
    assert_eq!(log.lines().count(), 1, "{log}");
    for words in [
        "demo data are not complete",
        "the next start",
        "sign-up cannot be reached",
        &lambda,
    ] {
        assert!(log.contains(words), "{words:?} is not in {log}");
    }
    let second = Running::start(&["--data", &data]);
    let made = demo_data(&second).await;
    let people = made[0].as_array().unwrap();
    assert_eq!(people.len(), 30);
    assert_eq!(second.interrupt().code(), Some(0), "Ctrl-C");

    // The same when the people are there, and what comes next goes through the gateway.
    let handle = |email: &Value| email.as_str().unwrap().replace("@demo.example", "\n");
    let noted = folder.write("data/demo-data", people.iter().map(handle).collect::<String>());
    let third = Running::start(&["--data", &data, "--lambda", &lambda]);
    assert_eq!(third.interrupt().code(), Some(0), "Ctrl-C");
    assert_eq!(
        std::fs::read_to_string(noted).unwrap().lines().count(),
        30,
        "the rest waits"
    );
}
