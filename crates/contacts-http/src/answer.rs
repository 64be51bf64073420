//! JSON answers.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use contacts_dynamodb::Answer;
use serde::Serialize;

use crate::Problem;

/// An answer of the store, as HTTP.
pub struct Stored(pub Answer);

impl IntoResponse for Stored {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if self.0.body.is_empty() {
            return status.into_response();
        }
        let mut response = (status, self.0.body).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}

/// Renders an answer, for the store to keep.
pub fn render(status: StatusCode, body: &impl Serialize) -> Answer {
    match serde_json::to_string(body) {
        Ok(body) => Answer {
            status: status.as_u16(),
            body,
        },
        Err(error) => {
            // No type that is answered can fail so; a problem is better than a broken document.
            tracing::error!(%error, "an answer cannot be written");
            Answer {
                status: StatusCode::INTERNAL_SERVER_ERROR.as_u16(),
                body: String::new(),
            }
        }
    }
}

/// An answer without a body: 204.
pub fn no_content() -> Answer {
    Answer {
        status: StatusCode::NO_CONTENT.as_u16(),
        body: String::new(),
    }
}

/// An answer with 200.
pub fn json(body: &impl Serialize) -> Response {
    Stored(render(StatusCode::OK, body)).into_response()
}

/// What a handler answers.
pub type Outcome = Result<Response, Problem>;
