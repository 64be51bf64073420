//! The list of invitations, resending, revoking.

use axum::{extract::State, http::StatusCode};
use contacts::{Locale, Timestamp, invitation::State as Stands};
use contacts_dynamodb::invitation::InvitationCard;
use contacts_http::{
    Api, Caller, Command, PageRequest, Query,
    input::Nothing,
    path::Id,
    response::{HandlerResult, json, json_with, no_content},
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    state: Option<Stands>,
}

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

impl InvitationShape {
    fn of(invitation: InvitationCard) -> Self {
        Self {
            invitation_id: invitation.invitation_id,
            email: invitation.email.as_str().to_owned(),
            message: invitation.message.as_str().to_owned(),
            locale: invitation.locale,
            state: invitation.state,
            reason: invitation.reason,
            created_at: invitation.created_at,
            sent_at: invitation.sent_at,
            expires_at: invitation.expires_at,
        }
    }
}

/// `GET /invitations?state=`
pub(crate) async fn list(State(api): State<Api>, page: PageRequest<ListQuery>) -> HandlerResult {
    let mut found = api
        .store
        .invitations(&page.caller.0, page.query.state, page.limit, page.after.as_ref())
        .await?;
    let invitations = std::mem::take(&mut found.items)
        .into_iter()
        .map(InvitationShape::of)
        .collect();
    Ok(json(&Invitations {
        invitations,
        next_cursor: page.cursor(&api.store, &found)?,
    }))
}

/// `GET /invitations/{id}`
pub(crate) async fn get(State(api): State<Api>, Caller(me): Caller, Id(id): Id, _: Query<Nothing>) -> HandlerResult {
    Ok(json(&InvitationShape::of(api.store.invitation(&me, id).await?)))
}

/// `DELETE /invitations/{id}`
pub(crate) async fn revoke(State(api): State<Api>, Id(id): Id, command: Command<Nothing>) -> HandlerResult {
    api.store.revoke_invitation(&command.caller.0, id).await?;
    Ok(no_content())
}

/// `POST /invitations/{id}/resend`
pub(crate) async fn resend(State(api): State<Api>, Id(id): Id, command: Command<Nothing>) -> HandlerResult {
    let key = command.key.as_ref();
    let invitation = api.store.resend_invitation(&command.caller.0, id, key).await?;
    Ok(json_with(StatusCode::ACCEPTED, &InvitationShape::of(invitation)))
}
