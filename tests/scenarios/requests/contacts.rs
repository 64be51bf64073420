//! The contacts: listed, filtered, counted, removed.

use std::collections::BTreeSet;

use contacts_tests::{Person, World};
use serde_json::{Value, json};

/// Somebody of the organisation, by the name.
async fn member(world: &World, name: &str) -> Person {
    let email = format!("{}@aoba.example", name.to_lowercase());
    let person = json!({"name": name, "email": email, "organization": "Aoba Clinic", "department": "Desk"});
    world.register(person).await
}

fn names(contacts: &[Value]) -> Vec<&str> {
    contacts
        .iter()
        .map(|contact| contact["name"].as_str().unwrap())
        .collect()
}

/// Aiko, with three colleagues and four external contacts.
async fn aiko_with_contacts(world: &World) -> Person {
    let aiko = member(world, "Aiko").await;
    for name in ["Mina", "Bob", "Zoe"] {
        member(world, name).await;
    }
    for name in ["yuki", "Ａdam", "Émile", "カオル"] {
        world.person(name).await.connect(&aiko).await;
    }
    // Neither asks nor strangers are contacts.
    aiko.send_request(&world.person("Asked").await).await;
    world.person("Asks").await.send_request(&aiko).await;
    world.idle().await;
    aiko
}

const ORDER: [&str; 7] = ["Bob", "Mina", "Zoe", "Ａdam", "Émile", "yuki", "カオル"];

#[tokio::test]
async fn colleagues_come_first_and_each_part_by_folded_name() {
    let world = World::start().await;
    let aiko = aiko_with_contacts(&world).await;
    for limit in 1..=8 {
        let pages = aiko.pages("/contacts", "contacts", limit).await;
        assert!(pages.iter().all(|page| page.len() <= limit), "{limit} a page");
        assert_eq!(names(&pages.concat()), ORDER, "{limit} a page");
    }
    for limit in 1..=5 {
        let of = async |kind: &str| {
            aiko.pages(&format!("/contacts?kind={kind}"), "contacts", limit)
                .await
                .concat()
        };
        assert_eq!(names(&of("internal").await), ORDER[..3], "{limit} a page");
        assert_eq!(names(&of("external").await), ORDER[3..], "{limit} a page");
    }
    let all = aiko.list("/contacts", "contacts").await;
    let fields = [
        "account_id",
        "avatar_image_url",
        "chatwork_id",
        "department",
        "email",
        "kind",
        "name",
        "organization_name",
        "origin",
        "since",
        "user_id",
    ];
    for contact in &all {
        let of: BTreeSet<&str> = contact.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(of, BTreeSet::from(fields));
        let single = aiko
            .get(&format!("/contacts/{}", contact["user_id"].as_str().unwrap()))
            .await
            .expect(200);
        assert_eq!(&single, contact, "alone as in the list");
    }
    let (internal, external) = (&all[0], &all[3]);
    let told =
        |contact: &Value| ["kind", "origin", "organization_name", "department"].map(|field| contact[field].clone());
    assert_eq!(
        told(internal),
        [
            json!("internal"),
            json!("organization"),
            json!("Aoba Clinic"),
            json!("Desk")
        ]
    );
    assert_eq!(
        told(external),
        [json!("external"), json!("search"), Value::Null, Value::Null]
    );
}

#[tokio::test]
async fn contacts_are_filtered_by_name() {
    let world = World::start().await;
    let aiko = aiko_with_contacts(&world).await;
    for (q, found) in [
        ("adam", vec!["Ａdam"]),
        ("emile", vec!["Émile"]),
        ("%E3%81%8B%E3%81%8A", vec!["カオル"]),
        ("kaoru", vec!["カオル"]),
        ("mi", vec!["Mina"]),
        ("asked", vec![]),
    ] {
        for limit in [1, 3, 50] {
            let list = aiko
                .pages(&format!("/contacts?q={q}"), "contacts", limit)
                .await
                .concat();
            assert_eq!(names(&list), found, "{q}");
        }
    }
    let none = aiko.list("/contacts?q=adam&kind=internal", "contacts").await;
    assert!(none.is_empty());
}

#[tokio::test]
async fn contacts_are_filtered_by_organization_chatwork_id_and_address() {
    let world = World::start().await;
    let aiko = member(&world, "Aiko").await;
    let mina = member(&world, "Mina").await;
    let zelda = world.person("Zelda").await;
    zelda.connect(&aiko).await;
    zelda
        .patch(
            "/me",
            json!({"chatwork_id": "zz-top", "findable_by": {"chatwork_id": false}}),
        )
        .await
        .expect(200);
    world.idle().await;
    let address = |email: &str| email.replace('@', "%40");
    for (q, found) in [
        ("aoba".to_owned(), vec!["Mina"]),
        ("clinic%20aoba".to_owned(), vec!["Mina"]),
        ("linic".to_owned(), vec![]),
        ("zz-top".to_owned(), vec!["Zelda"]),
        (address(&mina.email), vec!["Mina"]),
        (address(&zelda.email), vec!["Zelda"]),
    ] {
        let list = aiko.list(&format!("/contacts?q={q}"), "contacts").await;
        assert_eq!(names(&list), found, "{q}");
    }
}

