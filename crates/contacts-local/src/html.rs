//! The pages of the local stack: what they may load, and their style.

use askama::Template;
use axum::response::{IntoResponse, Response};
use contacts_texts::Texts;
use http::{HeaderName, HeaderValue, StatusCode, header};
use web::PageVisitor;

/// What a page may do: its own style, its own forms, the frame around a mail, and the icon that is in it.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// A page.
pub fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => answer(status, html, POLICY),
        Err(error) => {
            tracing::error!(%error, "page");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// HTML under a policy.
pub fn answer(status: StatusCode, html: String, policy: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("x-content-type-options"), "nosniff"),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (
        status,
        headers.map(|(name, value)| (name, HeaderValue::from_static(value))),
        html,
    )
        .into_response()
}

/// A page that says one thing.
#[derive(Template)]
#[template(path = "notice.html")]
pub struct Notice<'a> {
    /// The texts of its reader.
    pub t: Texts,
    /// Its heading.
    pub title: &'a str,
    /// What it says.
    pub text: &'a str,
    /// Where it leads: address and label.
    pub link: Option<(&'a str, &'a str)>,
}

#[derive(Template)]
#[template(path = "index.html")]
struct Index {
    t: Texts,
}

/// What is under `/_local`.
pub async fn index(visitor: PageVisitor) -> Response {
    page(StatusCode::OK, &Index { t: visitor.texts() })
}

/// The style sheet of all pages.
pub async fn style() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, include_str!("../assets/style.css"))
}
