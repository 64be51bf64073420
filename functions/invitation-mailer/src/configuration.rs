//! What the mailer reads from its environment.

use contacts::{EmailAddress, PersonName, link::LinkBase};
use contacts_dynamodb::Store;
use contacts_mail::sender::Sender;
use contacts_runtime::Configuration;

use crate::Mailer;

/// `LINK_BASE_URL`, `MAIL_FROM`, `PRODUCT_NAME`, `MAIL_CONFIGURATION_SET`.
#[derive(Debug, Clone)]
pub struct MailerConfiguration {
    links: LinkBase,
    from: EmailAddress,
    product: PersonName,
    configuration_set: Option<String>,
}

impl MailerConfiguration {
    /// Reads it.
    pub fn read(configuration: &mut Configuration<'_>) -> Option<Self> {
        let links = configuration.required("LINK_BASE_URL", "what links begin with", |text| {
            LinkBase::parse(text).ok()
        });
        let from = configuration.required("MAIL_FROM", "an address", |text| EmailAddress::parse(text).ok());
        let product = configuration.required("PRODUCT_NAME", "a name", |text| PersonName::parse(text).ok());
        let set = configuration.optional("MAIL_CONFIGURATION_SET", "a name", |text| Some(text.to_owned()));
        Some(Self {
            links: links?,
            from: from?,
            product: product?,
            configuration_set: set,
        })
    }

    /// The mailer, with its store and client.
    pub fn mailer(self, store: Store, client: aws_sdk_sesv2::Client) -> Mailer {
        let Self {
            links,
            from,
            product,
            configuration_set,
        } = self;
        Mailer {
            store,
            sender: Sender {
                client,
                from,
                product,
                configuration_set,
            },
            links,
        }
    }
}
