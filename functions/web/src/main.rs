//! The Lambda function `web`.

use contacts_runtime::{Configuration, clients, configuration::environment, logs, store};
use lambda_http::Error;
use web::{Settings, Site};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let (stored, settings) = Configuration::read(&environment, Settings::read_with_store)?;
    let aws = clients::configuration(None).await?;
    let store = store(stored, aws_sdk_dynamodb::Client::new(&aws));
    store.warm_up().await;
    lambda_http::run(web::router(Site::new(store, settings))).await
}
