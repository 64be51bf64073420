//! What a token shows, and what pressing does.

use axum::extract::State;
use contacts::link::{Effect, Link, Redemption, View};
use contacts_dynamodb::link::invite_link::VisitedLink;
use contacts_http::{
    Api, Caller, Command, Problem, Query,
    input::{self, Nothing},
    path::Token,
    response::{HandlerResult, json},
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedemptionInput {
    message: Option<String>,
}

#[derive(Serialize)]
struct LinkShape {
    kind: Option<&'static str>,
    inviter: Option<InviterShape>,
    view: View,
    effect: Option<Effect>,
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
    let visited = match &token {
        Some(token) => api.store.visit_link(&me, token).await?,
        // What cannot be a token is not looked up; who asks is, as for any other.
        None => api.store.caller(&me).await.map(|_| None)?,
    };
    let Some(VisitedLink {
        link,
        inviter,
        view,
        effect,
    }) = visited
    else {
        return Ok(json(&LinkShape {
            kind: None,
            inviter: None,
            view: View::Unknown,
            effect: None,
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
        effect,
    }))
}

/// `POST /invite-links/{token}/redemptions`
pub(crate) async fn redeem(
    State(api): State<Api>,
    Token(token): Token,
    command: Command<RedemptionInput>,
) -> HandlerResult {
    let message = input::message(command.input.message.as_deref())?;
    let (me, key) = (&command.caller.0, command.key.as_ref());
    let Some(token) = token else {
        api.store.caller(me).await?;
        return Err(Problem::not_found());
    };
    let outcome = api.store.redeem(me, &token, &message, key).await?;
    Ok(json(&Redeemed { outcome }))
}
