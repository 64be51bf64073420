//! What the mailer reads from its environment.

use contacts_dynamodb::Store;
use contacts_mail::sender::Sender;
use contacts_runtime::{Configuration, calls::CountCalls, configuration::MailConfiguration};

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

    /// The mailer, with its store and client. What the client is asked is counted for the log.
    pub fn mailer(self, store: Store, client: aws_sdk_sesv2::Client) -> Mailer {
        let Self {
            mail: MailConfiguration { links, from, product },
            configuration_set,
        } = self;
        let counted = client.config().to_builder().interceptor(CountCalls).build();
        Mailer {
            store,
            sender: Sender {
                client: aws_sdk_sesv2::Client::from_conf(counted),
                from,
                product,
                configuration_set,
            },
            links,
        }
    }
}
