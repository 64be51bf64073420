//! What the mailer reads from its environment.

use contacts_dynamodb::Store;
use contacts_mail::sender::Sender;
use contacts_runtime::{Configuration, configuration::MailConfiguration};

use crate::Mailer;

/// `LINK_BASE_URL`, `MAIL_FROM`, `PRODUCT_NAME`, `MAIL_CONFIGURATION_SET`.
#[derive(Debug, Clone)]
pub struct MailerConfiguration {
    mail: MailConfiguration,
    configuration_set: Option<String>,
}

impl MailerConfiguration {
    /// Reads it.
    pub fn read(configuration: &mut Configuration<'_>) -> Option<Self> {
        let mail = MailConfiguration::read(configuration);
        let set = configuration.optional("MAIL_CONFIGURATION_SET", "a name", |text| Some(text.to_owned()));
        Some(Self {
            mail: mail?,
            configuration_set: set,
        })
    }

    /// The mailer, with its store and client.
    pub fn mailer(self, store: Store, client: aws_sdk_sesv2::Client) -> Mailer {
        let Self {
            mail: MailConfiguration { links, from, product },
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
