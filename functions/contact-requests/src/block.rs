//! Who is blocked.

use axum::extract::State;
use contacts::{Timestamp, User as Person};
use contacts_http::{
    Api, Command, PageRequest,
    answer::{Outcome, json, no_content},
    input::Nothing,
    path::User,
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
pub(crate) async fn list(State(api): State<Api>, page: PageRequest<Nothing>) -> Outcome {
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
pub(crate) async fn block(State(api): State<Api>, User(other): User, command: Command<Nothing>) -> Outcome {
    api.store.block(&command.caller.0, &other).await?;
    Ok(no_content())
}

/// `DELETE /blocks/{user_id}`
pub(crate) async fn unblock(State(api): State<Api>, User(other): User, command: Command<Nothing>) -> Outcome {
    api.store.unblock(&command.caller.0, &other).await?;
    Ok(no_content())
}
