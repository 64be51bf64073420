//! What to do after each result of SES.

use std::error::Error as _;

use aws_sdk_sesv2::{
    error::{ProvideErrorMetadata as _, SdkError},
    operation::send_bulk_email::SendBulkEmailError,
    types::{BulkEmailEntryResult, BulkEmailStatus},
};

/// The most of SES's own words that is kept, in characters.
const MAX_REASON: usize = 200;

/// What becomes of one destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailAction {
    /// SES took the mail.
    Sent {
        /// What SES calls it in its events.
        message_id: Option<String>,
    },
    /// SES failed: back off; counts as an attempt.
    Retry,
    /// Later, and fewer at once; not an attempt.
    Throttled,
    /// The day's quota is used up: an hour later at the earliest; not an attempt.
    QuotaExceeded,
    /// Nothing can be sent before the operator has set something right; not an attempt.
    OperatorsMatter {
        /// What SES says, without addresses.
        reason: String,
    },
    /// This one will never be sent.
    Undeliverable {
        /// What SES says, without addresses.
        reason: String,
    },
    /// Perhaps sent: only SES's own event tells.
    Ambiguous,
}

/// What a failed call means for its destinations.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The same for each of them.
    All(MailAction),
    /// One of them may be at fault: the others go without it.
    Halve {
        /// What SES says, without addresses.
        reason: String,
    },
}

impl MailAction {
    /// Its name in logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "sent",
            Self::Retry => "retry",
            Self::Throttled => "throttled",
            Self::QuotaExceeded => "quota_exceeded",
            Self::OperatorsMatter { .. } => "operators_matter",
            Self::Undeliverable { .. } => "undeliverable",
            Self::Ambiguous => "ambiguous",
        }
    }

    /// The action for one entry of an answered call.
    pub fn of_entry(result: &BulkEmailEntryResult) -> Self {
        let Some(status) = result.status() else {
            tracing::warn!(status = "none", "SES answered with an unknown status");
            return Self::Retry;
        };
        let reason = || reason(status.as_str(), result.error());
        match status {
            BulkEmailStatus::Success => Self::Sent {
                message_id: result.message_id().map(str::to_owned),
            },
            BulkEmailStatus::TransientFailure | BulkEmailStatus::Failed => Self::Retry,
            BulkEmailStatus::AccountThrottled => Self::Throttled,
            BulkEmailStatus::AccountDailyQuotaExceeded => Self::QuotaExceeded,
            BulkEmailStatus::AccountSendingPaused
            | BulkEmailStatus::AccountSuspended
            | BulkEmailStatus::ConfigurationSetNotFound
            | BulkEmailStatus::ConfigurationSetSendingPaused
            | BulkEmailStatus::InvalidSendingPoolName
            | BulkEmailStatus::MailFromDomainNotVerified
            | BulkEmailStatus::TemplateNotFound => Self::OperatorsMatter { reason: reason() },
            BulkEmailStatus::MessageRejected | BulkEmailStatus::InvalidParameter => {
                if is_not_verified(result.error()) {
                    Self::OperatorsMatter { reason: reason() }
                } else {
                    Self::Undeliverable { reason: reason() }
                }
            }
            unknown => {
                tracing::warn!(status = unknown.as_str(), "SES answered with an unknown status");
                Self::Retry
            }
        }
    }
}

impl Failure {
    /// What a call that failed as a whole means.
    pub(crate) fn of_call(error: &SdkError<SendBulkEmailError>, destinations: usize) -> Self {
        let status = error.raw_response().map(|response| response.status().as_u16());
        match error {
            SdkError::ServiceError(answer) => Self::of_answer(answer.err(), status, destinations),
            // Nothing was sent: the request could not even be made.
            SdkError::ConstructionFailure(_) => operators("request could not be made"),
            SdkError::DispatchFailure(failure) if failure.is_user() => operators("request could not be made"),
            SdkError::DispatchFailure(_) if never_connected(error) => operators("SES cannot be reached"),
            // Time-out, a connection that broke, an answer that cannot be read: SES may have the mails.
            _ => Self::All(MailAction::Ambiguous),
        }
    }

