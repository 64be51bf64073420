//! Bad input: each a problem that names the place, and nothing written.

use contacts_tests::{Person, World, answer};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// Every route of the API with its methods. `{id}` and the like stand for ids of nobody.
const ROUTES: [(&str, &str); 20] = [
    ("/users", "GET"),
    ("/me", "GET PATCH"),
    ("/contacts", "GET"),
    ("/contacts/summary", "GET"),
    ("/contacts/01ARZ3NDEKTSV4RRFFQ69G5FAV", "GET DELETE"),
    ("/contact-requests", "GET POST"),
    ("/contact-requests/01ARZ3NDEKTSV4RRFFQ69G5FAV", "DELETE"),
    ("/contact-requests/01ARZ3NDEKTSV4RRFFQ69G5FAV/accept", "POST"),
    ("/contact-requests/01ARZ3NDEKTSV4RRFFQ69G5FAV/decline", "POST"),
    ("/blocks", "GET"),
    ("/blocks/01ARZ3NDEKTSV4RRFFQ69G5FAV", "PUT DELETE"),
    ("/invitations", "GET POST"),
    ("/invitations/01ARZ3NDEKTSV4RRFFQ69G5FAV", "GET DELETE"),
    ("/invitations/01ARZ3NDEKTSV4RRFFQ69G5FAV/resend", "POST"),
    ("/share-links", "GET POST"),
    ("/share-links/01ARZ3NDEKTSV4RRFFQ69G5FAV", "PATCH DELETE"),
    ("/share-links/01ARZ3NDEKTSV4RRFFQ69G5FAV/rotate", "POST"),
    ("/share-links/01ARZ3NDEKTSV4RRFFQ69G5FAV/qr.svg", "GET"),
    ("/invite-links/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "GET"),
    (
        "/invite-links/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/redemptions",
        "POST",
    ),
];

/// Each route with each of its methods.
pub(crate) fn calls() -> impl Iterator<Item = (&'static str, Method)> {
    let methods = |methods: &'static str| methods.split(' ').map(|method| method.parse::<Method>().unwrap());
    ROUTES
        .into_iter()
        .flat_map(move |(path, of)| methods(of).map(move |method| (path, method)))
}

/// Those that take a body.
fn commands() -> impl Iterator<Item = (&'static str, Method)> {
    calls().filter(|(_, method)| *method != Method::GET)
}

pub(crate) async fn nothing_written(world: &World) {
    let counted = world.counted().await;
    assert_eq!(counted.write_units(), 0.0, "{:?}", counted.by_operation);
    for written in ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"] {
        assert_eq!(counted.of(written), 0, "{written}");
    }
}

pub(crate) fn with_json(request: RequestBuilder, body: &str) -> RequestBuilder {
    request.header("content-type", "application/json").body(body.to_owned())
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_400_or_415() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    world.reset_calls().await;
    for (path, method) in commands() {
        let request = || aiko.request(method.clone(), path);
        for broken in [
            "{",
            "{\"message\": ",
            "nonsense",
            "{} {}",
            "\u{feff}{}",
            "{'message': 1}",
            "{\"unknown\": 1, ",
            "{\"unknown\": 1}}",
        ] {
            let refused = answer(with_json(request(), broken)).await;
            assert_eq!(refused.problem(400), "invalid_json", "{method} {path} {broken}");
            assert_eq!(refused.pointers(), [""], "{method} {path} {broken}: the place");
        }
        let bytes = answer(
            request()
                .header("content-type", "application/json")
                .body(b"{\"\xff\": 1}".to_vec()),
        )
        .await;
        assert_eq!(bytes.problem(400), "invalid_json", "{method} {path}");
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/jsonp",
            "application/json; charset=shift_jis",
            "multipart/form-data",
        ] {
            let refused = answer(request().header("content-type", kind).body("{}")).await;
            assert_eq!(refused.problem(415), "unsupported_media_type", "{method} {path} {kind}");
        }
        let untyped = answer(request().body("{}")).await;
        assert_eq!(
            untyped.problem(415),
            "unsupported_media_type",
            "{method} {path} without a type"
        );
        let large = format!("{{\"x\": \"{}\"}}", "x".repeat(256 * 1024));
        assert_eq!(
            answer(with_json(request(), &large)).await.problem(413),
            "too_large",
            "{method} {path}"
        );
    }
    nothing_written(&world).await;
}

