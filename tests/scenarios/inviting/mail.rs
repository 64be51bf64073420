//! Mail: by stream and schedule, through SES's faults, with its headers, until somebody unsubscribes.

use contacts_tests::{
    DAY, World, answer,
    mail::{invite_token, unsubscribe_token},
};
use mail_parser::MessageParser;
use reqwest::Method;
use serde_json::{Value, json};

const MINUTE: u64 = 60;

#[tokio::test]
async fn mail_leaves_by_the_stream_or_by_the_schedule() {
    for (no_stream, no_schedule) in [(false, false), (true, false), (false, true), (true, true)] {
        let case = format!("--no-stream {no_stream}, --no-schedule {no_schedule}");
        let world = World::with(|options| {
            options.no_stream = no_stream;
            options.no_schedule = no_schedule;
        })
        .await;
        let aiko = world.person("Aiko").await;
        let ben = world.person("Ben").await;
        let guests = ["1@guest.example", "2@guest.example", "3@guest.example"];
        let report = aiko.post("/invitations", json!({"emails": [guests[0], guests[1], ben.email]}));
        report.await.expect(202);
        let last = aiko.invited(guests[2]).await;
        world.pass(3 * DAY).await;
        let (aiko, ben) = (world.sign_in(&aiko).await, world.sign_in(&ben).await);
        let mail = world.mailbox().await;
        if no_stream && no_schedule {
            let idle = world.post("/_local/idle", json!({})).await;
            assert_eq!(idle.problem(409), "waiting", "{case}");
            assert!(mail.is_empty(), "{case}");
            assert_eq!(aiko.state_of(&last).await, "queued", "{case}");
            assert!(ben.incoming().await.is_empty(), "{case}");
        } else {
            let mut to: Vec<&str> = mail.iter().filter_map(|mail| mail["to"].as_str()).collect();
            to.sort_unstable();
            assert_eq!(to, [guests[0], guests[1], guests[2], &ben.email], "{case}");
            assert_eq!(aiko.state_of(&last).await, "sent", "{case}");
            assert_eq!(ben.incoming().await.len(), 1, "{case}");
        }
        // Who signs up is told by the same way.
        let guest = world.register(json!({"name": "Guest", "email": guests[0]})).await;
        world.idle().await;
        let told = guest.incoming().await.len();
        assert_eq!(told, usize::from(!(no_stream && no_schedule)), "{case}");
    }
}

#[tokio::test]
async fn what_only_the_schedule_tries_again_is_not_idle_without_one() {
    let world = World::with(|options| options.no_schedule = true).await;
    let aiko = world.person("Aiko").await;
    world
        .break_ses(json!([{"status": "TRANSIENT_FAILURE", "times": 1}]))
        .await;
    let invited = aiko.invited("guest@guest.example").await;
    world.idle().await;
    world
        .post("/_local/clock", json!({"advance_seconds": 2 * 60 * MINUTE}))
        .await
        .expect(200);
    let idle = world.post("/_local/idle", json!({})).await;
    assert_eq!(idle.problem(409), "waiting");
    let aiko = world.sign_in(&aiko).await;
    assert_eq!(aiko.state_of(&invited).await, "queued", "nothing is lost");
}

