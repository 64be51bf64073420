//! The stack as a process sees it: starting, refusing to start, and the calls under `/_local`.

// The lint's allowance for tests stops at their helpers.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use contacts_local::{Options, Stack, StartError, start};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

fn template() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/template.yaml")
}

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "contacts-stack-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Without demo data: the folder has a table already.
    async fn prepared() -> Self {
        let folder = Self::new();
        let engine = contacts_local::engine::Engine::open(
            Some(&folder.0.join("contacts.sqlite")),
            std::sync::Arc::new(contacts_local::clock::StackClock::open(None).unwrap()),
        );
        drop(engine.unwrap());
        folder
    }

    fn options(&self) -> Options {
        Options {
            memory: false,
            data: self.0.clone(),
            ..quiet()
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn quiet() -> Options {
    Options {
        no_stream: true,
        no_schedule: true,
        ..Options::in_memory(template())
    }
}

async fn call(stack: &Stack, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
    let method = method.parse().unwrap();
    let request = Client::new()
        .request(method, format!("{}{path}", stack.origin()))
        .json(&body);
    let response = request.send().await.unwrap();
    let status = response.status();
    (
        status,
        serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default(),
    )
}

async fn refusal(options: Options) -> StartError {
    match start(options).await {
        Ok(_) => panic!("it started"),
        Err(error) => {
            assert_eq!(error.to_string().lines().count(), 1, "{error}");
            error
        }
    }
}

#[tokio::test]
async fn what_keeps_it_from_starting_is_one_line() {
    let folder = Folder::prepared().await;
    let stack = start(folder.options()).await.unwrap();

    let held = refusal(folder.options()).await;
    let port = stack.address.port().to_string();
    assert!(
        matches!(held, StartError::FolderHeld { .. }) && held.to_string().contains(&port),
        "{held}"
    );

    let taken = refusal(Options {
        port: stack.address.port(),
        ..quiet()
    })
    .await;
    assert!(matches!(taken, StartError::Port { .. }), "{taken}");
    stack.shutdown().await;

    let missing = refusal(Options {
        template: folder.0.join("none.yaml"),
        ..quiet()
    })
    .await;
    assert!(matches!(missing, StartError::TemplateMissing { .. }), "{missing}");

    let edited = folder.0.join("template.yaml");
    let text = std::fs::read_to_string(template()).unwrap();
    std::fs::write(&edited, text.replace("\n  UserSearch:\n", "\n  UserSeek:\n")).unwrap();
    let renamed = refusal(Options {
        template: edited,
        ..quiet()
    })
    .await;
    assert!(
        matches!(&renamed, StartError::UnknownFunction { name, .. } if name == "UserSeek"),
        "{renamed}"
    );
}

#[tokio::test]
async fn a_damaged_folder_is_said_to_be_damaged() {
    for file in ["contacts.sqlite", "mail.sqlite", "signing-key.der", "clock"] {
        let folder = Folder::prepared().await;
        start(folder.options()).await.unwrap().shutdown().await;
        for write_ahead in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.0.join(format!("{file}{write_ahead}")));
        }
        std::fs::write(folder.0.join(file), "no such thing".repeat(1_000)).unwrap();
        let damaged = refusal(folder.options()).await;
        assert!(matches!(damaged, StartError::Damaged { .. }), "{file}: {damaged}");
    }
}

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

