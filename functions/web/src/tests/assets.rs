//! What the pages load.

use std::io::Read as _;

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    response::Response,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lambda_http::{
    Adapter,
    lambda_runtime::{Context, LambdaEvent},
    request::LambdaRequest,
    tower::ServiceExt as _,
};
use sha2::{Digest as _, Sha256};

use super::{get, send, text};
use crate::assets::ALL;

async fn get_with(path: &str, name: header::HeaderName, value: &str) -> Response {
    send(Request::get(path).header(name, value).body(Body::empty()).unwrap()).await
}

async fn bytes(response: Response) -> Vec<u8> {
    to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()
}

fn unpacked(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    match encoding {
        "br" => brotli::Decompressor::new(bytes, 4_096)
            .read_to_end(&mut content)
            .unwrap(),
        "gzip" => flate2::read::GzDecoder::new(bytes).read_to_end(&mut content).unwrap(),
        other => panic!("{other}"),
    };
    content
}

#[tokio::test]
async fn assets_are_kept_for_ever_by_their_hash() {
    assert!(ALL.len() > 10);
    for asset in ALL {
        let path = asset.path;
        let response = get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(
            response.headers()[header::CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
        assert_eq!(response.headers()[header::VARY], "accept-encoding");
        let content_type = response.headers()[header::CONTENT_TYPE].to_str().unwrap();
        assert_eq!(
            content_type,
            match path.rsplit('.').next().unwrap() {
                "css" => "text/css; charset=utf-8",
                "js" => "text/javascript; charset=utf-8",
                "png" => "image/png",
                _ => "image/svg+xml",
            }
        );
        let etag = response.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert!(path.contains(&format!(".{}.", etag.trim_matches('"'))), "{path} {etag}");
        for known in [etag.clone(), format!("\"other\", W/{etag}"), "*".to_owned()] {
            let response = get_with(path, header::IF_NONE_MATCH, &known).await;
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
            assert_eq!(response.headers()[header::ETAG], etag.as_str());
            assert_eq!(text(response).await, "");
        }
        let response = get_with(path, header::IF_NONE_MATCH, "\"other\"").await;
        assert_eq!(response.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn assets_are_compressed_each_encoding_with_its_own_tag() {
    for asset in ALL {
        let path = asset.path;
        let plain = get(path).await;
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
        let tag = plain.headers()[header::ETAG].clone();
        let plain = bytes(plain).await;
        for encoding in ["br", "gzip"] {
            let response = get_with(path, header::ACCEPT_ENCODING, encoding).await;
            assert_eq!(response.headers()[header::CONTENT_ENCODING], encoding, "{path}");
            assert_ne!(response.headers()[header::ETAG], tag);
            let etag = response.headers()[header::ETAG].clone();
            let packed = bytes(response).await;
            assert!(packed.len() < plain.len(), "{path}");
            assert!(unpacked(encoding, &packed) == plain, "{path} {encoding}");

            let request = Request::get(path)
                .header(header::ACCEPT_ENCODING, encoding)
                .header(header::IF_NONE_MATCH, &etag);
            let known = send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(known.status(), StatusCode::NOT_MODIFIED, "{path}");
            let other = get_with(path, header::IF_NONE_MATCH, etag.to_str().unwrap()).await;
            assert_eq!(other.status(), StatusCode::OK, "the tag of other bytes");
        }
    }
}

/// A hash that is not that of the map's bytes on the page would keep every script from loading.
#[tokio::test]
async fn the_import_map_leads_to_assets_and_its_hash_allows_it() {
    for page in ["/", "/i/unknown", "/u/unknown", "/i/_", "/assets/signed-in.html"] {
        let response = get(page).await;
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].clone();
        let html = text(response).await;
        let (before, rest) = html.split_once("<script type=\"importmap\">").unwrap();
        assert!(
            !before.contains("<script") && !before.contains("modulepreload"),
            "{page}: too late for these"
        );
        let map = rest.split_once("</script>").unwrap().0;
        let source = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(map)));
        assert!(
            policy
                .to_str()
                .unwrap()
                .contains(&format!("script-src 'self' {source};")),
            "{page}"
        );

        let map: serde_json::Value = serde_json::from_str(map).unwrap();
        let scripts = map["imports"].as_object().unwrap();
        assert_eq!(
            scripts.len(),
            ALL.iter().filter(|asset| asset.path.ends_with(".js")).count()
        );
        for path in scripts.values() {
            let path = path.as_str().unwrap();
            assert_eq!(get(path).await.status(), StatusCode::OK, "{path}");
        }
    }
}

#[tokio::test]
async fn what_scripts_import_is_served() {
    assert!(ALL.iter().any(|asset| asset.imports.len() > 3));
    for asset in ALL {
        for path in asset.imports {
            assert_eq!(get(path).await.status(), StatusCode::OK, "{} loads {path}", asset.path);
        }
    }
}

#[tokio::test]
async fn nothing_else_is_served() {
    for path in [
        "/assets/link.js",
        "/assets/style.css",
        "/assets/base.css",
        "/assets/",
        "/assets/../Cargo.toml",
        "/assets/%FF",
        "/assets/x/y",
        "/assets/vendor/README.md",
    ] {
        assert_eq!(get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn pages_are_compressed_too() {
    let page = text(get("/u/x").await).await;
    let packed = get_with("/u/x", header::ACCEPT_ENCODING, "gzip, br").await;
    assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
    assert_eq!(unpacked("gzip", &bytes(packed).await), page.into_bytes());
}

/// The event of a request goes through the very adapter that runs on Lambda.
#[tokio::test]
async fn compressed_bytes_survive_the_gateway() {
    let asset = &crate::assets::LINK_JS;
    let event = serde_json::json!({
        "version": "2.0", "routeKey": "ANY /assets/{path+}", "rawPath": asset.path, "rawQueryString": "",
        "headers": {"accept-encoding": "gzip, br"},
        "requestContext": {
            "http": {"method": "GET", "path": asset.path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
            "stage": "$default", "timeEpoch": 0,
        },
        "isBase64Encoded": false,
    });
    let request: LambdaRequest = serde_json::from_value(event).unwrap();
    let adapter = Adapter::from(super::router(super::site()));
    let event = LambdaEvent::new(request, Context::default());
    let answer = serde_json::to_value(adapter.oneshot(event).await.unwrap()).unwrap();
    assert_eq!(answer["isBase64Encoded"], true);
    assert_eq!(answer["headers"]["content-encoding"], "br");
    let expected = bytes(get_with(asset.path, header::ACCEPT_ENCODING, "br").await).await;
    assert!(expected.len() > 500);
    assert_eq!(answer["body"].as_str().unwrap(), STANDARD.encode(&expected));
}
