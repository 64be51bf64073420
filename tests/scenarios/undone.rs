//! A world holds its test to what it leaves behind.

use contacts_tests::World;
use serde_json::json;

#[tokio::test]
#[should_panic(expected = "the world is dropped with work undone")]
async fn a_world_that_is_dropped_with_work_undone_fails() {
    let world = World::with(|options| options.no_stream = true).await;
    let aiko = world.person("Aiko").await;
    aiko.invited("guest@guest.example").await;
    let for_ever = json!([{"error": "TransactionConflict", "times": 100_000}]);
    world.break_dynamodb(for_ever).await;
}
