//! Inviting by e-mail: the report, the mails, and what the inviter may know.

use std::collections::{BTreeMap, BTreeSet};

use contacts_tests::{
    DAY, Person, World,
    mail::{invite_token, unsubscribe_token},
    root,
};
use serde_json::{Value, json};

/// Sends the block; each of its entries is reported as expected.
async fn reported(inviter: &Person, block: &str, expected: &[Value], addresses: &BTreeSet<&str>) {
    let body = json!({"text": block, "message": "ようこそ"});
    let report = inviter.post("/invitations", body).await.expect(202);
    let lines = report["lines"].as_array().unwrap();
    assert_eq!(lines.len(), expected.len());
    for (line, expected) in lines.iter().zip(expected) {
        let status = if expected["status"] == "valid" {
            &json!("queued")
        } else {
            &expected["status"]
        };
        assert_eq!(line["status"], *status, "{line}");
        for field in ["line", "raw", "email", "reason", "duplicate_of_line"] {
            assert_eq!(line[field], expected[field], "{field} of {line}");
        }
        assert_eq!(line["invitation_id"].is_string(), line["status"] == "queued", "{line}");
    }
    let of = |status: &'static str| expected.iter().filter(move |entry| entry["status"] == status);
    let counts = json!({
        "queued": addresses.len(), "invalid": of("invalid").count(), "duplicate": of("duplicate").count(),
    });
    assert_eq!(report["counts"], counts);
    let to_mend: Vec<&str> = of("invalid").map(|entry| entry["raw"].as_str().unwrap()).collect();
    assert_eq!(report["retry_text"], to_mend.join("\n"));
    let quota = &report["quota"];
    let used = quota["limit"].as_u64().unwrap() - quota["remaining"].as_u64().unwrap();
    assert_eq!(usize::try_from(used).unwrap(), addresses.len());
}

/// Each address has one mail, with links of its own that work.
async fn mailed(world: &World, stranger: &Person, addresses: &BTreeSet<&str>, is_registered: impl Fn(&str) -> bool) {
    let mail = world.mailbox().await;
    assert_eq!(mail.len(), addresses.len(), "one mail each");
    let to: BTreeSet<&str> = mail.iter().map(|mail| mail["to"].as_str().unwrap()).collect();
    assert_eq!(to, *addresses);
    let mut tokens = BTreeSet::new();
    for (number, mail) in mail.iter().enumerate() {
        assert!(mail["text"].as_str().unwrap().contains("ようこそ"), "{mail}");
        let token = invite_token(mail);
        // A call each takes its time: some of all kinds stand for the others.
        if number % 8 == 0 || is_registered(mail["to"].as_str().unwrap()) {
            let link = stranger.get(&format!("/invite-links/{token}")).await.expect(200);
            let expected = json!({
                "kind": "email", "view": "redeemable", "effect": "ask",
                "inviter": {"name": "田中愛子", "avatar_image_url": null},
            });
            assert_eq!(link, expected, "{mail}");
        }
        assert!(
            tokens.insert(token) && tokens.insert(unsubscribe_token(mail)),
            "a token of its own: {mail}"
        );
    }
}

