//! All that is public: the Manage Contacts page, the page behind an invite link, unsubscribe and report, and what
//! these pages load.
//!
//! - `pages`: HTML answers, one file a page
//! - `assets`: what is at `/assets/*`, made by the build script, with `web-assets`, out of the files in `assets/`
//! - `visitor`: whom an answer is for: their language, the encodings they take, what they have already
//! - `headers`: what every answer carries
//! - [`SiteSettings`]: what a deployment sets

mod assets;
mod headers;
mod pages;
mod settings;
mod visitor;

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, Request, State},
    http::{StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::get,
};
use contacts::link::LinkToken;
use contacts_dynamodb::Store;
use contacts_http::{api::layers, response::HandlerResult};

pub use settings::SiteSettings;

use pages::{
    link::{self, LinkState},
    manage, signed_in, tokenless, unsubscribe,
};
pub use visitor::PageVisitor;

type SharedSettings = Arc<SiteSettings>;

/// What the routes have at hand; each takes the part that it needs.
#[derive(Clone, FromRef)]
pub struct Site {
    store: Store,
    settings: SharedSettings,
}

impl Site {
    /// A site on a store.
    pub fn new(store: Store, settings: SiteSettings) -> Self {
        Self {
            store,
            settings: Arc::new(settings),
        }
    }
}

/// The routes.
pub fn router(site: Site) -> Router {
    let routes = Router::new()
        .route("/health", get(health))
        .route("/", get(manage::show))
        .route("/i/_", get(tokenless::invitation))
        .route("/i/{token}", get(link::show))
        .route("/u/_", get(tokenless::mail).post(unsubscribe::act))
        .route("/u/{token}", get(unsubscribe::show).post(unsubscribe::act))
        // What the gateway's `$default` brings: a slash, or `%2F`, behind the token.
        .route("/i/{token}/", get(link::show))
        .route("/i/{token}/{*behind}", get(link::show))
        .route("/u/{token}/", get(unsubscribe::show).post(unsubscribe::act))
        .route("/u/{token}/{*behind}", get(unsubscribe::show).post(unsubscribe::act))
        .route("/assets/signed-in.html", get(signed_in::show))
        .route("/favicon.ico", get(assets::favicon))
        .route("/assets/{*path}", get(assets::serve));
    layers(routes, site.clone())
        .layer(from_fn_with_state(site, missing))
        .layer(from_fn(headers::add))
}

/// Says on a page that there is nothing here, to whoever reads pages.
async fn missing(
    State(settings): State<SharedSettings>,
    visitor: PageVisitor,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    let is_problem = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value == "application/problem+json");
    if response.status() == StatusCode::NOT_FOUND && is_problem && visitor.wants_html() {
        link::page(&settings, &visitor, &LinkState::Nowhere)
    } else {
        response
    }
}

/// Ready once DynamoDB answers: opens a link that nobody has, which is one read.
async fn health(State(store): State<Store>) -> HandlerResult {
    let nobodys = LinkToken::new(store.random());
    store.open_link(&nobodys).await?;
    Ok(contacts_http::json(&serde_json::json!({"status": "ok"})))
}

#[cfg(test)]
mod tests;
