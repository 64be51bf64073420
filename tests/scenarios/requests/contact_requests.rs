//! Sending, answering and cancelling requests.

use contacts_tests::{DAY, Person, Reply, World};
use serde_json::{Value, json};

#[tokio::test]
async fn a_request_is_sent_seen_and_accepted() {
    let world = World::start().await;
    let aiko = world.person("田中愛子").await;
    let ben = world
        .register(json!({"name": "Ben", "email": "ben@people.example", "chatwork_id": "Ben-Cw", "department": "Sales"}))
        .await;
    let body = json!({"chatwork_id": "bEN-cW", "message": "はじめまして\nAiko"});
    let sent = aiko.post("/contact-requests", body).await.expect(201);
    assert_eq!(sent["outcome"], "sent");
    let request = &sent["request"];
    assert_eq!(
        (&request["direction"], &request["origin"]),
        (&json!("outgoing"), &json!("search"))
    );
    assert_eq!(request["user"]["user_id"], ben.id);
    assert_eq!(
        ninety_days_after(&request["created_at"]),
        day_of(&request["expires_at"])
    );

    let seen = ben.incoming().await;
    assert_eq!(seen.len(), 1);
    for field in ["request_id", "message", "origin", "created_at", "expires_at"] {
        assert_eq!(seen[0][field], request[field], "{field}");
    }
    assert_eq!(seen[0]["user"]["name"], "田中愛子");
    assert!(seen[0]["user"].get("email").is_none(), "not a contact yet: {seen:?}");
    assert!(!aiko.has_contact(&ben).await && !ben.has_contact(&aiko).await);

    let id = request["request_id"].as_str().unwrap();
    let contact = ben.accept(id).await.expect(200);
    assert_eq!(
        (&contact["user_id"], &contact["kind"]),
        (&json!(aiko.id), &json!("external"))
    );
    assert_eq!(contact["email"], aiko.email);
    let theirs = aiko.get(&format!("/contacts/{}", ben.id)).await.expect(200);
    assert_eq!(
        (&theirs["since"], &theirs["origin"]),
        (&contact["since"], &contact["origin"])
    );
    assert_eq!(theirs["department"], "Sales");
    for person in [&aiko, &ben] {
        assert!(person.incoming().await.is_empty() && person.outgoing().await.is_empty());
    }
    assert_eq!(ben.ask(&aiko).await.expect(200)["outcome"], "already_contact");
    assert_eq!(ben.accept(id).await.problem(409), "not_pending", "once");
}

fn day_of(time: &Value) -> String {
    time.as_str().unwrap_or_default().chars().take(10).collect()
}

fn ninety_days_after(time: &Value) -> String {
    let time: contacts::Timestamp = time.as_str().unwrap_or_default().parse().unwrap();
    (time + contacts::time::days(90)).day()
}

#[tokio::test]
async fn the_same_request_twice_is_one() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let first = aiko.ask(&ben).await.expect(201);
    let again = aiko
        .post("/contact-requests", json!({"user_id": ben.id, "message": "again"}))
        .await
        .expect(200);
    assert_eq!(again["outcome"], "already_pending");
    assert_eq!(again["request"], first["request"], "the message too stays");
    assert_eq!((ben.incoming().await.len(), aiko.outgoing().await.len()), (1, 1));
}

#[tokio::test]
async fn crossed_requests_connect() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let request = aiko.send_request(&ben).await;
    let crossed = ben.ask(&aiko).await.expect(200);
    assert_eq!(crossed, json!({"outcome": "connected", "request": null}));
    assert!(aiko.has_contact(&ben).await && ben.has_contact(&aiko).await);
    assert_eq!(aiko.cancel(&request).await.problem(409), "not_pending");
}

#[tokio::test]
async fn a_request_is_only_for_its_two() {
    let world = World::start().await;
    let (aiko, ben, eve) = (
        world.person("Aiko").await,
        world.person("Ben").await,
        world.person("Eve").await,
    );
    let request = aiko.send_request(&ben).await;
    let unknown = eve.accept("01ARZ3NDEKTSV4RRFFQ69G5FAV").await;
    unknown.problem(404);
    let tries = [
        aiko.accept(&request).await,
        aiko.decline(&request, "never").await,
        ben.cancel(&request).await,
        eve.accept(&request).await,
        eve.decline(&request, "not_now").await,
        eve.cancel(&request).await,
    ];
    for tried in tries {
        assert_eq!(
            (tried.status, &tried.text),
            (404, &unknown.text),
            "as if it did not exist"
        );
    }
    assert_eq!(ben.incoming().await.len(), 1, "untouched");
    ben.accept(&request).await.expect(200);
}