#[tokio::test]
async fn a_pasted_block_is_reported_line_by_line_and_mailed() {
    let world = World::start().await;
    let inviter = world.person("田中愛子").await;
    let stranger = world.person("Stranger").await;
    let block = std::fs::read_to_string(root().join("tests/bulk/pasted-block.txt")).unwrap();
    let expected = std::fs::read_to_string(root().join("tests/bulk/pasted-block.json")).unwrap();
    let expected: Vec<Value> = serde_json::from_str(&expected).unwrap();
    let people = std::fs::read_to_string(root().join("tests/people.csv")).unwrap();
    let people: BTreeSet<&str> = people.split([',', '\n']).filter(|cell| cell.contains('@')).collect();
    let addresses = expected.iter().filter(|entry| entry["status"] == "valid");
    let addresses: BTreeSet<&str> = addresses.map(|entry| entry["email"].as_str().unwrap()).collect();
    let mut registered = BTreeMap::new();
    for email in addresses.intersection(&people).take(25) {
        registered.insert(
            *email,
            world.register(json!({"name": "Registered", "email": email})).await,
        );
    }
    assert_eq!(registered.len(), 25);

    reported(&inviter, &block, &expected, &addresses).await;
    mailed(&world, &stranger, &addresses, |to| registered.contains_key(to)).await;
    for (email, person) in &registered {
        let requests = person.incoming().await;
        assert_eq!(requests.len(), 1, "{email}");
        assert_eq!(requests[0]["user"]["user_id"], inviter.id);
        assert_eq!(requests[0]["message"], "ようこそ");
        assert_eq!(requests[0]["origin"], "email_invitation");
    }
}

#[tokio::test]
async fn fields_come_before_the_text_and_both_count_lines() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let body = json!({
        "emails": ["a@guest.example", "", "nonsense"],
        "text": "\r\nＢ＠guest.example\nBob <A@guest.example>; c@guest.example\n",
    });
    let report = aiko.post("/invitations", body).await.expect(202);
    let lines: Vec<Value> = report["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            json!([
                line["line"],
                line["raw"],
                line["email"],
                line["status"],
                line["duplicate_of_line"]
            ])
        })
        .collect();
    let expected = json!([
        [1, "a@guest.example", "a@guest.example", "queued", null],
        [3, "nonsense", null, "invalid", null],
        [5, "Ｂ＠guest.example", "b@guest.example", "queued", null],
        [6, "Bob <A@guest.example>", "a@guest.example", "duplicate", 1],
        [6, "c@guest.example", "c@guest.example", "queued", null],
    ]);
    assert_eq!(json!(lines), expected);
    assert_eq!(report["retry_text"], "nonsense");
}

#[tokio::test]
async fn strict_refuses_all_and_a_dry_run_keeps_nothing() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let mixed = json!(["good@guest.example", "no address", "GOOD@guest.example"]);
    let call = |emails: &Value, mode: &str, dry_run: bool| {
        let body = json!({"emails": emails, "mode": mode, "dry_run": dry_run});
        let aiko = aiko.clone();
        async move { aiko.post("/invitations", body).await }
    };
    let statuses = |report: &Value| -> Vec<String> {
        let lines = report["lines"].as_array().unwrap().iter();
        lines.map(|line| line["status"].as_str().unwrap().to_owned()).collect()
    };
    let nothing_kept = async || {
        assert!(world.mail_to("good@guest.example").await.is_empty());
        let kept = aiko.get("/invitations").await.expect(200);
        assert_eq!(kept["invitations"], json!([]));
    };
    for (mode, dry_run, status) in [("strict", false, 422), ("strict", true, 200), ("lenient", true, 200)] {
        let report = call(&mixed, mode, dry_run).await.expect(status);
        assert_eq!(statuses(&report), ["queued", "invalid", "duplicate"], "{mode}");
        assert_eq!(report["retry_text"], "no address");
        assert_eq!(report["quota"]["remaining"], report["quota"]["limit"], "{mode}");
        nothing_kept().await;
    }
    // A duplicate is nothing to fix.
    let report = call(&json!(["good@guest.example", "GOOD@guest.example"]), "strict", false).await;
    assert_eq!(statuses(&report.expect(202)), ["queued", "duplicate"]);
    // The retry text of a lenient call holds exactly what is left to do.
    let mixed = json!(["other@guest.example", "no address", "x@", "good@guest.example"]);
    let report = call(&mixed, "lenient", false).await.expect(202);
    assert_eq!(statuses(&report), ["queued", "invalid", "invalid", "already_invited"]);
    assert_eq!(report["retry_text"], "no address\nx@");
    assert_eq!(world.mail_to("good@guest.example").await.len(), 1);
    assert_eq!(world.mail_to("other@guest.example").await.len(), 1);
}

