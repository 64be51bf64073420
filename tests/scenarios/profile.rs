//! One's own profile.

use contacts_tests::World;
use serde_json::{Value, json};

#[tokio::test]
async fn a_profile_is_read_and_changed() {
    let world = World::start().await;
    let aiko = world
        .register(json!({
            "name": "田中愛子", "reading": "タナカ アイコ", "email": "Aiko@People.example", "chatwork_id": "Aiko-1",
            "organization": "Aoba Clinic", "department": "Desk", "locale": "en",
        }))
        .await;
    let me = aiko.get("/me").await.expect(200);
    let number = me["account_id"].as_u64().unwrap();
    assert!(0 < number && number < 1 << 53);
    let expected = json!({
        "user_id": aiko.id, "account_id": number, "name": "田中愛子", "reading": "タナカ アイコ",
        "chatwork_id": "Aiko-1", "email": "aiko@people.example", "organization": "Aoba Clinic", "department": "Desk",
        "avatar_image_url": null, "findable_by": {"name": true, "chatwork_id": true, "email": true}, "locale": "en",
    });
    assert_eq!(me, expected);

    let mut wanted = expected.clone();
    for change in [
        json!({"name": "Aiko Tanaka"}),
        json!({"reading": null}),
        json!({"chatwork_id": "Aiko-2"}),
        json!({"chatwork_id": "AIKO-2"}),
        json!({"chatwork_id": null}),
        json!({"locale": "ja"}),
        json!({"name": "愛子", "reading": "アイコ", "locale": "en"}),
        json!({}),
    ] {
        for (field, value) in change.as_object().unwrap() {
            wanted[field] = value.clone();
        }
        assert_eq!(aiko.patch("/me", change.clone()).await.expect(200), wanted, "{change}");
        assert_eq!(aiko.get("/me").await.expect(200), wanted, "{change}");
    }
    aiko.patch("/me", json!({"findable_by": {"email": false}}))
        .await
        .expect(200);
    wanted["findable_by"]["email"] = json!(false);
    assert_eq!(aiko.get("/me").await.expect(200), wanted, "the others stay");
}

#[tokio::test]
async fn a_handle_belongs_to_one() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    aiko.patch("/me", json!({"chatwork_id": "The-One"})).await.expect(200);
    for spelling in ["The-One", "the-one", "THE-ONE"] {
        let refused = ben
            .patch("/me", json!({"chatwork_id": spelling, "name": "Benno"}))
            .await;
        assert_eq!(refused.problem(409), "chatwork_id_taken");
        assert_eq!(refused.pointers(), ["/chatwork_id"]);
    }
    let me = ben.get("/me").await.expect(200);
    assert_eq!(
        (&me["chatwork_id"], &me["name"]),
        (&Value::Null, &json!("Ben")),
        "all or nothing"
    );
    assert_eq!(
        aiko.patch("/me", json!({"chatwork_id": "The-One"})).await.status,
        200,
        "it is mine"
    );
}

#[tokio::test]
async fn a_released_handle_is_reserved_for_180_days() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    aiko.patch("/me", json!({"chatwork_id": "old-one"})).await.expect(200);
    aiko.patch("/me", json!({"chatwork_id": "new-one"})).await.expect(200);
    assert!(ben.search("old-one").await.is_empty(), "nobody has it");
    ben.post("/contact-requests", json!({"chatwork_id": "old-one"}))
        .await
        .problem(404);
    let claim = json!({"chatwork_id": "OLD-ONE"});
    assert_eq!(ben.patch("/me", claim.clone()).await.problem(409), "chatwork_id_taken");
    let [aiko, ben] = world.pass_days(179, [&aiko, &ben]).await;
    assert_eq!(ben.patch("/me", claim.clone()).await.problem(409), "chatwork_id_taken");
    let [aiko, ben] = world.pass_days(1, [&aiko, &ben]).await;
    ben.patch("/me", claim).await.expect(200);
    assert_eq!(aiko.search("old-one").await[0]["user_id"], ben.id);
    assert_eq!(
        aiko.patch("/me", json!({"chatwork_id": "old-one"})).await.problem(409),
        "chatwork_id_taken"
    );

    // Its owner may take it back in the meantime.
    aiko.patch("/me", json!({"chatwork_id": null})).await.expect(200);
    assert_eq!(
        ben.patch("/me", json!({"chatwork_id": "new-one"})).await.problem(409),
        "chatwork_id_taken"
    );
    aiko.patch("/me", json!({"chatwork_id": "new-one"})).await.expect(200);
    assert_eq!(ben.search("new-one").await.len(), 1);
}
