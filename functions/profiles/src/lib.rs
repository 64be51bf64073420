//! What a person sees and changes about themselves.

use axum::{Router, extract::State, routing::get};
use contacts::{
    AccountId, ChatworkId, Locale, PersonName, User, UserId,
    user::{FindableBy, profile::ProfileChange},
};
use contacts_http::{
    Api, Caller, Command, Problem, Query,
    api::{AvatarOrigins, layers, organization_name},
    input::field_error::FieldErrors,
    input::{Nothing, never_null, nullable, object},
    response::{HandlerResult, json},
};
use serde::{Deserialize, Serialize};

/// The routes of this function.
pub fn router(api: Api) -> Router {
    layers(Router::new().route("/me", get(me).patch(change)), api)
}

#[derive(Serialize)]
struct Profile {
    user_id: UserId,
    account_id: AccountId,
    name: String,
    reading: Option<String>,
    chatwork_id: Option<String>,
    email: String,
    organization: Option<String>,
    department: Option<String>,
    avatar_image_url: Option<String>,
    findable_by: FindableBy,
    locale: Locale,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(default, deserialize_with = "never_null")]
    name: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    reading: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    chatwork_id: Option<Option<String>>,
    #[serde(default, deserialize_with = "object")]
    findable_by: FindableByChange,
    #[serde(default, deserialize_with = "never_null")]
    locale: Option<Locale>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FindableByChange {
    #[serde(deserialize_with = "never_null")]
    name: Option<bool>,
    #[serde(deserialize_with = "never_null")]
    chatwork_id: Option<bool>,
    #[serde(deserialize_with = "never_null")]
    email: Option<bool>,
}

fn shape(user: &User, avatars: &AvatarOrigins) -> Profile {
    Profile {
        user_id: user.user_id.clone(),
        account_id: user.account_id,
        name: user.name.as_str().to_owned(),
        reading: user.reading.as_ref().map(|reading| reading.as_str().to_owned()),
        chatwork_id: user.chatwork_id.as_ref().map(|id| id.as_str().to_owned()),
        email: user.email.as_str().to_owned(),
        organization: organization_name(user).map(str::to_owned),
        department: user.department.clone(),
        avatar_image_url: avatars.of(user),
        findable_by: user.findable_by,
        locale: user.locale,
    }
}

async fn me(State(api): State<Api>, Caller(me): Caller, _: Query<Nothing>) -> HandlerResult {
    Ok(json(&shape(&api.store.caller(&me).await?, &api.avatars)))
}

async fn change(State(api): State<Api>, command: Command<Change>) -> HandlerResult {
    let change = read(command.input)?;
    let user = api.store.change_profile(&command.caller.0, &change).await?;
    Ok(json(&shape(&user, &api.avatars)))
}

fn read(input: Change) -> Result<ProfileChange, Problem> {
    let mut errors = FieldErrors::default();
    let name = input.name.map(|name| PersonName::parse(&name));
    let change = ProfileChange {
        name: name.and_then(|name| errors.keep("/name", name)),
        reading: errors.keep_text("/reading", input.reading, PersonName::parse),
        chatwork_id: errors.keep_text("/chatwork_id", input.chatwork_id, ChatworkId::parse),
        findable_by_name: input.findable_by.name,
        findable_by_chatwork_id: input.findable_by.chatwork_id,
        findable_by_email: input.findable_by.email,
        locale: input.locale,
    };
    errors.end()?;
    Ok(change)
}
