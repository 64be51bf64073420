//! The calls under `/_local`: for scripts, tests and the pages of the stack itself.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Query, State},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use contacts::{EmailAddress, Invalid, UserId};
use contacts_http::{input::field_error::FieldError, problem::Problem};
use http::StatusCode;
use local_aws::{
    clock::ClockError,
    dynamodb::{self, Fault, Wrong},
    events::RECENT,
    ses::{self, MailEvent, SesFault},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Control, callers,
    idle::{self, Busy},
    problem::{not_found, read, refused, refused_field, unavailable},
};
use crate::{html, mailbox, people::registration::Registration, sign_in::issuer};

type Shared = State<Arc<Control>>;

/// DynamoDB takes requests of this size.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// The routes, to be nested under `/_local`.
pub fn router(control: Arc<Control>, origin: &str) -> Router {
    let dynamodb = dynamodb::endpoint(control.dynamodb.clone());
    Router::new()
        .route("/", get(html::index))
        .route("/users", post(register))
        .route("/token", post(token))
        .route("/mail", get(mail))
        .route("/mail/events", post(mail_event))
        .route("/mailbox", get(mailbox::list))
        .route("/mailbox/{message_id}", get(mailbox::show))
        .route("/mailbox/{message_id}/frame", get(mailbox::frame))
        .route("/mailbox/{message_id}/source.eml", get(mailbox::file))
        .route("/style.css", get(html::style))
        .route("/clock", get(clock).post(advance))
        .route("/idle", post(wait_until_idle))
        .route("/stream/replay", post(replay_stream))
        .route("/stream/record", post(hand_record))
        .route("/calls", get(calls).delete(reset_calls))
        .route("/dynamodb", dynamodb.clone())
        .route("/dynamodb/", dynamodb)
        .route(
            "/dynamodb/faults",
            post(add_dynamodb_faults).delete(clear_dynamodb_faults),
        )
        .route("/ses/faults", post(add_ses_faults).delete(clear_ses_faults))
        .route("/ses/v2/{*rest}", ses::endpoint(control.email.clone()))
        .merge(issuer::router(origin))
        .fallback(async || not_found("no such call"))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn(callers::check))
        .with_state(control)
}