/// Who waits how long for which fault to pass, and what becomes of it.
#[tokio::test]
async fn a_fault_that_passes_delays_a_mail_and_loses_none() {
    for (fault, times, patience) in [
        (json!({"error": "TooManyRequestsException"}), 3, 5 * MINUTE),
        (json!({"error": "LimitExceededException"}), 3, 5 * MINUTE),
        (json!({"error": "SendingPausedException"}), 3, 10 * MINUTE),
        (json!({"error": "AccountSuspendedException"}), 3, 10 * MINUTE),
        (json!({"error": "MailFromDomainNotVerifiedException"}), 3, 10 * MINUTE),
        (json!({"error": "InternalServiceErrorException"}), 3, 20 * MINUTE),
        (json!({"status": "TRANSIENT_FAILURE"}), 3, 20 * MINUTE),
        (json!({"status": "FAILED"}), 3, 20 * MINUTE),
        (json!({"status": "ACCOUNT_THROTTLED"}), 3, 5 * MINUTE),
        (json!({"status": "ACCOUNT_SENDING_PAUSED"}), 3, 10 * MINUTE),
        (json!({"status": "CONFIGURATION_SET_NOT_FOUND"}), 3, 10 * MINUTE),
        (json!({"status": "ACCOUNT_DAILY_QUOTA_EXCEEDED"}), 2, 4 * 60 * MINUTE),
        (json!({"status": "SOMETHING_NEW"}), 3, 20 * MINUTE),
        // Perhaps sent: once more at the most.
        (json!({"timeout": true}), 1, 30 * MINUTE),
    ] {
        let world = World::start().await;
        let aiko = world.person("Aiko").await;
        let mut faults = json!([fault]);
        faults[0]["times"] = json!(times);
        world.break_ses(faults).await;
        let invitation = aiko.invited("guest@guest.example").await;
        assert!(world.mailbox().await.is_empty(), "{fault}");
        assert_eq!(aiko.state_of(&invitation).await, "queued", "{fault}");
        for _ in 0..times + 1 {
            world.pass(patience).await;
        }
        let aiko = world.sign_in(&aiko).await;
        assert_eq!(aiko.state_of(&invitation).await, "sent", "{fault}");
        world.pass(2 * DAY).await;
        assert_eq!(world.mailbox().await.len(), 1, "once: {fault}");
    }
}

#[tokio::test]
async fn a_long_outage_ends_with_every_mail_sent_once() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    world
        .break_ses(json!([{"error": "SendingPausedException", "times": 1_000_000}]))
        .await;
    let guests: Vec<String> = (0..60).map(|n| format!("{n}@guest.example")).collect();
    aiko.post("/invitations", json!({"emails": guests})).await.expect(202);
    for _ in 0..3 {
        world.pass(10 * MINUTE).await;
    }
    assert!(world.mailbox().await.is_empty());
    let queued = aiko.list("/invitations?state=queued", "invitations").await;
    assert_eq!(queued.len(), guests.len(), "nothing is marked failed");
    answer(world.request(Method::DELETE, "/_local/ses/faults")).await;
    world.pass(10 * MINUTE).await;
    let mut to: Vec<String> = world
        .mailbox()
        .await
        .iter()
        .map(|mail| mail["to"].to_string())
        .collect();
    to.sort_unstable();
    let mut all: Vec<String> = guests.iter().map(|guest| json!(guest).to_string()).collect();
    all.sort_unstable();
    assert_eq!(to, all);
    let sent = aiko.list("/invitations?state=sent", "invitations").await;
    assert_eq!(sent.len(), guests.len());
}

#[tokio::test]
async fn each_entry_of_a_call_has_its_own_outcome() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    world
        .break_ses(json!([
            {"status": "MESSAGE_REJECTED", "to": "rejected@guest.example", "times": 1},
            {"status": "INVALID_PARAMETER", "to": "invalid@guest.example", "times": 1},
            {"status": "TRANSIENT_FAILURE", "to": "later@guest.example", "times": 2},
            {"status": "ACCOUNT_THROTTLED", "to": "throttled@guest.example", "times": 1},
        ]))
        .await;
    let emails = ["good", "rejected", "invalid", "later", "throttled"].map(|name| format!("{name}@guest.example"));
    aiko.post("/invitations", json!({"emails": emails})).await.expect(202);
    world.idle().await;
    let states = async |aiko: &contacts_tests::Person| {
        let mut states = Vec::new();
        for email in &emails {
            let all = aiko.list("/invitations", "invitations").await;
            let found = all
                .into_iter()
                .find(|invitation| invitation["email"] == *email)
                .unwrap();
            states.push((found["state"].as_str().unwrap().to_owned(), found["reason"].is_string()));
        }
        states
    };
    let expected = |words: [&str; 5]| words.map(|word| (word.to_owned(), word == "undeliverable"));
    let now = expected(["sent", "undeliverable", "undeliverable", "queued", "queued"]);
    assert_eq!(states(&aiko).await, now);
    for _ in 0..3 {
        world.pass(5 * MINUTE).await;
    }
    let then = expected(["sent", "undeliverable", "undeliverable", "sent", "sent"]);
    assert_eq!(states(&aiko).await, then);
    for (email, mails) in emails.iter().zip([1, 0, 0, 1, 1]) {
        assert_eq!(world.mail_to(email).await.len(), mails, "{email}");
    }
}

