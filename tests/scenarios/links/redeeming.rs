//! Opening invite links, and pressing their button.

use std::collections::BTreeMap;

use contacts_tests::{
    DAY, Person, World, answer,
    links::{path_of, token_of},
    mail::unsubscribe_token,
    masked,
};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// Everybody presses at once; how often each status and outcome, or code, came.
async fn press_at_once(people: &[Person], token: &str) -> BTreeMap<(u16, String), usize> {
    let mut presses = JoinSet::new();
    for person in people {
        let (person, token) = (person.clone(), token.to_owned());
        presses.spawn(async move { person.press(&token).await });
    }
    let mut came = BTreeMap::new();
    for pressed in presses.join_all().await {
        let word = ["outcome", "code"]
            .iter()
            .find_map(|field| pressed.json[*field].as_str());
        *came
            .entry((pressed.status, word.unwrap_or_default().to_owned()))
            .or_insert(0) += 1;
    }
    came
}

fn came(expected: &[(u16, &str, usize)]) -> BTreeMap<(u16, String), usize> {
    let expected = expected.iter().filter(|(_, _, times)| *times > 0);
    expected
        .map(|(status, word, times)| ((*status, (*word).to_owned()), *times))
        .collect()
}

async fn people(world: &World, number: usize) -> Vec<Person> {
    let mut people = Vec::new();
    for _ in 0..number {
        people.push(world.person("Visitor").await);
    }
    people
}

async fn the_link(owner: &Person, link: &Value) -> Value {
    let links = owner.share_links().await;
    links
        .into_iter()
        .find(|found| found["link_id"] == link["link_id"])
        .unwrap()
}

#[tokio::test]
async fn a_share_link_shows_the_first_view_that_holds() {
    let world = World::with_settings(&[("EXTERNAL_CONTACT_LIMIT", "1")]).await;
    let [owner, contact, visitor, asking, asked] =
        ["Owner", "Contact", "Visitor", "Asking", "Asked"].map(|name| world.person(name));
    let [owner, contact, visitor, asking, asked] =
        [owner.await, contact.await, visitor.await, asking.await, asked.await];
    owner.send_request(&asked).await;
    contact.connect(&owner).await;
    let link = owner.share_link(json!({"max_uses": 1, "expires_in_days": 100})).await;
    let (path, token) = (path_of(&link), token_of(&link));
    assert_eq!(visitor.view(&token).await, "redeemable");
    assert_eq!(asking.redeem(&token).await, "request_sent");
    assert_eq!(visitor.view(&token).await, "used_up");
    owner.patch(&path, json!({"expires_in_days": 1})).await.expect(200);
    world.pass(2 * DAY).await;
    let owner = world.sign_in(&owner).await;
    let contact = world.sign_in(&contact).await;
    let visitor = world.sign_in(&visitor).await;
    let asking = world.sign_in(&asking).await;
    let asked = world.sign_in(&asked).await;

    // From here on one thing after the other is fixed: what is shown is the next that holds.
    for (change, shown) in [
        (json!({"enabled": false}), "revoked"),
        (json!({"enabled": true}), "expired"),
        (json!({"expires_in_days": null}), "used_up"),
    ] {
        owner.patch(&path, change).await.expect(200);
        assert_eq!(owner.view(&token).await, "own_link");
        assert_eq!(contact.view(&token).await, "already_contact");
        assert_eq!(owner.press(&token).await.problem(409), "own_link");
        assert_eq!(contact.redeem(&token).await, "already_contact");
        for person in [&visitor, &asking, &asked] {
            assert_eq!(person.view(&token).await, shown, "{}", person.email);
            assert_eq!(person.press(&token).await.problem(410), shown);
        }
    }
    owner.patch(&path, json!({"max_uses": null})).await.expect(200);
    // That the owner is full is not the visitor's to know.
    assert_eq!(visitor.view(&token).await, "redeemable");
    assert_eq!(asking.view(&token).await, "request_pending");
    assert_eq!(asked.view(&token).await, "awaiting_you");
    for person in [&visitor, &asking, &asked] {
        person.connect(&world.person("Friend").await).await;
    }
    assert_eq!(visitor.view(&token).await, "at_limit");
    assert_eq!(visitor.press(&token).await.problem(409), "at_limit");
    assert_eq!(asking.view(&token).await, "request_pending");
    assert_eq!(asking.redeem(&token).await, "already_pending");
    assert_eq!(asked.view(&token).await, "awaiting_you");
    assert_eq!(asked.press(&token).await.problem(409), "at_limit");
    // Whoever blocks the owner sees an erased account.
    visitor.block(&owner).await;
    assert_eq!(visitor.view(&token).await, "unknown");
    assert_eq!(visitor.press(&token).await.problem(404), "not_found");
    assert_eq!(the_link(&owner, &link).await["uses"], 1);
}