async fn register(State(control): Shared, body: Bytes) -> Result<Response, Problem> {
    let registration: Registration = read(&body)?;
    let user_id = control.people.register(&registration).await?;
    let access_token = control.tokens.issue(&user_id).map_err(unavailable)?;
    let answer = Json(json!({"user_id": user_id, "access_token": access_token}));
    Ok((StatusCode::CREATED, answer).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenRequest {
    user_id: Option<String>,
    email: Option<String>,
}

/// A token for any well-formed user id, registered or not, as an issuer of one's own would give one.
async fn token(State(control): Shared, body: Bytes) -> Result<Response, Problem> {
    let user_id = match read(&body)? {
        TokenRequest {
            user_id: Some(user_id),
            email: None,
        } => UserId::parse(&user_id).map_err(|invalid| refused_field("/user_id", invalid))?,
        TokenRequest {
            user_id: None,
            email: Some(email),
        } => registered(&control, &email).await?,
        TokenRequest { user_id, .. } => {
            let which = Invalid::new("which", "one of user_id and email is needed, and not both");
            let pointer = if user_id.is_some() { "/email" } else { "/user_id" };
            return Err(refused_field(pointer, which));
        }
    };
    let access_token = control.tokens.issue(&user_id).map_err(unavailable)?;
    Ok(Json(json!({"access_token": access_token})).into_response())
}

/// Who has this address.
async fn registered(control: &Control, email: &str) -> Result<UserId, Problem> {
    let email = EmailAddress::parse(email).map_err(|invalid| refused_field("/email", invalid))?;
    let person = control.people.with_address(&email).await;
    match person.map_err(unavailable)? {
        Some(person) => Ok(person.user_id),
        None => Err(not_found("nobody has this address")),
    }
}

#[derive(Debug, Deserialize)]
struct MailQuery {
    to: Option<String>,
}

async fn mail(State(control): Shared, Query(query): Query<MailQuery>) -> Result<Response, Problem> {
    let mail = control.email.ses.mail().list(query.to.as_deref());
    let mail = mail.map_err(unavailable)?;
    Ok(Json(json!({"mail": mail})).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MailEventRequest {
    message_id: String,
    #[serde(rename = "type")]
    kind: String,
}

/// SES's event about a mail, as its event destination would publish it. It goes to the functions that the
/// template subscribes to these events. None is subscribed: the event is kept with its mail, and
/// `delivered_to` is empty.
async fn mail_event(State(control): Shared, body: Bytes) -> Result<Response, Problem> {
    let MailEventRequest { message_id, kind } = read(&body)?;
    let kind = MailEvent::parse(&kind).ok_or_else(|| {
        let unknown = Invalid::new("unknown_type", "Delivery, Bounce or Complaint");
        refused_field("/type", unknown)
    })?;
    let store = control.email.ses.mail();
    let mail = store.get(&message_id).map_err(unavailable)?;
    let mail = mail.ok_or_else(|| not_found("no mail has this message_id"))?;
    let event = kind.about(&mail, "invitation-mailer", control.clock.now());
    store.keep_event(&message_id, &event).map_err(unavailable)?;
    let answer = Json(json!({"event": event, "delivered_to": []}));
    Ok((StatusCode::ACCEPTED, answer).into_response())
}

async fn clock(State(control): Shared) -> Response {
    let now = control.clock.now();
    Json(json!({"now": now, "unix_seconds": now.unix_seconds()})).into_response()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: u64,
}

/// Moves the clock forward; nothing moves it back. Beyond 100 years in all it is 422.
async fn advance(State(control): Shared, body: Bytes) -> Result<Response, Problem> {
    let Advance { advance_seconds } = read(&body)?;
    let advanced = control.clock.advance(Duration::from_secs(advance_seconds));
    let now = advanced.map_err(|error| match error {
        ClockError::TooFar => {
            let too_far = Invalid::new("too_far", "the clock can be moved 100 years ahead in all");
            refused_field("/advance_seconds", too_far)
        }
        ClockError::Unkept(_) => unavailable(error),
    })?;
    let deleted = control.dynamodb.engine.delete_expired().await;
    deleted.map_err(unavailable)?;
    control.events.hurry();
    Ok(Json(json!({"now": now})).into_response())
}

async fn wait_until_idle(State(control): Shared) -> Result<Response, Problem> {
    idle::wait(&control).await.map_err(|busy| match busy {
        Busy::SwitchedOff(_) => Problem::new(StatusCode::CONFLICT, "waiting", busy.to_string()),
        Busy::StillDue(_) => unavailable(busy),
    })?;
    Ok(Json(json!({"idle": true})).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Replay {
    last: usize,
}

/// Delivers the last records of the stream again.
async fn replay_stream(State(control): Shared, body: Bytes) -> Result<Response, Problem> {
    let Replay { last } = read(&body)?;
    if !(1..=RECENT).contains(&last) {
        let range = Invalid::new("out_of_range", "a number from 1 to 1,000");
        return Err(refused_field("/last", range));
    }
    needs_stream(&control)?;
    control.events.drained().await;
    let deliveries = control.events.replay(last).await;
    Ok(Json(json!({"deliveries": deliveries})).into_response())
}

/// Hands the body to the functions of the stream as one of its records.
async fn hand_record(State(control): Shared, body: Bytes) -> Result<Response, Problem> {
    let record: Value = read(&body)?;
    needs_stream(&control)?;
    let deliveries = control.events.hand(record).await;
    Ok(Json(json!({"deliveries": deliveries})).into_response())
}

fn needs_stream(control: &Control) -> Result<(), Problem> {
    if control.events.has_streams() {
        return Ok(());
    }
    let detail = "no function reads the stream: --no-stream is set";
    Err(Problem::new(StatusCode::CONFLICT, "no_stream", detail))
}

async fn calls(State(control): Shared) -> Response {
    Json(json!({"calls": control.dynamodb.calls.report()})).into_response()
}

async fn reset_calls(State(control): Shared) -> StatusCode {
    control.dynamodb.calls.reset();
    StatusCode::NO_CONTENT
}

async fn add_dynamodb_faults(State(control): Shared, body: Bytes) -> Result<StatusCode, Problem> {
    let faults = read::<Vec<Fault>>(&body)?;
    refuse(faults.iter().map(Fault::wrong))?;
    control.dynamodb.faults.add(faults);
    Ok(StatusCode::NO_CONTENT)
}

/// Refuses faults that no call would ever meet.
fn refuse(faults: impl Iterator<Item = Vec<Wrong>>) -> Result<(), Problem> {
    let of = |(number, wrong): (usize, Vec<Wrong>)| {
        let named = move |(field, code, detail)| FieldError::new(format!("/{number}/{field}"), code, detail);
        wrong.into_iter().map(named)
    };
    let wrong: Vec<FieldError> = faults.enumerate().flat_map(of).collect();
    if wrong.is_empty() { Ok(()) } else { Err(refused(wrong)) }
}

async fn clear_dynamodb_faults(State(control): Shared) -> StatusCode {
    control.dynamodb.faults.clear();
    StatusCode::NO_CONTENT
}

async fn add_ses_faults(State(control): Shared, body: Bytes) -> Result<StatusCode, Problem> {
    let faults = read::<Vec<SesFault>>(&body)?;
    refuse(faults.iter().map(SesFault::wrong))?;
    control.email.ses.add_faults(faults);
    Ok(StatusCode::NO_CONTENT)
}

async fn clear_ses_faults(State(control): Shared) -> StatusCode {
    control.email.ses.clear_faults();
    StatusCode::NO_CONTENT
}
