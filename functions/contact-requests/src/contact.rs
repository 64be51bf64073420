//! The contacts, and their figures.

use axum::extract::State;
use contacts::search::Query;
use contacts_dynamodb::relationship::contact::Kind;
use contacts_http::{
    Api, Caller, Command, PageRequest, Params,
    answer::{Outcome, json, no_content},
    input::Nothing,
    path::User,
    shapes::ContactShape,
};
use serde::Serialize;

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
pub(crate) async fn list(State(api): State<Api>, mut page: PageRequest) -> Outcome {
    let query = page.params.parse("q", Query::parse)?;
    let kind = page
        .params
        .one_of("kind", &[("internal", Kind::Internal), ("external", Kind::External)])?;
    std::mem::take(&mut page.params).end()?;
    let found = api
        .store
        .contacts(&page.caller.0, query.as_ref(), kind, page.limit, page.after.as_ref())
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
pub(crate) async fn summary(State(api): State<Api>, Caller(me): Caller, params: Params) -> Outcome {
    params.end()?;
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
pub(crate) async fn get(State(api): State<Api>, Caller(me): Caller, User(other): User, params: Params) -> Outcome {
    params.end()?;
    let contact = api.store.contact(&me, &other).await?;
    Ok(json(&ContactShape::of(&contact, &api.avatars)))
}

/// `DELETE /contacts/{user_id}`
pub(crate) async fn remove(State(api): State<Api>, User(other): User, command: Command<Nothing>) -> Outcome {
    api.store.remove_contact(&command.caller.0, &other).await?;
    Ok(no_content())
}
