//! `POST /invitations/preview`: the mail before it is sent.

use axum::extract::State;
use contacts::{Locale, invitation::INVITATION_LIFETIME};
use contacts_http::{
    Api, Command, Problem, input,
    response::{HandlerResult, json},
};
use contacts_mail::{Mail, MailKind, Rendered};
use contacts_runtime::configuration::MailConfiguration;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    locale: Option<Locale>,
}

#[derive(Serialize)]
struct Preview {
    from: String,
    subject: String,
    text: String,
    html: String,
}

/// `POST /invitations/preview`: the mail that somebody who is not registered would get from the caller, sent
/// at this moment. Its links have `…` in the place of the token and lead nowhere. Nothing is written, so an
/// `Idempotency-Key` has no meaning here.
pub(crate) async fn preview(
    State(api): State<Api>,
    State(settings): State<MailConfiguration>,
    command: Command<Ask>,
) -> HandlerResult {
    let Ask { message, locale } = command.input;
    let message = input::message(message.as_deref())?;
    let inviter = api.store.caller(&command.caller.0).await?;
    let mail = Mail {
        kind: MailKind::Invitation(locale.into()),
        inviter_name: inviter.name,
        inviter_organization: inviter.organization.map(|organization| organization.name),
        message,
    };
    let until = api.store.now() + INVITATION_LIFETIME;
    let rendered = mail.preview(&settings.product, &settings.links, until);
    let Rendered { subject, html, text } = rendered.map_err(|error| {
        tracing::error!(%error, "a mail could not be rendered");
        Problem::internal()
    })?;
    Ok(json(&Preview {
        from: mail.from(&settings.product, &settings.from),
        subject,
        text,
        html,
    }))
}
