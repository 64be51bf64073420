//! What more than one function shows of people.

use contacts::{AccountId, Timestamp, UserId, relationship::Origin, user::PersonCard};
use contacts_dynamodb::relationship::contact::{ContactCard, ContactKind};
use serde::Serialize;

use crate::api::AvatarOrigins;

/// A person, as anybody sees them: never with an address.
#[derive(Debug, Serialize)]
pub struct PersonShape {
    user_id: UserId,
    account_id: AccountId,
    name: String,
    chatwork_id: Option<String>,
    organization_name: Option<String>,
    avatar_image_url: Option<String>,
}

impl PersonShape {
    /// With the picture, if it comes from where pictures may come from.
    pub fn of(person: &PersonCard, avatars: &AvatarOrigins) -> Self {
        Self {
            user_id: person.user_id.clone(),
            account_id: person.account_id,
            name: person.name.as_str().to_owned(),
            chatwork_id: person.chatwork_id.as_ref().map(|id| id.as_str().to_owned()),
            organization_name: person.organization_name.as_ref().map(|name| name.as_str().to_owned()),
            avatar_image_url: avatars.allowed(person.avatar_image_url.as_deref()),
        }
    }
}

/// A contact, as the other one sees them: with address and department.
#[derive(Debug, Serialize)]
pub struct ContactShape<'a> {
    #[serde(flatten)]
    person: PersonShape,
    department: Option<&'a str>,
    email: &'a str,
    kind: ContactKind,
    since: Timestamp,
    origin: Origin,
}

impl<'a> ContactShape<'a> {
    /// As [`PersonShape::of`].
    pub fn of(contact: &'a ContactCard, avatars: &AvatarOrigins) -> Self {
        Self {
            person: PersonShape::of(&contact.person, avatars),
            department: contact.department.as_deref(),
            email: contact.email.as_str(),
            kind: contact.kind,
            since: contact.since,
            origin: contact.origin,
        }
    }
}