#[tokio::test]
async fn a_mailed_link_shows_the_first_view_that_holds() {
    let world = World::with_settings(&[("EXTERNAL_CONTACT_LIMIT", "1")]).await;
    let inviter = world.person("Inviter").await;
    let visitor = world.person("Visitor").await;
    let asking = world.person("Asking").await;
    let invited = inviter.invited("guest@guest.example").await;
    let token = world.mailed_token("guest@guest.example").await;
    let opened = visitor.get(&format!("/invite-links/{token}")).await.expect(200);
    let inviter_shown = json!({"name": "Inviter", "avatar_image_url": null});
    assert_eq!(
        opened,
        json!({"kind": "email", "inviter": inviter_shown, "view": "redeemable", "effect": "ask"})
    );
    assert_eq!(inviter.view(&token).await, "own_link");
    assert_eq!(inviter.press(&token).await.problem(409), "own_link");
    assert_eq!(asking.redeem(&token).await, "request_sent");
    assert_eq!(asking.view(&token).await, "request_pending");
    visitor.connect(&world.person("Friend").await).await;
    assert_eq!(visitor.view(&token).await, "at_limit");
    assert_eq!(visitor.press(&token).await.problem(409), "at_limit");
    asking.connect(&world.person("Friend").await).await;
    assert_eq!(asking.view(&token).await, "request_pending");

    let guest = world
        .register(json!({"name": "Guest", "email": "guest@guest.example"}))
        .await;
    world.idle().await;
    assert_eq!(guest.view(&token).await, "redeemable");
    assert_eq!(guest.redeem(&token).await, "connected");
    assert_eq!(guest.view(&token).await, "already_contact");
    for person in [&visitor, &asking] {
        assert_eq!(person.view(&token).await, "used_up");
        assert_eq!(person.press(&token).await.problem(410), "used_up");
    }
    assert_eq!(inviter.state_of(&invited).await, "accepted");

    let other = world.person("Other").await;
    let revoked = other.invited("late@guest.example").await;
    other.invited("later@guest.example").await;
    let (late, later) = (
        world.mailed_token("late@guest.example").await,
        world.mailed_token("later@guest.example").await,
    );
    // What has ended is kept for thirty days: a day later than the links are good.
    world.pass(DAY).await;
    let (other, visitor) = (world.sign_in(&other).await, world.sign_in(&visitor).await);
    other.delete(&revoked).await.expect(204);
    assert_eq!(visitor.view(&late).await, "revoked", "before the limit");
    assert_eq!(visitor.press(&late).await.problem(410), "revoked");
    assert_eq!(other.view(&late).await, "own_link");
    world.pass(29 * DAY + 60).await;
    let visitor = world.sign_in(&visitor).await;
    assert_eq!(visitor.view(&late).await, "revoked", "before expiry");
    assert_eq!(visitor.view(&later).await, "expired");
    assert_eq!(visitor.press(&later).await.problem(410), "expired");
}

