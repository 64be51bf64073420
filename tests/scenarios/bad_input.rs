//! Bad input: each a problem that names the place, and nothing written.

use contacts_tests::{Answer, Person, World, answer};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// Every route of the API with its methods. `{id}` and the like stand for ids of nobody.
const ROUTES: [(&str, &str); 19] = [
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
    ("/invite-links/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "GET"),
    (
        "/invite-links/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/redemptions",
        "POST",
    ),
];

/// Each route with each of its methods.
fn calls() -> impl Iterator<Item = (&'static str, Method)> {
    let methods = |methods: &'static str| methods.split(' ').map(|method| method.parse::<Method>().unwrap());
    ROUTES
        .into_iter()
        .flat_map(move |(path, of)| methods(of).map(move |method| (path, method)))
}

/// Those that take a body.
fn commands() -> impl Iterator<Item = (&'static str, Method)> {
    calls().filter(|(_, method)| *method != Method::GET)
}

async fn nothing_written(world: &World) {
    let counted = world.counted().await;
    assert_eq!(counted.write_units(), 0.0, "{:?}", counted.by_operation);
    for written in ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"] {
        assert_eq!(counted.of(written), 0, "{written}");
    }
}

fn with_json(request: RequestBuilder, body: &str) -> RequestBuilder {
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
            "{\"a\": \"\\ud800\"}",
        ] {
            let refused = answer(with_json(request(), broken)).await;
            assert!(
                [400, 422].contains(&refused.status),
                "{method} {path} {broken}: {}",
                refused.text
            );
            let code = refused.problem(refused.status);
            assert!(
                refused.status == 422 || code == "invalid_json",
                "{method} {path} {broken}"
            );
            assert_eq!(refused.pointers().len(), 1, "{method} {path} {broken}: the place");
        }
        let bytes = answer(
            request()
                .header("content-type", "application/json")
                .body(b"{\"\xff\": 1}".to_vec()),
        )
        .await;
        assert!([400, 422].contains(&bytes.status), "{method} {path}: {}", bytes.text);
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/jsonp",
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
    world.stop().await;
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
    world.stop().await;
}

