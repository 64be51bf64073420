//! What operations cost, counted at the SDK's connector: the rows of the table of counts.

use contacts_tests::{Count, Person, Reply, World};
use reqwest::Method;
use serde_json::json;

/// Asserts that an operation made exactly these calls.
#[track_caller]
fn costs((answer, count): &(Reply, Count), status: u16, calls: &[(&str, u64)]) {
    assert_eq!(answer.status, status, "{}", answer.text);
    let calls: Vec<(String, u64)> = calls.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    assert_eq!(count.operations(), calls);
}

const QUERY: &str = "Query";
const BATCH: &str = "BatchGetItem";
const COMMIT: &str = "TransactWriteItems";

async fn crowd(world: &World, of: usize) -> Vec<Person> {
    let mut people = Vec::new();
    for number in 0..of {
        people.push(world.person(&format!("Zoe {number:03}")).await);
    }
    people
}

#[tokio::test]
async fn a_search_is_one_query_and_one_batch() {
    let world = World::without_mail().await;
    let aiko = world
        .register(json!({"name": "Aiko", "email": "aiko@people.example", "chatwork_id": "aiko"}))
        .await;
    for few in [0, 3, 30] {
        crowd(&world, few).await;
        let searched = world.count(aiko.get("/users?q=zoe")).await;
        costs(&searched, 200, &[(BATCH, 1), (QUERY, 1)]);
    }
    // Full pages, too; and the second like the first.
    let first = world.count(aiko.get("/users?q=zoe&limit=10")).await;
    costs(&first, 200, &[(BATCH, 1), (QUERY, 1)]);
    let cursor = first.0.json["next_cursor"].as_str().unwrap();
    let second = world
        .count(aiko.get(&format!("/users?q=zoe&limit=10&cursor={cursor}")))
        .await;
    costs(&second, 200, &[(BATCH, 1), (QUERY, 1)]);
    assert_eq!(second.0.json["users"].as_array().map(Vec::len), Some(10));

    for address in ["person0@people.example", "nobody@people.example"] {
        let searched = contacts_tests::answer(aiko.request(Method::GET, "/users").query(&[("q", address)]));
        let searched = world.count(searched).await;
        assert_eq!(searched.0.status, 200);
        assert!(searched.1.all() <= 3, "{:?}", searched.1);
        assert_eq!(
            searched.1.operations(),
            [(BATCH.to_owned(), 1), ("GetItem".to_owned(), 1)],
            "{address}"
        );
    }
}

#[tokio::test]
async fn a_search_of_those_who_are_hidden_asks_at_most_thrice() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    // All their entries are in the range, none is shown.
    for person in crowd(&world, 70).await {
        person
            .patch("/me", json!({"findable_by": {"name": false}}))
            .await
            .expect(200);
    }
    let (answer, count) = world.count(aiko.get("/users?q=zoe")).await;
    assert_eq!(answer.expect(200)["users"], json!([]));
    assert!((2..=3).contains(&count.of(QUERY)) && count.of(BATCH) == 1, "{count:?}");
}

#[tokio::test]
async fn lists_are_one_query_and_one_batch() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let lists = [
        "/contacts",
        "/blocks",
        "/contact-requests?direction=incoming",
        "/contact-requests?direction=outgoing",
    ];
    for list in lists {
        costs(&world.count(aiko.get(list)).await, 200, &[(BATCH, 1), (QUERY, 1)]);
    }
    for (number, person) in crowd(&world, 24).await.iter().enumerate() {
        match number % 4 {
            0 => aiko.connect(person).await,
            1 => aiko.block(person).await,
            2 => drop(aiko.ask(person).await),
            _ => drop(person.ask(&aiko).await),
        }
    }
    for list in lists {
        let mark = if list.contains('?') { '&' } else { '?' };
        let whole = world.count(aiko.get(list)).await;
        costs(&whole, 200, &[(BATCH, 1), (QUERY, 1)]);
        assert_eq!(whole.0.text.matches("\"account_id\"").count(), 6, "{list}");
        let first = world.count(aiko.get(&format!("{list}{mark}limit=2"))).await;
        costs(&first, 200, &[(BATCH, 1), (QUERY, 1)]);
        let cursor = first.0.json["next_cursor"].as_str().unwrap();
        let next = world
            .count(aiko.get(&format!("{list}{mark}limit=2&cursor={cursor}")))
            .await;
        costs(&next, 200, &[(BATCH, 1), (QUERY, 1)]);
    }
}

