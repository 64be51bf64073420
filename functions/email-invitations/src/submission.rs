//! `POST /invitations` and its report.

use std::collections::BTreeMap;

use axum::{extract::State, http::StatusCode, response::Response};
use contacts::{
    EmailAddress, Invalid, Locale,
    invitation::{
        bulk,
        submission::{LineStatus, Mode, Quota, ReportLine, SubmissionOutcome},
    },
};
use contacts_dynamodb::invitation::submission::Submission;
use contacts_http::{
    Api, Command, Problem, input,
    response::{HandlerResult, json_with},
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Submit {
    #[serde(default)]
    emails: Vec<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    locale: Option<Locale>,
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    dry_run: bool,
}

#[derive(Serialize)]
struct ReportShape<'a> {
    batch_id: Ulid,
    lines: Vec<LineShape<'a>>,
    counts: BTreeMap<LineStatus, usize>,
    retry_text: String,
    quota: Quota,
}

#[derive(Serialize)]
struct LineShape<'a> {
    line: u32,
    raw: &'a str,
    email: Option<EmailAddress>,
    status: LineStatus,
    reason: Option<&'a str>,
    duplicate_of_line: Option<u32>,
    invitation_id: Option<Ulid>,
    /// The reason as a sentence, with the place of a character that cannot be seen.
    detail: Option<String>,
}

impl<'a> LineShape<'a> {
    /// A line of the report, with what the input says.
    fn of(line: &'a ReportLine, emails: &'a [String], text: Option<&'a str>) -> Self {
        let raw = line.place.text(emails, text).unwrap_or_default();
        let (email, detail) = match bulk::address_in(raw) {
            Ok(address) => (Some(address), None),
            Err(invalid) => (None, Some(invalid.to_string())),
        };
        Self {
            line: line.line,
            raw,
            email,
            status: line.status,
            reason: line.reason.as_deref(),
            duplicate_of_line: line.duplicate_of_line,
            invitation_id: line.invitation_id,
            detail,
        }
    }
}

/// `POST /invitations`
pub(crate) async fn submit(State(api): State<Api>, command: Command<Submit>) -> HandlerResult {
    let Submit {
        emails,
        text,
        message,
        locale,
        mode,
        dry_run,
    } = command.input;
    let message = input::message(message.as_deref())?;
    let place = if emails.is_empty() { "/text" } else { "/emails" };
    let entries = bulk::parse(&emails, text.as_deref())
        .map_err(|_| Problem::invalid(place, Invalid::new("too_many", "at most 1,000 entries at a time")))?;
    if entries.is_empty() {
        return Err(Problem::invalid(
            "/emails",
            Invalid::new("empty", "emails or text has at least one entry"),
        ));
    }
    let submission = Submission {
        entries: &entries,
        message,
        locale,
        mode,
        dry_run,
    };
    let key = command.key.as_ref();
    let outcome = api.store.invite(&command.caller.0, &submission, key).await?;
    Ok(report(&outcome, &emails, text.as_deref(), dry_run))
}

fn report(outcome: &SubmissionOutcome, emails: &[String], text: Option<&str>, dry_run: bool) -> Response {
    let SubmissionOutcome { report, .. } = outcome;
    let lines = report.lines.iter().map(|line| LineShape::of(line, emails, text));
    let shape = ReportShape {
        batch_id: outcome.batch_id,
        lines: lines.collect(),
        counts: report.counts(),
        retry_text: report.retry_text(emails, text),
        quota: outcome.quota,
    };
    let status = match (dry_run, report.is_refused) {
        (true, _) => StatusCode::OK,
        (false, true) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, false) => StatusCode::ACCEPTED,
    };
    json_with(status, &shape)
}