#[tokio::test]
async fn what_is_no_object_or_has_other_fields_is_422() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    world.reset_calls().await;
    for (path, method) in commands() {
        for (body, pointer, code) in [
            ("[]", "", "wrong_type"),
            ("[\"text\"]", "", "wrong_type"),
            ("null", "", "wrong_type"),
            ("\"text\"", "", "wrong_type"),
            ("7", "", "wrong_type"),
            ("{\"unknown\": 1}", "/unknown", "unknown_field"),
            ("{\"a/b~c\": 1}", "/a~1b~0c", "unknown_field"),
        ] {
            let refused = answer(with_json(aiko.request(method.clone(), path), body)).await;
            assert_eq!(refused.problem(422), "invalid_input", "{method} {path} {body}");
            assert_eq!(refused.pointers(), [pointer], "{method} {path} {body}");
            assert_eq!(refused.json["errors"][0]["code"], code, "{method} {path} {body}");
        }
        let query = answer(with_json(
            aiko.request(method.clone(), &format!("{path}?force=1")),
            "{}",
        ))
        .await;
        assert_eq!(
            (query.status, query.pointers()),
            (422, vec!["/force".to_owned()]),
            "{method} {path}"
        );
    }
    nothing_written(&world).await;
}

#[tokio::test]
async fn all_values_that_are_not_accepted_are_told_at_once() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    world.reset_calls().await;
    let links = aiko.post(
        "/share-links",
        json!({"max_uses": 0, "expires_in_days": 0, "name": "x".repeat(65)}),
    );
    let refused = links.await;
    assert_eq!(refused.problem(422), "invalid_input");
    assert_eq!(refused.pointers(), ["/name", "/expires_in_days", "/max_uses"]);
    let refused = aiko
        .patch("/me", json!({"name": "", "chatwork_id": "a b", "reading": "a\u{202e}"}))
        .await;
    assert_eq!(refused.problem(422), "invalid_input");
    assert_eq!(refused.pointers(), ["/name", "/reading", "/chatwork_id"]);
    nothing_written(&world).await;
}

fn repeated(text: &str, times: usize) -> String {
    text.repeat(times)
}

/// A body that is refused, the pointer to its fault, and the code of that; none where it does not matter.
type Refused = (Value, &'static str, &'static str);

fn faults_of_requests(ben: &Person) -> Vec<Refused> {
    vec![
        (json!({}), "/user_id", "missing"),
        (json!({"user_id": null}), "/user_id", "missing"),
        (json!({"user_id": 7}), "/user_id", "wrong_type"),
        (json!({"user_id": ""}), "/user_id", "invalid_user_id"),
        (json!({"user_id": "a#b"}), "/user_id", "invalid_user_id"),
        (json!({"user_id": "é"}), "/user_id", "invalid_user_id"),
        (json!({"user_id": repeated("x", 129)}), "/user_id", "invalid_user_id"),
        (
            json!({"user_id": ben.id, "chatwork_id": "ben"}),
            "/chatwork_id",
            "ambiguous",
        ),
        (json!({"chatwork_id": ""}), "/chatwork_id", "empty"),
        (json!({"chatwork_id": "a b"}), "/chatwork_id", "invalid_chatwork_id"),
        (json!({"chatwork_id": "ａ"}), "/chatwork_id", "invalid_chatwork_id"),
        (json!({"chatwork_id": repeated("x", 51)}), "/chatwork_id", "too_long"),
        (json!({"chatwork_id": ["x"]}), "/chatwork_id", "wrong_type"),
        (json!({"user_id": ben.id, "message": 1}), "/message", "wrong_type"),
        (
            json!({"user_id": ben.id, "message": repeated("あ", 1_001)}),
            "/message",
            "too_long",
        ),
        (
            json!({"user_id": ben.id, "message": repeated("👨‍👩‍👧‍👦", 200)}),
            "/message",
            "too_long",
        ),
        (
            json!({"user_id": ben.id, "message": "a\u{0}"}),
            "/message",
            "control_character",
        ),
        (
            json!({"user_id": ben.id, "message": "a\u{202e}b"}),
            "/message",
            "control_character",
        ),
        (
            json!({"user_id": ben.id, "message": "a\u{2028}b"}),
            "/message",
            "control_character",
        ),
        (
            json!({"user_id": ben.id, "message": "a\u{7f}"}),
            "/message",
            "control_character",
        ),
        (
            json!({"user_id": ben.id, "message": "\u{200d}"}),
            "/message",
            "invisible",
        ),
    ]
}

