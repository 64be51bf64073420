//! The pages, and what is the same for all of them.
//!
//! - `manage`: the page at `/`
//! - `link`: the page at `/i/{token}`
//! - `unsubscribe`: the page at `/u/{token}`
//! - `followed`: the token in the address of these two
//! - `tokenless`: the pages at `/i/_` and `/u/_`, where the token is out of the address
//! - `signed_in`: where the issuer sends people back to

pub(crate) mod followed;
pub(crate) mod link;
pub(crate) mod manage;
pub(crate) mod signed_in;
pub(crate) mod tokenless;
pub(crate) mod unsubscribe;

use std::io::Write as _;

use askama::Template;
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use contacts_http::Problem;
use contacts_texts::Texts;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};

use crate::{
    SiteSettings,
    assets::{Asset, IMPORT_MAP_SOURCE},
    visitor::{
        PageVisitor,
        encoding::{Encoding, is_known},
    },
};

/// What every page has around its content.
pub(crate) struct Frame<'a> {
    pub(crate) lang: &'static str,
    pub(crate) settings: &'a SiteSettings,
    pub(crate) script: &'static Asset,
    pub(crate) t: Texts,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(settings: &'a SiteSettings, visitor: &PageVisitor, script: &'static Asset) -> Self {
        Self {
            lang: visitor.language.tag(),
            settings,
            script,
            t: visitor.texts(),
        }
    }
}

/// A page, with what it may load.
pub(crate) struct HtmlPage<T> {
    pub(crate) status: StatusCode,
    pub(crate) keeping: Keeping,
    pub(crate) policy: Policy,
    pub(crate) content: T,
}

/// Who may keep a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// Nobody, since its address is a secret, and no search engine.
    Nobody,
    /// Everybody, if they ask each time whether it is still the same.
    Everybody,
}

/// What a page may do beyond showing its own text in its own style. All else is closed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Policy {
    /// It has forms, which go to its own origin.
    pub(crate) forms: bool,
    /// Its script talks to its own origin, and to these.
    pub(crate) connect: Option<Vec<String>>,
    /// It shows pictures from these, beyond its own and the icon that is in it.
    pub(crate) images: Vec<String>,
}

impl Policy {
    /// The value of `Content-Security-Policy`.
    fn text(&self) -> String {
        let more = |origins: &[String]| -> String { origins.iter().map(|origin| format!(" {origin}")).collect() };
        let images = more(&self.images);
        let mut text = format!(
            "default-src 'none'; script-src 'self' {IMPORT_MAP_SOURCE}; style-src 'self'; \
             img-src 'self' data:{images}; "
        );
        if let Some(origins) = &self.connect {
            text.push_str(&format!("connect-src 'self'{}; ", more(origins)));
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

impl<T: Template> HtmlPage<T> {
    /// A page that is found, that nobody keeps, and that may do nothing.
    pub(crate) fn new(content: T) -> Self {
        Self {
            status: StatusCode::OK,
            keeping: Keeping::Nobody,
            policy: Policy::default(),
            content,
        }
    }

    /// The page as such a visitor gets it.
    pub(crate) fn answer(self, visitor: &PageVisitor) -> Response {
        self.try_answer(visitor)
            .unwrap_or_else(|| Problem::internal().into_response())
    }

    fn try_answer(self, visitor: &PageVisitor) -> Option<Response> {
        let html = self.content.render().ok()?;
        let policy = HeaderValue::try_from(self.policy.text()).ok()?;
        // The gateway compresses nothing. What a visitor sends is in no page, and neither is a token, so that
        // a page's length tells nothing.
        let encoding = Encoding::wanted(&visitor.headers, [Encoding::Gzip, Encoding::Identity]);
        let etag = encoding.etag(&hash(&html));
        let mut response = match self.keeping {
            Keeping::Everybody if self.status == StatusCode::OK && is_known(&visitor.headers, &etag) => {
                StatusCode::NOT_MODIFIED.into_response()
            }
            _ => {
                let body = match encoding {
                    Encoding::Gzip => gzip(&html)?,
                    _ => html.into_bytes(),
                };
                let mut response = (self.status, body).into_response();
                encoding.name_in(response.headers_mut());
                response
            }
        };
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        headers.insert(
            header::VARY,
            HeaderValue::from_static("accept-encoding, accept-language"),
        );
        match self.keeping {
            Keeping::Nobody => {
                headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                let robots = HeaderName::from_static("x-robots-tag");
                headers.insert(robots, HeaderValue::from_static("noindex"));
            }
            Keeping::Everybody => {
                headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
                headers.insert(header::ETAG, HeaderValue::try_from(etag).ok()?);
            }
        }
        Some(response)
    }
}

/// What a person is shown in the place of a problem: with its status, and when to try again.
pub(crate) fn in_place_of(problem: Problem, page: impl FnOnce(StatusCode) -> Response) -> Response {
    let problem = problem.into_response();
    let mut response = page(problem.status());
    if let Some(after) = problem.headers().get(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, after.clone());
    }
    response
}

/// The first 64 bits of SHA-256, in hexadecimal.
fn hash(html: &str) -> String {
    let digest = Sha256::digest(html);
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn gzip(html: &str) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(html.as_bytes()).ok()?;
    encoder.finish().ok()
}
