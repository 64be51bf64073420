//! Errors as RFC 9457 documents. This is the one place where what the store refuses becomes a status.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use contacts::{
    Invalid,
    invitation::CannotResend,
    link::NotRedeemable,
    relationship::{Refusal, Relation},
};
use contacts_dynamodb::StoreError;
use serde::Serialize;

use crate::input::field_error::{FieldError, FieldErrors};

/// An error, as it is answered: `application/problem+json`.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    code: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// How the two stand now, where a request no longer waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    relation: Option<Relation>,
    #[serde(skip)]
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem with its status, stable code and sentence.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            code,
            errors: Vec::new(),
            relation: None,
            retry_after: None,
        }
    }

    /// The input can be read, but not accepted: 422, with the errors.
    pub fn unprocessable(errors: Vec<FieldError>) -> Self {
        Self {
            errors,
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid_input",
                "The input is not accepted.",
            )
        }
    }

    /// One value of the input is not accepted.
    pub fn invalid(pointer: impl Into<String>, invalid: Invalid) -> Self {
        Self::unprocessable(vec![FieldError::of(pointer, invalid)])
    }

    /// The input cannot be read: 400, with the place.
    pub fn unreadable(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let error = FieldError::new(pointer, code, detail.clone());
        Self {
            errors: vec![error],
            ..Self::new(StatusCode::BAD_REQUEST, code, detail)
        }
    }

    /// There is no token, or none that is good.
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "A valid bearer token is required.",
        )
    }

    /// For the caller there is nothing there.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found.")
    }

    /// The path takes other methods.
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "This path does not support this method.",
        )
    }

    /// The body has more than [`crate::api::MAX_BODY`] bytes.
    pub fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "The body is larger than 256 KB.",
        )
    }

    /// The function's own time is over.
    pub fn timeout() -> Self {
        Self::new(
            StatusCode::GATEWAY_TIMEOUT,
            "timeout",
            "The request took too long. It may have had its effect: send it again with the same Idempotency-Key.",
        )
    }

    /// An error of the service. The log tells; the answer does not.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "Something went wrong on our side.",
        )
    }

    /// With what is wrong where.
    pub fn with_errors(self, errors: Vec<FieldError>) -> Self {
        Self { errors, ..self }
    }

    fn conflict(code: &'static str, detail: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// With the header `Retry-After`.
    pub fn retry_after(self, seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }
}

/// The code of a problem, for the log: an extension of its response.
#[derive(Debug, Clone, Copy)]
pub struct ProblemCode(pub &'static str);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        response.extensions_mut().insert(ProblemCode(self.code));
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<FieldErrors> for Problem {
    fn from(errors: FieldErrors) -> Self {
        Self::unprocessable(errors.0)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotRegistered => Self::new(
                StatusCode::FORBIDDEN,
                "not_registered",
                "The token is good, but its user does not exist.",
            ),
            StoreError::NotFound => Self::not_found(),
            StoreError::NotPending(relation) => Self {
                relation: Some(relation),
                ..Self::conflict("not_pending", "The request is no longer pending.")
            },
            StoreError::Refused(refusal) => refused(refusal),
            StoreError::Ended(_) | StoreError::CannotResend(CannotResend::Ended(_)) => {
                Self::conflict("invitation_ended", "The invitation has already ended.")
            }
            StoreError::CannotResend(CannotResend::TooSoon { at, after }) => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_soon",
                format!("The last email was sent less than a day ago. You can send another from {at}."),
            )
            .retry_after(after.as_secs() + 1),
            StoreError::ChatworkIdTaken => Self {
                errors: vec![FieldError::new(
                    "/chatwork_id",
                    "taken",
                    "is taken, or was until recently",
                )],
                ..Self::conflict("chatwork_id_taken", "This Chatwork ID is already taken.")
            },
            StoreError::TooManyLinks => Self::conflict("too_many_links", "You have reached your limit of share links."),
            StoreError::NotRedeemable(why) => not_redeemable(why),
            StoreError::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
                "The Idempotency-Key was used for another request.",
            ),
            StoreError::StillRunning => Self::conflict(
                "still_running",
                "The request with this Idempotency-Key is still running.",
            )
            .retry_after(2),
            StoreError::AlreadyDone => Self::conflict(
                "already_done",
                "The request with this Idempotency-Key is done. Its response is no longer available.",
            ),
            StoreError::Unavailable(why) => {
                tracing::warn!(why, "the store is not available");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    "The service is not available right now.",
                )
                .retry_after(2)
            }
            StoreError::Internal(what) => {
                tracing::error!(what, "the store failed");
                Self::internal()
            }
        }
    }
}

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotFound => Problem::not_found(),
        Refusal::NotPending => Problem::conflict("not_pending", "The request is no longer pending."),
        Refusal::AtLimit => Problem::conflict("at_limit", "You have reached your limit of external contacts."),
        Refusal::CannotAcceptNow => Problem::conflict("cannot_accept_now", "This cannot be accepted right now."),
        Refusal::Colleague => Problem::conflict(
            "internal_contact",
            "You cannot remove or block someone in your organization.",
        ),
    }
}

fn not_redeemable(why: NotRedeemable) -> Problem {
    let gone = |code, detail| Problem::new(StatusCode::GONE, code, detail);
    match why {
        NotRedeemable::Unknown => Problem::not_found(),
        NotRedeemable::OwnLink => Problem::conflict("own_link", "This is your own link."),
        NotRedeemable::AtLimit => Problem::conflict("at_limit", "You have reached your limit of external contacts."),
        NotRedeemable::Expired => gone("expired", "The link has expired."),
        NotRedeemable::UsedUp => gone("used_up", "The link has reached its limit of uses."),
        NotRedeemable::Revoked => gone("revoked", "The link is no longer valid."),
    }
}
