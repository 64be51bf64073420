//! What becomes of invitations: listed, sent again, taken back, expired, accepted.

use std::collections::BTreeSet;

use contacts_tests::{DAY, Person, World, mail::invite_token};
use serde_json::{Value, json};

#[tokio::test]
async fn invitations_are_listed_by_state_and_belong_to_their_inviter() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let paths = [
        aiko.invited("sent@guest.example").await,
        aiko.invited("revoked@guest.example").await,
        aiko.invited(&ben.email).await,
    ];
    world.idle().await;
    aiko.delete(&paths[1]).await.expect(204);
    let request = ben.incoming().await[0]["request_id"].as_str().unwrap().to_owned();
    ben.post(&format!("/contact-requests/{request}/accept"), json!({}))
        .await
        .expect(200);
    for (filter, expected) in [
        (
            "",
            vec![ben.email.as_str(), "revoked@guest.example", "sent@guest.example"],
        ),
        ("?state=sent", vec!["sent@guest.example"]),
        ("?state=revoked", vec!["revoked@guest.example"]),
        ("?state=accepted", vec![ben.email.as_str()]),
        ("?state=queued", vec![]),
        ("?state=expired", vec![]),
        ("?state=undeliverable", vec![]),
    ] {
        let list = aiko.get(&format!("/invitations{filter}")).await.expect(200);
        let list = list["invitations"].as_array().unwrap();
        let emails: Vec<&str> = list
            .iter()
            .map(|invitation| invitation["email"].as_str().unwrap())
            .collect();
        assert_eq!(emails, expected, "{filter}");
    }
    let unknown = aiko.get("/invitations?state=lost").await;
    unknown.problem(422);
    assert_eq!(unknown.pointers(), ["/state"]);
    // Pages of one, newest first, each once.
    let mut cursor = String::new();
    let mut pages = Vec::new();
    loop {
        let page = aiko.get(&format!("/invitations?limit=1{cursor}")).await.expect(200);
        let page_of = page["invitations"].as_array().unwrap();
        pages.extend(
            page_of
                .iter()
                .map(|invitation| invitation["email"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(
        pages,
        [ben.email.as_str(), "revoked@guest.example", "sent@guest.example"]
    );
    // For anybody else there is nothing there.
    for path in &paths {
        assert_eq!(ben.get(path).await.problem(404), "not_found");
        assert_eq!(ben.delete(path).await.problem(404), "not_found");
        assert_eq!(
            ben.post(&format!("{path}/resend"), json!({})).await.problem(404),
            "not_found"
        );
    }
    assert_eq!(aiko.state_of(&paths[0]).await, "sent");
}

#[tokio::test]
async fn another_mail_may_be_asked_for_after_a_day_and_earlier_links_stay_good() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let stranger = world.person("Stranger").await;
    let path = aiko.invited("guest@guest.example").await;
    let first = world.mailed_token("guest@guest.example").await;
    let resend = format!("{path}/resend");
    let refused = aiko.post(&resend, json!({})).await;
    assert_eq!(refused.problem(429), "too_soon");
    assert!(refused.headers.contains_key("retry-after"));
    world.pass(DAY - 120).await;
    let (aiko, stranger) = (world.sign_in(&aiko).await, world.sign_in(&stranger).await);
    let refused = aiko.post(&resend, json!({})).await;
    assert_eq!(refused.problem(429), "too_soon");
    let seconds: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=120).contains(&seconds), "what is left of the day: {seconds}");
    assert_eq!(world.mail_to("guest@guest.example").await.len(), 1);
    world.pass(240).await;
    let again = aiko.post(&resend, json!({})).await.expect(202);
    assert_eq!(again["state"], "queued");
    let mail = world.mail_to("guest@guest.example").await;
    assert_eq!(mail.len(), 2);
    assert_eq!(aiko.state_of(&path).await, "sent");
    let second = invite_token(&mail[1]);
    assert_ne!(first, second);
    for token in [&first, &second] {
        assert_eq!(stranger.view(token).await, "redeemable");
    }
    aiko.post(&resend, json!({})).await.problem(429);
    // One press uses the invitation up, by whichever link.
    let guest = world
        .register(json!({"name": "Guest", "email": "guest@guest.example"}))
        .await;
    guest.press(&first).await.expect(200);
    assert_eq!(stranger.view(&second).await, "used_up");
    assert_eq!(aiko.post(&resend, json!({})).await.problem(409), "invitation_ended");
}

