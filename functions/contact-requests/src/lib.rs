//! Contact requests, contacts and blocks.
//!
//! - [`contact_request`]: sending and answering requests
//! - [`contact`]: the contacts, and their figures
//! - [`block`]: who is blocked

mod block;
mod contact;
mod contact_request;

use axum::{
    Router,
    routing::{delete, get, post, put},
};
use contacts_http::{Api, api::layers};

/// The routes of this function.
pub fn router(api: Api) -> Router {
    let routes = Router::new()
        .route(
            "/contact-requests",
            get(contact_request::list).post(contact_request::send),
        )
        .route("/contact-requests/{id}", delete(contact_request::cancel))
        .route("/contact-requests/{id}/accept", post(contact_request::accept))
        .route("/contact-requests/{id}/decline", post(contact_request::decline))
        .route("/contacts", get(contact::list))
        .route("/contacts/summary", get(contact::summary))
        .route("/contacts/{user_id}", get(contact::get).delete(contact::remove))
        .route("/blocks", get(block::list))
        .route("/blocks/{user_id}", put(block::block).delete(block::unblock));
    layers(routes, api)
}