#[tokio::test]
async fn nobody_asks_themselves_or_nobody() {
    let world = World::start().await;
    let aiko = world
        .register(json!({"name": "Aiko", "email": "a@people.example", "chatwork_id": "aiko"}))
        .await;
    let ben = world
        .register(json!({"name": "Ben", "email": "b@people.example", "chatwork_id": "ben"}))
        .await;
    let own = aiko.ask(&aiko).await;
    assert_eq!(
        (own.problem(422), own.pointers()),
        ("invalid_input".to_owned(), vec!["/user_id".to_owned()])
    );
    aiko.post("/contact-requests", json!({"chatwork_id": "aiko"}))
        .await
        .problem(404);
    let nobody = aiko.post("/contact-requests", json!({"chatwork_id": "nobody"})).await;
    nobody.problem(404);
    let unknown = aiko.post("/contact-requests", json!({"user_id": "nobody"})).await;
    assert_eq!((unknown.status, &unknown.text), (404, &nobody.text));

    // Who may not be found by Chatwork ID cannot be asked by it, but by id still.
    ben.patch("/me", json!({"findable_by": {"chatwork_id": false}}))
        .await
        .expect(200);
    let hidden = aiko.post("/contact-requests", json!({"chatwork_id": "ben"})).await;
    assert_eq!((hidden.status, &hidden.text), (404, &nobody.text));
    assert!(ben.incoming().await.is_empty());
    aiko.send_request(&ben).await;
}

/// All that a sender can see of somebody asked, as bytes.
async fn view(sender: &Person, asked: &Person, name: &str) -> Vec<(u16, String)> {
    let mut seen = Vec::new();
    for path in [
        "/contact-requests?direction=outgoing".to_owned(),
        "/contact-requests?direction=incoming".to_owned(),
        format!("/users?q={name}"),
        format!("/users?q={}", asked.email),
        "/contacts/summary".to_owned(),
        "/contacts".to_owned(),
        format!("/contacts/{}", asked.id),
    ] {
        let answer = sender.get(&path).await;
        seen.push((answer.status, answer.text));
    }
    let again = sender.ask(asked).await;
    assert_eq!(again.json["outcome"], "already_pending");
    seen.push((again.status, again.text));
    seen
}

#[tokio::test]
async fn no_is_silent() {
    let world = World::start().await;
    let ben = world.person("Benjamin").await;
    for mode in ["not_now", "never"] {
        let aiko = world.person("Aiko").await;
        let request = aiko.send_request(&ben).await;
        let before = view(&aiko, &ben, "benjamin").await;
        assert_eq!(ben.decline(&request, mode).await.status, 204);
        world.idle().await;
        assert!(
            ben.incoming().await.is_empty(),
            "{mode}: the addressee has dealt with it"
        );
        let found = ben.search("aiko").await;
        let relation = found
            .iter()
            .find(|user| user["user_id"] == aiko.id)
            .map(|user| &user["relation"]);
        assert_eq!(relation, Some(&json!("none")), "{mode}");
        assert_eq!(
            view(&aiko, &ben, "benjamin").await,
            before,
            "{mode}: the sender sees the same bytes"
        );
        assert_eq!(ben.accept(&request).await.problem(409), "not_pending", "{mode}");
        assert_eq!(ben.decline(&request, mode).await.problem(409), "not_pending", "{mode}");
    }
    assert!(
        world.mail_to("person1@people.example").await.is_empty(),
        "no mail tells of it"
    );
}

#[tokio::test]
async fn not_now_is_what_a_decline_without_a_mode_says() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let request = aiko.send_request(&ben).await;
    let declined =
        contacts_tests::answer(ben.request(reqwest::Method::POST, &format!("/contact-requests/{request}/decline")))
            .await;
    assert_eq!(declined.status, 204, "without a body");
    let [aiko, ben] = world.pass_days(91, [&aiko, &ben]).await;
    aiko.send_request(&ben).await;
    assert_eq!(ben.incoming().await.len(), 1, "never would hide it");
}