#[tokio::test]
async fn opening_changes_nothing() {
    let world = World::start().await;
    let owner = world.person("Owner").await;
    let visitor = world.person("Visitor").await;
    let link = owner.share_link(json!({"max_uses": 1, "approval": "automatic"})).await;
    owner.invited(&visitor.email).await;
    let mailed = world.mailed_token(&visitor.email).await;
    for token in [token_of(&link), mailed] {
        let path = format!("/invite-links/{token}");
        for _ in 0..10 {
            for method in [Method::GET, Method::HEAD] {
                let (opened, cost) = world.count(answer(visitor.request(method.clone(), &path))).await;
                assert_eq!(opened.status, 200, "{method}");
                assert!(cost.write_units() == 0.0, "{method}: {cost:?}");
            }
            // A page may count its views, and nothing else; HEAD not even that.
            let (opened, cost) = world.count(world.get(&format!("/i/{token}"))).await;
            assert_eq!(opened.status, 200);
            assert!(
                cost.of("TransactWriteItems") == 0 && cost.of("UpdateItem") <= 1,
                "{cost:?}"
            );
            let head = answer(world.request(Method::HEAD, &format!("/i/{token}")));
            let (opened, cost) = world.count(head).await;
            assert_eq!(opened.status, 200);
            assert!(cost.write_units() == 0.0, "{cost:?}");
        }
        // Without a person's token nothing is pressed.
        let nobody = world.post(&format!("{path}/redemptions"), json!({})).await;
        assert_eq!(nobody.status, 401);
        let form = answer(
            visitor
                .request(Method::POST, &format!("{path}/redemptions"))
                .body("a=b"),
        )
        .await;
        assert_eq!(form.problem(415), "unsupported_media_type");
        assert_eq!(
            answer(visitor.request(Method::PUT, &format!("{path}/redemptions")))
                .await
                .status,
            405
        );
    }
    assert!(owner.incoming().await.is_empty());
    assert!(!visitor.has_contact(&owner).await);
    let after = the_link(&owner, &link).await;
    assert_eq!((&after["uses"], &after["last_used_at"]), (&json!(0), &Value::Null));
    assert_eq!(visitor.redeem(&token_of(&link)).await, "connected", "it is still good");
}

#[tokio::test]
async fn pressing_a_share_link_asks_or_connects_and_counts_once_a_person() {
    let world = World::start().await;
    let owner = world.person("Owner").await;
    let [ben, cho] = [world.person("Ben").await, world.person("Cho").await];
    let link = owner.share_link(json!({})).await;
    let token = token_of(&link);
    assert_eq!(ben.redeem(&token).await, "request_sent");
    assert_eq!(ben.redeem(&token).await, "already_pending");
    let requests = owner.incoming().await;
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0]["origin"], "share_link");
    assert_eq!(ben.outgoing().await[0]["request_id"], requests[0]["request_id"]);
    ben.cancel(requests[0]["request_id"].as_str().unwrap())
        .await
        .expect(204);
    assert_eq!(ben.redeem(&token).await, "request_sent");
    let used = the_link(&owner, &link).await;
    assert_eq!(used["uses"], 1, "one person is one use");
    assert!(used["last_used_at"].is_string());
    let request = owner.incoming().await[0]["request_id"].as_str().unwrap().to_owned();
    let contact = owner.accept(&request).await.expect(200);
    assert_eq!(contact["origin"], "share_link");
    assert_eq!(ben.redeem(&token).await, "already_contact");

    // The owner's own request waits: pressing accepts it.
    owner.send_request(&cho).await;
    assert_eq!(cho.view(&token).await, "awaiting_you");
    assert_eq!(cho.redeem(&token).await, "connected");
    assert!(owner.has_contact(&cho).await && cho.has_contact(&owner).await);
    assert!(cho.incoming().await.is_empty() && owner.outgoing().await.is_empty());

    let automatic = owner.share_link(json!({"approval": "automatic"})).await;
    let dan = world.person("Dan").await;
    assert_eq!(dan.redeem(&token_of(&automatic)).await, "connected");
    let contact = dan.get(&format!("/contacts/{}", owner.id)).await.expect(200);
    assert_eq!(contact["origin"], "share_link");
    assert!(owner.has_contact(&dan).await);
}

/// What somebody is shown of a link and of their requests, masked, since ids differ; and the request's id.
async fn shown(visitor: &Person, token: &str) -> (Value, Option<String>) {
    let list = visitor.get("/contact-requests?direction=outgoing").await.expect(200);
    let figures = visitor.get("/contacts/summary").await.expect(200);
    let link = visitor.get(&format!("/invite-links/{token}")).await.expect(200);
    let request = list["contact_requests"][0]["request_id"].as_str().map(str::to_owned);
    (json!([link, masked(&list), figures["requests"]]), request)
}

