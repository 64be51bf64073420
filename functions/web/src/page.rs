//! HTML answers.

use askama::Template;
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use contacts_http::Problem;

/// A page, with what it may load.
pub(crate) struct Page<T> {
    pub(crate) status: StatusCode,
    pub(crate) policy: Policy,
    pub(crate) content: T,
}

/// What a page may do beyond showing its own text in its own style. All else is closed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Policy {
    /// It has forms, which go to its own origin.
    pub(crate) forms: bool,
    /// Its script talks to its own origin, and to these.
    pub(crate) connect: Option<Vec<String>>,
    /// It shows pictures from these.
    pub(crate) images: Vec<String>,
}

impl Policy {
    /// The value of `Content-Security-Policy`.
    pub(crate) fn text(&self) -> String {
        let mut text = "default-src 'none'; script-src 'self'; style-src 'self'; ".to_owned();
        if !self.images.is_empty() {
            text.push_str(&format!("img-src {}; ", self.images.join(" ")));
        }
        if let Some(origins) = &self.connect {
            let also: String = origins.iter().map(|origin| format!(" {origin}")).collect();
            text.push_str(&format!("connect-src 'self'{also}; "));
        }
        text.push_str(if self.forms {
            "form-action 'self'; "
        } else {
            "form-action 'none'; "
        });
        text.push_str("base-uri 'none'; frame-ancestors 'none'");
        text
    }
}

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let html = self.content.render();
        let policy = HeaderValue::try_from(self.policy.text());
        let (Ok(html), Ok(policy)) = (html, policy) else {
            return Problem::internal().into_response();
        };
        let headers = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::VARY, HeaderValue::from_static("accept-language")),
            (
                HeaderName::from_static("x-robots-tag"),
                HeaderValue::from_static("noindex"),
            ),
        ];
        (self.status, headers, html).into_response()
    }
}
