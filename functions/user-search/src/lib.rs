//! Finding people: one box for name, Chatwork ID and e-mail address.

use axum::{Router, extract::State, routing::get};
use contacts::{
    relationship::{AvailableAction, Relation},
    search::{MatchedBy, SearchBy},
};
use contacts_dynamodb::search::Found;
use contacts_http::{
    Api, PageRequest, Problem,
    api::layers,
    input::query::Search,
    response::{HandlerResult, json},
    shapes::PersonShape,
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

/// The routes of this function.
pub fn router(api: Api) -> Router {
    layers(Router::new().route("/users", get(search)), api)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SearchQuery {
    #[serde(default)]
    by: SearchBy,
    q: Search,
}

#[derive(Serialize)]
struct Users {
    users: Vec<UserShape>,
    next_cursor: Option<String>,
}

/// A person found: never with the address, even when it is what matched.
#[derive(Serialize)]
struct UserShape {
    #[serde(flatten)]
    person: PersonShape,
    relation: Relation,
    available_actions: &'static [AvailableAction],
    matched_by: MatchedBy,
    /// What to accept, decline or cancel, where the relation is a request.
    request_id: Option<Ulid>,
}

async fn search(State(api): State<Api>, request: PageRequest<SearchQuery>) -> HandlerResult {
    let SearchQuery { by, q: Search(query) } = &request.query;
    let caller = &request.caller.0;
    let address = query.address(*by).map_err(|invalid| Problem::invalid("/q", invalid))?;
    let (found, next_cursor) = match address {
        Some(address) => {
            let found = api.store.search_address(caller, &address).await?;
            (Vec::from_iter(found), None)
        }
        None => {
            let (limit, after) = (request.limit, request.after.as_ref());
            let page = api.store.search(caller, query, *by, limit, after).await?;
            let next_cursor = request.cursor(&api.store, &page)?;
            (page.items, next_cursor)
        }
    };
    let users = found.into_iter().map(|found| shape(&api, found)).collect();
    Ok(json(&Users { users, next_cursor }))
}

fn shape(api: &Api, found: Found) -> UserShape {
    UserShape {
        person: PersonShape::of(&found.user.card(), &api.avatars),
        relation: found.relation,
        available_actions: found.available_actions,
        matched_by: found.matched_by,
        request_id: found.request_id,
    }
}
