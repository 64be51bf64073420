//! What the `main` of an HTTP function does: logs, configuration, clients, run.

use axum::Router;
use contacts_runtime::{Configuration, clients::ClientConfiguration, configuration::environment, logs, store};
use lambda_http::Error;

use crate::{Api, configuration::ApiConfiguration};

/// Runs a function whose callers are signed in. `build` reads what else it needs and makes its routes.
///
/// # Errors
/// When the environment is not as it must be, or the Lambda runtime ends.
pub async fn start<T>(
    read: impl FnOnce(&mut Configuration<'_>) -> Option<T>,
    routes: impl FnOnce(Api, T) -> Router,
) -> Result<(), Error> {
    logs::start();
    let (api, clients, own) = Configuration::read(&environment, |configuration| {
        let api = ApiConfiguration::read(configuration);
        let clients = ClientConfiguration::read(configuration);
        let own = read(configuration);
        Some((api?, clients?, own?))
    })?;
    let store = store(api.store, aws_sdk_dynamodb::Client::new(&clients.load().await?));
    store.warm_up().await;
    lambda_http::run(routes(Api::new(store, api.tokens, api.avatars), own)).await
}