#[tokio::test]
async fn taking_back_kills_link_request_and_queued_mail_at_once() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let stranger = world.person("Stranger").await;
    let path = aiko.invited("guest@guest.example").await;
    let token = world.mailed_token("guest@guest.example").await;
    let to_ben = aiko.invited(&ben.email).await;
    world.idle().await;
    let request = ben.incoming().await[0]["request_id"].as_str().unwrap().to_owned();
    // Two more that wait, since SES is paused.
    world
        .break_ses(json!([{"error": "SendingPausedException", "times": 2}]))
        .await;
    let queued = aiko.invited("queued@guest.example").await;
    world.idle().await;
    let waits = aiko.invited("waits@guest.example").await;
    world.idle().await;
    assert_eq!(aiko.state_of(&queued).await, "queued");

    for path in [&path, &to_ben, &queued] {
        aiko.delete(path).await.expect(204);
        assert_eq!(aiko.state_of(path).await, "revoked");
    }
    assert_eq!(stranger.view(&token).await, "revoked");
    let pressed = stranger.press(&token).await;
    assert_eq!(pressed.problem(410), "revoked");
    let accepted = ben
        .post(&format!("/contact-requests/{request}/accept"), json!({}))
        .await;
    assert_eq!(accepted.problem(409), "not_pending");
    world.pass(DAY).await;
    let [aiko, ben, stranger] = [
        world.sign_in(&aiko).await,
        world.sign_in(&ben).await,
        world.sign_in(&stranger).await,
    ];
    assert!(ben.incoming().await.is_empty());
    assert!(world.mail_to("queued@guest.example").await.is_empty());
    assert_eq!(world.mail_to("waits@guest.example").await.len(), 1);
    assert_eq!(aiko.state_of(&waits).await, "sent");
    assert_eq!(aiko.delete(&path).await.problem(409), "invitation_ended");
    assert_eq!(
        aiko.post(&format!("{path}/resend"), json!({})).await.problem(409),
        "invitation_ended"
    );
    // An ended invitation is no hindrance to a new one.
    let anew = aiko.invited("guest@guest.example").await;
    world.idle().await;
    assert_eq!(aiko.state_of(&anew).await, "sent");
    assert_eq!(
        stranger.view(&token).await,
        "revoked",
        "the old link does not live again"
    );
}

/// What somebody sees of the only request to them: in the list, in the badge, on who sent it.
async fn sees(me: &Person, sender: &str) -> (usize, Value, Value) {
    let summary = me.get("/contacts/summary").await.expect(200);
    let found = me.search(sender).await;
    assert_eq!(found.len(), 1, "{found:?}");
    (
        me.incoming().await.len(),
        summary["requests"]["incoming"].clone(),
        found[0]["relation"].clone(),
    )
}

#[tokio::test]
async fn a_request_ends_with_its_invitation_also_while_the_mailer_is_away() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let path = aiko.invited(&ben.email).await;
    world.idle().await;
    let request = ben.incoming().await[0]["request_id"].as_str().unwrap().to_owned();
    assert_eq!(sees(&ben, "Aiko").await, (1, json!(1), json!("awaiting_me")));
    // All that the mailer does begins with a `GetItem`, and nothing that follows here does.
    let away = json!([{"error": "unreachable", "operation": "GetItem", "times": 1_000_000}]);
    world.break_dynamodb(away).await;

    aiko.delete(&path).await.expect(204);
    assert_eq!(sees(&ben, "Aiko").await, (0, json!(0), json!("none")));
    assert_eq!(ben.accept(&request).await.problem(409), "not_pending");
    assert_eq!(ben.decline(&request, "never").await.problem(409), "not_pending");
    // Nothing is left of it: who asks now, asks.
    assert_eq!(ben.ask(&aiko).await.expect(201)["outcome"], "sent");
}

