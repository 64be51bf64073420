//! The largest body of each call, under an `Idempotency-Key`: what is taken has room in the table.

use contacts_tests::{
    DAY, Person, Reply, World,
    links::{path_of, token_of},
};
use serde_json::{Value, json};

/// A body's limit.
const MOST: usize = 256 * 1024;

/// Printable characters that no compression makes shorter, and that end no entry of a pasted block.
fn noise(length: usize, seed: u64) -> String {
    let characters: Vec<char> = ('!'..='~').filter(|c| !"\"\\,;|<>@".contains(*c)).collect();
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let at = usize::try_from(state >> 33).unwrap() % characters.len();
        characters[at]
    };
    (0..length).map(|_| next()).collect()
}

/// Lines of noise.
fn noisy_lines(lines: usize, length: usize) -> Vec<String> {
    (1..).take(lines).map(|seed| noise(length, seed)).collect()
}

/// The longest address: 64 characters before the `@`, 254 in all.
fn longest_address(number: usize) -> String {
    let label = "d".repeat(60);
    let domain = format!("{label}.{label}.{}.example", "d".repeat(59));
    format!("{number:064}@{domain}")
}

/// The largest message: 1,000 characters, 4,000 bytes, as many as JSON writes one as.
fn largest_message() -> String {
    "\u{20bb7}".repeat(1_000)
}

/// The largest name: 64 characters, 256 bytes.
fn largest_name() -> String {
    "\u{20bb7}".repeat(64)
}

/// Posts twice under a key: the same bytes, whatever they were.
async fn twice(person: &Person, key: &str, path: &str, body: &Value) -> Reply {
    let first = person.post_once(key, path, body.clone()).await;
    assert!(first.status < 300, "{path}: {}", first.text);
    let again = person.post_once(key, path, body.clone()).await;
    assert_eq!((again.status, &again.text), (first.status, &first.text), "{path}");
    first
}

fn is_nearly_full(body: &Value) {
    let length = body.to_string().len();
    assert!((MOST - 6_000..=MOST).contains(&length), "{length}");
}

#[tokio::test]
async fn fault_04_the_report_of_a_full_body_is_kept_with_its_effect() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let guests = (0..50).map(|number| format!("guest{number}@guest.example"));
    let lines: Vec<String> = guests.chain(noisy_lines(900, 286)).collect();
    let body = json!({"text": lines.join("\n")});
    is_nearly_full(&body);
    let report = twice(&aiko, "mix", "/invitations", &body).await.expect(202);
    assert_eq!(report["counts"], json!({"queued": 50, "invalid": 900}));
    assert_eq!(report["lines"][949]["raw"], lines[949]);
    assert_eq!(report["retry_text"], lines[50..].join("\n"));
    assert_eq!(aiko.list("/invitations", "invitations").await.len(), 50);
    assert_eq!(world.mailbox().await.len(), 50, "each is mailed once");
}

#[tokio::test]
async fn fault_04_a_dry_run_of_noise_is_kept() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    for (key, lines, length) in [("one line", 1, 258_000), ("a thousand", 1_000, 257)] {
        for dry_run in [true, false] {
            let body = json!({"text": noisy_lines(lines, length).join("\n"), "dry_run": dry_run});
            is_nearly_full(&body);
            let report = twice(&aiko, &format!("{key} {dry_run}"), "/invitations", &body).await;
            assert_eq!(report.json["counts"], json!({"invalid": lines}), "{key}");
        }
    }
}

#[tokio::test]
async fn fault_04_a_thousand_of_the_largest_invitations_are_kept() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let emails: Vec<String> = (0..1_000).map(longest_address).collect();
    let body = json!({"emails": emails, "message": largest_message()});
    is_nearly_full(&body);
    let report = twice(&aiko, "key", "/invitations", &body).await.expect(202);
    assert_eq!(report["counts"], json!({"queued": 1_000}));
    assert_eq!(report["lines"][999]["email"], emails[999]);
    let listed = aiko.list("/invitations", "invitations").await;
    assert_eq!(listed.len(), 1_000);
    assert!(
        listed
            .iter()
            .all(|invitation| invitation["message"] == largest_message())
    );
}

