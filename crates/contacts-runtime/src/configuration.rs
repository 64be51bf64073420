//! Configuration from the environment, read once at start.

use std::{fmt, sync::Arc};

use contacts::{
    Clock, EmailAddress, PersonName, Random, invitation::INVITATIONS_PER_DAY, link::LinkBase, secret::ServiceSecret,
};
use contacts_dynamodb::{Store, StoreSettings};

use crate::calls::CountCalls;

/// Reads variables, and collects what is wrong with them.
pub struct Configuration<'a> {
    read: &'a dyn Fn(&str) -> Option<String>,
    errors: Vec<String>,
}

/// Everything that is wrong with the environment. Names variables, never shows values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationError(Vec<String>);

impl fmt::Display for ConfigurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the environment is not as it must be: {}", self.0.join("; "))
    }
}

impl std::error::Error for ConfigurationError {}

/// Reads the process's environment.
#[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl<'a> Configuration<'a> {
    /// Lets `build` read what it needs.
    ///
    /// # Errors
    /// All errors at once.
    pub fn read<T>(
        read: &'a dyn Fn(&str) -> Option<String>,
        build: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Result<T, ConfigurationError> {
        let mut configuration = Self {
            read,
            errors: Vec::new(),
        };
        let built = build(&mut configuration);
        match built {
            Some(built) if configuration.errors.is_empty() => Ok(built),
            _ => Err(ConfigurationError(configuration.errors)),
        }
    }

    /// A variable that may be missing; an empty one counts as missing.
    pub fn optional<T>(&mut self, name: &str, what: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = (self.read)(name).filter(|text| !text.is_empty())?;
        let parsed = parse(&text);
        if parsed.is_none() {
            self.errors.push(format!("{name} must be {what}"));
        }
        parsed
    }

    /// A variable that must be there.
    pub fn required<T>(&mut self, name: &str, what: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        if (self.read)(name).is_none_or(|text| text.is_empty()) {
            self.errors.push(format!("{name} is not set: it must be {what}"));
            return None;
        }
        self.optional(name, what, parse)
    }

    /// A text that must be there.
    pub fn text(&mut self, name: &str, what: &str) -> Option<String> {
        self.required(name, what, |text| Some(text.to_owned()))
    }

    /// `LINK_BASE_URL`: what invite links and unsubscribe links begin with.
    pub fn link_base(&mut self) -> Option<LinkBase> {
        self.required("LINK_BASE_URL", "what links begin with", |text| {
            LinkBase::parse(text).ok()
        })
    }
}

/// What the store needs: `TABLE_NAME`, `SERVICE_SECRET`, `EXTERNAL_CONTACT_LIMIT`, `INVITATIONS_PER_DAY`.
#[derive(Debug, Clone)]
pub struct StoreConfiguration {
    /// The table.
    pub table: String,
    /// The service's secret.
    pub secret: ServiceSecret,
    /// External contacts that a user may have.
    pub external_contact_limit: Option<u32>,
    /// Invitations that a user may write in a day.
    pub invitations_per_day: u32,
}

impl StoreConfiguration {
    /// The store, with what it is passed. What the client is asked is counted for the log.
    pub fn store(self, client: aws_sdk_dynamodb::Client, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Store {
        let settings = StoreSettings {
            external_contact_limit: self.external_contact_limit,
            invitations_per_day: self.invitations_per_day,
        };
        let counted = client.config().to_builder().interceptor(CountCalls).build();
        let client = aws_sdk_dynamodb::Client::from_conf(counted);
        Store::new(client, self.table, self.secret, settings, clock, random)
    }

    /// Reads it.
    pub fn read(configuration: &mut Configuration<'_>) -> Option<Self> {
        let table = configuration.text("TABLE_NAME", "the name of the table");
        let secret = configuration.required("SERVICE_SECRET", "at least 32 bytes", |text| {
            ServiceSecret::new(text.as_bytes().to_vec())
        });
        let limit = configuration.optional("EXTERNAL_CONTACT_LIMIT", "a number", |text| text.parse().ok());
        let a_day = configuration.optional("INVITATIONS_PER_DAY", "a number", |text| text.parse().ok());
        Some(Self {
            table: table?,
            secret: secret?,
            external_contact_limit: limit,
            invitations_per_day: a_day.unwrap_or(INVITATIONS_PER_DAY),
        })
    }
}

/// What each mail needs: `LINK_BASE_URL`, `MAIL_FROM`, `PRODUCT_NAME`.
#[derive(Debug, Clone)]
pub struct MailConfiguration {
    /// What its links begin with.
    pub links: LinkBase,
    /// The address that it comes from.
    pub from: EmailAddress,
    /// The name of the product.
    pub product: PersonName,
}

impl MailConfiguration {
    /// Reads it.
    pub fn read(configuration: &mut Configuration<'_>) -> Option<Self> {
        let links = configuration.link_base();
        let from = configuration.required("MAIL_FROM", "an address", |text| EmailAddress::parse(text).ok());
        let product = configuration.required("PRODUCT_NAME", "a name", |text| PersonName::parse(text).ok());
        Some(Self {
            links: links?,
            from: from?,
            product: product?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_told_at_once_and_no_value_is_shown() {
        let read = |name: &str| match name {
            "SERVICE_SECRET" => Some("short".to_owned()),
            "EXTERNAL_CONTACT_LIMIT" => Some("many".to_owned()),
            _ => None,
        };
        let error = Configuration::read(&read, StoreConfiguration::read)
            .unwrap_err()
            .to_string();
        for name in ["TABLE_NAME", "SERVICE_SECRET", "EXTERNAL_CONTACT_LIMIT"] {
            assert!(error.contains(name), "{error}");
        }
        assert!(!error.contains("short") && !error.contains("many"), "{error}");
    }
}