#[tokio::test]
async fn each_fault_of_a_body_has_its_pointer() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let request = ben.send_request(&aiko).await;
    world.reset_calls().await;
    let decline = format!("/contact-requests/{request}/decline");
    let (asks, me) = ("/contact-requests", "/me");
    let long = |text: &str, times: usize| text.repeat(times);
    for (path, body, pointer, code) in [
        (asks, json!({}), "/user_id", "missing"),
        (asks, json!({"user_id": null}), "/user_id", "missing"),
        (asks, json!({"user_id": 7}), "/user_id", "wrong_type"),
        (asks, json!({"user_id": ""}), "/user_id", "invalid_user_id"),
        (asks, json!({"user_id": "a#b"}), "/user_id", "invalid_user_id"),
        (asks, json!({"user_id": "é"}), "/user_id", "invalid_user_id"),
        (asks, json!({"user_id": long("x", 129)}), "/user_id", "invalid_user_id"),
        (
            asks,
            json!({"user_id": ben.id, "chatwork_id": "ben"}),
            "/chatwork_id",
            "ambiguous",
        ),
        (asks, json!({"chatwork_id": ""}), "/chatwork_id", "empty"),
        (
            asks,
            json!({"chatwork_id": "a b"}),
            "/chatwork_id",
            "invalid_chatwork_id",
        ),
        (
            asks,
            json!({"chatwork_id": "ａ"}),
            "/chatwork_id",
            "invalid_chatwork_id",
        ),
        (asks, json!({"chatwork_id": long("x", 51)}), "/chatwork_id", "too_long"),
        (asks, json!({"chatwork_id": ["x"]}), "/chatwork_id", "wrong_type"),
        (asks, json!({"user_id": ben.id, "message": 1}), "/message", "wrong_type"),
        (
            asks,
            json!({"user_id": ben.id, "message": long("あ", 1_001)}),
            "/message",
            "too_long",
        ),
        (
            asks,
            json!({"user_id": ben.id, "message": long("👨‍👩‍👧‍👦", 200)}),
            "/message",
            "too_long",
        ),
        (
            asks,
            json!({"user_id": ben.id, "message": "a\u{0}"}),
            "/message",
            "control_character",
        ),
        (
            asks,
            json!({"user_id": ben.id, "message": "a\u{202e}b"}),
            "/message",
            "control_character",
        ),
        (
            asks,
            json!({"user_id": ben.id, "message": "a\u{2028}b"}),
            "/message",
            "control_character",
        ),
        (
            asks,
            json!({"user_id": ben.id, "message": "a\u{7f}"}),
            "/message",
            "control_character",
        ),
        (&decline, json!({"mode": "later"}), "/mode", "unknown_value"),
        (&decline, json!({"mode": 1}), "/mode", "wrong_type"),
        (&decline, json!({"mode": "Never"}), "/mode", "unknown_value"),
        (me, json!({"name": ""}), "/name", "empty"),
        (me, json!({"name": " \u{3000}"}), "/name", "empty"),
        (me, json!({"name": 1}), "/name", "wrong_type"),
        (me, json!({"name": long("あ", 65)}), "/name", "too_long"),
        (me, json!({"name": "a\nb"}), "/name", "control_character"),
        (me, json!({"name": "a\u{202e}b"}), "/name", "control_character"),
        (me, json!({"name": "a\u{200b}b"}), "/name", "control_character"),
        (me, json!({"reading": long("あ", 65)}), "/reading", "too_long"),
        (me, json!({"reading": "a\tb"}), "/reading", "control_character"),
        (me, json!({"chatwork_id": "a.b"}), "/chatwork_id", "invalid_chatwork_id"),
        (me, json!({"chatwork_id": long("x", 51)}), "/chatwork_id", "too_long"),
        (me, json!({"locale": "fr"}), "/locale", "unknown_value"),
        (me, json!({"locale": 1}), "/locale", "wrong_type"),
        (me, json!({"findable_by": 1}), "/findable_by", "wrong_type"),
        (me, json!({"findable_by": [false]}), "/findable_by", "wrong_type"),
        (
            me,
            json!({"findable_by": {"name": "yes"}}),
            "/findable_by/name",
            "wrong_type",
        ),
        (
            me,
            json!({"findable_by": {"phone": true}}),
            "/findable_by/phone",
            "unknown_field",
        ),
        (me, json!({"organization": "Aoba"}), "/organization", "unknown_field"),
        (me, json!({"department": "Sales"}), "/department", "unknown_field"),
        (
            me,
            json!({"avatar_image_url": "https://x.example/"}),
            "/avatar_image_url",
            "unknown_field",
        ),
        (me, json!({"email": "b@people.example"}), "/email", "unknown_field"),
        (me, json!({"user_id": "me"}), "/user_id", "unknown_field"),
    ] {
        let method = if path == me { Method::PATCH } else { Method::POST };
        let refused = answer(with_json(aiko.request(method, path), &body.to_string())).await;
        assert_eq!(refused.problem(422), "invalid_input", "{path} {body}");
        assert_eq!(refused.pointers(), [pointer], "{path} {body}");
        if !code.is_empty() {
            assert_eq!(refused.json["errors"][0]["code"], code, "{path} {body}");
        }
    }
    nothing_written(&world).await;
    // What is just short enough is taken.
    let full = json!({"user_id": ben.id, "message": "あ".repeat(1_000)});
    assert_eq!(aiko.post(asks, full).await.expect(200)["outcome"], "connected");
    aiko.patch(me, json!({"name": "あ".repeat(64)})).await.expect(200);
    world.stop().await;
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
    world.stop().await;
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
    world.stop().await;
}

fn flipped(text: &str, at: usize) -> String {
    let flip = |(number, c): (usize, char)| match (number == at, c) {
        (true, 'A') => 'B',
        (true, _) => 'A',
        _ => c,
    };
    text.chars().enumerate().map(flip).collect()
}

