//! Share links: making, changing, rotating and removing them.

use std::collections::BTreeSet;

use contacts_tests::{
    DAY, World, answer,
    links::{path_of, token_of},
};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn the_first_look_makes_one_link_and_no_other_does() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let links = aiko.share_links().await;
    assert_eq!(links.len(), 1);
    let token = token_of(&links[0]);
    assert_eq!(token.len(), 43);
    assert!(
        token.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'),
        "{token}"
    );
    let expected = json!({
        "link_id": links[0]["link_id"], "url": format!("{}/i/{token}", world.origin()), "name": null,
        "enabled": true, "approval": "owner", "expires_at": null, "max_uses": null,
        "uses": 0, "views": 0, "last_used_at": null,
    });
    assert_eq!(links[0], expected);
    let (again, cost) = world.count(aiko.get("/share-links")).await;
    assert_eq!(
        again.expect(200),
        json!({"share_links": [expected], "next_cursor": null})
    );
    assert!(cost.write_units() == 0.0, "{cost:?}");
    assert_ne!(token_of(&ben.share_links().await[0]), token);
    // Who removed it does not find another.
    aiko.delete(&path_of(&links[0])).await.expect(204);
    assert!(aiko.share_links().await.is_empty());
}

#[tokio::test]
async fn links_have_names_and_settings_of_their_own() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let first = aiko.share_links().await[0].clone();
    let named = aiko
        .share_link(json!({"name": "名刺", "approval": "automatic", "expires_in_days": 7, "max_uses": 3}))
        .await;
    assert_eq!(
        (
            &named["name"],
            &named["approval"],
            &named["max_uses"],
            &named["enabled"]
        ),
        (&json!("名刺"), &json!("automatic"), &json!(3), &json!(true))
    );
    assert!(named["expires_at"].is_string());
    let off = aiko.share_link(json!({"name": "Later", "enabled": false})).await;
    assert_eq!((&off["enabled"], &off["approval"]), (&json!(false), &json!("owner")));
    let links = aiko.share_links().await;
    let ids = |links: &[Value]| links.iter().map(|link| link["link_id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&links), ids(&[first, named.clone(), off.clone()]));
    let tokens: BTreeSet<String> = links.iter().map(token_of).collect();
    assert_eq!(tokens.len(), 3);

    // A change leaves what it does not name; null takes away.
    let path = path_of(&named);
    let changed = aiko.patch(&path, json!({"name": "Card"})).await.expect(200);
    let mut expected = named.clone();
    expected["name"] = json!("Card");
    assert_eq!(changed, expected);
    let change = json!({"name": null, "expires_in_days": null, "max_uses": null, "approval": "owner"});
    let changed = aiko.patch(&path, change).await.expect(200);
    for field in ["name", "expires_at", "max_uses"] {
        expected[field] = Value::Null;
    }
    expected["approval"] = json!("owner");
    assert_eq!(changed, expected);
    assert_eq!(aiko.patch(&path, json!({})).await.expect(200), expected);
    assert_eq!(aiko.share_links().await[1], expected);
}

#[tokio::test]
async fn a_rotated_or_removed_link_is_dead_at_once() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let link = aiko.share_link(json!({"name": "Card", "max_uses": 5})).await;
    let (path, old) = (path_of(&link), token_of(&link));
    assert_eq!(world.person("Cho").await.redeem(&old).await, "request_sent");
    let rotated = aiko.post(&format!("{path}/rotate"), json!({})).await.expect(200);
    let new = token_of(&rotated);
    assert_ne!(old, new);
    let mut expected = link.clone();
    expected["url"] = rotated["url"].clone();
    expected["uses"] = json!(1);
    expected["last_used_at"] = rotated["last_used_at"].clone();
    assert_eq!(rotated, expected, "the same link, with another token");
    for seconds in [0, 1_800] {
        world.pass(seconds).await;
        assert_eq!(ben.view(&old).await, "revoked");
        assert_eq!(ben.press(&old).await.problem(410), "revoked");
        assert_eq!(aiko.view(&old).await, "own_link");
        assert_eq!(world.get(&format!("/i/{old}")).await.status, 410);
    }
    assert_eq!(ben.view(&new).await, "redeemable");
    aiko.delete(&path).await.expect(204);
    assert_eq!(ben.view(&new).await, "revoked");
    assert_eq!(ben.press(&new).await.problem(410), "revoked");
    // As with any dead link: its owner and their contacts are told what it is for them, and one who blocks the owner
    // is told nothing.
    assert_eq!(aiko.view(&new).await, "own_link");
    assert_eq!(aiko.press(&new).await.problem(409), "own_link");
    let (dan, eva) = (world.person("Dan").await, world.person("Eva").await);
    aiko.connect(&dan).await;
    assert_eq!(dan.view(&new).await, "already_contact");
    assert_eq!(dan.redeem(&new).await, "already_contact");
    eva.block(&aiko).await;
    assert_eq!(eva.view(&new).await, "unknown");
    assert_eq!(eva.press(&new).await.problem(404), "not_found");
    assert_eq!(world.get(&format!("/i/{new}")).await.status, 410);
    for gone in [
        aiko.delete(&path).await,
        aiko.patch(&path, json!({})).await,
        aiko.post(&format!("{path}/rotate"), json!({})).await,
        aiko.get(&format!("{path}/qr.svg")).await,
    ] {
        assert_eq!(gone.problem(404), "not_found");
    }
}