#[tokio::test]
async fn a_shadow_costs_what_a_request_costs() {
    let world = World::without_mail().await;
    let (ben, cyd) = (world.person("Ben").await, world.person("Cyd").await);
    let (aiko, dan) = (world.person("Aiko").await, world.person("Dan").await);
    let shadow = aiko.send_request(&ben).await;
    ben.decline(&shadow, "never").await;
    let open = dan.send_request(&cyd).await;

    let (ordinary, silent) = (world.count(dan.ask(&cyd)).await, world.count(aiko.ask(&ben)).await);
    assert_eq!(
        (ordinary.0.status, ordinary.1.operations()),
        (silent.0.status, silent.1.operations()),
        "again"
    );
    let list = "/contact-requests?direction=outgoing";
    let (ordinary, silent) = (world.count(dan.get(list)).await, world.count(aiko.get(list)).await);
    assert_eq!(ordinary.1.operations(), silent.1.operations(), "list");
    let (ordinary, silent) = (
        world.count(dan.cancel(&open)).await,
        world.count(aiko.cancel(&shadow)).await,
    );
    assert_eq!((ordinary.0.status, ordinary.0.text), (silent.0.status, silent.0.text));
    assert_eq!(ordinary.1.operations(), silent.1.operations(), "cancel");
    let (ordinary, silent) = (world.count(dan.ask(&cyd)).await, world.count(aiko.ask(&ben)).await);
    assert_eq!(
        (ordinary.0.status, ordinary.1.operations()),
        (silent.0.status, silent.1.operations()),
        "anew"
    );
    assert_eq!((cyd.incoming().await.len(), ben.incoming().await.len()), (1, 0));
}

#[tokio::test]
async fn a_shadow_stands_as_long_as_a_request() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let request = aiko.send_request(&ben).await;
    ben.decline(&request, "not_now").await;
    // The cool-down is over; the shadow is not.
    let [aiko, ben] = world.pass_days(8, [&aiko, &ben]).await;
    let again = aiko.ask(&ben).await.expect(200);
    assert_eq!(
        (&again["outcome"], &again["request"]["request_id"]),
        (&json!("already_pending"), &json!(request))
    );
    assert!(ben.incoming().await.is_empty());
    let [aiko, ben] = world.pass_days(81, [&aiko, &ben]).await;
    assert_eq!(aiko.outgoing().await.len(), 1, "on the 89th day");
    let [aiko, ben] = world.pass_days(1, [&aiko, &ben]).await;
    assert!(aiko.outgoing().await.is_empty(), "expired like any other");
    let anew = aiko.send_request(&ben).await;
    assert_eq!(ben.incoming().await[0]["request_id"], anew.as_str(), "and shown again");
}

/// Asks, and tells whether the other sees it; then cancels, so that the next can be sent.
async fn is_shown(aiko: &Person, ben: &Person) -> bool {
    let request = aiko.send_request(ben).await;
    let shown = ben
        .incoming()
        .await
        .iter()
        .any(|seen| seen["request_id"] == request.as_str());
    assert_eq!(aiko.cancel(&request).await.status, 204);
    shown
}

#[tokio::test]
async fn cool_downs_grow_and_cancelling_resets_none() {
    let world = World::start().await;
    let (mut aiko, mut ben) = (world.person("Aiko").await, world.person("Ben").await);
    for days in [7, 30, 90, 90] {
        let request = aiko.send_request(&ben).await;
        assert_eq!(ben.incoming().await.len(), 1, "before {days} days");
        assert_eq!(ben.decline(&request, "not_now").await.status, 204);
        assert_eq!(aiko.cancel(&request).await.status, 204);
        assert!(!is_shown(&aiko, &ben).await, "on the day itself");
        [aiko, ben] = world.pass_days(days - 1, [&aiko, &ben]).await;
        assert!(!is_shown(&aiko, &ben).await, "after {} of {days} days", days - 1);
        [aiko, ben] = world.pass_days(1, [&aiko, &ben]).await;
        assert!(is_shown(&aiko, &ben).await, "after {days} days");
    }
}

#[tokio::test]
async fn never_is_forever_and_ends_when_they_ask() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let request = aiko.send_request(&ben).await;
    ben.decline(&request, "never").await;
    let [aiko, ben] = world.pass_days(400, [&aiko, &ben]).await;
    let shadow = aiko.send_request(&ben).await;
    assert!(ben.incoming().await.is_empty());
    assert_eq!(
        ben.ask(&aiko).await.expect(200)["outcome"],
        "connected",
        "the shadow stands"
    );
    assert!(aiko.has_contact(&ben).await && ben.has_contact(&aiko).await);
    assert_eq!(aiko.cancel(&shadow).await.problem(409), "not_pending");

    // They have agreed since: the refusal is gone with the contact.
    assert_eq!(aiko.delete(&format!("/contacts/{}", ben.id)).await.status, 204);
    aiko.send_request(&ben).await;
    assert_eq!(ben.incoming().await.len(), 1);
}

#[tokio::test]
async fn a_refusal_binds_one_way_only() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let request = aiko.send_request(&ben).await;
    ben.decline(&request, "never").await;
    aiko.cancel(&request).await;
    ben.send_request(&aiko).await;
    assert_eq!(aiko.incoming().await.len(), 1, "who refused may ask");
}

