//! Finding people.

use contacts_tests::World;
use serde_json::json;

#[tokio::test]
async fn somebody_is_found_by_name_handle_and_address() {
    let world = World::start().await;
    let aiko = world.person("田中愛子").await;
    let ben = world
        .register(json!({"name": "Ben Abcock", "email": "ben@people.example", "chatwork_id": "Ben-Cw"}))
        .await;
    for (q, matched_by) in [("abc", "name"), ("BEN-C", "chatwork_id"), ("Ben@People.example", "email")] {
        let found = aiko.search(q).await;
        assert_eq!(found.len(), 1, "{q}");
        assert_eq!(found[0]["user_id"], ben.id);
        assert_eq!(found[0]["matched_by"], matched_by, "{q}");
        assert_eq!(found[0]["relation"], "none");
        assert!(found[0].get("email").is_none(), "{q}");
    }
    assert!(aiko.search("田中").await.is_empty(), "oneself never");
    world.stop().await;
}
