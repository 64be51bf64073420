//! What the administration does with people, on the product's own store, apart from what they do themselves.

use std::collections::HashMap;

use aws_sdk_dynamodb::{error::SdkError, operation::scan::ScanError, types::AttributeValue};
use contacts::{ChatworkId, EmailAddress, PersonName, User, UserId, user::profile::ProfileChange};
use contacts_admin::reindex::{self, reindex};
use contacts_dynamodb::{Store, StoreError, keys};

/// A person, as the sign-in page shows one.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who it is in tokens.
    pub user_id: UserId,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The organisation's name.
    pub organization: Option<String>,
}

/// Why the administration could not do it.
#[derive(Debug, thiserror::Error)]
#[error("the table cannot be reached")]
pub enum AdministrationError {
    /// The store fails.
    Store(#[from] StoreError),
    /// The table cannot be read from end to end.
    Scan(#[from] Box<SdkError<ScanError>>),
}

/// Logs what it is: whoever asked is told no more than that it failed.
fn failed(error: impl std::error::Error + Into<AdministrationError>) -> AdministrationError {
    tracing::error!(%error, "administration");
    error.into()
}

/// The administration's means.
pub struct Administration {
    store: Store,
    dynamodb: aws_sdk_dynamodb::Client,
    table_name: String,
}

impl Administration {
    /// On the stack's table, through a client that is not counted.
    pub fn new(store: Store, dynamodb: aws_sdk_dynamodb::Client, table_name: String) -> Self {
        Self {
            store,
            dynamodb,
            table_name,
        }
    }

    /// Brings a table of an older version up to date; marks a new one as being so.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn bring_up_to_date(&self) -> Result<(), AdministrationError> {
        let options = reindex::Options {
            segments: 1,
            rate: 100_000,
            again: false,
        };
        let done = reindex(&self.store, &options, &|_, _| ()).await.map_err(failed)?;
        if let Some(report) = done.filter(|report| report.people > 0) {
            tracing::info!("the search entries of {} people are brought up to date", report.people);
        }
        Ok(())
    }

    /// Who has this registered address.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn with_address(&self, email: &EmailAddress) -> Result<Option<Person>, AdministrationError> {
        let user_id = self.store.user_of_address(email).await.map_err(failed)?;
        self.person(user_id).await
    }

    /// Who has this handle.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn with_handle(&self, handle: &ChatworkId) -> Result<Option<Person>, AdministrationError> {
        let user_id = self.store.user_of_handle(handle).await.map_err(failed)?;
        self.person(user_id).await
    }

    async fn person(&self, user_id: Option<UserId>) -> Result<Option<Person>, AdministrationError> {
        match user_id {
            Some(user_id) => Ok(self.store.user(&user_id).await.map_err(failed)?.map(person)),
            None => Ok(None),
        }
    }

    /// Everybody, by address, for choosing one to sign in as. Reads the table from end to end, which only a small
    /// local one allows.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn list(&self) -> Result<Vec<Person>, AdministrationError> {
        let mut people = Vec::new();
        let mut from = None;
        loop {
            let page = self
                .dynamodb
                .scan()
                .table_name(&self.table_name)
                .filter_expression("sk = :profile")
                .expression_attribute_values(":profile", AttributeValue::S(keys::PROFILE.to_owned()))
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|error| failed(Box::new(error)))?;
            people.extend(page.items().iter().filter_map(listed));
            from = page.last_evaluated_key;
            if from.is_none() {
                break;
            }
        }
        people.sort_by(|one: &Person, other| one.email.cmp(&other.email));
        Ok(people)
    }

    /// Makes a person a member of an organisation, which is made if need be; of none without a name.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn assign_organization(
        &self,
        user_id: &UserId,
        organization: Option<&PersonName>,
        department: Option<&str>,
    ) -> Result<(), AdministrationError> {
        let assigned = self.store.assign_organization(user_id, organization, department);
        assigned.await.map_err(failed)
    }

    /// Gives a person a handle; `false` when it is taken or reserved.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn set_chatwork_id(
        &self,
        user_id: &UserId,
        chatwork_id: &ChatworkId,
    ) -> Result<bool, AdministrationError> {
        let change = ProfileChange {
            chatwork_id: Some(Some(chatwork_id.clone())),
            ..ProfileChange::default()
        };
        match self.store.change_profile(user_id, &change).await {
            Ok(_) => Ok(true),
            Err(StoreError::ChatworkIdTaken) => Ok(false),
            Err(error) => Err(failed(error)),
        }
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
