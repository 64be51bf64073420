//! What the calls under `/_local` answer when they refuse: problems as in the API itself.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::json;

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// JSON pointer.
    pub pointer: String,
    /// Stable code.
    pub code: &'static str,
    /// A sentence.
    pub detail: &'static str,
}

impl Fault {
    /// A value that the domain refuses.
    pub fn of(pointer: &str, error: contacts::Invalid) -> Self {
        Self {
            pointer: pointer.to_owned(),
            code: error.code,
            detail: error.detail,
        }
    }
}

/// A problem.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub fn conflict(fault: Fault) -> Self {
        Self {
            errors: vec![fault.clone()],
            ..Self::new(StatusCode::CONFLICT, fault.code, fault.detail)
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
