//! Unsubscribing from invitations, and reporting them, by the link in a mail.

use contacts_tests::{DAY, Reply, World, answer, mail::unsubscribe_token};
use reqwest::Method;
use serde_json::json;

const FORM: &str = "application/x-www-form-urlencoded";

async fn post(world: &World, token: &str, kind: &str, body: &str) -> Reply {
    let request = world.request(Method::POST, &format!("/u/{token}"));
    answer(request.header("content-type", kind).body(body.to_owned())).await
}

/// The unsubscribe token of the only mail to an address.
async fn token(world: &World, address: &str) -> String {
    let mail = world.mail_to(address).await;
    assert_eq!(mail.len(), 1, "{mail:?}");
    unsubscribe_token(&mail[0])
}

#[tokio::test]
async fn one_click_stops_all_invitations_and_no_inviter_notices() {
    for (kind, body) in [
        (FORM, "List-Unsubscribe=One-Click".to_owned()),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n".to_owned(),
        ),
        (FORM, "action=unsubscribe&scope=all".to_owned()),
    ] {
        let world = World::start().await;
        let aiko = world.person("Aiko").await;
        let ben = world.person("Ben").await;
        let first = aiko.invited("guest@guest.example").await;
        let token = token(&world, "guest@guest.example").await;
        assert_eq!(post(&world, &token, kind, &body).await.status, 200, "{body}");
        // Again is harmless: mail clients press more than once.
        assert_eq!(post(&world, &token, kind, &body).await.status, 200, "{body}");
        let later = ben.invited("guest@guest.example").await;
        world.idle().await;
        assert_eq!(ben.state_of(&later).await, "sent", "shown like any other");
        assert!(ben.get(&later).await.expect(200)["sent_at"].is_string());
        world.pass(2 * DAY).await;
        let aiko = world.sign_in(&aiko).await;
        aiko.post(&format!("{first}/resend"), json!({})).await.expect(202);
        assert_eq!(world.mail_to("guest@guest.example").await.len(), 1, "{body}");
        assert_eq!(aiko.state_of(&first).await, "sent");
    }
}

#[tokio::test]
async fn a_form_stops_one_inviter_only() {
    for body in ["action=unsubscribe&scope=inviter", "action=report&scope=inviter"] {
        let world = World::start().await;
        let aiko = world.person("Aiko").await;
        let ben = world.person("Ben").await;
        let first = aiko.invited("guest@guest.example").await;
        let token = token(&world, "guest@guest.example").await;
        assert_eq!(post(&world, &token, FORM, body).await.status, 200, "{body}");
        aiko.delete(&first).await.expect(204);
        let again = aiko.invited("guest@guest.example").await;
        world.idle().await;
        assert_eq!(aiko.state_of(&again).await, "sent", "{body}");
        assert_eq!(world.mail_to("guest@guest.example").await.len(), 1, "{body}");
        ben.invited("guest@guest.example").await;
        assert_eq!(world.mail_to("guest@guest.example").await.len(), 2, "{body}");
    }
}

#[tokio::test]
async fn a_mail_that_waits_is_not_sent_after_an_opt_out() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    aiko.invited("guest@guest.example").await;
    let token = token(&world, "guest@guest.example").await;
    world
        .break_ses(json!([{"error": "SendingPausedException", "times": 1}]))
        .await;
    let waits = ben.invited("guest@guest.example").await;
    world.idle().await;
    assert_eq!(ben.state_of(&waits).await, "queued");
    post(&world, &token, FORM, "List-Unsubscribe=One-Click").await;
    world.pass(600).await;
    assert_eq!(ben.state_of(&waits).await, "sent");
    assert_eq!(world.mail_to("guest@guest.example").await.len(), 1);
}

#[tokio::test]
async fn who_is_registered_goes_without_mail_and_keeps_the_requests() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let guest = world.person("Guest").await;
    aiko.invited(&guest.email).await;
    let token = token(&world, &guest.email).await;
    post(&world, &token, FORM, "List-Unsubscribe=One-Click").await;
    let later = ben.invited(&guest.email).await;
    world.idle().await;
    assert_eq!(guest.incoming().await.len(), 2);
    assert_eq!(ben.state_of(&later).await, "sent");
    assert_eq!(world.mail_to(&guest.email).await.len(), 1);
}

