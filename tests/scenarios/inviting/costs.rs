//! AWS calls of invitations and links, as `docs/table.md` has them.

use contacts_tests::{Count, World, answer, links::token_of};
use reqwest::Method;
use serde_json::json;

/// Calls that read, by key, batch or query.
fn reads(cost: &Count) -> u64 {
    ["GetItem", "BatchGetItem", "TransactGetItems", "Query"]
        .iter()
        .map(|operation| cost.of(operation))
        .sum()
}

#[tokio::test]
async fn redeeming_costs_two_reads_and_a_transaction() {
    let world = World::start().await;
    let owner = world.person("Owner").await;
    let by_hand = token_of(&owner.share_link(json!({})).await);
    let automatic = token_of(&owner.share_link(json!({"approval": "automatic"})).await);
    let invited = world.person("Invited").await;
    owner.invited(&invited.email).await;
    let mailed = world.mailed_token(&invited.email).await;
    let stranger = world.person("Stranger").await;
    for (visitor, token) in [
        (&world.person("Visitor").await, &by_hand),
        (&world.person("Visitor").await, &automatic),
        (&stranger, &mailed),
        (&invited, &mailed),
    ] {
        world.idle().await;
        let (pressed, cost) = world.count(visitor.press(token)).await;
        assert_eq!(pressed.status, 200, "{}", pressed.text);
        assert!(reads(&cost) <= 2, "{cost:?}");
        assert_eq!(cost.of("TransactWriteItems"), 1, "{cost:?}");
        assert!(cost.all() <= 3, "{cost:?}");
    }
    // A press that comes to nothing writes nothing.
    let (pressed, cost) = world.count(invited.press(&mailed)).await;
    assert_eq!(pressed.expect(200)["outcome"], "already_contact");
    assert!(cost.all() <= 2 && cost.write_units() == 0.0, "{cost:?}");
}

#[tokio::test]
async fn a_key_makes_redeeming_no_dearer() {
    let world = World::without_mail().await;
    let owner = world.person("Owner").await;
    let visitor = world.person("Visitor").await;
    let token = token_of(&owner.share_link(json!({})).await);
    let path = format!("/invite-links/{token}/redemptions");
    let (pressed, cost) = world.count(visitor.post_once("key", &path, json!({}))).await;
    assert_eq!(pressed.status, 200);
    assert!(reads(&cost) <= 2 && cost.of("TransactWriteItems") == 1, "{cost:?}");
    assert!(cost.all() <= 3, "{cost:?}");
}

#[tokio::test]
async fn opening_costs_two_reads_and_the_page_a_counter() {
    let world = World::start().await;
    let owner = world.person("Owner").await;
    let visitor = world.person("Visitor").await;
    let shared = token_of(&owner.share_link(json!({})).await);
    owner.invited("guest@guest.example").await;
    let mailed = world.mailed_token("guest@guest.example").await;
    for token in [&shared, &mailed] {
        let (opened, cost) = world.count(visitor.get(&format!("/invite-links/{token}"))).await;
        assert_eq!(opened.expect(200)["view"], "redeemable");
        assert!(reads(&cost) <= 2 && cost.all() == reads(&cost), "{cost:?}");
        let page = format!("/i/{token}");
        let (opened, cost) = world.count(world.get(&page)).await;
        assert_eq!(opened.status, 200);
        assert!(reads(&cost) <= 2 && cost.all() <= reads(&cost) + 1, "{cost:?}");
        assert_eq!(cost.of("TransactWriteItems"), 0, "{cost:?}");
        let (_, cost) = world.count(answer(world.request(Method::HEAD, &page))).await;
        assert!(reads(&cost) <= 2 && cost.all() == reads(&cost), "{cost:?}");
    }
}

#[tokio::test]
async fn inviting_costs_the_same_whoever_is_registered() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let mut registered = Vec::new();
    for _ in 0..3 {
        registered.push(world.person("Registered").await.email);
    }
    let mut costs = Vec::new();
    let nobody: Vec<String> = (0..3).map(|n| format!("nobody{n}@people.example")).collect();
    for emails in [&registered, &nobody] {
        let (report, cost) = world.count(aiko.post("/invitations", json!({"emails": emails}))).await;
        assert_eq!(report.expect(202)["counts"], json!({"queued": 3}));
        costs.push(cost.operations());
    }
    assert_eq!(costs[0], costs[1]);
}

