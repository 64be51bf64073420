use aws_sdk_sesv2::types::error as errors;
use aws_smithy_runtime_api::{
    client::{orchestrator::HttpResponse, result::ConnectorError},
    http::StatusCode,
};
use aws_smithy_types::{body::SdkBody, error::ErrorMetadata};

use super::*;

fn operators_matter(reason: &str) -> MailAction {
    MailAction::OperatorsMatter {
        reason: reason.to_owned(),
    }
}

fn undeliverable(reason: &str) -> MailAction {
    MailAction::Undeliverable {
        reason: reason.to_owned(),
    }
}

#[test]
fn every_status_has_its_action() {
    let table = [
        (
            "SUCCESS",
            MailAction::Sent {
                message_id: Some("m1".to_owned()),
            },
        ),
        ("TRANSIENT_FAILURE", MailAction::Retry),
        ("FAILED", MailAction::Retry),
        ("ACCOUNT_THROTTLED", MailAction::Throttled),
        ("ACCOUNT_DAILY_QUOTA_EXCEEDED", MailAction::QuotaExceeded),
        (
            "ACCOUNT_SENDING_PAUSED",
            operators_matter("ACCOUNT_SENDING_PAUSED: why"),
        ),
        (
            "CONFIGURATION_SET_SENDING_PAUSED",
            operators_matter("CONFIGURATION_SET_SENDING_PAUSED: why"),
        ),
        ("ACCOUNT_SUSPENDED", operators_matter("ACCOUNT_SUSPENDED: why")),
        (
            "MAIL_FROM_DOMAIN_NOT_VERIFIED",
            operators_matter("MAIL_FROM_DOMAIN_NOT_VERIFIED: why"),
        ),
        (
            "CONFIGURATION_SET_NOT_FOUND",
            operators_matter("CONFIGURATION_SET_NOT_FOUND: why"),
        ),
        ("TEMPLATE_NOT_FOUND", operators_matter("TEMPLATE_NOT_FOUND: why")),
        (
            "INVALID_SENDING_POOL_NAME",
            operators_matter("INVALID_SENDING_POOL_NAME: why"),
        ),
        ("MESSAGE_REJECTED", undeliverable("MESSAGE_REJECTED: why")),
        ("INVALID_PARAMETER", undeliverable("INVALID_PARAMETER: why")),
        ("A_STATUS_OF_TOMORROW", MailAction::Retry),
    ];
    let listed: Vec<&str> = table.iter().map(|(status, _)| *status).collect();
    for status in BulkEmailStatus::values() {
        assert!(listed.contains(status), "{status} is missing in the table");
    }
    for (status, expected) in table {
        let result = BulkEmailEntryResult::builder()
            .status(BulkEmailStatus::from(status))
            .error("why")
            .message_id("m1")
            .build();
        assert_eq!(MailAction::of_entry(&result), expected, "{status}");
    }
    assert_eq!(
        MailAction::of_entry(&BulkEmailEntryResult::builder().build()),
        MailAction::Retry
    );
}

#[test]
fn the_sandbox_is_the_operators_matter() {
    for status in [BulkEmailStatus::MessageRejected, BulkEmailStatus::InvalidParameter] {
        let expected = format!("{}: Email address is not verified: …", status.as_str());
        let result = BulkEmailEntryResult::builder()
            .status(status)
            .error("Email address is not verified: taro@invitee.example")
            .build();
        assert_eq!(MailAction::of_entry(&result), operators_matter(&expected));
    }
}

#[test]
fn a_reason_is_short_and_names_nobody() {
    let long = format!("a\r\nb\u{7} <taro@x.example>\t{}", "x".repeat(500));
    let reason = reason("CODE", Some(&long));
    assert!(reason.starts_with("CODE: a b … xxx"), "{reason}");
    assert_eq!(reason.chars().count(), MAX_REASON);
}

fn meta(code: &str, message: &str) -> ErrorMetadata {
    ErrorMetadata::builder().code(code).message(message).build()
}

fn answered(status: u16, error: SendBulkEmailError) -> SdkError<SendBulkEmailError> {
    let response = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::empty());
    SdkError::service_error(error, response)
}

macro_rules! modelled {
    ($name:ident, $message:expr) => {{
        let meta = meta(stringify!($name), $message);
        let error = errors::$name::builder().message($message).meta(meta).build();
        answered(400, SendBulkEmailError::$name(error))
    }};
}