#[tokio::test]
async fn fault_04_the_largest_invitation_is_mailed_and_sent_again() {
    let world = World::start().await;
    let aiko = world.person(&largest_name()).await;
    let address = longest_address(7);
    let body = json!({"emails": [address], "message": largest_message(), "locale": "en"});
    let report = twice(&aiko, "key", "/invitations", &body).await.expect(202);
    let path = format!("/invitations/{}", report["lines"][0]["invitation_id"].as_str().unwrap());
    assert_eq!(world.mail_to(&address).await.len(), 1);
    world.pass(DAY + 60).await;
    let aiko = world.sign_in(&aiko).await;
    let resent = twice(&aiko, "again", &format!("{path}/resend"), &json!({})).await;
    assert_eq!(resent.json["message"], largest_message());
    assert_eq!(world.mail_to(&address).await.len(), 2);
    // Its request is as large.
    let ben = world.register(json!({"name": "Ben", "email": address})).await;
    world.idle().await;
    let request = ben.incoming().await.pop().unwrap();
    assert_eq!(request["message"], largest_message());
    let accept = format!("/contact-requests/{}/accept", request["request_id"].as_str().unwrap());
    twice(&ben, "accept", &accept, &json!({})).await;
    assert_eq!(aiko.state_of(&path).await, "accepted");
}

/// Names of 64 characters that are found by much: by words that fold into more, by many, by such as have spellings.
fn names_with_much_to_find() -> [String; 4] {
    let kana = |number: u32| char::from_u32(0x3042 + number).unwrap();
    let words = (0..32).map(|number| kana(number).to_string());
    [
        largest_name(),
        "\u{fdfa}".repeat(64),
        words.collect::<Vec<_>>().join(" ") + "x",
        (0..64).map(|number| kana(number % 60)).collect(),
    ]
}

#[tokio::test]
async fn fault_04_the_largest_profiles_are_written_and_changed() {
    let world = World::without_mail().await;
    let aiko = world
        .register(json!({"name": largest_name(), "email": longest_address(1)}))
        .await;
    for (number, name) in names_with_much_to_find().iter().enumerate() {
        let profile = json!({"name": name, "reading": name, "chatwork_id": format!("{number:050}")});
        let changed = aiko.patch("/me", profile).await.expect(200);
        assert_eq!((&changed["name"], &changed["reading"]), (&json!(name), &json!(name)));
        assert_eq!(aiko.get("/me").await.expect(200), changed);
    }
}

#[tokio::test]
async fn fault_04_the_largest_requests_and_links_are_kept() {
    let world = World::without_mail().await;
    let organization = largest_name();
    let person = |number: usize| {
        json!({
            "name": largest_name(),
            "email": longest_address(number),
            "chatwork_id": format!("{number:050}"),
            "organization": format!("{number}{}", &organization[4..]),
        })
    };
    let (aiko, ben, cyd) = (
        world.register(person(1)).await,
        world.register(person(2)).await,
        world.register(person(3)).await,
    );
    let ask = json!({"user_id": ben.id, "message": largest_message()});
    let sent = twice(&aiko, "ask", "/contact-requests", &ask).await;
    let pending = twice(&aiko, "ask again", "/contact-requests", &ask).await;
    assert_eq!(pending.json["request"]["message"], largest_message());
    assert_eq!(ben.incoming().await[0]["message"], largest_message());
    let accept = format!(
        "/contact-requests/{}/accept",
        sent.json["request"]["request_id"].as_str().unwrap()
    );
    twice(&ben, "accept", &accept, &json!({})).await;
    let settings = json!({
        "name": largest_name(),
        "approval": "automatic",
        "expires_in_days": 3_650,
        "max_uses": 100_000,
    });
    let link = twice(&aiko, "link", "/share-links", &settings).await.expect(201);
    aiko.patch(&path_of(&link), settings).await.expect(200);
    let rotated = twice(&aiko, "rotate", &format!("{}/rotate", path_of(&link)), &json!({})).await;
    let press = format!("/invite-links/{}/redemptions", token_of(&rotated.json));
    assert_eq!(
        twice(&cyd, "press", &press, &json!({})).await.json["outcome"],
        "connected"
    );
}

#[tokio::test]
async fn fault_04_a_search_for_what_folds_into_much_is_answered() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    for q in [
        "\u{fdfa}".repeat(100),
        "\u{30b7}".repeat(100),
        "\u{20bb7}".repeat(100),
        format!("{}@", "\u{fdfa}".repeat(318)),
    ] {
        let search = aiko.request(reqwest::Method::GET, "/users");
        let searched = contacts_tests::answer(search.query(&[("q", q.as_str()), ("by", "name")])).await;
        assert_eq!(searched.status, 200, "{}", searched.text);
        let listed = aiko.request(reqwest::Method::GET, "/contacts");
        let listed = contacts_tests::answer(listed.query(&[("q", q.as_str())])).await;
        assert_eq!(listed.status, 200, "{}", listed.text);
    }
}
