//! The list of invitations, resending, revoking.

use axum::{extract::State, http::StatusCode, response::IntoResponse};
use contacts::{
    Locale, Timestamp,
    invitation::{Invitation, State as Stands},
};
use contacts_dynamodb::Reply;
use contacts_http::{
    Api, Caller, Command, PageRequest, Params,
    answer::{Outcome, Stored, json, no_content, render},
    input::Nothing,
    path::Id,
};
use serde::Serialize;
use ulid::Ulid;

#[derive(Serialize)]
struct Invitations {
    invitations: Vec<InvitationShape>,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct InvitationShape {
    invitation_id: Ulid,
    email: String,
    message: String,
    locale: Option<Locale>,
    state: Stands,
    reason: Option<String>,
    created_at: Timestamp,
    sent_at: Option<Timestamp>,
    expires_at: Timestamp,
}

fn shape(invitation: &Invitation, now: Timestamp) -> InvitationShape {
    InvitationShape {
        invitation_id: invitation.invitation_id,
        email: invitation.email.as_str().to_owned(),
        message: invitation.message.as_str().to_owned(),
        locale: invitation.locale,
        state: invitation.state(now),
        reason: invitation.reason.clone(),
        created_at: invitation.created_at,
        sent_at: invitation.sent_at,
        expires_at: invitation.expires_at,
    }
}

/// `GET /invitations?state=`
pub(crate) async fn list(State(api): State<Api>, mut page: PageRequest) -> Outcome {
    let states = [
        ("queued", Stands::Queued),
        ("sent", Stands::Sent),
        ("undeliverable", Stands::Undeliverable),
        ("accepted", Stands::Accepted),
        ("expired", Stands::Expired),
        ("revoked", Stands::Revoked),
    ];
    let state = page.params.one_of("state", &states)?;
    std::mem::take(&mut page.params).end()?;
    let found = api
        .store
        .invitations(&page.caller.0, state, page.limit, page.after.as_ref())
        .await?;
    let now = api.store.now();
    let invitations = found.items.iter().map(|invitation| shape(invitation, now)).collect();
    Ok(json(&Invitations {
        invitations,
        next_cursor: page.cursor(&api.store, &found)?,
    }))
}

/// `GET /invitations/{id}`
pub(crate) async fn get(State(api): State<Api>, Caller(me): Caller, Id(id): Id, params: Params) -> Outcome {
    params.end()?;
    Ok(json(&shape(&api.store.invitation(&me, id).await?, api.store.now())))
}

/// `DELETE /invitations/{id}`
pub(crate) async fn revoke(State(api): State<Api>, Id(id): Id, command: Command<Nothing>) -> Outcome {
    let reply = Reply {
        key: None,
        render: &|_: &Invitation| no_content(),
    };
    Ok(Stored(api.store.revoke_invitation(&command.caller.0, id, reply).await?).into_response())
}

/// `POST /invitations/{id}/resend`
pub(crate) async fn resend(State(api): State<Api>, Id(id): Id, command: Command<Nothing>) -> Outcome {
    let render = |invitation: &Invitation| render(StatusCode::ACCEPTED, &shape(invitation, api.store.now()));
    let reply = Reply {
        key: command.key.as_ref(),
        render: &render,
    };
    Ok(Stored(api.store.resend_invitation(&command.caller.0, id, reply).await?).into_response())
}
