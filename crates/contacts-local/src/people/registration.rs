//! What a person is registered with, and why that may not come about.

use contacts::{ChatworkId, EmailAddress, Invalid, Locale, PersonName, UserId};
use contacts_http::input::field_error::FieldError;
use local_aws::{REGION, lambda::FunctionError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::administration::AdministrationError;
use crate::sign_in::tokens::CLIENT_ID;

/// Why nobody is registered.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    /// Fields are not accepted.
    #[error("some fields are refused")]
    Refused(Vec<FieldError>),
    /// The address is somebody's.
    #[error("somebody is registered with this address")]
    EmailTaken,
    /// The handle is somebody's, or reserved.
    #[error("somebody has this Chatwork ID")]
    ChatworkIdTaken,
    /// The trigger of the user pool does not work.
    #[error(transparent)]
    Trigger(#[from] FunctionError),
    /// The table cannot be reached.
    #[error(transparent)]
    Administration(#[from] AdministrationError),
}

impl RegistrationError {
    /// What is wrong with which field, where that is the reason.
    pub fn errors(&self) -> Vec<FieldError> {
        match self {
            Self::Refused(errors) => errors.clone(),
            Self::EmailTaken => vec![FieldError::new("/email", "email_taken", self.to_string())],
            Self::ChatworkIdTaken => vec![FieldError::new("/chatwork_id", "chatwork_id_taken", self.to_string())],
            Self::Trigger(_) | Self::Administration(_) => Vec::new(),
        }
    }
}

/// What `POST /_local/users` takes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The reading of the name.
    pub reading: Option<String>,
    /// The handle.
    pub chatwork_id: Option<String>,
    /// The organisation's name.
    pub organization: Option<String>,
    /// The department.
    pub department: Option<String>,
    /// `ja` or `en`.
    pub locale: Option<String>,
}

/// A registration whose fields are all accepted.
pub(super) struct Checked {
    pub(super) name: PersonName,
    pub(super) email: EmailAddress,
    pub(super) reading: Option<PersonName>,
    pub(super) chatwork_id: Option<ChatworkId>,
    pub(super) organization: Option<PersonName>,
    pub(super) department: Option<PersonName>,
    pub(super) locale: Locale,
}

pub(super) fn check(registration: &Registration) -> Result<Checked, RegistrationError> {
    let mut errors = Vec::new();
    let mut keep = |pointer: &'static str, error: Invalid| errors.push(FieldError::of(pointer, error));
    let name = PersonName::parse(&registration.name)
        .map_err(|error| keep("/name", error))
        .ok();
    let email = EmailAddress::parse(&registration.email)
        .map_err(|error| keep("/email", error))
        .ok();
    let reading = optional(&registration.reading).map(PersonName::parse).transpose();
    let reading = reading.map_err(|error| keep("/reading", error)).ok();
    let chatwork_id = optional(&registration.chatwork_id).map(ChatworkId::parse).transpose();
    let chatwork_id = chatwork_id.map_err(|error| keep("/chatwork_id", error)).ok();
    let organization = optional(&registration.organization).map(PersonName::parse).transpose();
    let organization = organization.map_err(|error| keep("/organization", error)).ok();
    let department = optional(&registration.department).map(PersonName::parse).transpose();
    let department = department.map_err(|error| keep("/department", error)).ok();
    let locale = match optional(&registration.locale) {
        None | Some("ja") => Some(Locale::Ja),
        Some("en") => Some(Locale::En),
        Some(_) => {
            keep("/locale", Invalid::new("unknown_locale", "ja or en"));
            None
        }
    };
    match (name, email, reading, chatwork_id, organization, department, locale) {
        (
            Some(name),
            Some(email),
            Some(reading),
            Some(chatwork_id),
            Some(organization),
            Some(department),
            Some(locale),
        ) => Ok(Checked {
            name,
            email,
            reading,
            chatwork_id,
            organization,
            department,
            locale,
        }),
        _ => Err(RegistrationError::Refused(errors)),
    }
}

/// An empty text is none, as in a CSV file.
fn optional(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.trim().is_empty())
}

/// The user pool's event after a sign-up; its attributes are all texts.
pub(super) fn sign_up_event(user_id: &UserId, person: &Checked) -> Value {
    let mut attributes = json!({
        "sub": user_id,
        "email": person.email.as_str(),
        "email_verified": "true",
        "cognito:user_status": "CONFIRMED",
        "name": person.name,
        "locale": person.locale.tag(),
    });
    if let (Some(reading), Some(attributes)) = (&person.reading, attributes.as_object_mut()) {
        attributes.insert("custom:reading".to_owned(), json!(reading));
    }
    json!({
        "version": "1",
        "triggerSource": "PostConfirmation_ConfirmSignUp",
        "region": REGION,
        "userPoolId": format!("{REGION}_local"),
        "userName": user_id,
        "callerContext": {"awsSdkVersion": "contacts-local", "clientId": CLIENT_ID},
        "request": {"userAttributes": attributes},
        "response": {},
    })
}
