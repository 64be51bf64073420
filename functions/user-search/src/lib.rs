//! Finding people: one box for name, Chatwork ID and e-mail address.

use axum::{Router, extract::State, routing::get};
use contacts::{
    Invalid,
    relationship::{AvailableAction, Relation},
    search::{MatchedBy, Query, SearchBy},
};
use contacts_dynamodb::{Page, search::Found};
use contacts_http::{
    Api, PageRequest, Problem,
    answer::{Outcome, json},
    api::layers,
    shapes::PersonShape,
};
use serde::Serialize;
use ulid::Ulid;

/// The routes of this function.
pub fn router(api: Api) -> Router {
    layers(Router::new().route("/users", get(search)), api)
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

async fn search(State(api): State<Api>, mut request: PageRequest) -> Outcome {
    let choices = [
        ("any", SearchBy::Any),
        ("email", SearchBy::Email),
        ("name", SearchBy::Name),
        ("chatwork_id", SearchBy::ChatworkId),
    ];
    let by = request.params.one_of("by", &choices)?.unwrap_or_default();
    let missing = || Problem::invalid("/q", Invalid::new("missing", "is needed"));
    let query = request.params.parse("q", Query::parse)?;
    // A misspelt field before the one that it should have been.
    std::mem::take(&mut request.params).end()?;
    let query = query.ok_or_else(missing)?;
    let caller = &request.caller.0;
    let address = query.address(by).map_err(|invalid| Problem::invalid("/q", invalid))?;
    let page = match address {
        Some(address) => api.store.search_address(caller, &address).await?,
        None => {
            api.store
                .search(caller, &query, by, request.limit, request.after.as_ref())
                .await?
        }
    };
    let next_cursor = request.cursor(&api.store, &page)?;
    let Page { items, .. } = page;
    let users = items.into_iter().map(|found| shape(&api, found)).collect();
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