#[tokio::test]
async fn each_line_tells_what_the_inviter_may_know() {
    let world = World::with_settings(&[("INVITATIONS_PER_DAY", "3")]).await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let request = aiko
        .post("/contact-requests", json!({"user_id": ben.id}))
        .await
        .expect(201);
    let id = request["request"]["request_id"].as_str().unwrap().to_owned();
    ben.post(&format!("/contact-requests/{id}/accept"), json!({}))
        .await
        .expect(200);
    let open = aiko.invite("open@guest.example").await;

    let emails = [
        ben.email.as_str(),
        "open@guest.example",
        aiko.email.as_str(),
        "1@guest.example",
        "2@guest.example",
        "3@guest.example",
        "4@guest.example",
    ];
    let report = aiko.post("/invitations", json!({"emails": emails})).await.expect(202);
    let lines = report["lines"].as_array().unwrap();
    let statuses: Vec<&str> = lines.iter().map(|line| line["status"].as_str().unwrap()).collect();
    let expected = [
        "already_contact",
        "already_invited",
        "self",
        "queued",
        "queued",
        "over_quota",
        "over_quota",
    ];
    assert_eq!(statuses, expected);
    assert_eq!(lines[1]["invitation_id"], open["invitation_id"]);
    assert_eq!(report["retry_text"], "3@guest.example\n4@guest.example");
    assert_eq!(report["quota"]["limit"], 3);
    assert_eq!(report["quota"]["remaining"], 0);
    assert!(world.mail_to(&ben.email).await.is_empty(), "a contact gets no mail");
    assert!(world.mail_to(&aiko.email).await.is_empty());
    assert!(world.mail_to("3@guest.example").await.is_empty());
    assert_eq!(world.mail_to("open@guest.example").await.len(), 1);

    // Others have their own quota, and tomorrow is another day.
    assert_eq!(ben.invite("3@guest.example").await["status"], "queued");
    world.pass(DAY).await;
    let aiko = world.sign_in(&aiko).await;
    assert_eq!(aiko.invite("3@guest.example").await["status"], "queued");
}

