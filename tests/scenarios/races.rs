//! Many at once: what is left afterwards is what some order of them leaves.

use std::collections::BTreeMap;

use contacts_tests::{Person, Reply, World, at_once, links::path_of};
use serde_json::{Value, json};

/// Clients that act at once.
const CLIENTS: usize = 64;

/// How often each answer came: its status, and its outcome or code.
fn tally(answers: &[Reply]) -> BTreeMap<(u16, String), usize> {
    let mut tally = BTreeMap::new();
    for answer in answers {
        let word = answer.json["outcome"]
            .as_str()
            .or(answer.json["code"].as_str())
            .unwrap_or_default();
        *tally.entry((answer.status, word.to_owned())).or_insert(0) += 1;
    }
    tally
}

fn times(answers: &[Reply], status: u16, word: &str) -> usize {
    tally(answers)
        .get(&(status, word.to_owned()))
        .copied()
        .unwrap_or_default()
}

/// How one stands to another, by everything that one can see: (relation, contact, incoming, outgoing, blocks).
async fn stands(me: &Person, other: &Person) -> (String, bool, usize, usize, usize) {
    let found = me.search(&other.email).await;
    let relation = found
        .first()
        .map_or("blocked", |user| user["relation"].as_str().unwrap_or_default());
    let of = |list: Vec<Value>, field: &str| {
        list.iter()
            .filter(|item| item[field]["user_id"] == other.id.as_str() || item["user_id"] == other.id.as_str())
            .count()
    };
    let contact = me.has_contact(other).await;
    let listed = of(me.list("/contacts", "contacts").await, "user");
    assert_eq!(
        listed,
        usize::from(contact),
        "the list of contacts and the contact agree"
    );
    let figures = me.get("/contacts/summary").await.expect(200);
    assert_eq!(figures["contacts"]["external"], usize::from(contact), "the counter too");
    (
        relation.to_owned(),
        contact,
        of(me.incoming().await, "user"),
        of(me.outgoing().await, "user"),
        of(me.list("/blocks", "blocks").await, "user"),
    )
}

/// The one state of the two, which must be one of those that there are.
async fn state(aiko: &Person, ben: &Person) -> &'static str {
    let (one, other) = (stands(aiko, ben).await, stands(ben, aiko).await);
    let is = |(relation, contact, incoming, outgoing, blocks): &(String, bool, usize, usize, usize)| {
        (relation.clone(), *contact, *incoming, *outgoing, *blocks)
    };
    let of = |relation: &str, contact, incoming, outgoing, blocks| {
        (relation.to_owned(), contact, incoming, outgoing, blocks)
    };
    let (none, contact) = (of("none", false, 0, 0, 0), of("contact", true, 0, 0, 0));
    let (asked, awaits) = (of("requested", false, 0, 1, 0), of("awaiting_me", false, 1, 0, 0));
    let (blocks, blocked) = (of("blocked", false, 0, 0, 1), of("blocked", false, 0, 0, 0));
    match (is(&one), is(&other)) {
        (a, b) if a == none && b == none => "none",
        (a, b) if a == contact && b == contact => "contact",
        (a, b) if a == asked && b == awaits => "aiko asked",
        (a, b) if a == awaits && b == asked => "ben asked",
        (a, b) if a == asked && b == none => "shadow of aiko",
        (a, b) if a == none && b == asked => "shadow of ben",
        (a, b) if a == blocks && b == blocked => "aiko blocks",
        (a, b) if a == blocked && b == blocks => "ben blocks",
        other => panic!("half a pair: {other:?}"),
    }
}

