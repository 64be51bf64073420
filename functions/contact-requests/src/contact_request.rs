//! Sending and answering requests.

use axum::{extract::State, http::StatusCode, response::IntoResponse};
use contacts::{
    ChatworkId, Invalid, Message, Timestamp, UserId,
    relationship::{Decline, Origin, Outcome as Came, Request},
};
use contacts_dynamodb::{
    Answer, Reply,
    contact_request::{Addressee, ListedRequest, RequestAction, RequestDirection},
    relationship::Related,
};
use contacts_http::{
    Api, Command, PageRequest, Problem,
    answer::{Outcome, Stored, json, no_content, render},
    api::AvatarOrigins,
    input::Nothing,
    path::Id,
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
    mode: Decline,
}

#[derive(Serialize)]
struct Sent {
    outcome: &'static str,
    request: Option<RequestShape>,
}

#[derive(Serialize)]
struct RequestShape {
    request_id: Ulid,
    direction: &'static str,
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

fn shape(request: &Request, user: &contacts::User, direction: &'static str, avatars: &AvatarOrigins) -> RequestShape {
    RequestShape {
        request_id: request.request_id,
        direction,
        user: PersonShape::of(user, avatars),
        message: request.message.as_str().to_owned(),
        origin: request.origin,
        created_at: request.created_at,
        expires_at: request.expires_at,
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
pub(crate) async fn send(State(api): State<Api>, command: Command<Send>) -> Outcome {
    let to = addressee(&command.input)?;
    if matches!(&to, Addressee::User(user) if *user == command.caller.0) {
        return Err(Problem::invalid("/user_id", Invalid::new("self", "is yourself")));
    }
    let message = Message::parse(command.input.message.as_deref().unwrap_or_default());
    let message = message.map_err(|invalid| Problem::invalid("/message", invalid))?;
    let render = |related: &Related| sent(related, &api.avatars);
    let reply = Reply {
        key: command.key.as_ref(),
        render: &render,
    };
    Ok(Stored(api.store.send_request(&command.caller.0, &to, &message, reply).await?).into_response())
}

fn sent(related: &Related, avatars: &AvatarOrigins) -> Answer {
    let request = |request: &Request| Some(shape(request, &related.other, "outgoing", avatars));
    let (status, outcome, request) = match &related.outcome {
        Came::Sent(sent) => (StatusCode::CREATED, "sent", request(sent)),
        Came::AlreadyPending(standing) => (StatusCode::OK, "already_pending", request(standing)),
        Came::Connected(_) => (StatusCode::OK, "connected", None),
        Came::AlreadyContact | Came::Done => (StatusCode::OK, "already_contact", None),
    };
    render(status, &Sent { outcome, request })
}

/// `GET /contact-requests?direction=`
pub(crate) async fn list(State(api): State<Api>, mut page: PageRequest) -> Outcome {
    let words = [
        ("incoming", RequestDirection::Incoming),
        ("outgoing", RequestDirection::Outgoing),
    ];
    let direction = page.params.one_of("direction", &words)?;
    let missing = || Problem::invalid("/direction", Invalid::new("missing", "incoming or outgoing is needed"));
    // A misspelt field before the one that it should have been.
    std::mem::take(&mut page.params).end()?;
    let direction = direction.ok_or_else(missing)?;
    let found = api
        .store
        .requests(&page.caller.0, direction, page.limit, page.after.as_ref())
        .await?;
    let word = match direction {
        RequestDirection::Incoming => "incoming",
        RequestDirection::Outgoing => "outgoing",
    };
    let one = |listed: &ListedRequest| shape(&listed.request, &listed.user, word, &api.avatars);
    let contact_requests = found.items.iter().map(one).collect();
    Ok(json(&Requests {
        contact_requests,
        next_cursor: page.cursor(&api.store, &found)?,
    }))
}

/// `POST /contact-requests/{id}/accept`
pub(crate) async fn accept(State(api): State<Api>, Id(id): Id, command: Command<Nothing>) -> Outcome {
    let render = |related: &Related| match &related.pair.contact {
        Some(contact) => render(
            StatusCode::OK,
            &ContactShape::external(&related.other, contact, &api.avatars),
        ),
        // They have become colleagues in the meantime: the request has nothing left to give.
        None => no_content(),
    };
    let reply = Reply {
        key: command.key.as_ref(),
        render: &render,
    };
    Ok(Stored(
        api.store
            .answer_request(&command.caller.0, id, RequestAction::Accept, reply)
            .await?,
    )
    .into_response())
}

/// `POST /contact-requests/{id}/decline`
pub(crate) async fn decline(State(api): State<Api>, Id(id): Id, command: Command<DeclineInput>) -> Outcome {
    let reply = Reply {
        key: command.key.as_ref(),
        render: &|_| no_content(),
    };
    let action = RequestAction::Decline(command.input.mode);
    Ok(Stored(api.store.answer_request(&command.caller.0, id, action, reply).await?).into_response())
}

/// `DELETE /contact-requests/{id}`
pub(crate) async fn cancel(State(api): State<Api>, Id(id): Id, command: Command<Nothing>) -> Outcome {
    let reply = Reply {
        key: None,
        render: &|_| no_content(),
    };
    Ok(Stored(
        api.store
            .answer_request(&command.caller.0, id, RequestAction::Cancel, reply)
            .await?,
    )
    .into_response())
}
