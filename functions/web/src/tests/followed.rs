//! Links with something behind their token, and forms with something around their fields.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};

use super::{FORM, WELL_FORMED, get, headers_of, post, send, text};

/// What sentences, mail programs and counters of visitors add to an address.
const ADDED: &[&str] = &[
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
    "//",
    "/x",
    "/x/y/",
    "%2F",
    "%2Fx",
    "&utm_source=x",
    "%3Futm_source=x",
    "%23x",
    "%0A",
    "%FF",
    "%",
    "%E3%81%95%E3%82%93",
    "!-_A",
    "'",
    ";",
    "*",
    "%5D",
    "...",
];

/// What cannot be a token, with or without something behind it.
fn malformed() -> Vec<String> {
    let short = &WELL_FORMED[..42];
    vec![
        "x".to_owned(),
        short.to_owned(),
        format!("{short}."),
        format!("{short}%E3%80%82"),
        format!("{short}d"),
        format!("{WELL_FORMED}A"),
        format!("{WELL_FORMED}_"),
        format!("{WELL_FORMED}-/"),
        format!("%20{WELL_FORMED}"),
        "_".to_owned(),
        "%FF".to_owned(),
        "a/b".to_owned(),
    ]
}

#[tokio::test]
async fn l01_a_link_with_something_behind_leads_to_the_link_alone() {
    for added in ADDED {
        for folder in ["i", "u"] {
            for method in [Method::GET, Method::HEAD] {
                let path = format!("/{folder}/{WELL_FORMED}{added}?utm_source=x&lang=ja");
                let request = Request::builder().method(method).uri(&path).body(Body::empty());
                let response = send(request.unwrap()).await;
                assert_eq!(response.status(), StatusCode::PERMANENT_REDIRECT, "{path}");
                let clean = format!("/{folder}/{WELL_FORMED}?lang=ja");
                assert_eq!(response.headers()[header::LOCATION], clean, "{path}");
                assert!(headers_of(&response).contains("cache-control: no-store"), "{path}");
            }
        }
        let response = get(&format!("/i/{WELL_FORMED}{added}")).await;
        assert_eq!(
            response.headers()[header::LOCATION],
            format!("/i/{WELL_FORMED}"),
            "{added}"
        );
    }
}

#[tokio::test]
async fn l01_what_cannot_be_a_token_leads_nowhere() {
    for malformed in malformed().iter().filter(|malformed| *malformed != "_") {
        let response = get(&format!("/i/{malformed}")).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{malformed}");
        assert!(text(response).await.contains("data-view=\"unknown\""), "{malformed}");
    }
}

#[tokio::test]
async fn m10_a_form_acts_on_the_token_in_front_of_what_was_added() {
    // It reaches for the table, which is not there: with the answer of the token alone.
    for added in ADDED.iter().chain(&[""]) {
        for body in ["action=unsubscribe&scope=all", "List-Unsubscribe=One-Click", ""] {
            let response = post(&format!("/u/{WELL_FORMED}{added}"), FORM, body).await;
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{added} {body}");
        }
    }
}

#[tokio::test]
async fn m10_what_cannot_be_a_token_is_never_done() {
    for malformed in malformed() {
        let path = format!("/u/{malformed}");
        let mut answers = vec![
            post(&path, FORM, "action=unsubscribe&scope=all").await,
            post(&path, FORM, "List-Unsubscribe=One-Click").await,
            post(&path, FORM, "action=erase").await,
        ];
        if malformed != "_" {
            answers.push(get(&path).await);
        }
        for answer in answers {
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
            let page = text(answer).await;
            assert!(page.contains(">Open the link in the email again<"), "{path}: {page}");
            assert!(!page.contains("Done") && !page.contains("<form"), "{path}: {page}");
        }
    }
}

#[tokio::test]
async fn m01_only_a_form_of_the_page_can_be_wrong() {
    let path = format!("/u/{WELL_FORMED}");
    for (content_type, body) in [
        (FORM, "action=unsubscribe"),
        (FORM, "action=erase&scope=all"),
        (FORM, "scope=all"),
        (FORM, "action=report&scope=all&other="),
        ("text/plain", "action=report&scope=everybody"),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nreport",
        ),
    ] {
        let response = post(&path, content_type, body).await;
        assert_eq!(
            response.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "{content_type} {body}"
        );
    }
    // What reaches for the table was read.
    for (content_type, body) in [
        (FORM, "List-Unsubscribe=One-Click\r\n"),
        (FORM, "list-unsubscribe=one-click"),
        (FORM, "List-Unsubscribe=Two-Clicks"),
        (FORM, ""),
        ("text/plain", "List-Unsubscribe=One-Click"),
        ("application/octet-stream", "List-Unsubscribe=One-Click\n"),
        ("application/json", "{}"),
        ("", "List-Unsubscribe=One-Click"),
        ("", ""),
        ("multipart/form-data; boundary=b", "nonsense"),
    ] {
        let response = post(&path, content_type, body).await;
        assert_eq!(
            response.status(),
            StatusCode::SERVICE_UNAVAILABLE,
            "{content_type} {body}"
        );
    }
    let untyped = Request::post(&path)
        .body(Body::from("List-Unsubscribe=One-Click"))
        .unwrap();
    assert_eq!(send(untyped).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    // GET, HEAD and OPTIONS ask for nothing.
    for (method, status) in [
        (Method::GET, StatusCode::OK),
        (Method::HEAD, StatusCode::OK),
        (Method::OPTIONS, StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let request = Request::builder().method(method.clone()).uri(&path);
        let request = request.header(header::CONTENT_TYPE, FORM);
        let response = send(request.body(Body::from("List-Unsubscribe=One-Click")).unwrap()).await;
        assert_eq!(response.status(), status, "{method}");
    }
}