#[tokio::test]
async fn opening_the_page_or_forging_a_token_stops_nothing() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    aiko.invited("guest@guest.example").await;
    let good = token(&world, "guest@guest.example").await;
    let invite = world.mail_to("guest@guest.example").await;
    let invite = contacts_tests::mail::invite_token(&invite[0]);
    let path = format!("/u/{good}");
    for method in [Method::GET, Method::HEAD] {
        for _ in 0..5 {
            let (opened, cost) = world.count(answer(world.request(method.clone(), &path))).await;
            assert_eq!(opened.status, 200);
            assert!(cost.write_units() == 0.0, "{cost:?}");
        }
    }
    let page = world.get(&path).await;
    assert!(!page.text.contains("guest@guest.example") && !page.text.contains("Aiko"));
    let forged = ["A".repeat(43), invite];
    for forged in &forged {
        assert_eq!(world.get(&format!("/u/{forged}")).await.text, page.text, "{forged}");
        let (pressed, cost) = world.count(post(&world, forged, FORM, "action=report&scope=all")).await;
        assert_eq!(pressed.status, 200, "{forged}");
        assert!(cost.write_units() == 0.0, "{forged}: {cost:?}");
    }
    for (kind, body) in [
        (FORM, "action=unsubscribe"),
        (FORM, "action=erase&scope=all"),
        ("text/plain", "action=unsubscribe&scope=everybody"),
    ] {
        post(&world, &good, kind, body).await.problem(422);
    }
    for method in [Method::PUT, Method::OPTIONS] {
        let request = world.request(method.clone(), &path).header("content-type", FORM);
        let refused = answer(request.body("List-Unsubscribe=One-Click")).await;
        assert_eq!(refused.status, 405, "{method}");
    }
    // Nothing of all that stopped anything.
    let ben = world.person("Ben").await;
    ben.invited("guest@guest.example").await;
    assert_eq!(world.mail_to("guest@guest.example").await.len(), 2);
    // The same answer as for the forged ones, and it never expires.
    world.pass(400 * DAY).await;
    let accepted = post(&world, &good, FORM, "action=report&scope=all").await;
    let forged = post(&world, &forged[0], FORM, "action=report&scope=all").await;
    assert_eq!(accepted.text, forged.text);
    let ben = world.sign_in(&ben).await;
    ben.invited("guest@guest.example").await;
    assert_eq!(world.mail_to("guest@guest.example").await.len(), 2);
}

#[tokio::test]
async fn m01_one_click_is_understood_in_every_form() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let part = "Content-Disposition: form-data; name=\"List-Unsubscribe\"";
    let multipart = [
        format!("--b\r\n{part}\r\n\r\nOne-Click\r\n--b--\r\n"),
        format!("--b\n{part}\n\nOne-Click\n--b--\n"),
        format!("--b\r\n{part}\r\n\r\nOne-Click"),
    ];
    let boundary = "multipart/form-data; boundary=b";
    let forms = [
        (Some(FORM), "List-Unsubscribe=One-Click\r\n", ""),
        (Some(FORM), "List-Unsubscribe=One-Click\n", ""),
        (Some(FORM), "list-unsubscribe=one-click", ""),
        (Some(FORM), "", ""),
        (Some(FORM), "List-Unsubscribe=One-Click", "/"),
        (None, "List-Unsubscribe=One-Click", ""),
        (None, "", ""),
        (None, "", "/"),
        (Some("text/plain"), "List-Unsubscribe=One-Click", ""),
        (Some("text/plain; charset=utf-8"), "", ""),
        (Some("application/octet-stream"), "List-Unsubscribe=One-Click", ""),
        (Some("application/json"), "{}", ""),
        (Some(boundary), &multipart[0], ""),
        (Some(boundary), &multipart[1], ""),
        (Some(boundary), &multipart[2], ""),
        (Some("multipart/form-data"), &multipart[0], ""),
    ];
    for (number, (kind, body, behind)) in forms.into_iter().enumerate() {
        let address = format!("guest{number}@guest.example");
        aiko.invited(&address).await;
        let token = token(&world, &address).await;
        let mut request = world.request(Method::POST, &format!("/u/{token}{behind}"));
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let pressed = answer(request.body(body.to_owned())).await;
        assert_eq!(pressed.status, 200, "{kind:?} {body:?} {behind}");
        ben.invited(&address).await;
        assert_eq!(world.mail_to(&address).await.len(), 1, "{kind:?} {body:?} {behind}");
    }
}

