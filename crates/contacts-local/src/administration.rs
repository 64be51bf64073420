//! What the administration does with people, apart from what they do themselves.

use std::{future::Future, pin::Pin};

use contacts::{ChatworkId, EmailAddress, PersonName, UserId};

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

/// By what a person is looked up.
#[derive(Debug, Clone)]
pub enum Who {
    /// By the registered address.
    Email(EmailAddress),
    /// By the handle.
    ChatworkId(ChatworkId),
}

/// Why the administration could not do it: for the log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct AdministrationError(pub String);

/// A future of an answer.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, AdministrationError>> + Send + 'a>>;

/// What only the administration may do, and looking people up for the sign-in page.
pub trait Administration: Send + Sync {
    /// Looks a person up.
    fn find<'a>(&'a self, who: &'a Who) -> Answer<'a, Option<Person>>;

    /// Everybody, by address, for choosing one to sign in as.
    fn list(&self) -> Answer<'_, Vec<Person>>;

    /// Makes a person a member of an organisation, which is made if need be; of none without a name.
    fn assign_organization<'a>(
        &'a self,
        user_id: &'a UserId,
        organization: Option<&'a PersonName>,
        department: Option<&'a str>,
    ) -> Answer<'a, ()>;

    /// Gives a person a handle; `false` when it is taken or reserved.
    fn set_chatwork_id<'a>(&'a self, user_id: &'a UserId, chatwork_id: &'a ChatworkId) -> Answer<'a, bool>;
}