#[tokio::test]
async fn a_request_outlives_a_refused_mail_and_the_next_invitation() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let (ben, cho) = (world.person("Ben").await, world.person("Cho").await);
    world
        .break_ses(json!([{"error": "MessageRejected", "times": 100}]))
        .await;
    for (person, accepts) in [(&ben, true), (&cho, false)] {
        let refused = aiko.invited(&person.email).await;
        world.idle().await;
        assert_eq!(aiko.state_of(&refused).await, "undeliverable");
        let request = person.incoming().await[0]["request_id"].as_str().unwrap().to_owned();
        // The mailer does not come to the next one.
        let away = json!([{"error": "unreachable", "operation": "GetItem", "times": 1_000_000}]);
        world.break_dynamodb(away).await;
        let next = aiko.invited(&person.email).await;
        assert_eq!(person.incoming().await.len(), 1, "accepts: {accepts}");
        if accepts {
            person.accept(&request).await.expect(200);
            assert_eq!(aiko.state_of(&next).await, "accepted");
        } else {
            aiko.delete(&next).await.expect(204);
            assert!(person.incoming().await.is_empty());
        }
        world.mend_dynamodb().await;
        world.idle().await;
        assert!(person.incoming().await.is_empty());
        assert_eq!(person.has_contact(&aiko).await, accepts);
    }
}

#[tokio::test]
async fn an_invitation_ends_after_thirty_days() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let path = aiko.invited("guest@guest.example").await;
    aiko.invited(&ben.email).await;
    let token = world.mailed_token("guest@guest.example").await;
    world.pass(30 * DAY - 60).await;
    // A token lasts an hour: everybody signs in anew.
    let (aiko, ben) = (world.sign_in(&aiko).await, world.sign_in(&ben).await);
    assert_eq!(aiko.state_of(&path).await, "sent");
    assert_eq!(ben.view(&token).await, "redeemable");
    assert_eq!(ben.incoming().await.len(), 1);
    world.pass(120).await;
    assert_eq!(aiko.state_of(&path).await, "expired");
    assert_eq!(ben.view(&token).await, "expired");
    let pressed = ben.press(&token).await;
    assert_eq!(pressed.problem(410), "expired");
    assert!(ben.incoming().await.is_empty(), "the request ends with its invitation");
    assert_eq!(
        aiko.post(&format!("{path}/resend"), json!({})).await.problem(409),
        "invitation_ended"
    );
    // Whoever signs up now finds no request.
    let guest = world
        .register(json!({"name": "Guest", "email": "guest@guest.example"}))
        .await;
    world.idle().await;
    assert!(guest.incoming().await.is_empty());
}

#[tokio::test]
async fn whoever_signs_up_later_finds_a_request_of_each_inviter() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let by_aiko = aiko.invited("Guest@guest.example").await;
    let by_ben = ben.invited("guest@GUEST.example").await;
    let cho = world.person("Cho").await;
    let taken_back = cho.invited("guest@guest.example").await;
    world.idle().await;
    cho.delete(&taken_back).await.expect(204);
    world.idle().await;
    let guest = world
        .register(json!({"name": "Guest", "email": "guest@guest.example"}))
        .await;
    world.idle().await;
    let requests = guest.incoming().await;
    let from: BTreeSet<&str> = requests
        .iter()
        .map(|request| request["user"]["user_id"].as_str().unwrap())
        .collect();
    assert_eq!(from, BTreeSet::from([aiko.id.as_str(), ben.id.as_str()]));
    assert_eq!(
        world.mail_to("guest@guest.example").await.len(),
        3,
        "the sign-up sends no other mail"
    );
    for (inviter, path) in [(&aiko, &by_aiko), (&ben, &by_ben)] {
        assert_eq!(inviter.state_of(path).await, "sent");
    }
    let of_aiko = requests
        .iter()
        .find(|request| request["user"]["user_id"] == aiko.id)
        .unwrap();
    let id = of_aiko["request_id"].as_str().unwrap();
    let contact = guest
        .post(&format!("/contact-requests/{id}/accept"), json!({}))
        .await
        .expect(200);
    assert_eq!(contact["origin"], "email_invitation");
    assert_eq!(aiko.state_of(&by_aiko).await, "accepted");
    assert_eq!(ben.state_of(&by_ben).await, "sent");
    aiko.get(&format!("/contacts/{}", guest.id)).await.expect(200);
}

