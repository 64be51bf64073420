//! The administration, on the product's own store.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use contacts::{ChatworkId, EmailAddress, PersonName, User, UserId};
use contacts_dynamodb::{Store, StoreError, user::ProfileChange};

use crate::administration::{Administration, AdministrationError, Answer, Person, Who};

/// The administration's means.
pub struct StoreAdministration {
    store: Store,
    dynamodb: aws_sdk_dynamodb::Client,
    table_name: String,
}

impl StoreAdministration {
    /// On the stack's table, through a client that is not counted.
    pub fn new(store: Store, dynamodb: aws_sdk_dynamodb::Client, table_name: String) -> Self {
        Self {
            store,
            dynamodb,
            table_name,
        }
    }

    async fn with_address(&self, email: &EmailAddress) -> Result<Option<User>, StoreError> {
        match self.store.user_of_address(email).await? {
            Some(user_id) => self.store.user(&user_id).await,
            None => Ok(None),
        }
    }

    async fn with_handle(&self, handle: &ChatworkId) -> Result<Option<User>, StoreError> {
        match self.store.user_of_handle(handle).await? {
            Some(user_id) => self.store.user(&user_id).await,
            None => Ok(None),
        }
    }
}

impl Administration for StoreAdministration {
    fn find<'a>(&'a self, who: &'a Who) -> Answer<'a, Option<Person>> {
        Box::pin(async move {
            let user = match who {
                Who::Email(email) => self.with_address(email).await,
                Who::ChatworkId(handle) => self.with_handle(handle).await,
            };
            Ok(user.map_err(failed)?.map(person))
        })
    }

    /// Reads the table from end to end, which only a small local one allows.
    fn list(&self) -> Answer<'_, Vec<Person>> {
        Box::pin(async move {
            let mut people = Vec::new();
            let mut from = None;
            loop {
                let page = self
                    .dynamodb
                    .scan()
                    .table_name(&self.table_name)
                    .filter_expression("sk = :profile")
                    .expression_attribute_values(":profile", AttributeValue::S("PROFILE".to_owned()))
                    .set_exclusive_start_key(from)
                    .send()
                    .await
                    .map_err(failed)?;
                people.extend(page.items().iter().filter_map(listed));
                from = page.last_evaluated_key;
                if from.is_none() {
                    break;
                }
            }
            people.sort_by(|one: &Person, other| one.email.cmp(&other.email));
            Ok(people)
        })
    }

    fn assign_organization<'a>(
        &'a self,
        user_id: &'a UserId,
        organization: Option<&'a PersonName>,
        department: Option<&'a str>,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            self.store
                .assign_organization(user_id, organization, department)
                .await
                .map_err(failed)
        })
    }

    fn set_chatwork_id<'a>(&'a self, user_id: &'a UserId, chatwork_id: &'a ChatworkId) -> Answer<'a, bool> {
        Box::pin(async move {
            let change = ProfileChange {
                chatwork_id: Some(Some(chatwork_id.clone())),
                ..ProfileChange::default()
            };
            match self.store.change_profile(user_id, &change).await {
                Ok(_) => Ok(true),
                Err(StoreError::ChatworkIdTaken) => Ok(false),
                Err(error) => Err(failed(error)),
            }
        })
    }
}

fn person(user: User) -> Person {
    Person {
        user_id: user.user_id,
        name: user.name.as_str().to_owned(),
        email: user.email.as_str().to_owned(),
        organization: user
            .organization
            .map(|organization| organization.name.as_str().to_owned()),
    }
}

/// A person in an item of the table; erased ones have no address.
fn listed(item: &HashMap<String, AttributeValue>) -> Option<Person> {
    let text = |name: &str| item.get(name)?.as_s().ok().cloned();
    let organization = item.get("organization").and_then(|value| value.as_m().ok());
    Some(Person {
        user_id: UserId::parse(&text("user_id")?).ok()?,
        name: text("name")?,
        email: text("email")?,
        organization: organization.and_then(|fields| fields.get("name")?.as_s().ok().cloned()),
    })
}

fn failed(error: impl std::error::Error) -> AdministrationError {
    AdministrationError(error.to_string())
}