#[tokio::test]
async fn a_filter_looks_past_the_contacts_of_a_page() {
    let world = World::start().await;
    let aiko = member(&world, "Aiko").await;
    let ritas: Vec<String> = (0..130).map(|n| format!("Rita{n:03}")).collect();
    for name in &ritas {
        member(&world, name).await;
    }
    world.person("Zelda").await.connect(&aiko).await;
    world.idle().await;
    for (q, name) in [("rita000", "Rita000"), ("rita129", "Rita129"), ("zelda", "Zelda")] {
        let pages = aiko.pages(&format!("/contacts?q={q}"), "contacts", 1).await;
        assert_eq!(
            pages.iter().map(|page| names(page)).collect::<Vec<_>>(),
            [[name]],
            "{q}"
        );
    }
    let pages = aiko.pages("/contacts?q=rita", "contacts", 50).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 30]);
    assert_eq!(names(&pages.concat()), ritas);
}

#[tokio::test]
async fn a_contact_is_removed_for_both_by_either() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    for (one, other) in [(&aiko, &ben), (&ben, &aiko)] {
        aiko.connect(&ben).await;
        let path = format!("/contacts/{}", other.id);
        let removed = one.delete(&path).await;
        assert_eq!((removed.status, removed.text.as_str()), (204, ""));
        for (me, them) in [(&aiko, &ben), (&ben, &aiko)] {
            assert!(!me.has_contact(them).await, "removed by {}", one.email);
            assert!(me.list("/contacts", "contacts").await.is_empty());
            assert_eq!(me.get("/contacts/summary").await.expect(200)["contacts"]["total"], 0);
        }
        one.delete(&path).await.problem(404);
        assert_eq!(one.search(&other.email).await[0]["relation"], "none");
    }
}

#[tokio::test]
async fn a_colleague_is_a_contact_that_cannot_be_removed() {
    let world = World::start().await;
    let (aiko, bob) = (member(&world, "Aiko").await, member(&world, "Bob").await);
    assert!(aiko.has_contact(&bob).await && bob.has_contact(&aiko).await);
    assert_eq!(
        aiko.delete(&format!("/contacts/{}", bob.id)).await.problem(409),
        "internal_contact"
    );
    assert!(aiko.has_contact(&bob).await);
    assert_eq!(
        aiko.ask(&bob).await.expect(200),
        json!({"outcome": "already_contact", "request": null})
    );
    assert!(bob.incoming().await.is_empty());
    aiko.get(&format!("/contacts/{}", aiko.id)).await.problem(404);
}

#[tokio::test]
async fn the_summary_keeps_users_and_contacts_apart() {
    let world = World::start().await;
    let aiko = aiko_with_contacts(&world).await;
    let summary = aiko.get("/contacts/summary").await.expect(200);
    let contacts = json!({"total": 7, "internal": 3, "external": 4, "external_limit": null});
    assert_eq!(summary["contacts"], contacts);
    assert_eq!(summary["requests"], json!({"incoming": 1, "outgoing": 1}));
    assert_eq!(
        summary["organization"],
        json!({"name": "Aoba Clinic", "users": 4, "user_limit": null})
    );
    let alone = world.person("Alone").await;
    let summary = alone.get("/contacts/summary").await.expect(200);
    assert_eq!(summary["organization"], Value::Null);
    assert_eq!(summary["contacts"]["total"], 0);
}

#[tokio::test]
async fn a_new_name_moves_in_the_lists_of_others() {
    let world = World::start().await;
    let aiko = member(&world, "Aiko").await;
    let (bob, ann) = (member(&world, "Bob").await, world.person("Ann").await);
    member(&world, "Cyd").await;
    ann.connect(&aiko).await;
    world.person("Ben").await.connect(&aiko).await;
    assert_eq!(
        names(&aiko.list("/contacts", "contacts").await),
        ["Bob", "Cyd", "Ann", "Ben"]
    );
    for person in [&bob, &ann] {
        person.patch("/me", json!({"name": "Zed"})).await.expect(200);
    }
    world.idle().await;
    for limit in [1, 3, 50] {
        let pages = aiko.pages("/contacts", "contacts", limit).await;
        assert_eq!(names(&pages.concat()), ["Cyd", "Zed", "Ben", "Zed"], "{limit} a page");
    }
}

#[tokio::test]
async fn a_limit_of_contacts_holds_on_both_sides() {
    let world = World::with_settings(&[("EXTERNAL_CONTACT_LIMIT", "1")]).await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let (cyd, dan) = (world.person("Cyd").await, world.person("Dan").await);
    let pending = aiko.send_request(&cyd).await;
    aiko.connect(&ben).await;
    let summary = aiko.get("/contacts/summary").await.expect(200);
    assert_eq!(
        summary["contacts"],
        json!({"total": 1, "internal": 0, "external": 1, "external_limit": 1})
    );
    assert_eq!(aiko.ask(&dan).await.problem(409), "at_limit", "one's own");
    let refused = cyd.accept(&pending).await;
    assert_eq!(refused.problem(409), "cannot_accept_now", "the other's is not named");
    assert!(!refused.text.contains("limit"), "{}", refused.text);
    // Who is not full may ask one who is; accepting names one's own limit.
    let asked = dan.send_request(&aiko).await;
    assert_eq!(aiko.accept(&asked).await.problem(409), "at_limit");
    aiko.delete(&format!("/contacts/{}", ben.id)).await;
    aiko.accept(&asked).await.expect(200);
    assert!(aiko.has_contact(&dan).await && !aiko.has_contact(&cyd).await);
}
