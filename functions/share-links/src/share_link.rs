//! Links of an owner, with their QR codes.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use contacts::{
    PersonName, Timestamp,
    link::{Approval, LinkBase, ShareLinkSettings, parse_days, parse_max_uses},
};
use contacts_dynamodb::link::share_link::ShareLinkCard;
use contacts_http::{
    Api, Caller, Command, PageRequest, Problem, Query,
    input::field_error::FieldErrors,
    input::{Nothing, never_null, nullable},
    path::Id,
    response::{HandlerResult, json, json_with, no_content},
};
use fast_qr::{ECL, QRBuilder, convert::svg::SvgBuilder};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsInput {
    #[serde(default, deserialize_with = "nullable")]
    name: Option<Option<String>>,
    #[serde(default, deserialize_with = "never_null")]
    enabled: Option<bool>,
    #[serde(default, deserialize_with = "never_null")]
    approval: Option<Approval>,
    #[serde(default, deserialize_with = "nullable")]
    expires_in_days: Option<Option<u32>>,
    #[serde(default, deserialize_with = "nullable")]
    max_uses: Option<Option<u32>>,
}

#[derive(Serialize)]
struct ShareLinks {
    share_links: Vec<ShareLinkShape>,
    /// Always null: all links are on one page.
    next_cursor: (),
}

#[derive(Serialize)]
struct ShareLinkShape {
    link_id: Ulid,
    url: String,
    name: Option<String>,
    enabled: bool,
    approval: Approval,
    expires_at: Option<Timestamp>,
    max_uses: Option<u32>,
    uses: u32,
    views: u64,
    last_used_at: Option<Timestamp>,
}

impl ShareLinkShape {
    fn of(link: &ShareLinkCard, base: &LinkBase) -> Self {
        Self {
            link_id: link.link_id,
            url: base.invitation(&link.token).as_str().to_owned(),
            name: link.name.as_ref().map(|name| name.as_str().to_owned()),
            enabled: link.enabled,
            approval: link.approval,
            expires_at: link.expires_at,
            max_uses: link.max_uses,
            uses: link.uses,
            views: link.views,
            last_used_at: link.last_used_at,
        }
    }
}

fn read(settings: SettingsInput) -> Result<ShareLinkSettings, Problem> {
    let mut errors = FieldErrors::default();
    let change = ShareLinkSettings {
        name: errors.keep_text("/name", settings.name, PersonName::parse),
        enabled: settings.enabled,
        approval: settings.approval,
        expires_in_days: errors.keep_nullable("/expires_in_days", settings.expires_in_days, parse_days),
        max_uses: errors.keep_nullable("/max_uses", settings.max_uses, parse_max_uses),
    };
    errors.end()?;
    Ok(change)
}

/// `GET /share-links`: all of them on one page; there are at most fifty.
pub(crate) async fn list(
    State(api): State<Api>,
    State(base): State<LinkBase>,
    page: PageRequest<Nothing>,
) -> HandlerResult {
    let links = api.store.share_links(&page.caller.0).await?;
    let share_links = links.iter().map(|link| ShareLinkShape::of(link, &base)).collect();
    Ok(json(&ShareLinks {
        share_links,
        next_cursor: (),
    }))
}

/// `POST /share-links`
pub(crate) async fn create(
    State(api): State<Api>,
    State(base): State<LinkBase>,
    command: Command<SettingsInput>,
) -> HandlerResult {
    let settings = read(command.input)?;
    let key = command.key.as_ref();
    let link = api.store.create_share_link(&command.caller.0, &settings, key).await?;
    Ok(json_with(StatusCode::CREATED, &ShareLinkShape::of(&link, &base)))
}

/// `PATCH /share-links/{id}`
pub(crate) async fn change(
    State(api): State<Api>,
    State(base): State<LinkBase>,
    Id(id): Id,
    command: Command<SettingsInput>,
) -> HandlerResult {
    let settings = read(command.input)?;
    let link = api.store.change_share_link(&command.caller.0, id, &settings).await?;
    Ok(json(&ShareLinkShape::of(&link, &base)))
}

/// `POST /share-links/{id}/rotate`
pub(crate) async fn rotate(
    State(api): State<Api>,
    State(base): State<LinkBase>,
    Id(id): Id,
    command: Command<Nothing>,
) -> HandlerResult {
    let key = command.key.as_ref();
    let link = api.store.rotate_share_link(&command.caller.0, id, key).await?;
    Ok(json(&ShareLinkShape::of(&link, &base)))
}

/// `DELETE /share-links/{id}`
pub(crate) async fn remove(State(api): State<Api>, Id(id): Id, command: Command<Nothing>) -> HandlerResult {
    api.store.delete_share_link(&command.caller.0, id).await?;
    Ok(no_content())
}

/// `GET /share-links/{id}/qr.svg`
pub(crate) async fn qr_code(
    State(api): State<Api>,
    State(base): State<LinkBase>,
    Caller(me): Caller,
    Id(id): Id,
    _: Query<Nothing>,
) -> HandlerResult {
    let token = api.store.share_link_token(&me, id).await?;
    // Medium error correction: a quarter of a printed code may be damaged.
    let code = QRBuilder::new(base.invitation(&token).as_str()).ecl(ECL::M).build();
    let code = code.map_err(|error| {
        tracing::error!(?error, "a link does not fit into a QR code");
        Problem::internal()
    })?;
    let svg = SvgBuilder::default().to_str(&code);
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"))], svg).into_response())
}
