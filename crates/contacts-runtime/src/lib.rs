//! What a function's `main` needs: configuration from the environment, AWS clients, logs, and the
//! system's clock and random generator.
//!
//! - [`configuration`]: readers that name the variable when it is wrong, all faults at once
//! - [`clients`]: one HTTPS client a process, with the trust store that AWS needs
//! - [`system`]: clock and random generator
//! - [`logs`]: JSON lines for CloudWatch

pub mod clients;
pub mod configuration;
pub mod logs;
pub mod system;

pub use configuration::{Configuration, ConfigurationError};

use std::sync::Arc;

use configuration::StoreConfiguration;
use contacts_dynamodb::{Settings, Store};

/// The store of a function, from its configuration.
pub fn store(configuration: StoreConfiguration, client: aws_sdk_dynamodb::Client) -> Store {
    let StoreConfiguration {
        table,
        secret,
        external_contact_limit,
        invitations_per_day,
    } = configuration;
    let settings = Settings {
        external_contact_limit,
        invitations_per_day,
    };
    Store::new(
        client,
        table,
        secret,
        settings,
        Arc::new(system::SystemClock),
        Arc::new(system::SystemRandom),
    )
}
