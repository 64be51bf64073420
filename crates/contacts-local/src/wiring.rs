//! The product's functions, set up for the local stack: what their `main` does with Lambda's environment.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    administration::Administration, clock::StackClock, connector::Clients, functions::Function,
    store_administration::StoreAdministration,
};

/// The functions of the product, by folder name; the template may name no other.
pub const FUNCTIONS: &[&str] = &[
    "contact-requests",
    "email-invitations",
    "invitation-mailer",
    "profiles",
    "share-links",
    "sign-up",
    "user-search",
    "web",
];

/// What the functions get here in place of Lambda's environment.
pub struct Surroundings {
    /// The AWS clients.
    pub clients: Clients,
    /// A client that is not counted and meets no faults: for the administration.
    pub administration_dynamodb: aws_sdk_dynamodb::Client,
    /// The stack's clock.
    pub clock: Arc<StackClock>,
    /// `TABLE_NAME`.
    pub table_name: String,
    /// `SERVICE_SECRET`.
    pub service_secret: String,
    /// `http://127.0.0.1:PORT`: base of links, origin of pages.
    pub origin: String,
    /// `TOKEN_ISSUER` and `SIGN_IN_AUTHORITY`; the audience is [`crate::tokens::CLIENT_ID`].
    pub issuer: String,
    /// Plain values of the template's environments.
    pub environment: BTreeMap<String, String>,
}

/// What the stack runs.
pub struct Wiring {
    /// The functions, by folder name.
    pub functions: BTreeMap<&'static str, Function>,
    /// What the administration does with people.
    pub administration: Arc<dyn Administration>,
}

/// The product's functions.
///
/// # Errors
/// Which setting is wrong.
pub fn product(surroundings: &Surroundings) -> Result<Wiring, String> {
    let administration = StoreAdministration::new(surroundings)?;
    Ok(Wiring {
        functions: BTreeMap::new(),
        administration: Arc::new(administration),
    })
}
