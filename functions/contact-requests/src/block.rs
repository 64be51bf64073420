//! Who is blocked.

use axum::extract::State;
use contacts::{Timestamp, User as Person};
use contacts_http::{
    Api, Command, PageRequest,
    input::Nothing,
    path::User,
    response::{HandlerResult, json, no_content},
    shapes::PersonShape,
};
use serde::Serialize;

#[derive(Serialize)]
struct Blocks {
    blocks: Vec<BlockShape>,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct BlockShape {
    #[serde(flatten)]
    user: PersonShape,
    blocked_at: Timestamp,
}

/// `GET /blocks`
pub(crate) async fn list(State(api): State<Api>, page: PageRequest<Nothing>) -> HandlerResult {
    let found = api
        .store
        .blocks(&page.caller.0, page.limit, page.after.as_ref())
        .await?;
    let shape = |(user, since): &(Person, Timestamp)| BlockShape {
        user: PersonShape::of(&user.card(), &api.avatars),
        blocked_at: *since,
    };
    let blocks = found.items.iter().map(shape).collect();
    Ok(json(&Blocks {
        blocks,
        next_cursor: page.cursor(&api.store, &found)?,
    }))
}

/// `PUT /blocks/{user_id}`
pub(crate) async fn block(State(api): State<Api>, User(other): User, command: Command<Nothing>) -> HandlerResult {
    api.store.block(&command.caller.0, &other).await?;
    Ok(no_content())
}

/// `DELETE /blocks/{user_id}`
pub(crate) async fn unblock(State(api): State<Api>, User(other): User, command: Command<Nothing>) -> HandlerResult {
    api.store.unblock(&command.caller.0, &other).await?;
    Ok(no_content())
}