#[tokio::test]
async fn inviting_costs_three_reads_a_hundred_and_a_transaction_a_hundred() {
    let world = World::without_mail().await;
    for number in [1, 98, 100, 250] {
        let aiko = world.person("Aiko").await;
        let emails: Vec<String> = (0..number).map(|n| format!("{n}@guest.example")).collect();
        let body = json!({"emails": emails});
        let (report, cost) = world.count(aiko.post("/invitations", body.clone())).await;
        assert_eq!(report.expect(202)["counts"]["queued"], number);
        let hundreds = u64::try_from(emails.len().div_ceil(100)).unwrap();
        let nineties = u64::try_from(emails.len().div_ceil(90)).unwrap();
        // Who calls and what is left of the quota are two keys more, beside a full hundred one batch more.
        let full = u64::from(number % 100 == 0);
        assert!(reads(&cost) <= 3 * hundreds + full, "{number}: {cost:?}");
        // The begin, the chunks, and the end.
        assert!(cost.of("TransactWriteItems") <= 2 + nineties, "{number}: {cost:?}");
        assert_eq!(
            cost.all(),
            reads(&cost) + cost.of("TransactWriteItems"),
            "{number}: {cost:?}"
        );
        // Nothing is left to write.
        let (report, cost) = world.count(aiko.post("/invitations", body)).await;
        assert_eq!(report.expect(202)["counts"]["already_invited"], number);
        assert_eq!(cost.of("TransactWriteItems"), 0, "{number}: {cost:?}");
    }
}

#[tokio::test]
async fn taking_back_costs_and_answers_the_same_whoever_is_registered() {
    // By the stream alone: a sweep would be counted.
    let world = World::with(|options| options.no_schedule = true).await;
    let aiko = world.person("Aiko").await;
    let mut people = Vec::new();
    for name in ["Asked", "Declined", "Blocks"] {
        people.push(world.person(name).await);
    }
    people[2].block(&aiko).await;
    let mut paths = vec![aiko.invited("nobody@guest.example").await];
    for person in &people {
        paths.push(aiko.invited(&person.email).await);
    }
    world.idle().await;
    let declined = people[1].incoming().await[0]["request_id"].as_str().unwrap().to_owned();
    people[1].decline(&declined, "never").await.expect(204);
    let mut looks = Vec::new();
    for path in &paths {
        world.idle().await;
        let (answer, cost) = world.count(aiko.delete(path)).await;
        assert_eq!((reads(&cost), cost.of("TransactWriteItems")), (2, 1), "{cost:?}");
        assert_eq!(cost.all(), 3, "{cost:?}");
        looks.push((answer.status, answer.text, cost.operations()));
    }
    assert!(looks.iter().all(|look| *look == looks[0]), "{looks:?}");
    assert!(people[0].incoming().await.is_empty());
}

#[tokio::test]
async fn mailing_to_who_is_registered_costs_two_writes_each_too() {
    let world = World::with(|options| options.no_schedule = true).await;
    let aiko = world.person("Aiko").await;
    let mut emails = Vec::new();
    for _ in 0..4 {
        emails.push(world.person("Registered").await.email);
    }
    world.idle().await;
    world.reset_calls().await;
    aiko.post("/invitations", json!({"emails": emails})).await.expect(202);
    assert_eq!(world.mailbox().await.len(), 4);
    let cost = world.counted().await;
    assert_eq!(cost.of("SendBulkEmail"), 1, "{cost:?}");
    // The begin, the chunk and the end of the call itself, then claim and record of each.
    assert_eq!(cost.of("TransactWriteItems"), 3 + 2 * 4, "{cost:?}");
    assert_eq!(cost.of("PutItem") + cost.of("UpdateItem"), 0, "{cost:?}");
}

#[tokio::test]
async fn mailing_costs_a_call_a_fifty_and_two_writes_each() {
    // By the stream alone: a sweep beside it would try for the same claims.
    let world = World::with(|options| options.no_schedule = true).await;
    let aiko = world.person("Aiko").await;
    world.idle().await;
    let emails: Vec<String> = (0..50).map(|n| format!("{n}@guest.example")).collect();
    world.reset_calls().await;
    aiko.post("/invitations", json!({"emails": emails})).await.expect(202);
    assert_eq!(world.mailbox().await.len(), 50);
    let cost = world.counted().await;
    assert_eq!(cost.of("SendBulkEmail"), 1, "{cost:?}");
    // The begin, the chunk and the end of the call itself, then claim and record of each.
    assert_eq!(cost.of("TransactWriteItems"), 3 + 2 * 50, "{cost:?}");
    assert_eq!(cost.of("PutItem") + cost.of("UpdateItem"), 0, "{cost:?}");
}
