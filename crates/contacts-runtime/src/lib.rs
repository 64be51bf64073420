//! What a function's `main` needs: configuration from the environment, AWS clients, logs, and the
//! system's clock and random generator.
//!
//! - [`configuration`]: readers that name the variable when it is wrong, all errors at once
//! - [`clients`]: one HTTPS client a process, with the trust store that AWS needs
//! - [`system`]: clock and random generator
//! - [`logs`]: JSON lines for CloudWatch, a span for each event; [`calls`] counts its calls of AWS

pub mod calls;
pub mod clients;
pub mod configuration;
pub mod logs;
pub mod system;

pub use configuration::{Configuration, ConfigurationError};

use std::sync::Arc;

use configuration::StoreConfiguration;
use contacts_dynamodb::Store;

/// The store of a function, on the system's clock and random generator.
pub fn store(configuration: StoreConfiguration, client: aws_sdk_dynamodb::Client) -> Store {
    configuration.store(client, Arc::new(system::SystemClock), Arc::new(system::SystemRandom))
}
