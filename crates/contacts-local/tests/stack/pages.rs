//! The pages under `/_local`: the mailbox and the sign-in.

use contacts_local::{Stack, start};
use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::{call, page, quiet};

/// A mail that SES has accepted, by its id.
async fn mail_in(stack: &Stack) -> String {
    let mail = json!({
        "FromEmailAddress": "=?UTF-8?B?55Sw5LitIHZpYSBDb250YWN0cw==?= <a@x.example>",
        "Destination": {"ToAddresses": ["b@x.example"]},
        "Content": {"Simple": {"Subject": {"Data": "S"}, "Body": {"Text": {"Data": "the text"}}}},
        "EmailTags": [{"Name": "invitation", "Value": "01"}],
    });
    let (_, accepted) = call(stack, "POST", "/_local/ses/v2/email/outbound-emails", mail).await;
    accepted["MessageId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_became_of_a_mail_is_kept_with_it() {
    let stack = start(quiet()).await.unwrap();
    let id = mail_in(&stack).await;
    let (_, kept) = call(&stack, "GET", "/_local/mail", json!(null)).await;
    assert_eq!(kept["mail"][0]["events"], json!([]));

    let events = "/_local/mail/events";
    for (bad, status, pointer) in [
        (json!({"message_id": "none", "type": "Bounce"}), 404, json!(null)),
        (json!({"message_id": id, "type": "Open"}), 422, json!("/type")),
        (json!({"message_id": id, "type": "bounce"}), 422, json!("/type")),
        (json!({"message_id": id, "type": 1}), 422, json!("/type")),
    ] {
        let (answered, problem) = call(&stack, "POST", events, bad.clone()).await;
        assert_eq!(
            (answered.as_u16(), &problem["errors"][0]["pointer"]),
            (status, &pointer),
            "{bad}"
        );
    }
    for (kind, detail) in [
        ("Delivery", "delivery"),
        ("Bounce", "bounce"),
        ("Complaint", "complaint"),
    ] {
        let (status, answer) = call(&stack, "POST", events, json!({"message_id": id, "type": kind})).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{kind}");
        assert_eq!(answer["delivered_to"], json!([]), "the template subscribes nobody");
        let event = &answer["event"];
        assert_eq!(event["eventType"], kind);
        assert!(event[detail]["timestamp"].is_string(), "{event}");
        assert_eq!(event["mail"]["messageId"], id, "{kind}");
        assert_eq!(event["mail"]["destination"], json!(["b@x.example"]));
        assert_eq!(event["mail"]["tags"]["invitation"], json!(["01"]));
        assert_eq!(event["mail"]["tags"]["ses:from-domain"], json!(["x.example"]));
        assert_eq!(event["mail"]["commonHeaders"]["subject"], "S");
    }
    let (_, kept) = call(&stack, "GET", "/_local/mail?to=b@x.example", json!(null)).await;
    let kept = kept["mail"][0]["events"].as_array().unwrap().clone();
    let kinds: Vec<&str> = kept.iter().map(|event| event["eventType"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Delivery", "Bounce", "Complaint"]);
    let bounce = &kept[1]["bounce"];
    assert_eq!(
        (&bounce["bounceType"], &bounce["bounceSubType"]),
        (&json!("Permanent"), &json!("General"))
    );
    assert_eq!(bounce["bouncedRecipients"][0]["emailAddress"], "b@x.example");
    stack.shutdown().await;
}

#[tokio::test]
async fn the_mailbox_shows_a_mail_and_what_became_of_it() {
    let stack = start(quiet()).await.unwrap();
    let id = mail_in(&stack).await;
    for kind in ["Delivery", "Bounce", "Complaint"] {
        let event = json!({"message_id": id, "type": kind});
        call(&stack, "POST", "/_local/mail/events", event).await;
    }
    let (policy, list) = page(&stack, "/_local/mailbox").await;
    assert!(
        list.contains("田中 via Contacts") && list.contains("· Delivery · Bounce · Complaint"),
        "{list}"
    );
    assert!(
        !policy.contains("unsafe") && policy.contains("default-src 'none'; style-src 'self'"),
        "{policy}"
    );
    for (to, found) in [("B@X", true), ("b@x.example", true), ("a@x", false)] {
        let (_, list) = page(&stack, &format!("/_local/mailbox?to={to}")).await;
        assert_eq!(list.contains(&id), found, "{to}");
    }
    let (_, text) = page(&stack, &format!("/_local/mailbox/{id}?view=text")).await;
    assert!(text.contains("<pre class=\"sheet\">the text</pre>"), "{text}");
    let (_, source) = page(&stack, &format!("/_local/mailbox/{id}?view=source")).await;
    assert!(source.contains("Content-Transfer-Encoding: 7bit"), "{source}");
    let file = Client::new().get(format!("{}/_local/mailbox/{id}/source.eml", stack.origin()));
    assert_eq!(file.send().await.unwrap().headers()["content-type"], "message/rfc822");
    let missing = Client::new().get(format!("{}/_local/mailbox/none", stack.origin()));
    assert_eq!(missing.send().await.unwrap().status(), StatusCode::NOT_FOUND);
    stack.shutdown().await;
}

#[tokio::test]
async fn somebody_to_sign_in_as_is_found_among_many() {
    let stack = start(quiet()).await.unwrap();
    for n in 0..61 {
        let person = json!({"name": format!("田中{n:02}"), "email": format!("{n:02}@x.example")});
        assert_eq!(
            call(&stack, "POST", "/_local/users", person).await.0,
            StatusCode::CREATED
        );
    }
    let ken = json!({"name": "Ken ＡＤＡＭＳ", "email": "zz@x.example", "organization": "アオゾラ"});
    call(&stack, "POST", "/_local/users", ken).await;
    let (_, found) = call(
        &stack,
        "GET",
        "/_local/oidc/.well-known/openid-configuration",
        json!(null),
    )
    .await;
    let (client, challenge) = (contacts_local::sign_in::tokens::CLIENT_ID, "A".repeat(43));
    let authorize = format!(
        "/_local/oidc/authorize?response_type=code&client_id={client}&redirect_uri={}/&code_challenge={challenge}\
         &code_challenge_method=S256&state=s&scope=openid",
        stack.origin()
    );
    assert!(
        found["authorization_endpoint"]
            .as_str()
            .is_some_and(|url| authorize.starts_with(&url[stack.origin().len()..]))
    );
    let shown = |html: &str| html.matches("name=\"user_id\"").count();
    let (policy, all) = page(&stack, &authorize).await;
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(shown(&all), 60);
    assert!(all.contains("60 of 62 users are shown"), "{all}");
    for (find, count) in [
        ("adams", 1),
        ("%E3%81%82%E3%81%8A%E3%81%9E%E3%82%89", 1),
        ("07@x", 1),
        ("田中0", 10),
        ("nobody", 0),
    ] {
        let (_, html) = page(&stack, &format!("{authorize}&find={find}")).await;
        assert_eq!(shown(&html), count, "{find}");
        assert!(html.contains("name=\"state\" value=\"s\""), "{find}");
    }
    let (_, create) = page(&stack, &format!("{authorize}&prompt=create")).await;
    assert!(create.find("As a new user") < create.find("As a registered user"));
    stack.shutdown().await;
}

#[tokio::test]
async fn each_place_that_the_index_names_is_there() {
    let stack = start(quiet()).await.unwrap();
    // The redirect is followed: with the slash it is the same page.
    for path in ["/_local", "/_local/"] {
        let (_, index) = page(&stack, path).await;
        let links: Vec<&str> = index
            .split("<a href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert!(links.contains(&"/_local/mailbox") && links.len() > 4, "{path}: {index}");
        for link in links {
            let answer = Client::new()
                .get(format!("{}{link}", stack.origin()))
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{link}");
        }
    }
    stack.shutdown().await;
}
