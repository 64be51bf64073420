//! Invitations by e-mail: submitting many at once, and what becomes of each.
//!
//! - [`submission`]: `POST /invitations` and its report
//! - [`invitation`]: the list, resending, revoking

mod invitation;
mod submission;

use axum::{
    Router,
    routing::{get, post},
};
use contacts_http::{Api, api::layers};

/// The routes of this function.
pub fn router(api: Api) -> Router {
    let routes = Router::new()
        .route("/invitations", get(invitation::list).post(submission::submit))
        .route("/invitations/{id}", get(invitation::get).delete(invitation::revoke))
        .route("/invitations/{id}/resend", post(invitation::resend));
    layers(routes, api)
}