#[tokio::test]
async fn a_link_is_switched_off_and_on() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let link = aiko.share_links().await[0].clone();
    let (path, token) = (path_of(&link), token_of(&link));
    aiko.patch(&path, json!({"enabled": false})).await.expect(200);
    assert_eq!(ben.view(&token).await, "revoked");
    assert_eq!(ben.press(&token).await.problem(410), "revoked");
    assert!(aiko.incoming().await.is_empty());
    aiko.patch(&path, json!({"enabled": true})).await.expect(200);
    assert_eq!(ben.redeem(&token).await, "request_sent");
}

#[tokio::test]
async fn a_link_ends_by_the_clock_and_by_its_uses() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let [ben, cho] = [world.person("Ben").await, world.person("Cho").await];
    let link = aiko.share_link(json!({"expires_in_days": 2, "max_uses": 1})).await;
    let (path, token) = (path_of(&link), token_of(&link));
    assert_eq!(ben.redeem(&token).await, "request_sent");
    assert_eq!(cho.view(&token).await, "used_up");
    aiko.patch(&path, json!({"max_uses": 2})).await.expect(200);
    assert_eq!(cho.view(&token).await, "redeemable");
    world.pass(2 * DAY - 60).await;
    let cho = world.sign_in(&cho).await;
    assert_eq!(cho.view(&token).await, "redeemable");
    world.pass(120).await;
    assert_eq!(cho.view(&token).await, "expired");
    assert_eq!(cho.press(&token).await.problem(410), "expired");
    assert_eq!(world.get(&format!("/i/{token}")).await.status, 410);
    let aiko = world.sign_in(&aiko).await;
    assert_eq!(aiko.incoming().await.len(), 1);
    // A new end counts from now.
    aiko.patch(&path, json!({"expires_in_days": 1})).await.expect(200);
    assert_eq!(cho.redeem(&token).await, "request_sent");
    let dan = world.person("Dan").await;
    assert_eq!(dan.press(&token).await.problem(410), "used_up");
}

#[tokio::test]
async fn views_are_counted_by_the_page_and_name_nobody() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let link = aiko.share_links().await[0].clone();
    for _ in 0..3 {
        assert_eq!(world.get(&format!("/i/{}", token_of(&link))).await.status, 200);
    }
    // Neither a reload nor what a browser fetches ahead is a visit.
    for (name, value) in [("sec-fetch-site", "same-origin"), ("sec-purpose", "prefetch;prerender")] {
        let request = world.request(Method::GET, &format!("/i/{}", token_of(&link)));
        assert_eq!(answer(request.header(name, value)).await.status, 200, "{name}: {value}");
    }
    let mut expected = link.clone();
    expected["views"] = json!(3);
    assert_eq!(aiko.share_links().await, [expected]);
}

