//! `POST /invitations` and its report.

use std::collections::BTreeMap;

use axum::{extract::State, http::StatusCode, response::IntoResponse};
use contacts::{
    Invalid, Locale, Message, Timestamp, bulk,
    invitation::{LineStatus, ReportLine},
};
use contacts_dynamodb::{
    Answer, Reply,
    submission::{Submission, Submitted},
};
use contacts_http::{
    Api, Command, Problem,
    answer::{Outcome, Stored, render},
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

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    #[default]
    Lenient,
    Strict,
}

#[derive(Serialize)]
struct Report<'a> {
    batch_id: Ulid,
    lines: &'a [ReportLine],
    counts: BTreeMap<LineStatus, usize>,
    retry_text: String,
    quota: Quota,
}

#[derive(Serialize)]
struct Quota {
    limit: u32,
    remaining: u32,
    resets_at: Timestamp,
}

/// `POST /invitations`
pub(crate) async fn submit(State(api): State<Api>, command: Command<Submit>) -> Outcome {
    let Submit {
        emails,
        text,
        message,
        locale,
        mode,
        dry_run,
    } = command.input;
    let message = Message::parse(message.as_deref().unwrap_or_default());
    let message = message.map_err(|invalid| Problem::invalid("/message", invalid))?;
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
        strict: mode == Mode::Strict,
        dry_run,
    };
    let render = |submitted: &Submitted| report(submitted, dry_run);
    let reply = Reply {
        key: command.key.as_ref(),
        render: &render,
    };
    Ok(Stored(api.store.invite(&command.caller.0, &submission, reply).await?).into_response())
}

fn report(submitted: &Submitted, dry_run: bool) -> Answer {
    let mut counts = BTreeMap::new();
    for line in &submitted.lines {
        *counts.entry(line.status).or_insert(0) += 1;
    }
    let to_mend = submitted.lines.iter().filter(|line| line.status.is_to_mend());
    let retry_text = bulk::retry_text(to_mend.map(|line| line.raw.as_str()));
    let quota = Quota {
        limit: submitted.limit,
        remaining: submitted.remaining,
        resets_at: submitted.resets_at,
    };
    let report = Report {
        batch_id: submitted.batch_id,
        lines: &submitted.lines,
        counts,
        retry_text,
        quota,
    };
    let status = match (dry_run, submitted.refused) {
        (true, _) => StatusCode::OK,
        (false, true) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, false) => StatusCode::ACCEPTED,
    };
    render(status, &report)
}