#[tokio::test]
async fn m10_what_is_added_behind_a_token_stops_nothing_from_being_done() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let added = [".", "%20", ")", "%E3%80%82", "%3Fx", "%2Fx", "/"];
    let bodies = ["action=unsubscribe&scope=all", "List-Unsubscribe=One-Click"];
    let pairs = added.iter().flat_map(|added| bodies.map(|body| (added, body)));
    for (number, (added, body)) in pairs.enumerate() {
        let address = format!("guest{number}@guest.example");
        aiko.invited(&address).await;
        let token = token(&world, &address).await;
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let request = client
            .build()
            .unwrap()
            .post(format!("{}/u/{token}{added}", world.origin()));
        let pressed = answer(request.header("content-type", FORM).body(body)).await;
        assert_eq!(pressed.status, 200, "{added} {body}: at once, without a redirect");
        ben.invited(&address).await;
        assert_eq!(world.mail_to(&address).await.len(), 1, "{added} {body}");
        // To look at it is to be sent to the page of the token.
        assert_eq!(world.get(&format!("/u/{token}{added}")).await.status, 200, "{added}");
    }
}

#[tokio::test]
async fn m10_what_cannot_be_a_token_is_never_said_to_be_done() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    aiko.invited("guest@guest.example").await;
    let good = token(&world, "guest@guest.example").await;
    let short = &good[..42];
    for malformed in [
        "x".to_owned(),
        "_".to_owned(),
        "%FF".to_owned(),
        short.to_owned(),
        format!("{short}."),
        format!("{good}A"),
        format!("%20{good}"),
    ] {
        for body in ["action=unsubscribe&scope=all", "List-Unsubscribe=One-Click", ""] {
            let (pressed, cost) = world.count(post(&world, &malformed, FORM, body)).await;
            assert_eq!(pressed.status, 404, "{malformed} {body}");
            assert!(pressed.text.contains("Open the link in the email again"), "{malformed}");
            assert!(!pressed.text.contains("Done"), "{malformed}");
            assert!(cost.write_units() == 0.0, "{malformed}: {cost:?}");
        }
    }
    let ben = world.person("Ben").await;
    ben.invited("guest@guest.example").await;
    assert_eq!(
        world.mail_to("guest@guest.example").await.len(),
        2,
        "nothing was stopped"
    );
}

#[tokio::test]
async fn what_could_not_be_stored_is_offered_again_on_a_page_and_told_to_machines() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    aiko.invited("guest@guest.example").await;
    let token = token(&world, "guest@guest.example").await;
    let body = "action=unsubscribe&scope=all";
    let by_person = || {
        let request = world.request(Method::POST, &format!("/u/{token}"));
        let request = request.header("accept", "text/html,*/*;q=0.8");
        answer(request.header("content-type", FORM).body(body))
    };
    world
        .break_dynamodb(json!([{"error": "unreachable", "times": 100_000}]))
        .await;
    let told = by_person().await;
    assert_eq!(told.status, 503);
    assert!(told.headers.contains_key("retry-after"), "{:?}", told.headers);
    assert!(told.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(told.text.contains("value=\"unsubscribe\">Try again<"), "{}", told.text);
    let machine = post(&world, &token, FORM, "List-Unsubscribe=One-Click").await;
    assert_eq!(machine.problem(503), "unavailable");
    world.mend_dynamodb().await;
    assert_eq!(by_person().await.status, 200);
    let ben = world.person("Ben").await;
    ben.invited("guest@guest.example").await;
    assert_eq!(world.mail_to("guest@guest.example").await.len(), 1);
}

#[tokio::test]
async fn an_address_without_its_token_is_a_page_that_asks_the_table_nothing() {
    let world = World::without_mail().await;
    world
        .break_dynamodb(json!([{"error": "unreachable", "times": 100_000}]))
        .await;
    for (path, said) in [
        ("/i/_", "Open the link again"),
        ("/u/_", "Open the link in the email again"),
    ] {
        let page = world.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text.contains(said), "{path}: {}", page.text);
        assert_eq!(page.headers["cache-control"], "no-store");
        assert_eq!(page.headers["x-robots-tag"], "noindex");
    }
    assert_eq!(
        world.get("/invite-links/_").await.status,
        401,
        "an address of the API, as ever"
    );
}
