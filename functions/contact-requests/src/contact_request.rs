//! Sending and answering requests.

use axum::{extract::State, http::StatusCode, response::Response};
use contacts::{
    ChatworkId, Invalid, Message, Timestamp, UserId,
    relationship::{DeclineMode, Origin},
};
use contacts_dynamodb::relationship::request::{
    AcceptedAs, Addressee, ListedRequest, OutgoingRequest, RequestDirection, SendOutcome,
};
use contacts_http::{
    Api, Command, PageRequest, Problem,
    api::AvatarOrigins,
    input::{self, Nothing},
    path::Id,
    response::{HandlerResult, json, json_with, no_content},
    shapes::{ContactShape, PersonShape},
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Send {
    #[serde(default)]
    user_id: Option<String>,
    #[serde(default)]
    chatwork_id: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclineInput {
    #[serde(default)]
    mode: DeclineMode,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    direction: Option<RequestDirection>,
}

#[derive(Serialize)]
struct Sent {
    outcome: &'static str,
    request: Option<RequestShape>,
}

#[derive(Serialize)]
struct RequestShape {
    request_id: Ulid,
    direction: RequestDirection,
    user: PersonShape,
    message: String,
    origin: Origin,
    created_at: Timestamp,
    expires_at: Timestamp,
}

#[derive(Serialize)]
struct Requests {
    contact_requests: Vec<RequestShape>,
    next_cursor: Option<String>,
}

impl RequestShape {
    fn listed(listed: &ListedRequest, direction: RequestDirection, avatars: &AvatarOrigins) -> Self {
        let ListedRequest { request, user } = listed;
        Self {
            request_id: request.request_id,
            direction,
            user: PersonShape::of(&user.card(), avatars),
            message: request.message.as_str().to_owned(),
            origin: request.origin,
            created_at: request.created_at,
            expires_at: request.expires_at,
        }
    }

    fn outgoing(request: &OutgoingRequest, message: &Message, avatars: &AvatarOrigins) -> Self {
        Self {
            request_id: request.request_id,
            direction: RequestDirection::Outgoing,
            user: PersonShape::of(&request.to, avatars),
            message: message.as_str().to_owned(),
            origin: request.origin,
            created_at: request.created_at,
            expires_at: request.expires_at,
        }
    }
}

fn addressee(input: &Send) -> Result<Addressee, Problem> {
    match (&input.user_id, &input.chatwork_id) {
        (Some(user), None) => UserId::parse(user)
            .map(Addressee::User)
            .map_err(|invalid| Problem::invalid("/user_id", invalid)),
        (None, Some(handle)) => ChatworkId::parse(handle)
            .map(Addressee::ChatworkId)
            .map_err(|invalid| Problem::invalid("/chatwork_id", invalid)),
        (None, None) => Err(Problem::invalid(
            "/user_id",
            Invalid::new("missing", "user_id or chatwork_id is needed"),
        )),
        (Some(_), Some(_)) => Err(Problem::invalid(
            "/chatwork_id",
            Invalid::new("ambiguous", "user_id and chatwork_id exclude each other"),
        )),
    }
}

/// `POST /contact-requests`
pub(crate) async fn send(State(api): State<Api>, command: Command<Send>) -> HandlerResult {
    let to = addressee(&command.input)?;
    if matches!(&to, Addressee::User(user) if *user == command.caller.0) {
        return Err(Problem::invalid("/user_id", Invalid::new("self", "is yourself")));
    }
    let message = input::message(command.input.message.as_deref())?;
    let key = command.key.as_ref();
    let outcome = api.store.send_request(&command.caller.0, &to, &message, key).await?;
    Ok(sent(&outcome, &message, &api.avatars))
}

fn sent(outcome: &SendOutcome, message: &Message, avatars: &AvatarOrigins) -> Response {
    let request = |request, message| Some(RequestShape::outgoing(request, message, avatars));
    let (status, outcome, request) = match outcome {
        SendOutcome::Sent(sent) => (StatusCode::CREATED, "sent", request(sent, message)),
        SendOutcome::AlreadyPending(standing, its_message) => {
            (StatusCode::OK, "already_pending", request(standing, its_message))
        }
        SendOutcome::Connected => (StatusCode::OK, "connected", None),
        SendOutcome::AlreadyContact => (StatusCode::OK, "already_contact", None),
    };
    json_with(status, &Sent { outcome, request })
}

/// `GET /contact-requests?direction=`
pub(crate) async fn list(State(api): State<Api>, page: PageRequest<ListQuery>) -> HandlerResult {
    let missing = || Problem::invalid("/direction", Invalid::new("missing", "incoming or outgoing is needed"));
    let direction = page.query.direction.ok_or_else(missing)?;
    let found = api
        .store
        .requests(&page.caller.0, direction, page.limit, page.after.as_ref())
        .await?;
    let one = |listed: &ListedRequest| RequestShape::listed(listed, direction, &api.avatars);
    let contact_requests = found.items.iter().map(one).collect();
    Ok(json(&Requests {
        contact_requests,
        next_cursor: page.cursor(&api.store, &found)?,
    }))
}

/// `POST /contact-requests/{id}/accept`
pub(crate) async fn accept(State(api): State<Api>, Id(id): Id, command: Command<Nothing>) -> HandlerResult {
    let key = command.key.as_ref();
    Ok(match api.store.accept_request(&command.caller.0, id, key).await? {
        AcceptedAs::Contact(contact) => json(&ContactShape::of(&contact, &api.avatars)),
        AcceptedAs::AlreadyColleagues => no_content(),
    })
}

/// `POST /contact-requests/{id}/decline`
pub(crate) async fn decline(State(api): State<Api>, Id(id): Id, command: Command<DeclineInput>) -> HandlerResult {
    let (mode, key) = (command.input.mode, command.key.as_ref());
    api.store.decline_request(&command.caller.0, id, mode, key).await?;
    Ok(no_content())
}

/// `DELETE /contact-requests/{id}`
pub(crate) async fn cancel(State(api): State<Api>, Id(id): Id, command: Command<Nothing>) -> HandlerResult {
    api.store.cancel_request(&command.caller.0, id).await?;
    Ok(no_content())
}
