//! All that is public: the Manage Contacts page, the page behind an invite link, unsubscribe and report, and what
//! these pages load.
//!
//! - `manage_page`: the page at `/`
//! - `link_page`: the page at `/i/{token}`
//! - `unsubscribe_page`: the page at `/u/{token}`; `form`: its fields
//! - `tokenless_page`: the pages at `/i/_` and `/u/_`, where the token is out of the address
//! - `signed_in_page`: where the issuer sends people back to
//! - `assets`: what is at `/assets/*`, made by the build script in `build/` out of the files in `assets/`
//! - `page`: HTML answers; `encoding`, `hash`: compressed, and not sent twice; `headers`: what every answer carries
//! - `language`, `texts`: which language, and what is said in it
//! - [`Settings`]: what a deployment sets

mod assets;
mod encoding;
mod form;
mod hash;
mod headers;
mod language;
mod link_page;
mod manage_page;
mod page;
mod settings;
mod signed_in_page;
mod texts;
mod tokenless_page;
mod unsubscribe_page;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::get,
};
use contacts::link::LinkToken;
use contacts_dynamodb::Store;
use contacts_http::{answer::Outcome, api::layers};

pub use settings::Settings;

use page::Visitor;

/// What every route has at hand.
#[derive(Clone)]
pub struct Site {
    store: Store,
    settings: Arc<Settings>,
}

impl Site {
    /// A site on a store.
    pub fn new(store: Store, settings: Settings) -> Self {
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
        .route("/", get(manage_page::show))
        .route("/i/_", get(tokenless_page::invitation))
        .route("/i/{token}", get(link_page::show))
        .route("/u/_", get(tokenless_page::mail).post(unsubscribe_page::act))
        .route("/u/{token}", get(unsubscribe_page::show).post(unsubscribe_page::act))
        .route("/assets/signed-in.html", get(signed_in_page::show))
        .route("/assets/{*path}", get(assets::serve));
    layers(routes, site.clone())
        .layer(from_fn_with_state(site, missing))
        .layer(from_fn(headers::add))
}

/// Says on a page that there is nothing here, to whoever reads pages.
async fn missing(State(site): State<Site>, visitor: Visitor, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_problem = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value == "application/problem+json");
    if response.status() == StatusCode::NOT_FOUND && is_problem && visitor.wants_html() {
        link_page::page(&site.settings, &visitor, StatusCode::NOT_FOUND, "nowhere", None)
    } else {
        response
    }
}

/// Ready once DynamoDB answers: opens a link that nobody has, which is one read.
async fn health(State(site): State<Site>) -> Outcome {
    let nobodys = LinkToken::new(site.store.random());
    site.store.open_link(&nobodys, None).await?;
    Ok(contacts_http::json(&serde_json::json!({"status": "ok"})))
}

#[cfg(test)]
mod tests;
