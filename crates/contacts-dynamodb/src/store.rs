//! The client, and what every operation needs.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use contacts::{Clock, Random, Timestamp, random, secret::ServiceSecret};
use ulid::Ulid;

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) client: Client,
    pub(crate) table: String,
    pub(crate) secret: ServiceSecret,
    pub(crate) settings: StoreSettings,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    /// When the version that all entries of the name search have was read, and which it was.
    pub(crate) folding: Arc<Mutex<Option<(Timestamp, u32)>>>,
}

/// The figures that a deployment sets.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// External contacts that a user may have; none for any number.
    pub external_contact_limit: Option<u32>,
    /// Invitations that a user may write in a day (UTC).
    pub invitations_per_day: u32,
}

impl Store {
    /// A store on a table.
    pub fn new(
        client: Client,
        table: String,
        secret: ServiceSecret,
        settings: StoreSettings,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            client,
            table,
            secret,
            settings,
            clock,
            random,
            folding: Arc::default(),
        }
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The source of randomness.
    pub fn random(&self) -> &dyn Random {
        &*self.random
    }

    /// The service's secret.
    pub fn secret(&self) -> &ServiceSecret {
        &self.secret
    }

    pub(crate) fn new_ulid(&self) -> Ulid {
        random::new_ulid(self.now(), &*self.random)
    }

    /// Opens the connection with a cheap read, so that the first request need not: of what a search has to know.
    /// Whether it fails does not matter: the first request will see.
    pub async fn warm_up(&self) {
        let _ = self.oldest_folding().await;
    }
}
