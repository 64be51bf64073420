//! Starting, refusing to start, and what a folder keeps.

use contacts_local::{Options, StartError, start};
use reqwest::StatusCode;
use serde_json::json;

use crate::{Folder, call, items, page, quiet, refusal, template, wire};

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
async fn a_first_start_that_was_cut_short_is_taken_up() {
    let folder = Folder::new();
    // Both databases were opened and not written; of the key there is a part beside its place.
    for name in ["contacts.sqlite", "mail.sqlite", "demo-data", "signing-key.der.new"] {
        std::fs::write(folder.0.join(name), "").unwrap();
    }
    start(folder.options()).await.unwrap().shutdown().await;

    // There is the table, without its time to live.
    let folder = Folder::new();
    let path = folder.0.join("contacts.sqlite");
    let clock = std::sync::Arc::new(local_aws::clock::Clock::open(None).unwrap());
    let engine = local_aws::dynamodb::Engine::open(Some(&path), clock).unwrap();
    let text = std::fs::read_to_string(template()).unwrap();
    let described = local_aws::template::Template::parse(&text, "contacts", contacts_local::stack::wiring::FUNCTIONS);
    let table = described.unwrap().table;
    assert_eq!(engine.ask("CreateTable", &table.create).await.0, 200);
    drop(engine);
    let stack = start(folder.options()).await.unwrap();
    let item = json!({"pk": {"S": "a"}, "sk": {"S": "b"}, "delete_at": {"N": "1000000000"}});
    wire(&stack, "PutItem", &json!({"TableName": "contacts", "Item": item}))
        .await
        .unwrap();
    call(&stack, "POST", "/_local/clock", json!({"advance_seconds": 1})).await;
    assert_eq!(items(&stack).await, json!([]), "what is past its time is deleted");
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
    assert_eq!(items(&stack).await, json!([item]));
    let (_, mail) = call(&stack, "GET", "/_local/mail?to=b@x.example", json!(null)).await;
    assert_eq!(mail["mail"][0]["subject"], "S");
    let id = mail["mail"][0]["message_id"].as_str().unwrap();
    let (policy, frame) = page(&stack, &format!("/_local/mailbox/{id}/frame")).await;
    assert_eq!(frame, "<base target=\"_blank\"><script>1</script>");
    assert!(policy.starts_with("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"));
    assert!(answer["access_token"].is_string());
    stack.shutdown().await;
}