#[tokio::test]
async fn contacts_cost_one_query_more_at_the_seam() {
    let world = World::without_mail().await;
    let member = |number: usize| json!({"name": format!("Member {number}"), "email": format!("m{number}@people.example"), "organization": "Aoba"});
    let aiko = world.register(member(0)).await;
    for number in 1..5 {
        world.register(member(number)).await;
    }
    for person in crowd(&world, 5).await {
        aiko.connect(&person).await;
    }
    let whole = world.count(aiko.get("/contacts")).await;
    assert_eq!(whole.0.json["contacts"].as_array().map(Vec::len), Some(9));
    costs(&whole, 200, &[(BATCH, 1), (QUERY, 2)]);
    let mut path = "/contacts?limit=2".to_owned();
    let mut queries = Vec::new();
    loop {
        let (answer, count) = world.count(aiko.get(&path)).await;
        assert_eq!(count.of(BATCH), 1);
        queries.push(count.of(QUERY));
        let answer = answer.expect(200);
        match answer["next_cursor"].as_str() {
            Some(cursor) => path = format!("/contacts?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert!(queries.iter().all(|queries| *queries <= 2), "{queries:?}");
}

#[tokio::test]
async fn a_summary_is_two_counts_and_one_batch() {
    let world = World::without_mail().await;
    let aiko = world
        .register(json!({"name": "Aiko", "email": "a@people.example", "organization": "Aoba"}))
        .await;
    let ben = world.person("Ben").await;
    for person in [&aiko, &ben] {
        costs(
            &world.count(person.get("/contacts/summary")).await,
            200,
            &[(BATCH, 1), (QUERY, 2)],
        );
    }
    aiko.send_request(&ben).await;
    costs(
        &world.count(ben.get("/contacts/summary")).await,
        200,
        &[(BATCH, 1), (QUERY, 2)],
    );
}

#[tokio::test]
async fn a_change_between_two_is_a_read_and_a_transaction() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let ben = world
        .register(json!({"name": "Ben", "email": "b@people.example", "chatwork_id": "ben"}))
        .await;
    let one = [(BATCH, 1), (COMMIT, 1)];
    let two = [(BATCH, 2), (COMMIT, 1)];
    let id = |answer: &Reply| {
        answer.json["request"]["request_id"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };

    let asked = world.count(aiko.ask(&ben)).await;
    costs(&asked, 201, &one);
    costs(&world.count(aiko.ask(&ben)).await, 200, &[(BATCH, 1)]);
    costs(&world.count(aiko.cancel(&id(&asked.0))).await, 204, &two);
    let by_handle = aiko.post("/contact-requests", json!({"chatwork_id": "ben", "message": "hello"}));
    let asked = world.count(by_handle).await;
    costs(&asked, 201, &two);
    costs(&world.count(ben.decline(&id(&asked.0), "not_now")).await, 204, &two);
    // Crossed with a shadow: a request like any other.
    costs(&world.count(ben.ask(&aiko)).await, 200, &one);
    costs(
        &world.count(aiko.get(&format!("/contacts/{}", ben.id))).await,
        200,
        &[(BATCH, 1)],
    );
    costs(
        &world.count(aiko.delete(&format!("/contacts/{}", ben.id))).await,
        204,
        &one,
    );
    let asked = aiko.send_request(&ben).await;
    costs(&world.count(ben.accept(&asked)).await, 200, &two);
    let path = format!("/blocks/{}", ben.id);
    costs(&world.count(aiko.put(&path)).await, 204, &one);
    costs(&world.count(aiko.delete(&path)).await, 204, &one);
    // With a key there is one item more in the same calls.
    let kept = aiko.post_once("key", "/contact-requests", json!({"user_id": ben.id}));
    costs(&world.count(kept).await, 201, &one);
}

#[tokio::test]
async fn a_share_link_is_a_read_and_a_transaction() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let one = [(BATCH, 1), (COMMIT, 1)];
    let made = world.count(aiko.post("/share-links", json!({}))).await;
    costs(&made, 201, &one);
    let path = contacts_tests::links::path_of(&made.0.json);
    costs(
        &world.count(aiko.patch(&path, json!({"name": "Card"}))).await,
        200,
        &one,
    );
    costs(
        &world.count(aiko.post(&format!("{path}/rotate"), json!({}))).await,
        200,
        &one,
    );
    costs(&world.count(aiko.delete(&path)).await, 204, &one);
    costs(
        &world.count(aiko.get("/share-links")).await,
        200,
        &[(BATCH, 1), (QUERY, 1)],
    );
}

#[tokio::test]
async fn a_request_writes_few_units() {
    let world = World::without_mail().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let (asked, count) = world.count(aiko.ask(&ben)).await;
    // Two directions, the request's own item, and the two directions' places in a list.
    assert_eq!(count.write_units(), 8.0);
    let request = asked.json["request"]["request_id"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let (_, count) = world.count(ben.accept(&request)).await;
    assert!(count.write_units() <= 16.0, "{count:?}");
}

#[tokio::test]
async fn the_counting_counts() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let (_, once) = world.count(aiko.get("/me")).await;
    costs(&(aiko.get("/me").await, once.clone()), 200, &[(BATCH, 1)]);
    // One superfluous read, by hand, through the same connector.
    world.reset_calls().await;
    aiko.get("/me").await.expect(200);
    let table = json!({"TableName": "contacts", "Key": {"pk": {"S": "x"}, "sk": {"S": "x"}}});
    let read = world
        .request(Method::POST, "/_local/dynamodb")
        .header("x-amz-target", "DynamoDB_20120810.GetItem");
    contacts_tests::answer(read.body(table.to_string())).await;
    let counted = world.counted().await;
    assert_eq!(counted.all(), once.all() + 1, "{counted:?}");
    assert_ne!(
        counted.operations(),
        once.operations(),
        "the assertion of these tests would fail"
    );
    // A retry counts as well.
    world
        .break_dynamodb(json!([{"error": "InternalServerError", "times": 1}]))
        .await;
    let (_, retried) = world.count(aiko.get("/me")).await;
    assert_eq!(retried.of(BATCH), 2);
}
