//! What the calls under `/_local` answer when they refuse: problems as in the API itself.

use contacts::Invalid;
use contacts_http::{
    input::field_error::FieldError,
    input::json::{NotRead, read_json},
    problem::Problem,
};
use http::StatusCode;
use serde::de::DeserializeOwned;

use crate::people::registration::RegistrationError;

/// Reads a JSON body.
///
/// # Errors
/// 400 when it is no JSON, 422 when it is not what is asked for.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    read_json(body).map_err(|why| match why {
        NotRead::Broken => Problem::new(StatusCode::BAD_REQUEST, "unreadable", "the body is no JSON"),
        NotRead::Refused(faults) => refused(faults),
    })
}

/// 422: fields are refused.
pub(super) fn refused(faults: Vec<FieldError>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "some fields are refused").with_errors(faults)
}

/// 422: one field is refused.
pub(super) fn refused_field(pointer: &str, invalid: Invalid) -> Problem {
    refused(vec![FieldError::of(pointer, invalid)])
}

/// 404.
pub(super) fn not_found(detail: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", detail)
}

/// 503.
pub(super) fn unavailable(why: impl ToString) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", why.to_string()).retry_after(1)
}

impl From<RegistrationError> for Problem {
    fn from(error: RegistrationError) -> Self {
        let taken = |code| Self::new(StatusCode::CONFLICT, code, error.to_string()).with_errors(error.errors());
        match &error {
            RegistrationError::Refused(_) => refused(error.errors()),
            RegistrationError::EmailTaken => taken("email_taken"),
            RegistrationError::ChatworkIdTaken => taken("chatwork_id_taken"),
            RegistrationError::Trigger(error) => unavailable(error),
            RegistrationError::Administration(error) => unavailable(error),
        }
    }
}
