//! Finding people.

use std::collections::{BTreeMap, BTreeSet};

use contacts_tests::{Person, World, answer};
use reqwest::Method;
use serde_json::{Value, json};

async fn ben_abcock(world: &World) -> Person {
    let person = json!({
        "name": "Ben Abcock",
        "email": "ben@people.example",
        "chatwork_id": "Zed-Cw",
        "department": "Secret department",
        "organization": "Aoba Clinic",
    });
    world.register(person).await
}

#[tokio::test]
async fn somebody_is_found_by_name_handle_and_address() {
    let world = World::start().await;
    let aiko = world.person("田中愛子").await;
    let ben = ben_abcock(&world).await;
    for (q, matched_by) in [
        ("abc", "name"),
        ("ZED-C", "chatwork_id"),
        ("zed-cw", "chatwork_id"),
        ("Ben@People.example", "email"),
        (" ｂｅｎ＠people.example ", "email"),
    ] {
        let found = aiko.search(q).await;
        assert_eq!(found.len(), 1, "{q}");
        assert_eq!(found[0]["user_id"], ben.id);
        assert_eq!(found[0]["matched_by"], matched_by, "{q}");
        assert_eq!(found[0]["relation"], "none");
        let fields: BTreeSet<&str> = found[0].as_object().unwrap().keys().map(String::as_str).collect();
        let expected = [
            "account_id",
            "available_actions",
            "avatar_image_url",
            "chatwork_id",
            "matched_by",
            "name",
            "organization_name",
            "relation",
            "request_id",
            "user_id",
        ];
        assert_eq!(fields, BTreeSet::from(expected), "neither address nor department: {q}");
        assert!(
            !found[0].to_string().contains('@') && !found[0].to_string().contains("Secret"),
            "{q}"
        );
    }
    for q in [
        "ben@people.exampl",
        "en@people.example",
        "ben@people.example.com",
        "bcock",
        "ed-cw",
    ] {
        assert!(
            aiko.search(q).await.is_empty(),
            "{q}: an address is exact, the others are prefixes"
        );
    }
    for own in ["田中", "愛子", aiko.email.as_str()] {
        assert!(aiko.search(own).await.is_empty(), "oneself never: {own}");
    }
}

#[tokio::test]
async fn by_narrows_what_may_match() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = ben_abcock(&world).await;
    for (q, finders) in [
        ("abc", vec!["any", "name"]),
        ("zed", vec!["any", "chatwork_id"]),
        ("ben@people.example", vec!["any", "email"]),
    ] {
        for by in ["any", "name", "chatwork_id", "email"] {
            let found = aiko.get(&format!("/users?q={q}&by={by}")).await;
            if by == "email" && !q.contains('@') {
                assert_eq!(found.pointers(), ["/q"], "{q} is no address");
                continue;
            }
            let users = found.expect(200)["users"].as_array().cloned().unwrap_or_default();
            assert_eq!(!users.is_empty(), finders.contains(&by), "{q} by {by}");
            assert!(users.iter().all(|user| user["user_id"] == ben.id));
        }
    }
}

#[tokio::test]
async fn words_come_in_any_order_and_need_only_begin() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let (abc, taro) = (world.person("Abc Tanaka").await, world.person("Taro Abcock").await);
    let names = async |q: &str| {
        let found = aiko.search(q).await;
        found
            .iter()
            .map(|user| user["user_id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names("abc").await,
        [abc.id.clone(), taro.id.clone()],
        "the exact word first"
    );
    for q in ["tanaka abc", "Abc Tanaka", "tan ab", "ABC TAN"] {
        assert_eq!(names(q).await, std::slice::from_ref(&abc.id), "{q}");
    }
    assert!(names("abc yamada").await.is_empty(), "each word must match");
    assert!(names("bcock").await.is_empty(), "not inside a Latin word");
}

#[tokio::test]
async fn a_result_says_how_they_stand_and_what_can_be_done() {
    let world = World::start().await;
    let aiko = world
        .register(json!({"name": "Aiko", "email": "a@people.example", "organization": "Aoba"}))
        .await;
    world
        .register(json!({"name": "Zoe Colleague", "email": "b@people.example", "organization": "Aoba"}))
        .await;
    let (asked, asks) = (world.person("Zoe Asked").await, world.person("Zoe Asks").await);
    let contact = world.person("Zoe Contact").await;
    world.person("Zoe Stranger").await;
    let (sent, received) = (aiko.send_request(&asked).await, asks.send_request(&aiko).await);
    contact.connect(&aiko).await;
    let found = aiko.search("zoe").await;
    for user in &found {
        let waits = match user["relation"].as_str().unwrap() {
            "requested" => json!(sent),
            "awaiting_me" => json!(received),
            _ => Value::Null,
        };
        assert_eq!(user["request_id"], waits, "{user}");
    }
    let stands: BTreeMap<&str, (Value, Value)> = found
        .iter()
        .map(|user| {
            (
                user["name"].as_str().unwrap(),
                (user["relation"].clone(), user["available_actions"].clone()),
            )
        })
        .collect();
    let expected = [
        ("Zoe Asked", (json!("requested"), json!(["cancel", "block"]))),
        (
            "Zoe Asks",
            (json!("awaiting_me"), json!(["accept", "decline", "block"])),
        ),
        ("Zoe Colleague", (json!("contact"), json!([]))),
        ("Zoe Contact", (json!("contact"), json!(["remove", "block"]))),
        ("Zoe Stranger", (json!("none"), json!(["request", "block"]))),
    ];
    assert_eq!(stands, BTreeMap::from(expected));
    assert!(
        found.iter().all(|user| !user.to_string().contains('@')),
        "a contact's address is in the contacts"
    );
}

#[tokio::test]
async fn each_way_to_be_found_can_be_switched_off() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = ben_abcock(&world).await;
    let queries = [("name", "abc"), ("chatwork_id", "zed"), ("email", "ben@people.example")];
    let on = json!({"name": true, "chatwork_id": true, "email": true});
    assert_eq!(ben.get("/me").await.expect(200)["findable_by"], on, "all on at first");
    for (off, _) in queries {
        let changed = ben.patch("/me", json!({"findable_by": {off: false}})).await.expect(200);
        assert_eq!(changed["findable_by"][off], false);
        for (way, q) in queries {
            assert_eq!(
                aiko.search(q).await.len(),
                usize::from(way != off),
                "{way} with {off} off"
            );
        }
        ben.patch("/me", json!({"findable_by": {off: true}})).await.expect(200);
    }
    ben.patch(
        "/me",
        json!({"findable_by": {"name": false, "chatwork_id": false, "email": false}}),
    )
    .await
    .expect(200);
    for (_, q) in queries {
        assert!(aiko.search(q).await.is_empty(), "{q}");
    }
}

