//! The Lambda function `invitation-mailer`.

use contacts_runtime::{
    Configuration,
    clients::ClientConfiguration,
    configuration::{StoreConfiguration, environment},
    logs, store,
};
use invitation_mailer::MailerConfiguration;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let (configuration, clients, own) = Configuration::read(&environment, |configuration| {
        let store = StoreConfiguration::read(configuration);
        let clients = ClientConfiguration::read(configuration);
        let own = MailerConfiguration::read(configuration);
        Some((store?, clients?, own?))
    })?;
    let aws = clients.load().await?;
    let mailer = own.mailer(
        store(configuration, aws_sdk_dynamodb::Client::new(&aws)),
        aws_sdk_sesv2::Client::new(&aws),
    );
    let handle = |event: LambdaEvent<serde_json::Value>| async { mailer.handle(event).await.map_err(Error::from) };
    lambda_runtime::run(service_fn(handle)).await
}
