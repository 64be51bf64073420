//! Links as people follow them: with what sentences, mail programs and counters of visitors have added.

use contacts_tests::{World, links::token_of};
use reqwest::{Client, Method, Response, redirect::Policy};
use serde_json::json;

/// Without following a redirect.
async fn asked(world: &World, method: Method, path: &str) -> Response {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let request = client.request(method, format!("{}{path}", world.origin()));
    request.send().await.unwrap()
}

#[tokio::test]
async fn l01_a_link_survives_what_is_added_behind_it() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let token = token_of(&aiko.share_link(json!({})).await);
    for added in [
        ".",
        ")",
        ",",
        "%3E",
        "%22",
        "%20",
        "%C2%A0",
        "%E2%80%8B",
        "%E3%80%82",
        "%E3%80%8D",
        "=",
        "/",
        "//x",
        "%2F",
        "%2Fx",
        "&utm_source=x",
        "%3Futm_source=x",
        "%3Futm_source%3Dx",
        "%23x",
        "%FF",
        "%E3%81%95%E3%82%93",
    ] {
        let path = format!("/i/{token}{added}?utm_source=x&lang=ja");
        for method in [Method::GET, Method::HEAD] {
            let response = asked(&world, method.clone(), &path).await;
            assert_eq!(response.status(), 308, "{method} {path}");
            assert!(
                response.headers()["location"]
                    .to_str()
                    .unwrap()
                    .starts_with(&format!("/i/{token}")),
                "{method} {path}: {response:?}"
            );
        }
        let followed = world.get(&format!("/i/{token}{added}")).await;
        assert_eq!(followed.status, 200, "{added}");
        assert!(followed.text.contains("Aiko"), "{added}");
    }
    // A letter of a token makes it another one.
    for other in [
        format!("{token}A"),
        format!("{token}_"),
        format!("{token}-."),
        format!("{}.", &token[..42]),
        token[..42].to_owned(),
    ] {
        let response = asked(&world, Method::GET, &format!("/i/{other}")).await;
        assert_eq!(response.status(), 404, "{other}");
    }
    // All else that no route takes.
    for path in [
        "/contacts/",
        "/me%2F",
        "/i",
        "/i/",
        "/u/",
        "/invite-links%2Fx/y",
        "/i%20/x",
    ] {
        assert_eq!(asked(&world, Method::GET, path).await.status(), 404, "{path}");
    }
    let posted = asked(&world, Method::POST, &format!("/i/{token}/")).await;
    assert_eq!(posted.status(), 405);
}

#[tokio::test]
async fn l06_a_path_is_decoded_once() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    let ben = world.person("Ben").await;
    let token = token_of(&aiko.share_link(json!({})).await);
    let (first, rest) = token.split_at(1);
    let escape = |percent: &str| format!("{percent}{:02X}{rest}", first.as_bytes()[0]);
    assert_eq!(ben.view(&escape("%")).await, "redeemable");
    assert_eq!(world.get(&format!("/i/{}", escape("%"))).await.status, 200);
    assert_eq!(ben.view(&escape("%25")).await, "unknown");
    assert_eq!(world.get(&format!("/i/{}", escape("%25"))).await.status, 404);
    // What a URL would end with is part of an id here.
    let path = format!("/contacts/{}", aiko.id);
    ben.connect(&aiko).await;
    ben.get(&path).await.expect(200);
    for added in ["%3Fx", "%23x", "%20", "%5C", "%2F", "%00"] {
        assert_eq!(
            ben.get(&format!("{path}{added}")).await.problem(404),
            "not_found",
            "{added}"
        );
    }
    let list = ben.get("/contacts?q=%41iko").await.expect(200);
    assert_eq!(
        list["contacts"].as_array().map(Vec::len),
        Some(1),
        "a query is decoded by the function"
    );
}
