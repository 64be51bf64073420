//! What a token shows, and what pressing does.

use axum::{extract::State, http::StatusCode, response::IntoResponse};
use contacts::invite_link::{Link, Redemption, View};
use contacts_dynamodb::Reply;
use contacts_http::{
    Api, Caller, Command, Params,
    answer::{Outcome, Stored, json, render},
    input::Nothing,
    path::Token,
};
use serde::Serialize;

#[derive(Serialize)]
struct LinkShape {
    kind: Option<&'static str>,
    inviter: Option<Inviter>,
    view: View,
}

/// Whoever may be anybody sees a name and a picture, nothing more.
#[derive(Serialize)]
struct Inviter {
    name: String,
    avatar_image_url: Option<String>,
}

#[derive(Serialize)]
struct Redeemed {
    outcome: Redemption,
}

/// `GET /invite-links/{token}`
pub(crate) async fn view(State(api): State<Api>, Caller(me): Caller, Token(token): Token, params: Params) -> Outcome {
    params.end()?;
    let opened = api.store.open_link(token.as_ref(), Some(&me)).await?;
    let kind = opened.link.as_ref().map(|link| match link {
        Link::Share(_) | Link::Deleted(_) => "share",
        Link::Email { .. } => "email",
    });
    let inviter = opened.inviter.as_ref().map(|inviter| Inviter {
        name: inviter.name.as_str().to_owned(),
        avatar_image_url: api.avatars.of(inviter),
    });
    Ok(json(&LinkShape {
        kind,
        inviter,
        view: opened.view,
    }))
}

/// `POST /invite-links/{token}/redemptions`
pub(crate) async fn redeem(State(api): State<Api>, Token(token): Token, command: Command<Nothing>) -> Outcome {
    let render = |redemption: &Redemption| render(StatusCode::OK, &Redeemed { outcome: *redemption });
    let reply = Reply {
        key: command.key.as_ref(),
        render: &render,
    };
    Ok(Stored(api.store.redeem(&command.caller.0, token.as_ref(), reply).await?).into_response())
}
