//! The contacts, and their figures.

use axum::extract::State;
use contacts_dynamodb::relationship::contact::ContactKind;
use contacts_http::{
    Api, Caller, Command, PageRequest, Query,
    input::Nothing,
    input::query::Search,
    path::User,
    response::{HandlerResult, json, no_content},
    shapes::ContactShape,
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    q: Option<Search>,
    kind: Option<ContactKind>,
}

#[derive(Serialize)]
struct Contacts<'a> {
    contacts: Vec<ContactShape<'a>>,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct SummaryShape {
    contacts: ContactFigures,
    requests: RequestFigures,
    organization: Option<OrganizationShape>,
}

#[derive(Serialize)]
struct ContactFigures {
    total: u64,
    internal: u64,
    external: u64,
    external_limit: Option<u32>,
}

#[derive(Serialize)]
struct RequestFigures {
    incoming: usize,
    outgoing: usize,
}

#[derive(Serialize)]
struct OrganizationShape {
    name: String,
    users: u64,
    user_limit: Option<u64>,
}

/// `GET /contacts?q=&kind=`
pub(crate) async fn list(State(api): State<Api>, page: PageRequest<ListQuery>) -> HandlerResult {
    let ListQuery { q, kind } = &page.query;
    let words = q.as_ref().map(|Search(query)| query);
    let found = api
        .store
        .contacts(&page.caller.0, words, *kind, page.limit, page.after.as_ref())
        .await?;
    let contacts = found
        .items
        .iter()
        .map(|contact| ContactShape::of(contact, &api.avatars))
        .collect();
    Ok(json(&Contacts {
        contacts,
        next_cursor: page.cursor(&api.store, &found)?,
    }))
}

/// `GET /contacts/summary`
pub(crate) async fn summary(State(api): State<Api>, Caller(me): Caller, _: Query<Nothing>) -> HandlerResult {
    let summary = api.store.summary(&me).await?;
    let organization = summary.organization.map(|organization| OrganizationShape {
        name: organization.name.as_str().to_owned(),
        users: organization.users,
        user_limit: organization.user_limit,
    });
    Ok(json(&SummaryShape {
        contacts: ContactFigures {
            total: summary.internal + summary.external,
            internal: summary.internal,
            external: summary.external,
            external_limit: summary.external_limit,
        },
        requests: RequestFigures {
            incoming: summary.incoming,
            outgoing: summary.outgoing,
        },
        organization,
    }))
}

/// `GET /contacts/{user_id}`
pub(crate) async fn get(
    State(api): State<Api>,
    Caller(me): Caller,
    User(other): User,
    _: Query<Nothing>,
) -> HandlerResult {
    let contact = api.store.contact(&me, &other).await?;
    Ok(json(&ContactShape::of(&contact, &api.avatars)))
}

/// `DELETE /contacts/{user_id}`
pub(crate) async fn remove(State(api): State<Api>, User(other): User, command: Command<Nothing>) -> HandlerResult {
    api.store.remove_contact(&command.caller.0, &other).await?;
    Ok(no_content())
}
