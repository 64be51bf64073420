//! The Lambda function `web`.

use contacts_runtime::{Configuration, clients::ClientConfiguration, configuration::environment, logs, store};
use lambda_http::Error;
use web::{Site, SiteSettings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let ((stored, settings), clients) = Configuration::read(&environment, |configuration| {
        let site = SiteSettings::read_with_store(configuration);
        let clients = ClientConfiguration::read(configuration);
        Some((site?, clients?))
    })?;
    let store = store(stored, aws_sdk_dynamodb::Client::new(&clients.load().await?));
    store.warm_up().await;
    lambda_http::run(web::router(Site::new(store, settings))).await
}