async fn wire(stack: &Stack, operation: &str, body: &Value) -> Result<Value, reqwest::Error> {
    let request = Client::new()
        .post(format!("{}/_local/dynamodb", stack.origin()))
        .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
        .header("content-type", "application/x-amz-json-1.0")
        .body(body.to_string());
    request.send().await?.json().await
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
    let left = wire(&stack, "Scan", &json!({"TableName": "contacts"})).await.unwrap();
    assert_eq!(left["Items"][0]["pk"]["S"], "later");
    assert_eq!(left["Count"], 1);
    for bad in [
        json!({"advance_seconds": -1}),
        json!({}),
        json!({"advance_seconds": 1, "x": 1}),
    ] {
        assert_eq!(
            call(&stack, "POST", "/_local/clock", bad).await.0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
}

/// A page's policy and its HTML.
async fn page(stack: &Stack, path: &str) -> (String, String) {
    let answer = Client::new()
        .get(format!("{}{path}", stack.origin()))
        .send()
        .await
        .unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    (policy, answer.text().await.unwrap())
}

#[tokio::test]
async fn the_mailbox_shows_what_became_of_a_mail() {
    let stack = start(quiet()).await.unwrap();
    let mail = json!({
        "FromEmailAddress": "=?UTF-8?B?55Sw5LitIHZpYSBDb250YWN0cw==?= <a@x.example>",
        "Destination": {"ToAddresses": ["b@x.example"]},
        "Content": {"Simple": {"Subject": {"Data": "S"}, "Body": {"Text": {"Data": "the text"}}}},
        "EmailTags": [{"Name": "invitation", "Value": "01"}],
    });
    call(&stack, "POST", "/_local/ses/v2/email/outbound-emails", mail).await;
    let (_, kept) = call(&stack, "GET", "/_local/mail", json!(null)).await;
    let id = kept["mail"][0]["message_id"].as_str().unwrap();
    assert_eq!(kept["mail"][0]["events"], json!([]));

    let events = "/_local/mail/events";
    for (bad, status, pointer) in [
        (json!({"message_id": "none", "type": "Bounce"}), 404, json!(null)),
        (json!({"message_id": id, "type": "Open"}), 422, json!("/type")),
        (json!({"message_id": id, "type": "bounce"}), 422, json!("/type")),
        (json!({"message_id": id}), 422, json!(null)),
        (json!({"message_id": id, "type": "Bounce", "more": 1}), 422, json!(null)),
    ] {
        let (answered, problem) = call(&stack, "POST", events, bad.clone()).await;
        assert_eq!(
            (answered.as_u16(), &problem["errors"][0]["pointer"]),
            (status, &pointer),
            "{bad}"
        );
    }
    for (kind, detail) in [
        ("Delivery", "delivery"),
        ("Bounce", "bounce"),
        ("Complaint", "complaint"),
    ] {
        let (status, answer) = call(&stack, "POST", events, json!({"message_id": id, "type": kind})).await;
        assert_eq!(status, StatusCode::ACCEPTED);
        assert_eq!(answer["delivered_to"], json!([]), "the template subscribes nobody");
        let event = &answer["event"];
        assert_eq!(event["eventType"], kind);
        assert!(event[detail]["timestamp"].is_string(), "{event}");
        assert_eq!(event["mail"]["messageId"], id);
        assert_eq!(event["mail"]["destination"], json!(["b@x.example"]));
        assert_eq!(event["mail"]["tags"]["invitation"], json!(["01"]));
        assert_eq!(event["mail"]["tags"]["ses:from-domain"], json!(["x.example"]));
        assert_eq!(event["mail"]["commonHeaders"]["subject"], "S");
    }
    let (_, kept) = call(&stack, "GET", "/_local/mail?to=b@x.example", json!(null)).await;
    let kept = kept["mail"][0]["events"].as_array().unwrap().clone();
    let kinds: Vec<&str> = kept.iter().map(|event| event["eventType"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Delivery", "Bounce", "Complaint"]);
    let bounce = &kept[1]["bounce"];
    assert_eq!(
        (&bounce["bounceType"], &bounce["bounceSubType"]),
        (&json!("Permanent"), &json!("General"))
    );
    assert_eq!(bounce["bouncedRecipients"][0]["emailAddress"], "b@x.example");

    let (policy, list) = page(&stack, "/_local/mailbox").await;
    assert!(
        list.contains("田中 via Contacts") && list.contains("· Delivery · Bounce · Complaint"),
        "{list}"
    );
    assert!(
        !policy.contains("unsafe") && policy.contains("default-src 'none'; style-src 'self'"),
        "{policy}"
    );
    for (to, found) in [("B@X", true), ("b@x.example", true), ("a@x", false)] {
        let (_, list) = page(&stack, &format!("/_local/mailbox?to={to}")).await;
        assert_eq!(list.contains(id), found, "{to}");
    }
    let (_, text) = page(&stack, &format!("/_local/mailbox/{id}?view=text")).await;
    assert!(text.contains("<pre class=\"sheet\">the text</pre>"), "{text}");
    let (_, source) = page(&stack, &format!("/_local/mailbox/{id}?view=source")).await;
    assert!(
        source.contains("Content-Transfer-Encoding: quoted-printable"),
        "{source}"
    );
    let file = Client::new().get(format!("{}/_local/mailbox/{id}/source.eml", stack.origin()));
    assert_eq!(file.send().await.unwrap().headers()["content-type"], "message/rfc822");
    let missing = Client::new().get(format!("{}/_local/mailbox/none", stack.origin()));
    assert_eq!(missing.send().await.unwrap().status(), StatusCode::NOT_FOUND);
    stack.shutdown().await;
}

#[tokio::test]
async fn somebody_to_sign_in_as_is_found_among_many() {
    let stack = start(quiet()).await.unwrap();
    for n in 0..61 {
        let person = json!({"name": format!("田中{n:02}"), "email": format!("{n:02}@x.example")});
        assert_eq!(
            call(&stack, "POST", "/_local/users", person).await.0,
            StatusCode::CREATED
        );
    }
    let ken = json!({"name": "Ken ＡＤＡＭＳ", "email": "zz@x.example", "organization": "アオゾラ"});
    call(&stack, "POST", "/_local/users", ken).await;
    let (_, found) = call(
        &stack,
        "GET",
        "/_local/oidc/.well-known/openid-configuration",
        json!(null),
    )
    .await;
    let (client, challenge) = (contacts_local::tokens::CLIENT_ID, "A".repeat(43));
    let authorize = format!(
        "/_local/oidc/authorize?response_type=code&client_id={client}&redirect_uri={}/&code_challenge={challenge}\
         &code_challenge_method=S256&state=s&scope=openid",
        stack.origin()
    );
    assert!(
        found["authorization_endpoint"]
            .as_str()
            .is_some_and(|url| authorize.starts_with(&url[stack.origin().len()..]))
    );
    let shown = |html: &str| html.matches("name=\"user_id\"").count();
    let (policy, all) = page(&stack, &authorize).await;
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(shown(&all), 60);
    assert!(all.contains("60 of 62 are shown"), "{all}");
    for (find, count) in [
        ("adams", 1),
        ("%E3%81%82%E3%81%8A%E3%81%9E%E3%82%89", 1),
        ("07@x", 1),
        ("田中0", 10),
        ("nobody", 0),
    ] {
        let (_, html) = page(&stack, &format!("{authorize}&find={find}")).await;
        assert_eq!(shown(&html), count, "{find}");
        assert!(html.contains("name=\"state\" value=\"s\""), "{find}");
    }
    let (_, create) = page(&stack, &format!("{authorize}&prompt=create")).await;
    assert!(create.find("As somebody new") < create.find("As somebody registered"));
    stack.shutdown().await;
}

#[tokio::test]
async fn data_survives_a_restart() {
    let folder = Folder::prepared().await;
    let stack = start(folder.options()).await.unwrap();
    let item = json!({"pk": {"S": "a"}, "sk": {"S": "b"}});
    wire(&stack, "PutItem", &json!({"TableName": "contacts", "Item": item}))
        .await
        .unwrap();
    let mail = json!({
        "FromEmailAddress": "a@x.example", "Destination": {"ToAddresses": ["b@x.example"]},
        "Content": {"Simple": {"Subject": {"Data": "S"}, "Body": {"Html": {"Data": "<script>1</script>"}}}},
    });
    let (status, _) = call(&stack, "POST", "/_local/ses/v2/email/outbound-emails", mail).await;
    assert_eq!(status, StatusCode::OK);
    let (_, answer) = call(&stack, "POST", "/_local/token", json!({"user_id": "aiko"})).await;
    stack.shutdown().await;

    let stack = start(folder.options()).await.unwrap();
    let scanned = wire(&stack, "Scan", &json!({"TableName": "contacts"})).await.unwrap();
    assert_eq!(scanned["Items"], json!([item]));
    let (_, mail) = call(&stack, "GET", "/_local/mail?to=b@x.example", json!(null)).await;
    assert_eq!(mail["mail"][0]["subject"], "S");
    let id = mail["mail"][0]["message_id"].as_str().unwrap();
    let (policy, frame) = page(&stack, &format!("/_local/mailbox/{id}/frame")).await;
    assert_eq!(frame, "<base target=\"_blank\"><script>1</script>");
    assert!(policy.starts_with("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"));
    assert!(answer["access_token"].is_string());
    stack.shutdown().await;
}