/// All that somebody is told who presses a link, again and again, and cancels what they sent.
async fn told(world: &World, visitor: &Person, token: &str) -> Vec<Value> {
    let mut told = vec![shown(visitor, token).await.0];
    for _ in 0..3 {
        let (pressed, cost) = world.count(visitor.press(token)).await;
        told.push(json!([
            pressed.status,
            pressed.json,
            format!("{:?}", cost.operations())
        ]));
        told.push(shown(visitor, token).await.0);
    }
    if let Some(request) = shown(visitor, token).await.1 {
        for _ in 0..2 {
            let cancelled = visitor.cancel(&request).await;
            told.push(json!([cancelled.status, cancelled.json]));
        }
        let not_theirs = visitor.accept(&request).await;
        told.push(json!([not_theirs.status, not_theirs.json]));
    }
    told.push(shown(visitor, token).await.0);
    told.push(visitor.press(token).await.json);
    told.push(shown(visitor, token).await.0);
    told
}

#[tokio::test]
async fn fault_11_a_blocked_visitor_cannot_tell_and_nothing_arrives() {
    let world = World::without_mail().await;
    let owner = world.person("Owner").await;
    let [blocked, stranger] = [world.person("Visitor").await, world.person("Visitor").await];
    owner.block(&blocked).await;
    // One that a single press uses up, too.
    for settings in [json!({}), json!({"max_uses": 1})] {
        let [one, other] = [
            owner.share_link(settings.clone()).await,
            owner.share_link(settings).await,
        ];
        let seen = told(&world, &blocked, &token_of(&one)).await;
        let as_stranger = told(&world, &stranger, &token_of(&other)).await;
        assert_eq!(json!(seen), json!(as_stranger));
        assert_eq!(seen[0][0]["view"], "redeemable");
        assert_eq!(seen[1][1]["outcome"], "request_sent");
        // Each is to find nothing of the first link when it comes to the second.
        for person in [&blocked, &stranger] {
            for request in person.outgoing().await {
                let id = request["request_id"].as_str().unwrap();
                person.cancel(id).await.expect(204);
            }
        }
        assert_eq!(
            the_link(&owner, &one).await["uses"],
            the_link(&owner, &other).await["uses"]
        );
    }
    for request in owner.incoming().await {
        assert_eq!(request["user"]["user_id"], json!(stranger.id));
    }
}

#[tokio::test]
async fn a17_a_link_tells_its_effect_and_a_request_brings_its_message() {
    let world = World::start().await;
    let owner = world.person("Owner").await;
    let [visitor, blocked, asked] = ["Visitor", "Blocked", "Asked"].map(|name| world.person(name));
    let [visitor, blocked, asked] = [visitor.await, blocked.await, asked.await];
    owner.block(&blocked).await;
    owner.send_request(&asked).await;
    let by_hand = token_of(&owner.share_link(json!({})).await);
    let automatic = token_of(&owner.share_link(json!({"approval": "automatic"})).await);
    for (person, token, effect) in [
        (&visitor, &by_hand, json!("ask")),
        (&visitor, &automatic, json!("connect")),
        (&blocked, &by_hand, json!("ask")),
        (&blocked, &automatic, json!("ask")),
        (&asked, &by_hand, json!("connect")),
        (&owner, &by_hand, json!(null)),
    ] {
        let link = person.get(&format!("/invite-links/{token}")).await.expect(200);
        assert_eq!(link["effect"], effect, "{} {link}", person.email);
    }

    let path = format!("/invite-links/{by_hand}/redemptions");
    let refused = visitor.post(&path, json!({"message": "x".repeat(1_001)})).await;
    assert_eq!(refused.pointers(), ["/message"]);
    assert_eq!(refused.problem(422), "invalid_input");
    let sent = visitor
        .post(&path, json!({"message": " From the fair\r\n"}))
        .await
        .expect(200);
    assert_eq!(sent["outcome"], "request_sent");
    let request = owner.incoming().await.remove(0);
    assert_eq!(request["message"], "From the fair");
    // The first message stays.
    let again = visitor.post(&path, json!({"message": "Another"})).await.expect(200);
    assert_eq!(again["outcome"], "already_pending");
    assert_eq!(owner.incoming().await[0]["message"], "From the fair");
}

