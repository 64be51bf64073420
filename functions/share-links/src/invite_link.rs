//! What a token shows, and what pressing does.

use axum::extract::State;
use contacts::link::{Link, Redemption, View};
use contacts_dynamodb::link::invite_link::Opened;
use contacts_http::{
    Api, Caller, Command, Problem, Query,
    input::Nothing,
    path::Token,
    response::{HandlerResult, json},
};
use serde::Serialize;

#[derive(Serialize)]
struct LinkShape {
    kind: Option<&'static str>,
    inviter: Option<InviterShape>,
    view: View,
}

/// Whoever may be anybody sees a name and a picture, nothing more.
#[derive(Serialize)]
struct InviterShape {
    name: String,
    avatar_image_url: Option<String>,
}

#[derive(Serialize)]
struct Redeemed {
    outcome: Redemption,
}

/// `GET /invite-links/{token}`
pub(crate) async fn view(
    State(api): State<Api>,
    Caller(me): Caller,
    Token(token): Token,
    _: Query<Nothing>,
) -> HandlerResult {
    let opened = match &token {
        Some(token) => api.store.open_link(token, Some(&me)).await?,
        // What cannot be a token is not looked up; who asks is, as for any other.
        None => api.store.caller(&me).await.map(|_| None)?,
    };
    let Some(Opened { link, inviter, view }) = opened else {
        return Ok(json(&LinkShape {
            kind: None,
            inviter: None,
            view: View::Unknown,
        }));
    };
    let kind = match link {
        Link::Share(_) | Link::Deleted(_) => "share",
        Link::Email { .. } => "email",
    };
    Ok(json(&LinkShape {
        kind: Some(kind),
        // Whoever ended a link no longer shows themselves by it.
        inviter: (!view.is_dead()).then(|| InviterShape {
            name: inviter.name.as_str().to_owned(),
            avatar_image_url: api.avatars.of(&inviter),
        }),
        view,
    }))
}

/// `POST /invite-links/{token}/redemptions`
pub(crate) async fn redeem(State(api): State<Api>, Token(token): Token, command: Command<Nothing>) -> HandlerResult {
    let (me, key) = (&command.caller.0, command.key.as_ref());
    let Some(token) = token else {
        api.store.caller(me).await?;
        return Err(Problem::not_found());
    };
    let outcome = api.store.redeem(me, &token, key).await?;
    Ok(json(&Redeemed { outcome }))
}
