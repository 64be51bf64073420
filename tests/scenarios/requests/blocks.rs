//! Blocking: each looks to the other like an erased account.

use contacts_tests::{Person, Reply, World};
use serde_json::{Value, json};

async fn aiko_and_ben(world: &World) -> [Person; 2] {
    let aiko = json!({"name": "Aiko Abc", "email": "aiko@people.example", "chatwork_id": "aiko-cw"});
    let ben = json!({"name": "Ben Xyz", "email": "ben@people.example", "chatwork_id": "ben-cw"});
    [world.register(aiko).await, world.register(ben).await]
}

/// All ways by which one could meet another; of somebody who does not exist: the same texts.
async fn meets(me: &Person, user_id: &str, name: &str, handle: &str, email: &str) -> Vec<(u16, String)> {
    let mut answers: Vec<Reply> = Vec::new();
    for path in [
        format!("/users?q={name}"),
        format!("/users?q={handle}&by=chatwork_id"),
        format!("/users?q={email}"),
        format!("/contacts/{user_id}"),
        "/contacts".to_owned(),
        "/contact-requests?direction=incoming".to_owned(),
        "/contact-requests?direction=outgoing".to_owned(),
        "/contacts/summary".to_owned(),
    ] {
        answers.push(me.get(&path).await);
    }
    answers.push(me.post("/contact-requests", json!({"user_id": user_id})).await);
    answers.push(me.post("/contact-requests", json!({"chatwork_id": handle})).await);
    answers.push(me.delete(&format!("/contacts/{user_id}")).await);
    answers.into_iter().map(|answer| (answer.status, answer.text)).collect()
}

async fn nobody(me: &Person) -> Vec<(u16, String)> {
    meets(
        me,
        "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "nobody",
        "nobody-cw",
        "nobody@people.example",
    )
    .await
}

#[tokio::test]
async fn the_two_look_erased_to_each_other() {
    let world = World::start().await;
    let [aiko, ben] = aiko_and_ben(&world).await;
    // Those who have a contact and a request see both end with the block.
    for before in ["nothing", "contact", "request", "their request", "shadow"] {
        let mut requests = Vec::new();
        match before {
            "contact" => aiko.connect(&ben).await,
            "request" => requests.push(aiko.send_request(&ben).await),
            "their request" => requests.push(ben.send_request(&aiko).await),
            "shadow" => {
                let request = ben.send_request(&aiko).await;
                assert_eq!(aiko.decline(&request, "not_now").await.status, 204);
                requests.push(request);
            }
            _ => {}
        }
        aiko.block(&ben).await;
        world.idle().await;
        let seen = meets(&ben, &aiko.id, "abc", "aiko-cw", "aiko@people.example").await;
        assert_eq!(seen, nobody(&ben).await, "the blocked one, after {before}");
        let seen = meets(&aiko, &ben.id, "xyz", "ben-cw", "ben@people.example").await;
        assert_eq!(seen, nobody(&aiko).await, "the blocker, after {before}");
        for request in requests {
            let unknown = ben.accept("01ARZ3NDEKTSV4RRFFQ69G5FAV").await;
            for person in [&aiko, &ben] {
                let tries = [
                    person.accept(&request).await,
                    person.decline(&request, "never").await,
                    person.cancel(&request).await,
                ];
                for tried in tries {
                    assert_eq!((tried.status, &tried.text), (404, &unknown.text), "after {before}");
                }
            }
        }
        // The blocked one cannot even tell by blocking, and has no list of it.
        ben.put(&format!("/blocks/{}", aiko.id)).await.problem(404);
        ben.delete(&format!("/blocks/{}", aiko.id)).await.problem(404);
        assert!(ben.list("/blocks", "blocks").await.is_empty());

        assert_eq!(aiko.delete(&format!("/blocks/{}", ben.id)).await.status, 204);
        assert!(
            !aiko.has_contact(&ben).await && !ben.has_contact(&aiko).await,
            "nothing comes back"
        );
        for (me, q) in [(&aiko, "xyz"), (&ben, "abc")] {
            let found = me.search(q).await;
            assert_eq!(
                (found.len(), &found[0]["relation"]),
                (1, &json!("none")),
                "after {before}"
            );
        }
    }
}