#[tokio::test]
async fn search_follows_a_change_of_name_and_handle() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = ben_abcock(&world).await;
    ben.patch(
        "/me",
        json!({"name": "高橋 Benno", "reading": "タカハシ ベンノ", "chatwork_id": "quux"}),
    )
    .await
    .expect(200);
    for gone in ["abc", "zed"] {
        assert!(aiko.search(gone).await.is_empty(), "{gone}");
    }
    for found in ["高橋", "たかは", "takahashi", "benno", "quux"] {
        assert_eq!(aiko.search(found).await.len(), 1, "{found}");
    }
}

#[tokio::test]
async fn a_query_has_its_form() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let long = "a".repeat(101);
    for (fields, pointer, code) in [
        (vec![], "/q", "missing"),
        (vec![("q", "")], "/q", "empty"),
        (vec![("q", " \u{3000} ")], "/q", "empty"),
        (vec![("q", "a")], "/q", "too_short"),
        (vec![("q", "-'")], "/q", "too_short"),
        (vec![("q", &long)], "/q", "too_long"),
        (vec![("q", "a\u{0}b")], "/q", "control_character"),
        (vec![("q", "a\u{202e}b")], "/q", "control_character"),
        (vec![("q", "a@b@c")], "/q", ""),
        (vec![("q", "ab"), ("by", "all")], "/by", "unknown_value"),
        (vec![("q", "ab"), ("limit", "0")], "/limit", "out_of_range"),
        (vec![("q", "ab"), ("limit", "101")], "/limit", "out_of_range"),
        (vec![("q", "ab"), ("limit", "ten")], "/limit", "out_of_range"),
        (vec![("q", "ab"), ("page", "2")], "/page", "unknown_field"),
    ] {
        let refused = answer(aiko.request(Method::GET, "/users").query(&fields)).await;
        assert_eq!(refused.problem(422), "invalid_input", "{fields:?}");
        assert_eq!(refused.pointers(), [pointer], "{fields:?}");
        if !code.is_empty() {
            assert_eq!(refused.json["errors"][0]["code"], code, "{fields:?}");
        }
    }
    for good in ["田", "あ", "ｱ", "ab", "é1"] {
        assert!(aiko.search(good).await.is_empty(), "{good}");
    }
}

#[tokio::test]
async fn an_address_of_nobody_of_somebody_hidden_and_of_a_blocker_cost_the_same() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let (hidden, blocker) = (world.person("Hidden").await, world.person("Blocker").await);
    hidden
        .patch("/me", json!({"findable_by": {"email": false}}))
        .await
        .expect(200);
    blocker.block(&aiko).await;
    let stranger = world.person("Stranger").await;
    let mut costs = Vec::new();
    for (address, found) in [
        ("nobody@people.example", 0),
        (hidden.email.as_str(), 0),
        (blocker.email.as_str(), 0),
        (stranger.email.as_str(), 1),
    ] {
        let search = answer(aiko.request(Method::GET, "/users").query(&[("q", address)]));
        let (answer, count) = world.count(search).await;
        assert_eq!(
            answer.expect(200)["users"].as_array().map(Vec::len),
            Some(found),
            "{found}"
        );
        // Each key that is read is a unit, whether an item is there or not.
        costs.push((
            count.operations(),
            count.by_operation["BatchGetItem"]["read_units"].clone(),
        ));
    }
    assert_eq!(costs[0].0, [("BatchGetItem".to_owned(), 1), ("GetItem".to_owned(), 1)]);
    assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
    assert_eq!(costs[0].1, json!(3.0), "{costs:?}");
}

#[tokio::test]
async fn j02_names_and_messages_keep_their_selectors_and_joiners() {
    let world = World::start().await;
    let aiko = world.person("辻\u{e0100} 一郎").await;
    let ben = world.person("Ben ❤\u{fe0f}").await;
    assert_eq!(ben.get("/me").await.expect(200)["name"], "Ben ❤\u{fe0f}");
    for q in ["辻", "辻\u{e0101}", "\u{200b}辻\u{200b}"] {
        let found = ben.search(q).await;
        assert_eq!(found.len(), 1, "{q:?}");
        assert_eq!(found[0]["name"], "辻\u{e0100} 一郎");
    }
    let message = "辻\u{e0100}です 👩\u{200d}💻";
    let sent = ben
        .post("/contact-requests", json!({"user_id": aiko.id, "message": message}))
        .await;
    sent.expect(201);
    let waiting = aiko.get("/contact-requests?direction=incoming").await.expect(200);
    assert_eq!(waiting["contact_requests"][0]["message"], message, "{waiting}");
}