#[tokio::test]
async fn the_invited_address_connects_by_pressing_and_any_other_asks() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let path = aiko.invited("guest@guest.example").await;
    let token = world.mailed_token("guest@guest.example").await;

    let pressed = ben.press(&token).await;
    assert!(!pressed.headers.contains_key("set-cookie"));
    assert_eq!(pressed.expect(200), json!({"outcome": "request_sent"}));
    let requests = aiko.incoming().await;
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0]["user"]["user_id"], ben.id);
    assert_eq!(requests[0]["origin"], "email_invitation");
    ben.get(&format!("/contacts/{}", aiko.id)).await.problem(404);
    assert_eq!(aiko.state_of(&path).await, "sent", "it stays open");
    assert_eq!(ben.press(&token).await.expect(200)["outcome"], "already_pending");
    assert_eq!(aiko.incoming().await.len(), 1);

    let guest = world
        .register(json!({"name": "Guest", "email": "guest@guest.example"}))
        .await;
    world.idle().await;
    assert_eq!(guest.incoming().await.len(), 1);
    assert_eq!(
        guest.view(&token).await,
        "redeemable",
        "the inviter's own request does not change it"
    );
    assert_eq!(guest.press(&token).await.expect(200)["outcome"], "connected");
    let contact = aiko.get(&format!("/contacts/{}", guest.id)).await.expect(200);
    assert_eq!(contact["origin"], "email_invitation");
    guest.get(&format!("/contacts/{}", aiko.id)).await.expect(200);
    assert!(guest.incoming().await.is_empty());
    assert_eq!(aiko.state_of(&path).await, "accepted");
    assert_eq!(guest.view(&token).await, "already_contact");
    assert_eq!(guest.press(&token).await.expect(200)["outcome"], "already_contact");
}

#[tokio::test]
async fn inviting_who_has_asked_already_connects_both() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    ben.send_request(&aiko).await;
    let path = aiko.invited(&ben.email).await;
    world.idle().await;
    assert_eq!(aiko.state_of(&path).await, "accepted");
    assert!(aiko.has_contact(&ben).await && ben.has_contact(&aiko).await);
    assert!(aiko.incoming().await.is_empty() && ben.incoming().await.is_empty());
    assert!(
        world.mail_to(&ben.email).await.is_empty(),
        "there is nothing left to accept"
    );
}

#[tokio::test]
async fn declining_an_invitation_is_silent() {
    for mode in ["not_now", "never"] {
        let world = World::start().await;
        let aiko = world.person("Aiko").await;
        let ben = world.person("Ben").await;
        let path = aiko.invited(&ben.email).await;
        world.idle().await;
        let request = ben.incoming().await[0]["request_id"].as_str().unwrap().to_owned();
        ben.decline(&request, mode).await.expect(204);
        assert_eq!(aiko.state_of(&path).await, "sent");
        assert_eq!(aiko.invite(&ben.email).await["status"], "already_invited");
        // Another try looks the same to the inviter, and reaches nobody.
        aiko.delete(&path).await.expect(204);
        let again = aiko.invited(&ben.email).await;
        world.idle().await;
        assert_eq!(aiko.state_of(&again).await, "sent", "{mode}");
        assert!(ben.incoming().await.is_empty(), "{mode}");
        assert_eq!(world.mail_to(&ben.email).await.len(), 1, "{mode}");
    }
}
