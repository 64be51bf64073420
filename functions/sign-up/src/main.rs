//! The Lambda function `sign-up`.

use contacts_runtime::{
    Configuration,
    clients::ClientConfiguration,
    configuration::{StoreConfiguration, environment},
    logs, store,
};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use sign_up::Trigger;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let (configuration, clients, claim) = Configuration::read(&environment, |configuration| {
        let store = StoreConfiguration::read(configuration);
        let clients = ClientConfiguration::read(configuration);
        let claim = configuration.optional("USER_ID_CLAIM", "the name of an attribute", |text| {
            Some(text.to_owned())
        });
        Some((store?, clients?, claim))
    })?;
    let store = store(configuration, aws_sdk_dynamodb::Client::new(&clients.load().await?));
    store.warm_up().await;
    let trigger = Trigger {
        store,
        user_id_claim: claim.unwrap_or_else(|| "sub".to_owned()),
    };
    let handle = |event: LambdaEvent<serde_json::Value>| async { trigger.handle(event).await.map_err(Error::from) };
    lambda_runtime::run(service_fn(handle)).await
}