#[tokio::test]
async fn a_request_expires_by_the_clock() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let request = aiko.send_request(&ben).await;
    world.pass(90 * DAY - 60).await;
    let (aiko, ben) = (world.sign_in(&aiko).await, world.sign_in(&ben).await);
    assert_eq!((aiko.outgoing().await.len(), ben.incoming().await.len()), (1, 1));
    assert_eq!(ben.search("aiko").await[0]["relation"], "awaiting_me");
    world.pass(60).await;
    assert!(aiko.outgoing().await.is_empty() && ben.incoming().await.is_empty());
    assert_eq!(aiko.search("ben").await[0]["relation"], "none");
    let figures = ben.get("/contacts/summary").await.expect(200);
    assert_eq!(figures["requests"], json!({"incoming": 0, "outgoing": 0}));
    let late = ben.accept(&request).await;
    assert_eq!(
        (late.problem(409), &late.json["relation"]),
        ("not_pending".to_owned(), &json!("none"))
    );
    assert_eq!(ben.decline(&request, "never").await.problem(409), "not_pending");
    assert_eq!(aiko.cancel(&request).await.problem(409), "not_pending");
    assert!(!ben.has_contact(&aiko).await);
    assert_ne!(aiko.send_request(&ben).await, request, "a new one");
}

#[tokio::test]
async fn a_cancelled_request_is_gone() {
    let world = World::start().await;
    let (aiko, ben) = (world.person("Aiko").await, world.person("Ben").await);
    let request = aiko.send_request(&ben).await;
    let cancelled = aiko.cancel(&request).await;
    assert_eq!((cancelled.status, cancelled.text.as_str()), (204, ""));
    assert!(aiko.outgoing().await.is_empty() && ben.incoming().await.is_empty());
    assert_eq!(ben.accept(&request).await.problem(409), "not_pending");
    assert_eq!(aiko.cancel(&request).await.problem(409), "not_pending");
}

fn ids(requests: &[Value]) -> Vec<String> {
    requests
        .iter()
        .map(|request| request["request_id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn requests_come_in_pages_newest_first() {
    let world = World::start().await;
    let ben = world.person("Ben").await;
    let mut sent = Vec::new();
    for number in 0..25 {
        let sender = world.person(&format!("Sender {number}")).await;
        sent.push(sender.send_request(&ben).await);
    }
    sent.reverse();
    let pages = ben
        .pages("/contact-requests?direction=incoming", "contact_requests", 10)
        .await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
    assert_eq!(ids(&pages.concat()), sent);
    let whole = ben.get("/contact-requests?direction=incoming").await.expect(200);
    assert_eq!(
        whole["contact_requests"].as_array().map(Vec::len),
        Some(20),
        "unless a limit is given"
    );
    let figures = ben.get("/contacts/summary").await.expect(200);
    assert_eq!(figures["requests"], json!({"incoming": 25, "outgoing": 0}));

    // What is answered between two pages neither shifts nor repeats the rest.
    let first = ben
        .get("/contact-requests?direction=incoming&limit=10")
        .await
        .expect(200);
    assert_eq!(ben.decline(&sent[0], "never").await.status, 204);
    assert_eq!(ben.decline(&sent[12], "never").await.status, 204);
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = ben
        .get(&format!(
            "/contact-requests?direction=incoming&limit=100&cursor={cursor}"
        ))
        .await
        .expect(200);
    let left: Vec<String> = sent[10..].iter().filter(|id| **id != sent[12]).cloned().collect();
    assert_eq!(ids(rest["contact_requests"].as_array().unwrap()), left);
    assert_eq!(rest["next_cursor"], Value::Null);
}

#[tokio::test]
async fn outgoing_requests_are_listed_and_counted() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let mut sent = Vec::new();
    for number in 0..5 {
        sent.push(aiko.send_request(&world.person(&format!("Asked {number}")).await).await);
    }
    sent.reverse();
    let pages = aiko
        .pages("/contact-requests?direction=outgoing", "contact_requests", 2)
        .await;
    assert_eq!(ids(&pages.concat()), sent);
    assert!(pages.iter().all(|page| page.len() <= 2));
    let figures = aiko.get("/contacts/summary").await.expect(200);
    assert_eq!(figures["requests"], json!({"incoming": 0, "outgoing": 5}));
    let missing: Reply = aiko.get("/contact-requests").await;
    assert_eq!(
        (missing.problem(422), missing.pointers()),
        ("invalid_input".to_owned(), vec!["/direction".to_owned()])
    );
}
