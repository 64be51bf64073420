//! The pictures of a link that is shared in a chat, or kept on a home screen.

use axum::{
    body::to_bytes,
    http::{StatusCode, header},
};
use contacts::user::Locale;

use super::{get, link_page, settings, text};
use crate::pages::link::LinkState;

/// Width and height of the PNG at a path, from its header (the IHDR chunk of RFC 2083).
async fn size(path: &str) -> (u32, u32) {
    let response = get(path).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "image/png", "{path}");
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n", "{path}");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

/// What is in quotes behind a text.
fn behind<'p>(page: &'p str, text: &str) -> &'p str {
    let (_, rest) = page.split_once(text).unwrap_or_else(|| panic!("{text}: {page}"));
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn a19_a_shared_link_has_a_picture_dead_or_alive() {
    for shown in [link_page::alive("Jo", None), LinkState::Unknown] {
        let page = text(link_page::rendered(Locale::En, &shown, None)).await;
        let address = behind(&page, "property=\"og:image\" content=\"");
        let path = address.strip_prefix(&settings().origin).unwrap();
        assert_eq!(size(path).await, (1200, 630));
        assert!(page.contains("content=\"summary_large_image\""), "{page}");
    }
    let shown = link_page::alive("Jo", Some("https://img.example/a.png"));
    let page = text(link_page::rendered(Locale::En, &shown, None)).await;
    assert_eq!(
        behind(&page, "property=\"og:image\" content=\""),
        "https://img.example/a.png"
    );
    assert_eq!(page.matches("og:image\"").count(), 1, "{page}");
}

#[tokio::test]
async fn a19_home_screens_and_feed_readers_find_an_icon() {
    let page = text(get("/").await).await;
    let path = behind(&page, "rel=\"apple-touch-icon\" href=\"");
    assert_eq!(size(path).await, (180, 180));
    let redirect = get("/favicon.ico").await;
    assert_eq!(redirect.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(redirect.headers()[header::LOCATION], path);
}
