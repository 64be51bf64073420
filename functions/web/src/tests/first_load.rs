//! What a first visit of a page costs: how many requests, and how many bytes as they are sent.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    response::Response,
};
use contacts::user::Locale;
use lambda_http::tower::ServiceExt as _;

use super::{link_page, router, site};

async fn size(response: Response) -> usize {
    to_bytes(response.into_body(), 1 << 20).await.unwrap().len()
}

async fn loaded(path: &str) -> Response {
    let request = Request::get(path).header(header::ACCEPT_ENCODING, "gzip, br");
    let request = request.body(Body::empty()).unwrap();
    let response = router(site()).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    response
}

/// All that a page's elements load.
fn loads(page: &str) -> Vec<&str> {
    let attributes = page
        .split(" src=\"")
        .chain(page.split("<link ").flat_map(|link| link.split(" href=\"").skip(1)));
    let addresses = attributes.filter_map(|rest| rest.split('"').next());
    // Asked for by a device that puts the page on its home screen.
    let addresses = addresses.filter(|address| !address.starts_with("/assets/pictures/touch-icon."));
    addresses.filter(|address| address.starts_with("/assets/")).collect()
}

#[tokio::test]
async fn a_link_page_is_three_requests_and_15_kilobytes() {
    for language in [Locale::En, Locale::Ja] {
        let shown = link_page::alive("田中 太郎", None);
        let page = super::text(link_page::rendered(language, &shown, None)).await;
        let mut bytes = size(link_page::rendered(language, &shown, Some("gzip, br"))).await;
        let paths = loads(&page);
        assert_eq!(paths.len(), 2, "{paths:?}");
        for path in paths {
            bytes += size(loaded(path).await).await;
        }

        assert!(bytes < 15_000, "{bytes}");
    }
}

#[tokio::test]
async fn the_manage_page_is_ten_requests_and_60_kilobytes() {
    let page = super::text(super::get("/").await).await;
    let paths = loads(&page);
    let mut bytes = size(loaded("/").await).await;
    for path in &paths {
        bytes += size(loaded(path).await).await;
    }

    assert!(paths.len() < 10 && paths.len() > 3, "{paths:?}");
    assert!(bytes < 60_000, "{bytes}");
}