    fn of_answer(error: &SendBulkEmailError, status: Option<u16>, destinations: usize) -> Self {
        let code = error.code().unwrap_or("unknown");
        let reason = reason(code, error.message());
        let operators_matter = || Self::All(MailAction::OperatorsMatter { reason: reason.clone() });
        match error {
            SendBulkEmailError::TooManyRequestsException(_) | SendBulkEmailError::LimitExceededException(_) => {
                Self::All(throttled(error.message()))
            }
            SendBulkEmailError::AccountSuspendedException(_)
            | SendBulkEmailError::MailFromDomainNotVerifiedException(_)
            | SendBulkEmailError::NotFoundException(_)
            | SendBulkEmailError::SendingPausedException(_) => operators_matter(),
            SendBulkEmailError::BadRequestException(_) | SendBulkEmailError::MessageRejected(_)
                if is_not_verified(error.message()) =>
            {
                operators_matter()
            }
            SendBulkEmailError::BadRequestException(_) => Self::Halve { reason },
            // Each of them is rejected, and that is not the fault of one.
            SendBulkEmailError::MessageRejected(_) if destinations > 1 => operators_matter(),
            SendBulkEmailError::MessageRejected(_) => Self::All(MailAction::Undeliverable { reason }),
            _ => match (code, status) {
                (code, Some(429)) | (code @ ("Throttling" | "ThrottlingException" | "RequestLimitExceeded"), _) => {
                    tracing::warn!(code, "SES throttles");
                    Self::All(throttled(error.message()))
                }
                ("ValidationException" | "SerializationException", _) | (_, Some(413)) => Self::Halve { reason },
                (_, Some(401 | 403 | 404)) => operators_matter(),
                // A gateway lost the answer of SES, if there was one; or SES took the call and its answer
                // cannot be read.
                (_, Some(200..=399 | 502 | 504)) => Self::All(MailAction::Ambiguous),
                _ => {
                    tracing::warn!(code, status, "SES answered with an unknown error");
                    Self::All(MailAction::Retry)
                }
            },
        }
    }
}

/// When each of several destinations is refused, the operator's matter that it is.
pub(crate) fn every_one_refused(actions: &[MailAction]) -> Option<MailAction> {
    let refused = |action: &MailAction| matches!(action, MailAction::Undeliverable { .. });
    match actions {
        [MailAction::Undeliverable { reason }, rest @ ..] if !rest.is_empty() && rest.iter().all(refused) => {
            Some(MailAction::OperatorsMatter { reason: reason.clone() })
        }
        _ => None,
    }
}

fn operators(reason: &str) -> Failure {
    Failure::All(MailAction::OperatorsMatter {
        reason: reason.to_owned(),
    })
}

/// The daily quota has no error of its own: it comes as throttling, and only the text tells.
fn throttled(message: Option<&str>) -> MailAction {
    let message = message.unwrap_or_default().to_ascii_lowercase();
    if message.contains("daily") && message.contains("quota") {
        MailAction::QuotaExceeded
    } else {
        MailAction::Throttled
    }
}

/// The sandbox, or an identity that is not set up: no fault of the destination.
fn is_not_verified(message: Option<&str>) -> bool {
    message.is_some_and(|message| message.to_ascii_lowercase().contains("not verified"))
}

/// True when no connection was made, so that certainly nothing was sent.
fn never_connected(error: &SdkError<SendBulkEmailError>) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<hyper_util::client::legacy::Error>() {
            return error.is_connect();
        }
        source = error.source();
    }
    false
}

/// The code and SES's words, on one line, cut, without any address in them.
fn reason(code: &str, message: Option<&str>) -> String {
    let words = message
        .unwrap_or_default()
        .split(|c: char| c.is_whitespace() || c.is_control());
    let words = words.filter(|word| !word.is_empty());
    let clean: Vec<&str> = words.map(|word| if word.contains('@') { "…" } else { word }).collect();
    let text = if clean.is_empty() {
        code.to_owned()
    } else {
        format!("{code}: {}", clean.join(" "))
    };
    text.chars().take(MAX_REASON).collect()
}

#[cfg(test)]
mod tests;