#[tokio::test]
async fn fault_11_a_blocked_visitor_asks_by_any_link_of_the_blocker() {
    let world = World::start().await;
    let owner = world.person("Owner").await;
    let blocked = world.person("Blocked").await;
    let by_hand = token_of(&owner.share_link(json!({})).await);
    let automatic = token_of(&owner.share_link(json!({"approval": "automatic"})).await);
    let invitation = owner.invited(&blocked.email).await;
    let mailed = world.mailed_token(&blocked.email).await;
    owner.block(&blocked).await;
    for token in [&by_hand, &automatic, &mailed] {
        assert_eq!(blocked.view(token).await, "redeemable");
        assert_eq!(blocked.redeem(token).await, "request_sent");
        for token in [&by_hand, &automatic, &mailed] {
            assert_eq!(blocked.view(token).await, "request_pending");
            assert_eq!(blocked.redeem(token).await, "already_pending");
        }
        let outgoing = blocked.outgoing().await;
        assert_eq!(outgoing.len(), 1);
        assert_eq!(outgoing[0]["user"]["name"], "Owner");
        // Nothing else finds the owner.
        assert!(blocked.search("Owner").await.is_empty());
        blocked
            .post("/contact-requests", json!({"user_id": owner.id}))
            .await
            .problem(404);
        blocked.get(&format!("/contacts/{}", owner.id)).await.problem(404);
        assert!(owner.incoming().await.is_empty());
        assert!(owner.search("Blocked").await.is_empty());
        assert_eq!(owner.list("/blocks", "blocks").await.len(), 1);
        let request = outgoing[0]["request_id"].as_str().unwrap();
        owner.accept(request).await.problem(404);
        owner.decline(request, "never").await.problem(404);
        blocked.cancel(request).await.expect(204);
        assert_eq!(blocked.cancel(request).await.problem(409), "not_pending");
    }
    assert_eq!(owner.state_of(&invitation).await, "sent");
    // It ends by itself, as any.
    assert_eq!(blocked.redeem(&by_hand).await, "request_sent");
    world.pass(90 * DAY).await;
    let (owner, blocked) = (world.sign_in(&owner).await, world.sign_in(&blocked).await);
    assert!(blocked.outgoing().await.is_empty());
    assert_eq!(blocked.view(&by_hand).await, "redeemable");
    assert_eq!(blocked.redeem(&by_hand).await, "request_sent");
    // Unblocking does not show it.
    owner.delete(&format!("/blocks/{}", blocked.id)).await.expect(204);
    assert!(owner.incoming().await.is_empty());
    assert_eq!(blocked.redeem(&by_hand).await, "already_pending");
    assert_eq!(blocked.search("Owner").await[0]["relation"], "requested");
    assert_eq!(owner.search("Blocked").await[0]["relation"], "none");
    // Who asks while it stands, agrees.
    assert_eq!(owner.ask(&blocked).await.expect(200)["outcome"], "connected");
    assert!(blocked.has_contact(&owner).await);
}

