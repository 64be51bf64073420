//! What each function may do is what it does: `tests/rights.json` says it, `tests/template_test.py` compares
//! it with the roles of the template, and this tour with what the functions ask for.

use std::collections::{BTreeMap, BTreeSet};

use contacts_tests::{
    Person, World, answer,
    links::{path_of, token_of},
    mail::unsubscribe_token,
    root,
};
use reqwest::Method;
use serde_json::json;

type Rights = BTreeMap<String, BTreeSet<String>>;

async fn people(world: &World, aiko: &Person, ben: &Person) {
    aiko.search("Ben").await;
    aiko.search(&ben.email).await;
    aiko.connect(ben).await;
    aiko.get("/contacts").await.expect(200);
    aiko.get("/contacts/summary").await.expect(200);
    aiko.patch("/me", json!({"name": "Aiko Mori"})).await.expect(200);
    // The mailer moves her in Ben's list; the sweep looks for what else is due.
    world.pass(60).await;
}

async fn invitations(world: &World, aiko: &Person) {
    let guest = aiko.invited("guest@guest.example").await;
    let revoked = aiko.invited("revoked@guest.example").await;
    aiko.delete(&revoked).await.expect(204);
    // A call that is cut short is ended by the schedule.
    let lost = json!([{"error": "answer_lost", "times": 20, "operation": "TransactWriteItems"}]);
    world.break_dynamodb(lost).await;
    let cut_short = aiko
        .post("/invitations", json!({"emails": ["late@guest.example"]}))
        .await;
    assert_eq!(cut_short.status, 503);
    world.mend_dynamodb().await;
    world.pass(61).await;
    aiko.get("/invitations").await.expect(200);
    let mail = world.mail_to("guest@guest.example").await;
    // A request comes of it.
    world
        .register(json!({"name": "Guest", "email": "guest@guest.example"}))
        .await;
    world.idle().await;
    aiko.delete(&guest).await.expect(204);
    let path = format!("/u/{}", unsubscribe_token(&mail[0]));
    let form = world
        .request(Method::POST, &path)
        .header("content-type", "application/x-www-form-urlencoded");
    let unsubscribed = answer(form.body("List-Unsubscribe=One-Click")).await;
    assert_eq!(unsubscribed.status, 200);
}

async fn links(world: &World, aiko: &Person) {
    let link = aiko.share_links().await[0].clone();
    let token = token_of(&link);
    assert_eq!(world.get(&format!("/i/{token}")).await.status, 200);
    let visitor = world.person("Visitor").await;
    for _ in 0..2 {
        assert_eq!(visitor.redeem(&token).await, "request_sent");
        let request = visitor.outgoing().await[0]["request_id"].clone();
        assert_eq!(visitor.cancel(request.as_str().unwrap()).await.status, 204);
    }
    aiko.delete(&path_of(&link)).await.expect(204);
}

#[tokio::test]
async fn each_function_needs_the_rights_that_it_has_and_no_other() {
    let world = World::start().await;
    let member = json!({"name": "Aiko", "email": "aiko@people.example", "organization": "Aoba"});
    let aiko = world.register(member).await;
    let ben = world.person("Ben").await;
    people(&world, &aiko, &ben).await;
    invitations(&world, &aiko).await;
    links(&world, &aiko).await;
    let text = std::fs::read_to_string(root().join("tests/rights.json")).unwrap();
    let has: Rights = serde_json::from_str(&text).unwrap();
    assert_eq!(world.counts().rights(), has);
}
