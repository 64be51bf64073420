//! What a person changes about themselves.

use super::{ChatworkId, Locale, PersonName, User};

/// A change; `None` leaves a value, `Some(None)` takes it away.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    /// The name.
    pub name: Option<PersonName>,
    /// Its reading.
    pub reading: Option<Option<PersonName>>,
    /// The Chatwork ID.
    pub chatwork_id: Option<Option<ChatworkId>>,
    /// Whether others may find this person by the name.
    pub findable_by_name: Option<bool>,
    /// Whether by the Chatwork ID.
    pub findable_by_chatwork_id: Option<bool>,
    /// Whether by the address.
    pub findable_by_email: Option<bool>,
    /// The language.
    pub locale: Option<Locale>,
}

impl User {
    /// This person after a change; none when it changes nothing, not even how the Chatwork ID is written.
    pub fn changed(&self, change: &ProfileChange) -> Option<Self> {
        let mut user = self.clone();
        if let Some(name) = &change.name {
            user.name.clone_from(name);
        }
        if let Some(reading) = &change.reading {
            user.reading.clone_from(reading);
        }
        if let Some(chatwork_id) = &change.chatwork_id {
            user.chatwork_id.clone_from(chatwork_id);
        }
        let findable = &mut user.findable_by;
        findable.name = change.findable_by_name.unwrap_or(findable.name);
        findable.chatwork_id = change.findable_by_chatwork_id.unwrap_or(findable.chatwork_id);
        findable.email = change.findable_by_email.unwrap_or(findable.email);
        user.locale = change.locale.unwrap_or(user.locale);
        // Chatwork IDs are equal whatever their case.
        let written = |user: &Self| user.chatwork_id.as_ref().map(|id| id.as_str().to_owned());
        (user != *self || written(&user) != written(self)).then_some(user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        EmailAddress, Timestamp, UserId,
        user::{AccountId, FindableBy},
    };

    fn name(text: &str) -> PersonName {
        PersonName::parse(text).unwrap()
    }

    fn handle(text: &str) -> Option<ChatworkId> {
        Some(ChatworkId::parse(text).unwrap())
    }

    fn aiko() -> User {
        User {
            user_id: UserId::parse("aiko").unwrap(),
            account_id: AccountId(1),
            name: name("Aiko"),
            reading: Some(name("Aiko")),
            chatwork_id: handle("aiko"),
            email: EmailAddress::parse("aiko@people.example").unwrap(),
            organization: None,
            department: None,
            avatar_image_url: None,
            findable_by: FindableBy::default(),
            locale: Locale::Ja,
            created_at: Timestamp::from_unix_milliseconds(0),
        }
    }

    #[test]
    fn what_is_not_named_stays_and_what_stays_is_no_change() {
        let same = ProfileChange {
            name: Some(name("Aiko")),
            chatwork_id: Some(handle("aiko")),
            findable_by_email: Some(true),
            locale: Some(Locale::Ja),
            ..ProfileChange::default()
        };
        for change in [ProfileChange::default(), same] {
            assert_eq!(aiko().changed(&change), None, "{change:?}");
        }
    }

    #[test]
    fn each_value_changes_by_itself() {
        let change = ProfileChange::default;
        for (change, changed) in [
            (
                ProfileChange {
                    name: Some(name("Ai")),
                    ..change()
                },
                User {
                    name: name("Ai"),
                    ..aiko()
                },
            ),
            (
                ProfileChange {
                    reading: Some(None),
                    ..change()
                },
                User {
                    reading: None,
                    ..aiko()
                },
            ),
            (
                ProfileChange {
                    chatwork_id: Some(None),
                    ..change()
                },
                User {
                    chatwork_id: None,
                    ..aiko()
                },
            ),
            (
                ProfileChange {
                    findable_by_name: Some(false),
                    findable_by_chatwork_id: Some(false),
                    ..change()
                },
                User {
                    findable_by: FindableBy {
                        name: false,
                        chatwork_id: false,
                        email: true,
                    },
                    ..aiko()
                },
            ),
            (
                ProfileChange {
                    locale: Some(Locale::En),
                    ..change()
                },
                User {
                    locale: Locale::En,
                    ..aiko()
                },
            ),
        ] {
            assert_eq!(aiko().changed(&change), Some(changed), "{change:?}");
        }
    }

    #[test]
    fn a_chatwork_id_that_is_written_otherwise_is_a_change() {
        let change = ProfileChange {
            chatwork_id: Some(handle("Aiko")),
            ..ProfileChange::default()
        };
        let changed = aiko().changed(&change).unwrap();
        assert_eq!(changed.chatwork_id.as_ref().map(ChatworkId::as_str), Some("Aiko"));
        assert_eq!(changed, aiko(), "the same to everybody else");
    }
}
