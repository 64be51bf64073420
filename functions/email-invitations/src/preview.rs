//! `POST /invitations/preview`: the mail before it is sent.

use axum::extract::State;
use contacts::{EmailAddress, Locale, Message, PersonName, invitation::INVITATION_LIFETIME, link::LinkBase};
use contacts_http::{
    Api, Command, Problem,
    answer::{Outcome, json},
};
use contacts_mail::{Kind, Mail, Rendered};
use contacts_runtime::Configuration;
use serde::{Deserialize, Serialize};

/// What a preview needs to know of the mails: `LINK_BASE_URL`, `MAIL_FROM`, `PRODUCT_NAME`, as the mailer has them.
#[derive(Debug, Clone)]
pub struct MailSettings {
    links: LinkBase,
    from: EmailAddress,
    product: PersonName,
}

impl MailSettings {
    /// Reads them.
    pub fn read(configuration: &mut Configuration<'_>) -> Option<Self> {
        let links = configuration.required("LINK_BASE_URL", "what links begin with", |text| {
            LinkBase::parse(text).ok()
        });
        let from = configuration.required("MAIL_FROM", "an address", |text| EmailAddress::parse(text).ok());
        let product = configuration.required("PRODUCT_NAME", "a name", |text| PersonName::parse(text).ok());
        Some(Self {
            links: links?,
            from: from?,
            product: product?,
        })
    }
}

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
    State(settings): State<MailSettings>,
    command: Command<Ask>,
) -> Outcome {
    let Ask { message, locale } = command.input;
    let message = Message::parse(message.as_deref().unwrap_or_default());
    let message = message.map_err(|invalid| Problem::invalid("/message", invalid))?;
    let inviter = api.store.caller(&command.caller.0).await?;
    let mail = Mail {
        kind: Kind::Invitation(locale.into()),
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