fn no_surprise(answers: &[Reply], allowed: &[u16]) {
    for answer in answers {
        assert!(allowed.contains(&answer.status), "{} {}", answer.status, answer.text);
        assert!(
            answer.status != 503 || answer.headers.contains_key("retry-after"),
            "{answer:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_asks_64_times_at_once() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let ask = |_| {
        let (aiko, ben) = (aiko.clone(), ben.clone());
        async move { aiko.ask(&ben).await }
    };
    let answers = at_once((0..CLIENTS).map(ask)).await;
    no_surprise(&answers, &[200, 201, 503]);
    assert_eq!(times(&answers, 201, "sent"), 1, "{:?}", tally(&answers));
    let ids: Vec<&Value> = answers
        .iter()
        .filter(|a| a.status < 300)
        .map(|a| &a.json["request"]["request_id"])
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "one request, one id");
    assert_eq!(state(&aiko, &ben).await, "aiko asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn crossed_requests_at_once_connect_once() {
    let world = World::start().await;
    for _ in 0..4 {
        let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
        let ask = |number: usize| {
            let (one, other) = if number.is_multiple_of(2) {
                (&aiko, &ben)
            } else {
                (&ben, &aiko)
            };
            let (one, other) = (one.clone(), other.clone());
            async move { one.ask(&other).await }
        };
        let answers = at_once((0..16).map(ask)).await;
        no_surprise(&answers, &[200, 201, 503]);
        let counts = (times(&answers, 201, "sent"), times(&answers, 200, "connected"));
        assert_eq!(counts, (1, 1), "{:?}", tally(&answers));
        assert_eq!(state(&aiko, &ben).await, "contact");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_is_answered_in_one_way() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let request = aiko.send_request(&ben).await;
    let act = |number: usize| {
        let (aiko, ben, request) = (aiko.clone(), ben.clone(), request.clone());
        async move {
            match number % 4 {
                0 => ben.accept(&request).await,
                1 => aiko.cancel(&request).await,
                2 => ben.decline(&request, "not_now").await,
                _ => ben.decline(&request, "never").await,
            }
        }
    };
    let answers = at_once((0..CLIENTS).map(act)).await;
    no_surprise(&answers, &[200, 204, 409, 503]);
    let done = |kind: &[usize]| {
        answers
            .iter()
            .enumerate()
            .filter(|(number, answer)| kind.contains(&(number % 4)) && answer.status < 300)
            .count()
    };
    let (accepted, cancelled, declined) = (done(&[0]), done(&[1]), done(&[2, 3]));
    let left = state(&aiko, &ben).await;
    // A declined request may be cancelled afterwards: its sender cannot tell.
    let explained = match (accepted, cancelled, declined) {
        (1, 0, 0) => "contact",
        (0, 1, 0 | 1) => "none",
        (0, 0, 1) => "shadow of aiko",
        other => panic!("more than one winner: {other:?}, {left}"),
    };
    assert_eq!(left, explained);
}

/// What Aiko and Ben do, for each client by its number.
async fn anything(number: usize, aiko: Person, ben: Person, request: String) -> Reply {
    let (blocks_ben, blocks_aiko) = (format!("/blocks/{}", ben.id), format!("/blocks/{}", aiko.id));
    match number % 9 {
        0 => ben.accept(&request).await,
        1 => aiko.cancel(&request).await,
        2 => ben.decline(&request, "not_now").await,
        3 => aiko.ask(&ben).await,
        4 => ben.ask(&aiko).await,
        5 => aiko.put(&blocks_ben).await,
        6 => aiko.delete(&blocks_ben).await,
        7 => ben.put(&blocks_aiko).await,
        _ => aiko.delete(&format!("/contacts/{}", ben.id)).await,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn anything_at_once_leaves_a_whole_pair() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let request = aiko.send_request(&ben).await;
    let acts = (0..CLIENTS).map(|number| anything(number, aiko.clone(), ben.clone(), request.clone()));
    let answers = at_once(acts).await;
    no_surprise(&answers, &[200, 201, 204, 404, 409, 503]);
    let accepted = answers.iter().step_by(9).filter(|answer| answer.status == 200).count();
    assert!(accepted <= 1, "a request is accepted once: {:?}", tally(&answers));
    let left = state(&aiko, &ben).await;

    // The pair works on from wherever it is.
    for (one, other) in [(&aiko, &ben), (&ben, &aiko)] {
        let unblocked = one.delete(&format!("/blocks/{}", other.id)).await;
        assert!([204, 404].contains(&unblocked.status), "after {left}: {unblocked:?}");
    }
    aiko.ask(&ben).await;
    ben.ask(&aiko).await;
    assert_eq!(state(&aiko, &ben).await, "contact", "after {left}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_handle_goes_to_one_of_64() {
    let world = World::start().await;
    let mut people = Vec::new();
    for number in 0..CLIENTS {
        people.push(world.person(&format!("Person {number}")).await);
    }
    let claim = |person: &Person| {
        let person = person.clone();
        async move { person.patch("/me", json!({"chatwork_id": "the-one"})).await }
    };
    let answers = at_once(people.iter().map(claim)).await;
    no_surprise(&answers, &[200, 409, 503]);
    assert_eq!(
        answers.iter().filter(|answer| answer.status == 200).count(),
        1,
        "{:?}",
        tally(&answers)
    );
    let winner = answers.iter().position(|answer| answer.status == 200).unwrap();
    for (number, person) in people.iter().enumerate() {
        let handle = person.get("/me").await.expect(200)["chatwork_id"].clone();
        assert_eq!(
            handle,
            if number == winner {
                json!("the-one")
            } else {
                Value::Null
            }
        );
    }
    let found = people[(winner + 1) % CLIENTS].search("the-one").await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["user_id"], people[winner].id);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_at_once_has_one_effect() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let ask = |_| {
        let (aiko, ben) = (aiko.clone(), ben.clone());
        async move {
            aiko.post_once("key-1", "/contact-requests", json!({"user_id": ben.id}))
                .await
        }
    };
    let answers = at_once((0..16).map(ask)).await;
    no_surprise(&answers, &[201, 409, 503]);
    let sent: Vec<&Reply> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert!(
        !sent.is_empty() && sent.iter().all(|answer| answer.text == sent[0].text),
        "{:?}",
        tally(&answers)
    );
    assert_eq!(state(&aiko, &ben).await, "aiko asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_place_for_a_share_link_goes_to_one_of_64() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    for _ in 0..49 {
        aiko.share_link(json!({})).await;
    }
    let make = |_| {
        let aiko = aiko.clone();
        async move { aiko.post("/share-links", json!({})).await }
    };
    // The SDK sends each transaction a second time: by then all have seen the free place.
    let once_more = json!([{"error": "InternalServerError", "operation": "TransactWriteItems", "times": CLIENTS}]);
    world.break_dynamodb(once_more).await;
    let answers = at_once((0..CLIENTS).map(make)).await;
    no_surprise(&answers, &[201, 409, 503]);
    assert_eq!(times(&answers, 201, ""), 1, "{:?}", tally(&answers));
    assert!(times(&answers, 409, "too_many_links") > 0, "{:?}", tally(&answers));
    assert_eq!(aiko.share_links().await.len(), 50);

    // However often it is removed at once, it makes one place.
    let path = path_of(&aiko.share_links().await[0]);
    let remove = |_| {
        let (aiko, path) = (aiko.clone(), path.clone());
        async move { aiko.delete(&path).await }
    };
    let answers = at_once((0..8).map(remove)).await;
    no_surprise(&answers, &[204, 404, 503]);
    assert_eq!(times(&answers, 204, ""), 1, "{:?}", tally(&answers));
    aiko.share_link(json!({})).await;
    assert_eq!(
        aiko.post("/share-links", json!({})).await.problem(409),
        "too_many_links"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_changes_of_one_link_both_stand() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let path = path_of(&aiko.share_link(json!({})).await);
    // The SDK sends both transactions a second time: by then each has read the link as it was.
    let once_more = json!([{"error": "InternalServerError", "operation": "TransactWriteItems", "times": 2}]);
    world.break_dynamodb(once_more).await;
    let (named, switched) = tokio::join!(
        aiko.patch(&path, json!({"name": "Fair"})),
        aiko.patch(&path, json!({"enabled": false}))
    );
    assert_eq!((named.status, switched.status), (200, 200));
    let links = aiko.share_links().await;
    assert_eq!(
        (&links[0]["name"], &links[0]["enabled"]),
        (&json!("Fair"), &json!(false))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_leaves_no_request_whoever_is_quicker() {
    let world = World::start().await;
    let ben = world.person("Ben").await;
    world.idle().await;
    // The SDK sends both transactions a second time: by then both have seen the other's beginning.
    let once_more = json!([{"error": "InternalServerError", "operation": "TransactWriteItems", "times": 2}]);
    for round in 0..4 {
        let aiko = world.person("Aiko").await;
        let address = format!("late{round}@guest.example");
        let late = aiko.invited(&address).await;
        world.idle().await;
        // The mailer makes requests of them: of the one since Ben is registered, of the other since
        // somebody has signed up.
        let to_ben = aiko.invited(&ben.email).await;
        world.break_dynamodb(once_more.clone()).await;
        let (revoked, ()) = tokio::join!(aiko.delete(&to_ben), world.idle());
        assert_eq!(revoked.status, 204, "{revoked:?}");
        world.mend_dynamodb().await;
        let guest = world.register(json!({"name": "Guest", "email": address})).await;
        world.break_dynamodb(once_more.clone()).await;
        let (revoked, ()) = tokio::join!(aiko.delete(&late), world.idle());
        assert_eq!(revoked.status, 204, "{revoked:?}");
        world.mend_dynamodb().await;
        world.idle().await;
        assert!(ben.incoming().await.is_empty(), "round {round}");
        assert!(guest.incoming().await.is_empty(), "round {round}");
    }
}
