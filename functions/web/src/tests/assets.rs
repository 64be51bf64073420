//! What the pages load.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

use super::{get, send, text};
use crate::assets::Assets;

#[tokio::test]
async fn assets_are_kept_by_their_hash() {
    let assets = Assets::new();
    for (path, content_type, source) in [
        (
            &assets.style,
            "text/css; charset=utf-8",
            include_str!("../../assets/style.css"),
        ),
        (
            &assets.link,
            "text/javascript; charset=utf-8",
            include_str!("../../assets/link.js"),
        ),
        (
            &assets.unsubscribe,
            "text/javascript; charset=utf-8",
            include_str!("../../assets/unsubscribe.js"),
        ),
    ] {
        let response = get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], content_type);
        assert_eq!(
            response.headers()[header::CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
        let etag = response.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert!(path.contains(&format!(".{}.", etag.trim_matches('"'))), "{path} {etag}");
        assert_eq!(text(response).await, source);

        for known in [etag.clone(), format!("\"other\", W/{etag}"), "*".to_owned()] {
            let request = Request::get(path)
                .header(header::IF_NONE_MATCH, known)
                .body(Body::empty())
                .unwrap();
            let response = send(request).await;
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
            assert_eq!(response.headers()[header::ETAG], etag.as_str());
            assert_eq!(text(response).await, "");
        }
        let request = Request::get(path)
            .header(header::IF_NONE_MATCH, "\"other\"")
            .body(Body::empty())
            .unwrap();
        assert_eq!(send(request).await.status(), StatusCode::OK);
    }
    for path in [
        "/assets/link.js",
        "/assets/style.css",
        "/assets/",
        "/assets/../Cargo.toml",
        "/assets/%FF",
        "/assets/x/y",
    ] {
        assert_eq!(get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_page_to_come_back_to_has_a_fixed_address() {
    let response = get("/assets/signed-in.html?code=x&state=y").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=300");
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("script-src 'self'") && !policy.contains("connect-src"),
        "{policy}"
    );
    let page = text(response).await;
    let script = page.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(get(script).await.status(), StatusCode::OK, "{script}");
}