#[tokio::test]
async fn who_is_blocked_is_listed() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let mut blocked = Vec::new();
    for number in 0..5 {
        let other = world.person(&format!("Other {number}")).await;
        aiko.block(&other).await;
        blocked.push(other.id);
        // Two in one millisecond have no order.
        let last = aiko.list("/blocks", "blocks").await[0]["blocked_at"].clone();
        while world.get("/_local/clock").await.expect(200)["now"] == last {}
    }
    blocked.reverse();
    let pages = aiko.pages("/blocks", "blocks", 2).await;
    let ids = |list: &[Value]| -> Vec<String> {
        list.iter()
            .map(|block| block["user_id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&pages.concat()), blocked, "newest first");
    assert!(pages.iter().all(|page| page.len() <= 2));
    assert!(!pages.concat().iter().any(|block| block.to_string().contains('@')));

    let since = pages[0][0]["blocked_at"].clone();
    assert_eq!(
        aiko.put(&format!("/blocks/{}", blocked[0])).await.status,
        204,
        "once more"
    );
    let list = aiko.list("/blocks", "blocks").await;
    assert_eq!(
        (list.len(), &list[0]["blocked_at"]),
        (5, &since),
        "it is the same block"
    );
    let path = format!("/blocks/{}", blocked[0]);
    assert_eq!(aiko.delete(&path).await.status, 204);
    aiko.delete(&path).await.problem(404);
    assert_eq!(aiko.list("/blocks", "blocks").await.len(), 4);
}

#[tokio::test]
async fn colleagues_oneself_and_nobody_cannot_be_blocked() {
    let world = World::start().await;
    let aiko = world
        .register(json!({"name": "Aiko", "email": "a@people.example", "organization": "Aoba"}))
        .await;
    let ben = world
        .register(json!({"name": "Ben", "email": "b@people.example", "organization": "Aoba"}))
        .await;
    assert_eq!(
        aiko.put(&format!("/blocks/{}", ben.id)).await.problem(409),
        "internal_contact"
    );
    aiko.put(&format!("/blocks/{}", aiko.id)).await.problem(404);
    aiko.put("/blocks/nobody").await.problem(404);
    aiko.delete(&format!("/blocks/{}", ben.id)).await.problem(404);
    assert!(aiko.list("/blocks", "blocks").await.is_empty());
    assert!(aiko.has_contact(&ben).await);
}

#[tokio::test]
async fn a_block_forgets_no_refusal() {
    let world = World::start().await;
    let [aiko, ben] = aiko_and_ben(&world).await;
    let request = aiko.send_request(&ben).await;
    ben.decline(&request, "never").await;
    ben.block(&aiko).await;
    assert_eq!(ben.delete(&format!("/blocks/{}", aiko.id)).await.status, 204);
    aiko.send_request(&ben).await;
    assert!(ben.incoming().await.is_empty(), "a shadow, still");
}

#[tokio::test]
async fn pages_of_a_search_tell_of_nobody_hidden() {
    let world = World::start().await;
    let victim = world.person("Victim").await;
    let people = ["Ken", "Kenta", "Kento"].map(|name| {
        json!({"name": name, "reading": "サトウ ケン", "email": format!("{name}@x.example"), "chatwork_id": format!("sato-{name}")})
    });
    let mut hidden = Vec::new();
    for person in people {
        let person = world.register(person).await;
        person.block(&victim).await;
        hidden.push(person);
    }
    for limit in 1..=3 {
        let pages = victim.pages("/users?q=sato", "users", limit).await;
        assert_eq!(
            pages,
            [Vec::<serde_json::Value>::new()],
            "all are hidden, {limit} a page"
        );
    }
    let unblocked = hidden[1].delete(&format!("/blocks/{}", victim.id)).await;
    assert_eq!(unblocked.status, 204);
    for limit in 1..=3 {
        let pages = victim.pages("/users?q=sato", "users", limit).await;
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [1], "{limit} a page");
    }
}
