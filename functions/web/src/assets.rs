//! What the pages load. The address of a style sheet or script carries its content's hash, so that it may be
//! kept for ever and a page never meets another version's script.

use askama::Template;
use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use contacts_http::{Problem, answer::Outcome};
use sha2::{Digest as _, Sha256};

use crate::{Site, page::Policy};

const STYLE: &str = include_str!("../assets/style.css");
const LINK: &str = include_str!("../assets/link.js");
const SIGNED_IN: &str = include_str!("../assets/signed-in.js");
const UNSUBSCRIBE: &str = include_str!("../assets/unsubscribe.js");

const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Its address is fixed, since the issuer has it in its list.
const SHORT: &str = "public, max-age=300";

/// The assets, and where they are.
pub(crate) struct Assets {
    /// The path of the style sheet.
    pub(crate) style: String,
    /// The path of the link page's script.
    pub(crate) link: String,
    /// The path of the unsubscribe page's script.
    pub(crate) unsubscribe: String,
    all: Vec<Asset>,
}

struct Asset {
    path: String,
    content_type: &'static str,
    cache: &'static str,
    etag: String,
    policy: Option<String>,
    body: String,
}

/// The page that the issuer sends people back to.
#[derive(Template)]
#[template(path = "signed-in.html")]
struct SignedIn<'a> {
    style: &'a str,
    script: &'a str,
}

impl Assets {
    /// Hashes them.
    pub(crate) fn new() -> Self {
        let mut assets = Self {
            style: String::new(),
            link: String::new(),
            unsubscribe: String::new(),
            all: Vec::new(),
        };
        assets.style = assets.hashed("style", "css", "text/css; charset=utf-8", STYLE);
        assets.link = assets.hashed("link", "js", "text/javascript; charset=utf-8", LINK);
        assets.unsubscribe = assets.hashed("unsubscribe", "js", "text/javascript; charset=utf-8", UNSUBSCRIBE);
        let script = assets.hashed("signed-in", "js", "text/javascript; charset=utf-8", SIGNED_IN);
        let page = SignedIn {
            style: &assets.style,
            script: &script,
        };
        // A template without expressions that can fail; without the page, its address is 404.
        if let Ok(body) = page.render() {
            assets.all.push(Asset {
                path: "/assets/signed-in.html".to_owned(),
                content_type: "text/html; charset=utf-8",
                cache: SHORT,
                etag: format!("\"{}\"", hash(&body)),
                policy: Some(Policy::default().text()),
                body,
            });
        }
        assets
    }

    fn hashed(&mut self, name: &str, extension: &str, content_type: &'static str, body: &str) -> String {
        let hash = hash(body);
        let path = format!("/assets/{name}.{hash}.{extension}");
        self.all.push(Asset {
            path: path.clone(),
            content_type,
            cache: FOR_EVER,
            etag: format!("\"{hash}\""),
            policy: None,
            body: body.to_owned(),
        });
        path
    }
}

impl Default for Assets {
    fn default() -> Self {
        Self::new()
    }
}

/// The first 64 bits of SHA-256, in hexadecimal.
fn hash(content: &str) -> String {
    Sha256::digest(content)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub(crate) async fn serve(
    State(site): State<Site>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Outcome {
    let Path(path) = path.map_err(|_| Problem::not_found())?;
    let asset = site
        .assets
        .all
        .iter()
        .find(|asset| asset.path.strip_prefix("/assets/") == Some(path.as_str()));
    Ok(asset.ok_or_else(Problem::not_found)?.answer(&headers))
}

impl Asset {
    fn answer(&self, headers: &HeaderMap) -> Response {
        let mut response = if self.is_known(headers) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            self.body.clone().into_response()
        };
        let headers = response.headers_mut();
        let mut add = |name, value: &str| {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        };
        add(header::CONTENT_TYPE, self.content_type);
        add(header::CACHE_CONTROL, self.cache);
        add(header::ETAG, &self.etag);
        if let Some(policy) = &self.policy {
            add(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    fn is_known(&self, headers: &HeaderMap) -> bool {
        let known = headers
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok());
        known
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .any(|etag| etag == "*" || etag.strip_prefix("W/").unwrap_or(etag) == self.etag)
    }
}