#[tokio::test]
async fn fault_12_a_dead_link_names_its_owner_to_them_and_their_contacts_only() {
    let world = World::start().await;
    let owner = world.person("Olga Owner").await;
    let [contact, stranger, asking, blocked] =
        ["Contact", "Stranger", "Asking", "Blocked"].map(|name| world.person(name));
    let [contact, stranger, asking, blocked] = [contact.await, stranger.await, asking.await, blocked.await];
    contact.connect(&owner).await;
    owner.send_request(&asking).await;
    owner.block(&blocked).await;
    let mut dead = Vec::new();
    for shown in ["rotated", "switched off", "deleted", "used up", "expired"] {
        let days = if shown == "expired" { json!(1) } else { json!(null) };
        let link = owner
            .share_link(json!({"max_uses": 1, "approval": "automatic", "expires_in_days": days}))
            .await;
        let path = path_of(&link);
        match shown {
            "rotated" => drop(owner.post(&format!("{path}/rotate"), json!({})).await.expect(200)),
            "switched off" => drop(owner.patch(&path, json!({"enabled": false})).await.expect(200)),
            "deleted" => drop(owner.delete(&path).await.expect(204)),
            "used up" => {
                let user = world.person("User").await;
                assert_eq!(user.redeem(&token_of(&link)).await, "connected");
            }
            _ => {}
        }
        let view = if ["used up", "expired"].contains(&shown) {
            shown.replace(' ', "_")
        } else {
            "revoked".to_owned()
        };
        dead.push((token_of(&link), view));
    }
    let invitation = owner.invited("guest@guest.example").await;
    dead.push((world.mailed_token("guest@guest.example").await, "revoked".to_owned()));
    owner.delete(&invitation).await.expect(204);
    world.pass(2 * DAY).await;
    let named = json!({"name": "Olga Owner", "avatar_image_url": null});
    for (token, view) in dead {
        let path = format!("/invite-links/{token}");
        for (person, shown, inviter) in [
            (&owner, "own_link", &named),
            (&contact, "already_contact", &named),
            (&stranger, view.as_str(), &Value::Null),
            (&asking, view.as_str(), &Value::Null),
            (&blocked, view.as_str(), &Value::Null),
        ] {
            let person = world.sign_in(person).await;
            let seen = person.get(&path).await.expect(200);
            assert_eq!((&seen["view"], &seen["inviter"]), (&json!(shown), inviter), "{seen}");
            if inviter.is_null() {
                let pressed = person.press(&token).await;
                assert!(!pressed.text.contains("Olga"), "{}", pressed.text);
            }
        }
        let page = world.get(&format!("/i/{token}")).await;
        assert_eq!(page.status, 410, "{view}");
        assert!(!page.text.contains("Olga"), "{view}");
    }
}

#[tokio::test]
async fn a_token_that_leads_nowhere_is_unknown() {
    // Nothing but the calls is to be counted: no sweeps, and nothing of what comes before.
    let world = World::with(|options| options.no_schedule = true).await;
    let owner = world.person("Owner").await;
    let visitor = world.person("Visitor").await;
    let link = owner.share_link(json!({})).await;
    let token = token_of(&link);
    let unknown = json!({"kind": null, "inviter": null, "view": "unknown", "effect": null});
    let short = token.get(..42).unwrap();
    let malformed = [
        "a".to_owned(),
        "0".to_owned(),
        "null".to_owned(),
        "%20".to_owned(),
        "%00".to_owned(),
        "%E7%94%B0".to_owned(),
        "%FF".to_owned(),
        short.to_owned(),
        format!("{token}A"),
        format!("{short}+"),
        format!("{short}%2B"),
        "A".repeat(5_000),
    ];
    world.idle().await;
    for malformed in &malformed {
        let path = format!("/invite-links/{malformed}");
        let (opened, cost) = world.count(visitor.get(&path)).await;
        assert_eq!(opened.clone().expect(200), unknown, "{malformed}");
        assert!(cost.all() <= 1, "only the visitor is looked up: {malformed}: {cost:?}");
        let (pressed, cost) = world.count(visitor.press(malformed)).await;
        assert_eq!(pressed.problem(404), "not_found", "{malformed}");
        assert!(cost.all() <= 1 && cost.write_units() == 0.0, "{malformed}: {cost:?}");
        assert_eq!(world.get(&format!("/i/{malformed}")).await.status, 404, "{malformed}");
    }
    // The page takes what is added to a token for that; the API does not.
    for added in ["%3D", "%20"] {
        let opened = visitor.get(&format!("/invite-links/{token}{added}")).await;
        assert_eq!(opened.expect(200), unknown, "{added}");
    }
    for nowhere in ["/invite-links/", "/invite-links/..%2Fme", "/invite-links", "/i/", "/i"] {
        assert_eq!(visitor.get(nowhere).await.status, 404, "{nowhere}");
    }
    // Well-formed ones that are not an invite link's.
    owner.invited("guest@guest.example").await;
    let mail = world.mail_to("guest@guest.example").await;
    for other in [&"A".repeat(43), &unsubscribe_token(&mail[0])] {
        assert_eq!(
            visitor.get(&format!("/invite-links/{other}")).await.expect(200),
            unknown
        );
        assert_eq!(visitor.press(other).await.problem(404), "not_found");
        assert_eq!(world.get(&format!("/i/{other}")).await.status, 404);
    }
    assert_eq!(visitor.view(&token).await, "redeemable");
}