fn unmodelled(status: u16, code: &str) -> SdkError<SendBulkEmailError> {
    answered(status, SendBulkEmailError::generic(meta(code, "why")))
}

fn halve(reason: &str) -> Failure {
    Failure::Halve {
        reason: reason.to_owned(),
    }
}

#[test]
fn every_error_that_ses_names_has_its_action() {
    use Failure::All;
    for (error, expected) in [
        (
            modelled!(TooManyRequestsException, "slow down"),
            All(MailAction::Throttled),
        ),
        (
            modelled!(LimitExceededException, "too many"),
            All(MailAction::Throttled),
        ),
        (
            modelled!(TooManyRequestsException, "Daily message quota exceeded"),
            All(MailAction::QuotaExceeded),
        ),
        (
            modelled!(AccountSuspendedException, "why"),
            All(operators_matter("AccountSuspendedException: why")),
        ),
        (
            modelled!(SendingPausedException, "why"),
            All(operators_matter("SendingPausedException: why")),
        ),
        (
            modelled!(MailFromDomainNotVerifiedException, "why"),
            All(operators_matter("MailFromDomainNotVerifiedException: why")),
        ),
        (
            modelled!(NotFoundException, "why"),
            All(operators_matter("NotFoundException: why")),
        ),
        (modelled!(BadRequestException, "why"), halve("BadRequestException: why")),
        (
            modelled!(BadRequestException, "Email address is not verified."),
            All(operators_matter("BadRequestException: Email address is not verified.")),
        ),
        (
            modelled!(MessageRejected, "why"),
            All(operators_matter("MessageRejected: why")),
        ),
    ] {
        assert_eq!(Failure::of_call(&error, 2), expected, "{error:?}");
    }
}

#[test]
fn every_other_error_of_a_call_has_its_action() {
    use Failure::All;
    let io = || std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    for (error, expected) in [
        (
            unmodelled(400, "ValidationException"),
            halve("ValidationException: why"),
        ),
        (unmodelled(413, "unknown"), halve("unknown: why")),
        (unmodelled(400, "ThrottlingException"), All(MailAction::Throttled)),
        (unmodelled(429, "unknown"), All(MailAction::Throttled)),
        (
            unmodelled(403, "AccessDenied"),
            All(operators_matter("AccessDenied: why")),
        ),
        (unmodelled(400, "ErrorOfTomorrow"), All(MailAction::Retry)),
        (unmodelled(500, "InternalFailure"), All(MailAction::Retry)),
        (unmodelled(503, "ServiceUnavailable"), All(MailAction::Retry)),
        (unmodelled(504, "unknown"), All(MailAction::Ambiguous)),
        (unmodelled(200, "unknown"), All(MailAction::Ambiguous)),
        (SdkError::timeout_error("slow"), All(MailAction::Ambiguous)),
        (
            SdkError::construction_failure("bad"),
            All(operators_matter("request could not be made")),
        ),
        (
            SdkError::dispatch_failure(ConnectorError::io(io().into())),
            All(MailAction::Ambiguous),
        ),
        (
            SdkError::dispatch_failure(ConnectorError::timeout(io().into())),
            All(MailAction::Ambiguous),
        ),
        (
            SdkError::response_error(
                "not JSON",
                HttpResponse::new(StatusCode::try_from(200).unwrap(), SdkBody::empty()),
            ),
            All(MailAction::Ambiguous),
        ),
    ] {
        assert_eq!(Failure::of_call(&error, 2), expected, "{error:?}");
    }
}

#[test]
fn rejected_alone_is_the_mails_own_fault() {
    let error = modelled!(MessageRejected, "why");
    assert_eq!(
        Failure::of_call(&error, 1),
        Failure::All(undeliverable("MessageRejected: why"))
    );
}

#[test]
fn all_refused_is_the_operators_matter_but_one_is_not() {
    let bad = undeliverable("bad");
    let good = MailAction::Sent { message_id: None };
    assert_eq!(
        every_one_refused(&[bad.clone(), bad.clone()]),
        Some(operators_matter("bad"))
    );
    assert_eq!(every_one_refused(&[bad.clone(), good]), None);
    assert_eq!(every_one_refused(&[bad]), None);
    assert_eq!(every_one_refused(&[]), None);
}