fn faults_of_invitations() -> Vec<Refused> {
    vec![
        (json!({}), "/emails", "empty"),
        (json!({"emails": [], "text": " \n"}), "/emails", "empty"),
        (json!({"emails": "a@b.example"}), "/emails", "wrong_type"),
        (json!({"emails": ["a@b.example", 1]}), "/emails/1", "wrong_type"),
        (json!({"emails": vec!["a@b.example"; 1_001]}), "/emails", "too_many"),
        (json!({"text": "a@b.example,".repeat(1_001)}), "/text", "too_many"),
        (json!({"text": 1}), "/text", "wrong_type"),
        (
            json!({"emails": ["a@b.example"], "message": "a\u{0}"}),
            "/message",
            "control_character",
        ),
        (
            json!({"emails": ["a@b.example"], "message": repeated("あ", 1_001)}),
            "/message",
            "too_long",
        ),
        (
            json!({"emails": ["a@b.example"], "locale": "fr"}),
            "/locale",
            "unknown_value",
        ),
        (
            json!({"emails": ["a@b.example"], "mode": "careful"}),
            "/mode",
            "unknown_value",
        ),
        (
            json!({"emails": ["a@b.example"], "dry_run": "yes"}),
            "/dry_run",
            "wrong_type",
        ),
    ]
}

fn faults_of_share_links() -> Vec<Refused> {
    vec![
        (json!({"name": 1}), "/name", "wrong_type"),
        (json!({"name": repeated("あ", 65)}), "/name", "too_long"),
        (json!({"name": "a\nb"}), "/name", "control_character"),
        (json!({"enabled": "yes"}), "/enabled", "wrong_type"),
        (json!({"enabled": null}), "/enabled", "wrong_type"),
        (json!({"approval": null}), "/approval", "wrong_type"),
        (json!({"approval": "nobody"}), "/approval", "unknown_value"),
        (json!({"expires_in_days": 0}), "/expires_in_days", ""),
        (json!({"expires_in_days": -1}), "/expires_in_days", ""),
        (json!({"expires_in_days": "7"}), "/expires_in_days", "wrong_type"),
        (json!({"expires_in_days": 4_294_967_295_u32}), "/expires_in_days", ""),
        (json!({"max_uses": 0}), "/max_uses", ""),
        (json!({"max_uses": 1.5}), "/max_uses", "wrong_type"),
        (json!({"url": "https://x.example"}), "/url", "unknown_field"),
    ]
}

fn faults_of_declining() -> Vec<Refused> {
    vec![
        (json!({"mode": "later"}), "/mode", "unknown_value"),
        (json!({"mode": 1}), "/mode", "wrong_type"),
        (json!({"mode": "Never"}), "/mode", "unknown_value"),
    ]
}

fn faults_of_profiles() -> Vec<Refused> {
    vec![
        (json!({"name": ""}), "/name", "empty"),
        (json!({"name": " \u{3000}"}), "/name", "empty"),
        (json!({"name": 1}), "/name", "wrong_type"),
        (json!({"name": repeated("あ", 65)}), "/name", "too_long"),
        (json!({"name": "a\nb"}), "/name", "control_character"),
        (json!({"name": "a\u{202e}b"}), "/name", "control_character"),
        (json!({"name": "a\u{200b}b"}), "/name", "control_character"),
        (json!({"name": "\u{2028}"}), "/name", "control_character"),
        (json!({"name": "\u{2800}"}), "/name", "control_character"),
        (json!({"name": null}), "/name", "wrong_type"),
        (json!({"locale": null}), "/locale", "wrong_type"),
        (json!({"findable_by": null}), "/findable_by", "wrong_type"),
        (
            json!({"findable_by": {"email": null}}),
            "/findable_by/email",
            "wrong_type",
        ),
        (json!({"reading": repeated("あ", 65)}), "/reading", "too_long"),
        (json!({"reading": "a\tb"}), "/reading", "control_character"),
        (json!({"chatwork_id": "a.b"}), "/chatwork_id", "invalid_chatwork_id"),
        (json!({"chatwork_id": repeated("x", 51)}), "/chatwork_id", "too_long"),
        (json!({"locale": "fr"}), "/locale", "unknown_value"),
        (json!({"locale": 1}), "/locale", "wrong_type"),
        (json!({"findable_by": 1}), "/findable_by", "wrong_type"),
        (json!({"findable_by": [false]}), "/findable_by", "wrong_type"),
        (
            json!({"findable_by": {"name": "yes"}}),
            "/findable_by/name",
            "wrong_type",
        ),
        (
            json!({"findable_by": {"phone": true}}),
            "/findable_by/phone",
            "unknown_field",
        ),
        (json!({"organization": "Aoba"}), "/organization", "unknown_field"),
        (json!({"department": "Sales"}), "/department", "unknown_field"),
        (
            json!({"avatar_image_url": "https://x.example/"}),
            "/avatar_image_url",
            "unknown_field",
        ),
        (json!({"email": "b@people.example"}), "/email", "unknown_field"),
        (json!({"user_id": "me"}), "/user_id", "unknown_field"),
    ]
}

