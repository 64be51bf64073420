//! The routes, without a table.

use std::sync::Arc;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use contacts::{Clock, Random, Timestamp, secret::ServiceSecret};
use contacts_dynamodb::Store;
use contacts_http::api::AvatarOrigins;
use tower::ServiceExt as _;

use crate::{Site, SiteSettings, router};

mod assets;
mod first_load;
mod followed;
mod link_page;
mod pictures;

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_milliseconds(0)
    }
}

impl Random for Fixed {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

/// What [`Fixed`] makes.
const WELL_FORMED: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";

fn settings() -> SiteSettings {
    SiteSettings {
        origin: "https://contacts.example".to_owned(),
        product: "Contacts".to_owned(),
        authority: "https://issuer.example/pool".to_owned(),
        client_id: "page".to_owned(),
        sign_in_origins: vec!["https://issuer.example".to_owned(), "https://login.example".to_owned()],
        avatars: AvatarOrigins::parse("https://img.example").unwrap(),
    }
}

/// A site whose store has no way to any table: a request that reaches for it is answered 503.
fn site() -> Site {
    let configuration = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::for_tests())
        .retry_config(aws_sdk_dynamodb::config::retry::RetryConfig::disabled())
        .endpoint_url("http://127.0.0.1:1")
        .build();
    let client = aws_sdk_dynamodb::Client::from_conf(configuration);
    let secret = ServiceSecret::new(vec![7; 32]).unwrap();
    let store = Store::new(
        client,
        "contacts".to_owned(),
        secret,
        contacts_dynamodb::StoreSettings {
            external_contact_limit: None,
            invitations_per_day: 1,
        },
        Arc::new(Fixed),
        Arc::new(Fixed),
    );
    Site::new(store, settings())
}

async fn send(request: Request<Body>) -> Response {
    router(site()).oneshot(request).await.unwrap()
}

async fn get(path: &str) -> Response {
    send(Request::get(path).body(Body::empty()).unwrap()).await
}

