//! All that is public: the page behind an invite link, unsubscribe and report, and what these pages load.
//!
//! - `link_page`: the page at `/i/{token}`
//! - `unsubscribe_page`: the page at `/u/{token}`; `form`: its fields
//! - `assets`: what is at `/assets/*`
//! - `page`: HTML answers; `headers`: what every answer carries
//! - `language`, `texts`: which language, and what is said in it
//! - [`Settings`]: what a deployment sets

mod assets;
mod form;
mod headers;
mod language;
mod link_page;
mod page;
mod settings;
mod texts;
mod unsubscribe_page;

use std::sync::Arc;

use axum::{Router, extract::State, middleware::from_fn, routing::get};
use contacts::token::LinkToken;
use contacts_dynamodb::Store;
use contacts_http::{answer::Outcome, api::layers};

pub use settings::Settings;

use assets::Assets;

/// What every route has at hand.
#[derive(Clone)]
pub struct Site {
    store: Store,
    settings: Arc<Settings>,
    assets: Arc<Assets>,
}

impl Site {
    /// A site on a store.
    pub fn new(store: Store, settings: Settings) -> Self {
        Self {
            store,
            settings: Arc::new(settings),
            assets: Arc::new(Assets::new()),
        }
    }
}

/// The routes.
pub fn router(site: Site) -> Router {
    let routes = Router::new()
        .route("/health", get(health))
        .route("/i/{token}", get(link_page::show))
        .route("/u/{token}", get(unsubscribe_page::show).post(unsubscribe_page::act))
        .route("/assets/{*path}", get(assets::serve));
    layers(routes, site).layer(from_fn(headers::add))
}

/// Ready once DynamoDB answers: opens a link that nobody has, which is one read.
async fn health(State(site): State<Site>) -> Outcome {
    let nobodys = LinkToken::new(site.store.random());
    site.store.open_link(Some(&nobodys), None).await?;
    Ok(contacts_http::json(&serde_json::json!({"status": "ok"})))
}

#[cfg(test)]
mod tests;