#[tokio::test]
async fn a_bad_entry_does_not_keep_the_others_from_being_sent() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    world
        .break_ses(json!([{"error": "BadRequestException", "to": "bad@guest.example", "times": 100}]))
        .await;
    let mut emails: Vec<String> = (0..19).map(|n| format!("{n}@guest.example")).collect();
    emails.insert(7, "bad@guest.example".to_owned());
    aiko.post("/invitations", json!({"emails": emails})).await.expect(202);
    assert_eq!(world.mailbox().await.len(), 19);
    let failed = aiko.list("/invitations?state=undeliverable", "invitations").await;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["email"], "bad@guest.example");
}

#[tokio::test]
async fn what_nobody_knows_of_is_sent_twice_at_the_most() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    // SES took each, and its answer was lost.
    world.break_ses(json!([{"timeout": "after", "times": 1_000}])).await;
    let invitation = aiko.invited("guest@guest.example").await;
    assert_eq!(world.mailbox().await.len(), 1);
    world.pass(10 * MINUTE).await;
    assert_eq!(world.mailbox().await.len(), 1, "first SES's own event is waited for");
    for _ in 0..6 {
        world.pass(20 * MINUTE).await;
    }
    let aiko = world.sign_in(&aiko).await;
    assert_eq!(world.mailbox().await.len(), 2);
    assert_eq!(aiko.state_of(&invitation).await, "sent");
}

/// The mail as it would be on the wire, as far as headers go.
fn raw(mail: &Value) -> String {
    let text = |field: &str| mail[field].as_str().unwrap_or_default();
    let mut raw = format!("From: {}\r\nTo: {}\r\n", text("from"), text("to"));
    raw += &format!("Reply-To: {}\r\nSubject: {}\r\n", text("reply_to"), text("subject"));
    for (name, value) in mail["headers"].as_object().unwrap() {
        raw += &format!("{name}: {}\r\n", value.as_str().unwrap());
    }
    format!("{raw}Content-Type: text/plain; charset=utf-8\r\n\r\n{}", text("text"))
}