async fn post(path: &str, content_type: &str, body: &str) -> Response {
    let request = Request::post(path).header(header::CONTENT_TYPE, content_type);
    send(request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

fn headers_of(response: &Response) -> String {
    let mut lines: Vec<_> = response
        .headers()
        .iter()
        .filter(|(name, _)| *name != header::CONTENT_LENGTH)
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    lines.sort();
    lines.join("\n")
}

const PERMISSIONS: &str = "permissions-policy: accelerometer=(), autoplay=(), camera=(), display-capture=(), \
    encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), \
    payment=(), picture-in-picture=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()";

/// The policy as it is written here, with what allows the import map.
fn policy(written: &str) -> String {
    let allowed = format!("script-src 'self' {}", crate::assets::IMPORT_MAP_SOURCE);
    written.replacen("script-src 'self'", &allowed, 1)
}

fn token_page(written: &str) -> String {
    let policy = policy(written);
    format!(
        "cache-control: no-store\n\
         content-security-policy: {policy}\n\
         content-type: text/html; charset=utf-8\n\
         cross-origin-opener-policy: same-origin\n\
         cross-origin-resource-policy: same-origin\n\
         {PERMISSIONS}\n\
         referrer-policy: no-referrer\n\
         strict-transport-security: max-age=31536000\n\
         vary: accept-encoding, accept-language\n\
         x-content-type-options: nosniff\n\
         x-robots-tag: noindex"
    )
}

#[tokio::test]
async fn pages_with_a_token_are_closed() {
    assert_eq!(
        headers_of(&get("/i/unknown").await),
        token_page(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
             connect-src 'self' https://issuer.example https://login.example; form-action 'none'; \
             base-uri 'none'; frame-ancestors 'none'"
        )
    );
    assert_eq!(
        headers_of(&get(&format!("/u/{WELL_FORMED}")).await),
        token_page(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
             base-uri 'none'; frame-ancestors 'none'"
        )
    );
}

#[tokio::test]
async fn the_page_that_the_issuer_sends_back_to_is_closed_and_talks_to_it() {
    let response = get("/assets/signed-in.html?code=x&state=y").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(headers_of(&response), headers_of(&get("/i/unknown").await));
    assert!(
        text(response)
            .await
            .contains("data-authority=\"https://issuer.example/pool\"")
    );
}

#[tokio::test]
async fn the_manage_page_may_be_kept_and_found() {
    let response = get("/").await;
    let etag = response.headers()[header::ETAG].to_str().unwrap().to_owned();
    assert_eq!(
        headers_of(&response),
        policy(&format!(
            "cache-control: no-cache\n\
             content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; \
             img-src 'self' data: https://img.example blob:; \
             connect-src 'self' https://issuer.example https://login.example; form-action 'none'; \
             base-uri 'none'; frame-ancestors 'none'\n\
             content-type: text/html; charset=utf-8\n\
             cross-origin-opener-policy: same-origin\n\
             cross-origin-resource-policy: same-origin\n\
             etag: {etag}\n\
             {PERMISSIONS}\n\
             referrer-policy: no-referrer\n\
             strict-transport-security: max-age=31536000\n\
             vary: accept-encoding, accept-language\n\
             x-content-type-options: nosniff"
        ))
    );
    let page = text(response).await;
    assert!(
        !page.contains("noindex") && page.contains("<meta name=\"description\""),
        "{page}"
    );
    let again = async |etag: &str| {
        let request = Request::get("/").header(header::IF_NONE_MATCH, etag);
        send(request.body(Body::empty()).unwrap()).await
    };
    let known = again(&etag).await;
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(known.headers()[header::ETAG], etag.as_str());
    assert_eq!(text(known).await, "");
    assert_eq!(again("\"other\"").await.status(), StatusCode::OK);
    let japanese = text(get("/?lang=ja").await).await;
    assert!(page.contains("<html lang=\"en\">") && japanese.contains("<html lang=\"ja\">"));
}

#[tokio::test]
async fn what_is_no_page_is_closed_too() {
    for path in ["/no-such-path", "/assets/none.js", "/health"] {
        let headers = headers_of(&get(path).await);
        assert!(
            headers.contains("content-security-policy: default-src 'none'; frame-ancestors 'none'\n"),
            "{headers}"
        );
        for part in [
            "content-type: application/problem+json",
            "no-store",
            "nosniff",
            "no-referrer",
            PERMISSIONS,
        ] {
            assert!(headers.contains(part), "{path}: {part}: {headers}");
        }
    }
}

#[tokio::test]
async fn who_reads_pages_is_told_on_a_page() {
    for path in ["/no-such-path", "/assets/none.js", "/robots.txt", "/i/"] {
        let request = Request::get(path).header(header::ACCEPT, "text/html,*/*;q=0.8");
        let response = send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(headers_of(&response), headers_of(&get("/i/unknown").await), "{path}");
        let page = text(response).await;
        assert!(
            page.contains("data-view=\"nowhere\"") && page.contains(">Page not found</h1>"),
            "{path}"
        );
        assert!(!page.contains("such link"), "{path}");
    }
}

#[tokio::test]
async fn degenerate_tokens_never_reach_the_store() {
    assert_eq!(
        get(&format!("/i/{WELL_FORMED}")).await.status(),
        StatusCode::SERVICE_UNAVAILABLE,
        "this one does"
    );
    let (short, long) = (&WELL_FORMED[..42], format!("{WELL_FORMED}A"));
    let altered = format!("{short}d");
    for token in [
        "a",
        "__",
        "%5F",
        ".",
        "..",
        "%00",
        "%20",
        "%FF",
        "%2F",
        "%2e%2e",
        "null",
        "undefined",
        "{token}",
        "%F0%9F%91%8B",
        short,
        &long,
        &altered,
        &format!("%20{short}"),
        &"+".repeat(43),
        &"=".repeat(43),
        &"A".repeat(4_000),
    ] {
        let response = get(&format!("/i/{}", token.replace(['{', '}'], "%7B"))).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{token}");
        assert!(text(response).await.contains("data-view=\"unknown\""), "{token}");
    }
    for path in ["/i", "/i/", "/i//", "/u/"] {
        assert_eq!(get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn without_a_store_it_is_503_and_comes_back() {
    let path = format!("/u/{WELL_FORMED}");
    for (call, response) in [
        ("health", get("/health").await),
        ("a link", get(&format!("/i/{WELL_FORMED}")).await),
        ("one click", post(&path, FORM, "List-Unsubscribe=One-Click").await),
    ] {
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{call}");
        assert!(response.headers().contains_key(header::RETRY_AFTER), "{call}");
    }
    assert_eq!(
        get(&path).await.status(),
        StatusCode::OK,
        "to show the form, nothing is read"
    );
}

#[tokio::test]
async fn a_person_whose_wish_cannot_be_stored_is_offered_the_same_wish_again() {
    for (action, scope) in [("unsubscribe", "all"), ("report", "inviter")] {
        let request = Request::post(format!("/u/{WELL_FORMED}"))
            .header(header::CONTENT_TYPE, FORM)
            .header(header::ACCEPT, "text/html,*/*;q=0.8");
        let body = Body::from(format!("action={action}&scope={scope}"));
        let response = send(request.body(body).unwrap()).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{action} {scope}");
        assert!(response.headers().contains_key(header::RETRY_AFTER), "{action} {scope}");
        assert!(headers_of(&response).contains("content-type: text/html"));
        let page = text(response).await;
        for part in [
            "role=\"alert\"",
            "method=\"post\"",
            &format!("name=\"scope\" value=\"{scope}\""),
            &format!("name=\"action\" value=\"{action}\">Try again<"),
        ] {
            assert_eq!(page.matches(part).count(), 1, "{part}: {page}");
        }
        assert!(!page.contains("type=\"radio\""), "{page}");
    }
    let machine = post(&format!("/u/{WELL_FORMED}"), FORM, "List-Unsubscribe=One-Click").await;
    assert!(text(machine).await.contains("\"code\":\"unavailable\""));
}

#[tokio::test]
async fn an_address_without_its_token_says_what_to_open() {
    for (path, said) in [
        ("/i/_", "Open the link again"),
        ("/u/_", "Open the link in the email again"),
    ] {
        let response = get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(
            headers_of(&response),
            token_page(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'none'; \
                 base-uri 'none'; frame-ancestors 'none'"
            ),
            "{path}"
        );
        let page = text(response).await;
        let spoken = page
            .split("<noscript>")
            .nth(1)
            .and_then(|rest| rest.split("</noscript>").next());
        assert!(spoken.unwrap().contains(said), "{page}");
        assert!(page.contains("<title>One moment…") && !page.contains("<form"), "{page}");
        assert!(
            text(get(&format!("{path}?lang=ja")).await)
                .await
                .contains("お待ちください")
        );
    }
    let pressed = post("/u/_", FORM, "List-Unsubscribe=One-Click").await;
    assert_eq!(pressed.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_unsubscribe_page_is_the_same_for_any_token() {
    let page = text(get(&format!("/u/{}", "A".repeat(43))).await).await;
    assert_eq!(text(get(&format!("/u/{WELL_FORMED}")).await).await, page);
    for part in [
        "value=\"unsubscribe\"",
        "value=\"report\"",
        "value=\"inviter\"",
        "value=\"all\"",
        "method=\"post\"",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[tokio::test]
async fn other_methods_and_forms_are_refused() {
    for (path, allowed) in [
        ("/", "GET,HEAD"),
        ("/i/x", "GET,HEAD"),
        ("/i/x/y", "GET,HEAD"),
        ("/u/x", "GET,HEAD,POST"),
        ("/u/x/", "GET,HEAD,POST"),
        ("/health", "GET,HEAD"),
        ("/assets/x", "GET,HEAD"),
        ("/assets/signed-in.html", "GET,HEAD"),
    ] {
        let response = send(Request::delete(path).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(response.headers()[header::ALLOW], allowed, "{path}");
        assert!(text(response).await.contains("\"code\":\"method_not_allowed\""));
    }
    let path = format!("/u/{WELL_FORMED}");
    let response = post(&path, FORM, "action=unsubscribe").await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(response).await.contains("\"pointer\":\"/scope\""));
    assert_eq!(
        post(&path, FORM, &"x".repeat(300_000)).await.status(),
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn head_answers_like_get_without_a_body() {
    for path in [
        "/",
        "/i/x",
        "/u/x",
        "/no-such-path",
        "/assets/signed-in.html",
        crate::assets::ICON_SVG.path,
    ] {
        let request = Request::builder()
            .method(Method::HEAD)
            .uri(path)
            .body(Body::empty())
            .unwrap();
        let (head, get) = (send(request).await, get(path).await);
        assert_eq!(head.status(), get.status());
        assert_eq!(headers_of(&head), headers_of(&get));
    }
}
