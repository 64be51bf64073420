//! Registering people as the user pool and the administration do, and finding them.

pub mod administration;
pub mod demo;
pub mod import;
pub mod registration;

use std::sync::Arc;

use contacts::{EmailAddress, PersonName, UserId, folding::fold, random::new_ulid};
use contacts_http::input::field_error::FieldError;
use contacts_runtime::system::SystemRandom;
use local_aws::{clock::Clock, lambda::Invoker};

use crate::stack::wiring::product_time;
use administration::{Administration, AdministrationError, Person};
use registration::{Registration, RegistrationError, check, sign_up_event};

/// Registers people, and finds them.
pub struct People {
    administration: Administration,
    invoker: Invoker,
    clock: Arc<Clock>,
}

impl People {
    /// With the administration's means; the invoker calls the user pool's trigger.
    pub fn new(administration: Administration, invoker: Invoker, clock: Arc<Clock>) -> Self {
        Self {
            administration,
            invoker,
            clock,
        }
    }

    /// Registers a person: what the user pool checks, its trigger, then what the administration sets.
    ///
    /// # Errors
    /// When fields are not accepted, address or handle are taken, or the trigger or the table fails.
    pub async fn register(&self, registration: &Registration) -> Result<UserId, RegistrationError> {
        let user_id = new_ulid(product_time(self.clock.now()), &SystemRandom).to_string();
        let user_id = UserId::parse(&user_id)
            .map_err(|invalid| RegistrationError::Refused(vec![FieldError::of("/user_id", invalid)]))?;
        self.register_as(user_id, registration).await
    }

    /// Registers a person whose id is known beforehand.
    ///
    /// # Errors
    /// As [`People::register`].
    pub async fn register_as(&self, user_id: UserId, registration: &Registration) -> Result<UserId, RegistrationError> {
        let administration = &self.administration;
        let person = check(registration)?;
        if let Some(chatwork_id) = &person.chatwork_id {
            match administration.with_handle(chatwork_id).await? {
                Some(found) if found.email == person.email.as_str() => return Err(RegistrationError::EmailTaken),
                Some(_) => return Err(RegistrationError::ChatworkIdTaken),
                None => {}
            }
        }
        let event = sign_up_event(&user_id, &person);
        if let Err(error) = self.invoker.invoke("sign-up", event).await {
            // The trigger refuses an address that somebody has, without a code to tell it by.
            match administration.with_address(&person.email).await? {
                // It did its work, and only the answer of the table was lost.
                Some(found) if found.user_id == user_id => {}
                Some(_) => return Err(RegistrationError::EmailTaken),
                None => return Err(error.into()),
            }
        }
        if person.organization.is_some() || person.department.is_some() {
            let department = person.department.as_ref().map(PersonName::as_str);
            administration
                .assign_organization(&user_id, person.organization.as_ref(), department)
                .await?;
        }
        if let Some(chatwork_id) = &person.chatwork_id
            && !administration.set_chatwork_id(&user_id, chatwork_id).await?
        {
            return Err(RegistrationError::ChatworkIdTaken);
        }
        Ok(user_id)
    }

    /// Who has this address.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn with_address(&self, email: &EmailAddress) -> Result<Option<Person>, AdministrationError> {
        self.administration.with_address(email).await
    }

    /// Whom one can sign in as: everybody with this in the name, the address or the organisation.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn matching(&self, text: &str) -> Result<Vec<Person>, AdministrationError> {
        let wanted = fold(text);
        let mut people = self.administration.list().await?;
        people.retain(|person| {
            let organization = person.organization.as_deref().unwrap_or_default();
            [&person.name, &person.email, organization]
                .iter()
                .any(|text| fold(text).contains(&wanted))
        });
        Ok(people)
    }
}
