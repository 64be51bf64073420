//! Invitations by e-mail: submitting many at once, and what becomes of each.
//!
//! - [`submission`]: `POST /invitations` and its report
//! - [`preview`]: the mail before it is sent
//! - [`invitation`]: the list, resending, revoking

mod invitation;
mod preview;
mod submission;

use axum::{
    Router,
    extract::FromRef,
    routing::{get, post},
};
use contacts_http::{Api, api::layers};
use contacts_runtime::configuration::MailConfiguration;

/// What the routes have at hand.
#[derive(Clone, FromRef)]
struct RouteState {
    api: Api,
    mail: MailConfiguration,
}

/// The routes of this function.
pub fn router(api: Api, mail: MailConfiguration) -> Router {
    let routes = Router::new()
        .route("/invitations", get(invitation::list).post(submission::submit))
        .route("/invitations/preview", post(preview::preview))
        .route("/invitations/{id}", get(invitation::get).delete(invitation::revoke))
        .route("/invitations/{id}/resend", post(invitation::resend));
    layers(routes, RouteState { api, mail })
}