#[tokio::test]
async fn a_link_survives_the_sign_up() {
    let world = World::start().await;
    let owner = world.person("Owner").await;
    let link = owner.share_link(json!({})).await;
    let token = token_of(&link);
    assert_eq!(world.get(&format!("/i/{token}")).await.status, 200);
    assert_eq!(world.get(&format!("/invite-links/{token}")).await.status, 401);
    // A good token of somebody who is not registered yet.
    let mut nobody = owner.clone();
    nobody.id = "nobody-yet".to_owned();
    let nobody = world.sign_in(&nobody).await;
    assert_eq!(
        nobody.get(&format!("/invite-links/{token}")).await.problem(403),
        "not_registered"
    );
    assert_eq!(nobody.press(&token).await.problem(403), "not_registered");
    assert_eq!(nobody.press("nonsense").await.problem(403), "not_registered");
    let visitor = world.person("Visitor").await;
    assert_eq!(visitor.view(&token).await, "redeemable");
    assert_eq!(visitor.redeem(&token).await, "request_sent");
    assert_eq!(owner.incoming().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_four_at_once_as_many_succeed_as_there_are_uses() {
    let world = World::start().await;
    let owner = world.person("Owner").await;
    let visitors = people(&world, 64).await;
    for (approval, outcome, uses, pressing) in [
        ("owner", "request_sent", 10, 64),
        ("automatic", "connected", 7, 24),
        ("owner", "request_sent", 1, 24),
    ] {
        let owner = if approval == "owner" {
            world.person("Owner").await
        } else {
            owner.clone()
        };
        let link = owner.share_link(json!({"max_uses": uses, "approval": approval})).await;
        let result = press_at_once(&visitors[..pressing], &token_of(&link)).await;
        assert_eq!(result, came(&[(200, outcome, uses), (410, "used_up", pressing - uses)]));
        assert_eq!(the_link(&owner, &link).await["uses"], uses);
        let reached = match approval {
            "owner" => owner.incoming().await.len(),
            _ => owner.list("/contacts", "contacts").await.len(),
        };
        assert_eq!(reached, uses);
    }
    // Fewer than there are uses.
    let link = world.person("Owner").await.share_link(json!({"max_uses": 10})).await;
    let result = press_at_once(&visitors[..6], &token_of(&link)).await;
    assert_eq!(result, came(&[(200, "request_sent", 6)]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_person_who_presses_many_times_at_once_counts_once() {
    let world = World::start().await;
    let owner = world.person("Owner").await;
    let visitor = world.person("Visitor").await;
    let link = owner.share_link(json!({"max_uses": 5})).await;
    let sixteen = vec![visitor.clone(); 16];
    let result = press_at_once(&sixteen, &token_of(&link)).await;
    assert_eq!(result, came(&[(200, "request_sent", 1), (200, "already_pending", 15)]));
    assert_eq!(the_link(&owner, &link).await["uses"], 1);
    assert_eq!(owner.incoming().await.len(), 1);

    let guest = world
        .register(json!({"name": "Guest", "email": "guest@guest.example"}))
        .await;
    let invitation = owner.invited(&guest.email).await;
    let token = world.mailed_token(&guest.email).await;
    let result = press_at_once(&vec![guest.clone(); 16], &token).await;
    assert_eq!(result, came(&[(200, "connected", 1), (200, "already_contact", 15)]));
    assert_eq!(owner.state_of(&invitation).await, "accepted");
}