#[tokio::test]
async fn each_fault_of_a_body_has_its_pointer() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let request = ben.send_request(&aiko).await;
    world.reset_calls().await;
    let decline = format!("/contact-requests/{request}/decline");
    for (path, faults) in [
        ("/contact-requests", faults_of_requests(&ben)),
        ("/invitations", faults_of_invitations()),
        ("/share-links", faults_of_share_links()),
        (&decline, faults_of_declining()),
        ("/me", faults_of_profiles()),
    ] {
        for (body, pointer, code) in faults {
            let method = if path == "/me" { Method::PATCH } else { Method::POST };
            let refused = answer(with_json(aiko.request(method, path), &body.to_string())).await;
            assert_eq!(refused.problem(422), "invalid_input", "{path} {body}");
            assert_eq!(refused.pointers(), [pointer], "{path} {body}");
            if !code.is_empty() {
                assert_eq!(refused.json["errors"][0]["code"], code, "{path} {body}");
            }
        }
    }
    nothing_written(&world).await;
    // What is just short enough is taken.
    let full = json!({"user_id": ben.id, "message": "あ".repeat(1_000)});
    let connected = aiko.post("/contact-requests", full).await.expect(200);
    assert_eq!(connected["outcome"], "connected");
    aiko.patch("/me", json!({"name": "あ".repeat(64)})).await.expect(200);
}

#[tokio::test]
async fn another_method_is_405_with_allow() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    world.reset_calls().await;
    for (path, methods) in ROUTES {
        let allowed: Vec<&str> = methods.split(' ').collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            if allowed.contains(&method) {
                continue;
            }
            let refused = answer(aiko.request(method.parse().unwrap(), path)).await;
            assert_eq!(refused.problem(405), "method_not_allowed", "{method} {path}");
            let allow = refused.headers["allow"].to_str().unwrap();
            let mut allow: Vec<&str> = allow
                .split(',')
                .map(str::trim)
                .filter(|method| *method != "HEAD")
                .collect();
            let mut expected = allowed.clone();
            allow.sort_unstable();
            expected.sort_unstable();
            assert_eq!(allow, expected, "{method} {path}");
        }
    }
    let unknown = aiko.get("/nothing").await;
    assert_eq!(unknown.status, 404);
    nothing_written(&world).await;
}

#[tokio::test]
async fn unknown_and_malformed_ids_are_one_404() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let request = ben.send_request(&aiko).await;
    let unknown = aiko.delete("/contact-requests/01ARZ3NDEKTSV4RRFFQ69G5FAV").await;
    unknown.problem(404);
    world.reset_calls().await;
    let long = "x".repeat(1_000);
    let (lower, padded) = (request.to_lowercase(), format!("{request}%20"));
    let bad = [
        "x",
        "%00",
        "..%2f",
        "%ff",
        "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "%E7%94%B0",
        "a%23b",
        &long,
        &lower,
        &padded,
    ];
    for id in bad {
        for (method, path) in [
            (Method::POST, format!("/contact-requests/{id}/accept")),
            (Method::POST, format!("/contact-requests/{id}/decline")),
            (Method::DELETE, format!("/contact-requests/{id}")),
            (Method::GET, format!("/contacts/{id}")),
            (Method::DELETE, format!("/contacts/{id}")),
            (Method::PUT, format!("/blocks/{id}")),
            (Method::DELETE, format!("/blocks/{id}")),
            (Method::GET, format!("/invitations/{id}")),
            (Method::DELETE, format!("/invitations/{id}")),
            (Method::POST, format!("/invitations/{id}/resend")),
            (Method::PATCH, format!("/share-links/{id}")),
            (Method::DELETE, format!("/share-links/{id}")),
            (Method::POST, format!("/share-links/{id}/rotate")),
        ] {
            let refused = answer(aiko.request(method.clone(), &path)).await;
            assert_eq!((refused.status, &refused.text), (404, &unknown.text), "{method} {path}");
        }
    }
    nothing_written(&world).await;
    assert_eq!(aiko.incoming().await.len(), 1);
}

/// The text with another character at one place.
pub(crate) fn flipped(text: &str, at: usize) -> String {
    let flip = |(number, c): (usize, char)| match (number == at, c) {
        (true, 'A') => 'B',
        (true, _) => 'A',
        _ => c,
    };
    text.chars().enumerate().map(flip).collect()
}
