//! JSON answers.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::Problem;

/// What a handler answers.
pub type HandlerResult = Result<Response, Problem>;

/// An answer with 200.
pub fn json(body: &impl Serialize) -> Response {
    json_with(StatusCode::OK, body)
}

/// An answer with another status.
pub fn json_with(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => {
            let kind = HeaderValue::from_static("application/json");
            (status, [(header::CONTENT_TYPE, kind)], body).into_response()
        }
        Err(error) => {
            // No type that is answered can fail so; a problem is better than a broken document.
            tracing::error!(%error, "an answer cannot be written");
            Problem::internal().into_response()
        }
    }
}

/// An answer without a body: 204.
pub fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}
