//! What the calls under `/_local` answer when they refuse: problems as in the API itself.

use axum::response::{IntoResponse, Response};
pub use contacts_http::fault::Fault;
use contacts_http::json::{NotRead, read_json};
use http::{HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::json;

/// Reads a JSON body.
///
/// # Errors
/// 400 when it is no JSON, 422 when it is not what is asked for.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    read_json(body).map_err(|why| match why {
        NotRead::Broken => Problem::unreadable("the body is no JSON"),
        NotRead::Refused(faults) => Problem::refused(faults),
    })
}

/// A problem.
#[derive(Debug, Clone)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code.
    pub code: &'static str,
    /// A sentence.
    pub detail: String,
    /// What is wrong where.
    pub errors: Vec<Fault>,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, detail: &str) -> Self {
        Self {
            status,
            code,
            detail: detail.to_owned(),
            errors: Vec::new(),
        }
    }

    /// 400: the body cannot be read.
    pub fn unreadable(detail: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unreadable", detail)
    }

    /// 404.
    pub fn not_found(detail: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// 409: one field is taken.
    pub fn taken(pointer: &str, code: &'static str, detail: &str) -> Self {
        Self {
            errors: vec![Fault::new(pointer, code, detail)],
            ..Self::new(StatusCode::CONFLICT, code, detail)
        }
    }

    /// 403.
    pub fn forbidden(detail: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// 409: something waits that nobody works on.
    pub fn waiting(detail: &str) -> Self {
        Self::new(StatusCode::CONFLICT, "waiting", detail)
    }

    /// 422: fields are refused.
    pub fn refused(errors: Vec<Fault>) -> Self {
        Self {
            errors,
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "some fields are refused")
        }
    }

    /// 503.
    pub fn unavailable(detail: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason(),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
            "errors": self.errors,
        });
        let mut response = (self.status, body.to_string()).into_response();
        let json = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            let soon = HeaderValue::from_static("1");
            response.headers_mut().insert(header::RETRY_AFTER, soon);
        }
        response
    }
}
