//! Bad sign-in tokens, and good ones of nobody.

use contacts_tests::{World, answer};
use reqwest::Method;
use serde_json::{Value, json};

use super::bodies::{calls, flipped, nothing_written, with_json};

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
}