#[tokio::test]
async fn settings_that_cannot_be_are_refused_with_their_place() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let link = aiko.share_links().await[0].clone();
    for (body, pointer, code) in [
        (json!({"name": "x".repeat(65)}), "/name", "too_long"),
        (json!({"name": "a\u{202e}b"}), "/name", "control_character"),
        (json!({"name": 7}), "/name", "wrong_type"),
        (json!({"enabled": "yes"}), "/enabled", "wrong_type"),
        (json!({"approval": "nobody"}), "/approval", "unknown_value"),
        (json!({"expires_in_days": 0}), "/expires_in_days", "out_of_range"),
        (json!({"expires_in_days": 3_651}), "/expires_in_days", "out_of_range"),
        (json!({"expires_in_days": 1.5}), "/expires_in_days", "wrong_type"),
        (json!({"max_uses": 0}), "/max_uses", "out_of_range"),
        (json!({"max_uses": 100_001}), "/max_uses", "out_of_range"),
        (json!({"max_uses": -1}), "/max_uses", "wrong_type"),
        (json!({"token": "mine"}), "/token", "unknown_field"),
        (json!({"uses": 0}), "/uses", "unknown_field"),
    ] {
        for refused in [
            aiko.patch(&path_of(&link), body.clone()).await,
            aiko.post("/share-links", body.clone()).await,
        ] {
            refused.problem(422);
            assert_eq!(refused.pointers(), [pointer], "{body}: {}", refused.text);
            assert_eq!(refused.json["errors"][0]["code"], code, "{body}: {}", refused.text);
        }
    }
    assert_eq!(aiko.share_links().await, [link], "nothing written");
}

#[tokio::test]
async fn there_are_fifty_links_at_the_most() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    for _ in 0..50 {
        aiko.share_link(json!({})).await;
    }
    let refused = aiko.post("/share-links", json!({})).await;
    assert_eq!(refused.problem(409), "too_many_links");
    let links = aiko.get("/share-links").await.expect(200);
    assert_eq!(links["share_links"].as_array().unwrap().len(), 50);
    aiko.delete(&path_of(&links["share_links"][7])).await.expect(204);
    aiko.share_link(json!({})).await;
}

#[tokio::test]
async fn nobody_else_has_a_part_in_a_link() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let link = aiko.share_links().await[0].clone();
    let path = path_of(&link);
    let unknown = "/share-links/01ARZ3NDEKTSV4RRFFQ69G5FAV";
    for path in [path.as_str(), unknown, "/share-links/nonsense", "/share-links/%FF"] {
        let answers = [
            ben.patch(path, json!({"enabled": false})).await,
            ben.delete(path).await,
            ben.post(&format!("{path}/rotate"), json!({})).await,
            ben.get(&format!("{path}/qr.svg")).await,
        ];
        let bodies: BTreeSet<&str> = answers.iter().map(|answer| answer.text.as_str()).collect();
        assert_eq!(bodies.len(), 1, "{bodies:?}");
        assert_eq!(answers[0].problem(404), "not_found");
    }
    assert_eq!(aiko.share_links().await, [link]);
}

#[tokio::test]
async fn the_qr_code_is_a_picture_of_the_link() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let link = aiko.share_links().await[0].clone();
    let path = format!("{}/qr.svg", path_of(&link));
    let code = aiko.get(&path).await;
    assert_eq!(code.status, 200);
    assert_eq!(code.headers["content-type"], "image/svg+xml");
    assert_eq!(code.headers["cache-control"], "no-store");
    assert_eq!(code.headers["x-content-type-options"], "nosniff");
    assert!(
        code.text.starts_with("<svg") && code.text.ends_with("</svg>"),
        "{}",
        code.text
    );
    assert!(
        !code.text.contains("<script") && !code.text.contains("href"),
        "{}",
        code.text
    );
    assert_eq!(aiko.get(&path).await.text, code.text);
    aiko.post(&format!("{}/rotate", path_of(&link)), json!({}))
        .await
        .expect(200);
    assert_ne!(aiko.get(&path).await.text, code.text);
}