#[tokio::test]
async fn a_colleague_is_a_contact_already() {
    let world = World::start().await;
    let of = |name: &str| json!({"name": name, "email": format!("{name}@works.example"), "organization": "Works"});
    let aiko = world.register(of("aiko")).await;
    let ben = world.register(of("ben")).await;
    assert_eq!(aiko.invite(&ben.email).await["status"], "already_contact");
    assert!(world.mail_to(&ben.email).await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_its_place() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let many: Vec<String> = (0..1_001).map(|n| format!("{n}@guest.example")).collect();
    for (body, pointer, code) in [
        (json!({"emails": many}), "/emails", "too_many"),
        (json!({"text": many.join("\n")}), "/text", "too_many"),
        (json!({}), "/emails", "empty"),
        (json!({"emails": [], "text": " ,; \r\n"}), "/emails", "empty"),
        (
            json!({"emails": ["a@guest.example"], "message": "x".repeat(1_001)}),
            "/message",
            "too_long",
        ),
        (
            json!({"emails": ["a@guest.example"], "message": "a\u{202e}b"}),
            "/message",
            "control_character",
        ),
        (
            json!({"emails": ["a@guest.example"], "locale": "fr"}),
            "/locale",
            "unknown_value",
        ),
        (
            json!({"emails": ["a@guest.example"], "mode": "Strict"}),
            "/mode",
            "unknown_value",
        ),
        (json!({"emails": "a@guest.example"}), "/emails", "wrong_type"),
        (json!({"emails": [7]}), "/emails/0", "wrong_type"),
        (json!({"emails": ["a@guest.example"], "to": 1}), "/to", "unknown_field"),
    ] {
        let refused = aiko.post("/invitations", body).await;
        refused.problem(422);
        assert_eq!(refused.pointers(), [pointer], "{}", refused.text);
        assert_eq!(refused.json["errors"][0]["code"], code, "{}", refused.text);
    }
    let kept = aiko.get("/invitations").await.expect(200);
    assert_eq!(kept["invitations"], json!([]), "nothing written");
}

/// A text without what differs between two addresses of the same length anyway.
fn alike(text: &str, address: &str, ids: &[&Value]) -> String {
    let mut text = text.replace(address, "ADDRESS");
    for id in ids {
        text = text.replace(id.as_str().unwrap(), "ID");
    }
    text
}

#[tokio::test]
async fn the_inviter_cannot_tell_who_is_registered() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let blocker = world.person("Blocker").await;
    let there = world
        .register(json!({"name": "There", "email": "there@people.example"}))
        .await;
    let shunned = world.person("Shunned").await;
    blocker.block(&aiko).await;
    aiko.block(&shunned).await;
    let addresses = [&there.email, &blocker.email, &shunned.email, "nobody@people.example"];

    let mut seen: Vec<Vec<String>> = Vec::new();
    for address in addresses {
        // Each in a call of its own, so that whole answers can be compared.
        let report = aiko.post("/invitations", json!({"emails": [address]})).await;
        let id = report.json["lines"][0]["invitation_id"].clone();
        let batch = report.json["batch_id"].clone();
        let path = format!("/invitations/{}", id.as_str().unwrap());
        let queued = report.clone().expect(202)["quota"]["remaining"].to_string();
        let mut texts = vec![alike(&report.text, address, &[&id, &batch]).replace(&queued, "N")];
        world.idle().await;
        let one = aiko.get(&path).await;
        assert_eq!(one.clone().expect(200)["state"], "sent", "{address}");
        let (created_at, sent_at) = (&one.json["created_at"], &one.json["sent_at"]);
        texts.push(alike(
            &one.text,
            address,
            &[&id, created_at, sent_at, &one.json["expires_at"]],
        ));
        let list = aiko.get("/invitations?limit=1").await;
        texts.push(
            alike(
                &list.text,
                address,
                &[&id, created_at, sent_at, &one.json["expires_at"]],
            )
            .split("next_cursor")
            .next()
            .unwrap()
            .to_owned(),
        );
        texts.push(aiko.get("/contact-requests?direction=outgoing").await.text);
        texts.push(aiko.get("/contacts/summary").await.text);
        texts.push(aiko.get("/contacts").await.text);
        texts.push(aiko.post(&format!("{path}/resend"), json!({})).await.problem(429));
        texts.push(aiko.delete(&path).await.status.to_string());
        world.idle().await;
        texts.push(aiko.state_of(&path).await);
        seen.push(texts);
    }
    for (seen_of, who) in seen.iter().zip(["registered", "blocks the inviter", "is blocked"]) {
        assert_eq!(*seen_of, seen[3], "{who}, or not registered");
    }
    for person in [&blocker, &shunned] {
        assert!(person.incoming().await.is_empty() && world.mail_to(&person.email).await.is_empty());
    }
    assert!(seen[0][3].contains(r#""contact_requests":[]"#), "{}", seen[0][3]);
}

#[tokio::test]
async fn search_does_not_show_the_request_of_an_invitation() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben Tanaka").await;
    aiko.invited(&ben.email).await;
    world.idle().await;
    assert_eq!(ben.incoming().await.len(), 1);
    let found = aiko.search("ben").await;
    assert_eq!(found[0]["relation"], "none", "{found:?}");
    assert_eq!(found[0]["available_actions"], json!(["request", "block"]));
    assert_eq!(ben.search("aiko").await[0]["relation"], "awaiting_me");
    // Asking as if there were no invitation is an ordinary request, and still one for the addressee.
    let asked = aiko
        .post("/contact-requests", json!({"user_id": ben.id}))
        .await
        .expect(201);
    assert_eq!(asked["outcome"], "sent");
    assert_eq!(ben.incoming().await.len(), 1);
}
