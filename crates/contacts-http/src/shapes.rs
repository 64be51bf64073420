//! What more than one function shows of people.

use contacts::{
    AccountId, Timestamp, User, UserId,
    relationship::{Contact, Origin},
};
use contacts_dynamodb::contact::{Kind, ListedContact};
use serde::Serialize;

use crate::api::{AvatarOrigins, organization_name};

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
    /// Of a user.
    pub fn of(user: &User, avatars: &AvatarOrigins) -> Self {
        Self {
            user_id: user.user_id.clone(),
            account_id: user.account_id,
            name: user.name.as_str().to_owned(),
            chatwork_id: user.chatwork_id.as_ref().map(|id| id.as_str().to_owned()),
            organization_name: organization_name(user).map(str::to_owned),
            avatar_image_url: avatars.of(user),
        }
    }
}

/// A contact, as the other one sees them: with address and department.
#[derive(Debug, Serialize)]
pub struct ContactShape {
    #[serde(flatten)]
    person: PersonShape,
    department: Option<String>,
    email: String,
    kind: &'static str,
    since: Timestamp,
    origin: Origin,
}

impl ContactShape {
    /// Of a row of the list.
    pub fn of(contact: &ListedContact, avatars: &AvatarOrigins) -> Self {
        let ListedContact {
            user,
            kind,
            since,
            origin,
        } = contact;
        Self {
            person: PersonShape::of(user, avatars),
            department: user.department.clone(),
            email: user.email.as_str().to_owned(),
            kind: match kind {
                Kind::Internal => "internal",
                Kind::External => "external",
            },
            since: *since,
            origin: *origin,
        }
    }

    /// Of a contact just made.
    pub fn external(user: &User, contact: &Contact, avatars: &AvatarOrigins) -> Self {
        let listed = ListedContact {
            user: user.clone(),
            kind: Kind::External,
            since: contact.since,
            origin: contact.origin,
        };
        Self::of(&listed, avatars)
    }
}