#[tokio::test]
async fn a_cursor_is_good_for_its_caller_and_list_only() {
    let world = World::without_mail().await;
    let (aiko, eve) = (world.person("Aiko").await, world.person("Eve").await);
    for number in 0..3 {
        let other = world.person(&format!("Zoe {number}")).await;
        aiko.send_request(&other).await;
        let other = world.person(&format!("Zoe {number}")).await;
        other.send_request(&aiko).await;
        eve.send_request(&other).await;
        aiko.block(&world.person("Blocked").await).await;
        aiko.connect(&world.person("Contact").await).await;
    }
    let lists = [
        "/users?q=zoe",
        "/users?q=zoe&by=name",
        "/users?q=zo",
        "/contacts?kind=external",
        "/contacts?",
        "/contact-requests?direction=incoming",
        "/contact-requests?direction=outgoing",
        "/blocks?",
    ];
    let mut cursors = Vec::new();
    for list in lists {
        let page = aiko.get(&format!("{list}&limit=1")).await.expect(200);
        let cursor = page["next_cursor"].as_str().map(str::to_owned).unwrap_or_default();
        assert!(!cursor.is_empty(), "{list} has a second page");
        cursors.push(cursor);
    }
    world.reset_calls().await;
    let refused = async |person: &Person, list: &str, cursor: &str| {
        let refused: Answer = person.get(&format!("{list}&cursor={cursor}")).await;
        assert_eq!(
            refused.problem(400),
            "invalid_cursor",
            "{list} {cursor}: {}",
            refused.text
        );
        assert_eq!(refused.pointers(), ["/cursor"], "{list}");
    };
    for (number, list) in lists.iter().enumerate() {
        let cursor = &cursors[number];
        aiko.get(&format!("{list}&limit=1&cursor={cursor}")).await.expect(200);
        aiko.get(&format!("{list}&limit=2&cursor={cursor}")).await.expect(200);
        refused(&eve, list, cursor).await;
        for (other, elsewhere) in cursors.iter().enumerate() {
            if other != number {
                refused(&aiko, list, elsewhere).await;
            }
        }
        for at in [0, 15, 20, cursor.len() / 2, cursor.len() - 2] {
            refused(&aiko, list, &flipped(cursor, at)).await;
        }
        for nonsense in [
            "",
            "x",
            "AAAA",
            "%00",
            "%ff",
            &"A".repeat(4_000),
            &cursor[1..],
            &format!("{cursor}A"),
        ] {
            let answered = aiko.get(&format!("{list}&cursor={nonsense}")).await;
            assert_eq!(answered.status, 400, "{list} {nonsense}: {}", answered.text);
            assert_eq!(answered.pointers(), ["/cursor"], "{list} {nonsense}");
        }
        // Nothing of the position can be read from it.
        assert!(
            !cursor.contains("Zoe") && !cursor.contains('#') && cursor.len() > 60,
            "{cursor}"
        );
    }
    nothing_written(&world).await;
    world.stop().await;
}

#[tokio::test]
async fn queries_are_checked_on_every_list() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    world.reset_calls().await;
    for list in [
        "/users?q=zoe",
        "/contacts?kind=external",
        "/contact-requests?direction=incoming",
        "/blocks?limit=1",
    ] {
        for (field, status, pointer) in [
            ("limit=0", 422, "/limit"),
            ("limit=-1", 422, "/limit"),
            ("limit=101", 422, "/limit"),
            ("limit=1e1", 422, "/limit"),
            ("limit=", 422, "/limit"),
            ("unknown=1", 422, "/unknown"),
            ("%FF=1", 400, "/\u{fffd}"),
        ] {
            let list = list.trim_end_matches("limit=1");
            let refused = aiko.get(&format!("{list}&{field}")).await;
            refused.problem(status);
            assert_eq!(refused.pointers(), [pointer], "{list}&{field}");
        }
        let (name, value) = list.split_once('?').unwrap().1.split_once('=').unwrap();
        let twice = aiko.get(&format!("{list}&{name}={value}")).await;
        assert_eq!(
            (twice.problem(400), twice.pointers()),
            ("duplicate_field".to_owned(), vec![format!("/{name}")])
        );
    }
    for (path, pointer) in [
        ("/contacts?kind=friends", "/kind"),
        ("/contacts?q=", "/q"),
        ("/contact-requests?direction=both", "/direction"),
        ("/contacts/summary?x=1", "/x"),
        ("/me?x=1", "/x"),
    ] {
        let refused = aiko.get(path).await;
        refused.problem(422);
        assert_eq!(refused.pointers(), [pointer], "{path}");
    }
    nothing_written(&world).await;
    world.stop().await;
}

