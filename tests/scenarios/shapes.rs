//! Whole bodies, as clients read them: each shape of docs/http-api.md, every field of it. A change that is wanted
//! is taken over with `INSTA_UPDATE=always cargo test --workspace --test scenarios shapes`.

use contacts_tests::{
    Person, Reply, World,
    links::{path_of, token_of},
    masked,
};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

fn body(answer: Reply) -> Value {
    assert!(answer.status < 300, "{}: {}", answer.asked, answer.text);
    masked(&answer.json)
}

/// The status of a refusal, and its problem.
fn problem(answer: Reply) -> Value {
    json!({"status": answer.status, "problem": masked(&answer.json)})
}

/// Two colleagues and somebody else, with all that a profile may have.
async fn people(world: &World) -> [Person; 3] {
    let member = |name: &str, id: &str| {
        json!({
            "name": name,
            "reading": "よみかた",
            "chatwork_id": id,
            "email": format!("{id}@aoba.example"),
            "organization": "青葉商事",
            "department": "営業部",
        })
    };
    [
        world.register(member("青葉 愛子", "aiko")).await,
        world.register(member("青葉 文", "fumi")).await,
        world
            .register(json!({"name": "Ben Tanaka", "email": "ben@people.example"}))
            .await,
    ]
}

#[tokio::test]
async fn shapes_of_people_and_profiles() {
    let world = World::without_mail().await;
    let [aiko, _, ben] = people(&world).await;
    assert_json_snapshot!("profile", body(aiko.get("/me").await));
    assert_json_snapshot!("profile_of_an_outsider", body(ben.get("/me").await));
    assert_json_snapshot!("search", body(ben.get("/users?q=青葉").await));
    ben.ask(&aiko).await.expect(201);
    assert_json_snapshot!("search_by_address", body(aiko.get("/users?q=ben@people.example").await));
}

#[tokio::test]
async fn shapes_of_requests_contacts_and_blocks() {
    let world = World::without_mail().await;
    let [aiko, _, ben] = people(&world).await;
    let words = json!({"user_id": aiko.id, "message": "Hello"});
    assert_json_snapshot!("request_sent", body(ben.post("/contact-requests", words).await));
    assert_json_snapshot!("requests", body(aiko.get("/contact-requests?direction=incoming").await));
    let request = aiko.incoming().await[0]["request_id"].as_str().unwrap().to_owned();
    assert_json_snapshot!("request_accepted", body(aiko.accept(&request).await));
    assert_json_snapshot!("request_not_pending", problem(aiko.accept(&request).await));
    assert_json_snapshot!("contacts", body(aiko.get("/contacts").await));
    assert_json_snapshot!("summary", body(aiko.get("/contacts/summary").await));
    aiko.block(&ben).await;
    assert_json_snapshot!("blocks", body(aiko.get("/blocks").await));
}

#[tokio::test]
async fn shapes_of_invitations() {
    let world = World::start().await;
    let [aiko, fumi, _] = people(&world).await;
    let pasted = json!({
        "text": format!("Guest <guest@people.example>\n{}\n\nnobody@\nGUEST@people.example", fumi.email),
        "message": "Hello",
        "locale": "en",
    });
    assert_json_snapshot!("invitation_report", body(aiko.post("/invitations", pasted).await));
    world.idle().await;
    assert_json_snapshot!("invitations", body(aiko.get("/invitations").await));
    let preview = body(aiko.post("/invitations/preview", json!({"locale": "en"})).await);
    let fields: Vec<&String> = preview.as_object().unwrap().keys().collect();
    assert_json_snapshot!("invitation_preview_fields", fields);
    assert_json_snapshot!(
        "invitations_none",
        problem(aiko.post("/invitations", json!({"emails": []})).await)
    );
}

#[tokio::test]
async fn shapes_of_links() {
    let world = World::without_mail().await;
    let [aiko, _, ben] = people(&world).await;
    let settings = json!({"name": "Card", "approval": "automatic", "expires_in_days": 7, "max_uses": 1});
    let made = aiko.post("/share-links", settings).await;
    let (path, token) = (path_of(&made.json), token_of(&made.json));
    assert_json_snapshot!("share_link", body(made));
    assert_json_snapshot!("link_view", body(ben.get(&format!("/invite-links/{token}")).await));
    assert_json_snapshot!("redemption", body(ben.press(&token).await));
    assert_json_snapshot!("share_links", body(aiko.get("/share-links").await));
    assert_json_snapshot!("link_used_up", problem(world.person("Cho").await.press(&token).await));
    let faults = json!({"name": "", "approval": "never", "max_uses": 0, "color": "red"});
    assert_json_snapshot!("share_link_faults", problem(aiko.patch(&path, faults).await));
}
