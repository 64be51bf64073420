//! My share links, and the redemption of any invite link.
//!
//! - [`share_link`]: links of an owner, with their QR codes
//! - [`invite_link`]: what a token shows, and what pressing does

mod invite_link;
mod share_link;

use axum::{
    Router,
    extract::FromRef,
    routing::{get, patch, post},
};
use contacts::link::LinkBase;
use contacts_http::{Api, api::layers};

/// What the routes have at hand.
#[derive(Clone, FromRef)]
struct RouteState {
    api: Api,
    base: LinkBase,
}

/// The routes of this function.
pub fn router(api: Api, base: LinkBase) -> Router {
    let routes = Router::new()
        .route("/share-links", get(share_link::list).post(share_link::create))
        .route(
            "/share-links/{id}",
            patch(share_link::change).delete(share_link::remove),
        )
        .route("/share-links/{id}/rotate", post(share_link::rotate))
        .route("/share-links/{id}/qr.svg", get(share_link::qr_code))
        .route("/invite-links/{token}", get(invite_link::view))
        .route("/invite-links/{token}/redemptions", post(invite_link::redeem));
    layers(routes, RouteState { api, base })
}