/// Base64url of JSON, for a token made by hand.
fn part(value: &Value) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let text = value.to_string();
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, at| {
            bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0))
        });
        for place in 0..=chunk.len() {
            out.push(char::from(ALPHABET[bits >> (18 - 6 * place) & 63]));
        }
    }
    out
}

#[tokio::test]
async fn without_a_good_token_there_is_401_everywhere() {
    let world = World::without_mail().await;
    let elsewhere = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let foreign = elsewhere.person("Aiko").await.token;
    let (header, rest) = aiko.token.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    let claims = json!({"iss": format!("{}/_local/oidc", world.origin()), "sub": aiko.id, "exp": 9_999_999_999_u64});
    let unsigned = format!("{}.{}.", part(&json!({"alg": "none", "typ": "JWT"})), part(&claims));
    let confused = format!(
        "{}.{}.{signature}",
        part(&json!({"alg": "HS256", "typ": "JWT"})),
        part(&claims)
    );
    let bad = [
        String::new(),
        "Bearer".to_owned(),
        "Bearer x".to_owned(),
        format!("Basic {}", aiko.token),
        format!("Bearer {foreign}"),
        format!("Bearer {unsigned}"),
        format!("Bearer {confused}"),
        format!("Bearer {header}.{payload}."),
        format!("Bearer {header}.{payload}.{}", flipped(signature, 10)),
        format!("Bearer {header}.{}.{signature}", flipped(payload, 30)),
        format!("Bearer {header}.{}.{signature}", part(&claims)),
        format!("Bearer {}.{payload}.{signature}", part(&json!({"alg": "RS256"}))),
        format!("Bearer {header}.{payload}"),
        format!("Bearer {}", "x".repeat(5_000)),
    ];
    world.reset_calls().await;
    for (path, method) in calls() {
        let anonymous = answer(world.request(method.clone(), path)).await;
        assert_eq!(anonymous.status, 401, "{method} {path}");
        assert!(anonymous.headers.contains_key("www-authenticate"), "{method} {path}");
    }
    for authorization in bad {
        let call = world
            .request(Method::POST, "/contact-requests")
            .header("authorization", &authorization);
        let refused = answer(with_json(call, "{}")).await;
        assert_eq!(refused.status, 401, "{authorization}: {}", refused.text);
    }
    assert_eq!(world.counted().await.all(), 0, "nothing was even read");
    aiko.get("/me").await.expect(200);
    world.pass(3_600 + 61).await;
    assert_eq!(aiko.get("/me").await.status, 401, "expired, with a minute's leeway");
    world.sign_in(&aiko).await.get("/me").await.expect(200);
    elsewhere.stop().await;
    world.stop().await;
}

#[tokio::test]
async fn a_good_token_of_nobody_is_403() {
    let world = World::without_mail().await;
    let ben = world.person("Ben").await;
    let request = ben.send_request(&world.person("Cyd").await).await;
    let mut nobody = ben.clone();
    nobody.id = "nobody".to_owned();
    let nobody = world.sign_in(&nobody).await;
    world.reset_calls().await;
    for (path, method) in calls() {
        let path = match path {
            "/users" => "/users?q=zoe".to_owned(),
            "/contact-requests" if method == Method::GET => format!("{path}?direction=incoming"),
            path => path.replace(
                "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                if path.contains("request") { &request } else { &ben.id },
            ),
        };
        let body = match path.as_str() {
            "/contact-requests" => json!({"user_id": ben.id}),
            "/invitations" => json!({"emails": ["a@b.example"]}),
            _ => json!({}),
        };
        let mut call = nobody.request(method.clone(), &path);
        if method != Method::GET {
            call = call.json(&body);
        }
        assert_eq!(answer(call).await.problem(403), "not_registered", "{method} {path}");
    }
    for q in ["ben@people.example", "person0@people.example"] {
        let refused = answer(nobody.request(Method::GET, "/users").query(&[("q", q)])).await;
        assert_eq!(refused.problem(403), "not_registered", "{q}");
    }
    let by_handle = nobody.post("/contact-requests", json!({"chatwork_id": "nobody"})).await;
    assert_eq!(by_handle.problem(403), "not_registered");
    assert_eq!(
        nobody.put(&format!("/blocks/{}", nobody.id)).await.problem(403),
        "not_registered"
    );
    nothing_written(&world).await;
    world.stop().await;
}
