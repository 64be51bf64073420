//! The Lambda function `invitation-mailer`.

use contacts::{EmailAddress, PersonName};
use contacts_mail::{link::LinkBase, sender::Sender};
use contacts_runtime::{
    Configuration, clients,
    configuration::{StoreConfiguration, environment},
    logs, store,
};
use invitation_mailer::Mailer;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let read = Configuration::read(&environment, |configuration| {
        let store = StoreConfiguration::read(configuration);
        let links = configuration.required("LINK_BASE_URL", "what links begin with", |text| {
            LinkBase::parse(text).ok()
        });
        let from = configuration.required("MAIL_FROM", "an address", |text| EmailAddress::parse(text).ok());
        let product = configuration.required("PRODUCT_NAME", "a name", |text| PersonName::parse(text).ok());
        let set = configuration.optional("MAIL_CONFIGURATION_SET", "a name", |text| Some(text.to_owned()));
        Some((store?, links?, from?, product?, set))
    });
    let (configuration, links, from, product, configuration_set) = read?;
    let aws = clients::configuration(None).await?;
    let store = store(configuration, aws_sdk_dynamodb::Client::new(&aws));
    let sender = Sender {
        client: aws_sdk_sesv2::Client::new(&aws),
        from,
        product,
        configuration_set,
    };
    let mailer = Mailer { store, sender, links };
    let handle =
        |event: LambdaEvent<serde_json::Value>| async { mailer.handle(event.payload).await.map_err(Error::from) };
    lambda_runtime::run(service_fn(handle)).await
}