#[tokio::test]
async fn a_mail_says_who_sends_it_and_how_to_stop_it() {
    let world = World::start().await;
    let aiko = world.person("田中 \"愛子\"").await;
    let ben = world
        .register(json!({"name": "Ben", "email": "ben@people.example", "locale": "en"}))
        .await;
    let message = "Hello <b>{{link}}</b>\nhttps://evil.example/ and evil.example";
    let body = json!({"emails": ["guest@guest.example", ben.email], "message": message, "locale": "ja"});
    aiko.post("/invitations", body).await.expect(202);
    let mails = world.mailbox().await;
    assert_eq!(mails.len(), 2);
    for mail in &mails {
        let raw = raw(mail);
        let parsed = MessageParser::default().parse(&raw).unwrap();
        let header = |name: &'static str| parsed.header_raw(name).map(str::trim);
        let unsubscribe = format!("<{}/u/{}>", world.origin(), unsubscribe_token(mail));
        assert_eq!(header("List-Unsubscribe"), Some(unsubscribe.as_str()));
        assert_eq!(header("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
        assert_eq!(header("Auto-Submitted"), Some("auto-generated"));
        let from = parsed.from().and_then(|from| from.first()).unwrap();
        assert_eq!(
            from.address(),
            Some("contacts@demo.example"),
            "the product's own domain"
        );
        let name = from.name().unwrap();
        assert!(name.contains("愛子") && name.ends_with("via Contacts"), "{name}");
        let reply_to = parsed.reply_to().and_then(|to| to.first()).unwrap();
        assert_eq!(reply_to.address(), Some("contacts@demo.example"), "not the inviter");
        assert!(
            parsed.subject().is_some_and(|subject| subject.contains("愛子")),
            "{mail}"
        );
        assert!(!raw.contains(&aiko.email), "nobody learns the inviter's address");
        let (text, html) = (mail["text"].as_str().unwrap(), mail["html"].as_str().unwrap());
        for part in [text, html] {
            assert!(!part.contains("https://evil.example"), "{part}");
            assert!(
                part.contains(&format!("{}/i/{}", world.origin(), invite_token(mail))),
                "{part}"
            );
        }
        assert!(
            !html.contains("<b>") && !html.contains("<img") && !html.contains("<script"),
            "{html}"
        );
        let id = mail["tags"].as_object().unwrap().values().next().unwrap();
        assert_eq!(id.as_str().unwrap().len(), 26, "the invitation's id: {mail}");
    }
    // In the recipient's language if registered, else in the one chosen.
    let language = |mail: &Value| mail["html"].as_str().unwrap().contains("<html lang=\"en\"");
    for mail in &mails {
        assert_eq!(language(mail), mail["to"] == ben.email, "{}", mail["to"]);
    }
    aiko.invited("both@guest.example").await;
    let both = world.mail_to("both@guest.example").await;
    let text = both[0]["text"].as_str().unwrap();
    assert!(text.contains("invites you to") && text.contains("招待"), "{text}");
}

#[tokio::test]
async fn a_preview_is_what_a_guest_would_get_and_leaves_nothing_behind() {
    let world = World::start().await;
    let aiko = world
        .register(json!({"name": "田中愛子", "email": "aiko@people.example", "organization": "青空商事"}))
        .await;
    let message = "Hello\n> https://evil.example/";
    for locale in [json!("ja"), json!("en"), json!(null)] {
        let body = json!({"message": message, "locale": locale});
        let preview = aiko.post("/invitations/preview", body).await.expect(200);
        let guest = format!("{}@guest.example", locale.as_str().unwrap_or("both"));
        assert!(world.mail_to(&guest).await.is_empty());
        let invitation = json!({"emails": [guest], "message": message, "locale": locale});
        aiko.post("/invitations", invitation).await.expect(202);
        let mail = world.mail_to(&guest).await.pop().unwrap();
        for part in ["subject", "text", "html"] {
            let sent = mail[part].as_str().unwrap();
            let sent = sent
                .replace(&invite_token(&mail), "…")
                .replace(&unsubscribe_token(&mail), "…");
            assert_eq!(preview[part], sent, "{locale}: {part}");
        }
        assert_eq!(preview["from"], "田中愛子 via Contacts <contacts@demo.example>");
    }
}

#[tokio::test]
async fn a_preview_has_the_rules_of_an_invitation() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let plain = aiko.post("/invitations/preview", json!({})).await.expect(200);
    assert_eq!(plain.as_object().unwrap().len(), 4, "{plain}");
    for (body, pointer) in [
        (json!({"message": "x".repeat(1_001)}), "/message"),
        (json!({"message": "a\u{202e}b"}), "/message"),
        (json!({"locale": "fr"}), "/locale"),
        (json!({"emails": ["guest@guest.example"]}), "/emails"),
    ] {
        let problem = aiko.post("/invitations/preview", body.clone()).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
    }
    answer(aiko.request(Method::GET, "/invitations/preview"))
        .await
        .expect(405);
    answer(world.request(Method::POST, "/invitations/preview").json(&json!({})))
        .await
        .expect(401);
    assert!(aiko.list("/invitations", "invitations").await.is_empty());
}
