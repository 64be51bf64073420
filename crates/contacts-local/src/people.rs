//! Registering people as the user pool and the administration do, and signing them in.

use std::sync::Arc;

use contacts::{ChatworkId, EmailAddress, Locale, PersonName, UserId, folding::fold, random::new_ulid};
use local_aws::{REGION, clock::Clock, lambda::Invoker};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use contacts_runtime::system::SystemRandom;

use crate::{
    administration::{Administration, AdministrationError, Person, Who},
    problem::{Fault, Problem},
    tokens::{CLIENT_ID, Tokens},
    wiring::product_time,
};

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

struct Checked {
    name: PersonName,
    email: EmailAddress,
    reading: Option<PersonName>,
    chatwork_id: Option<ChatworkId>,
    organization: Option<PersonName>,
    department: Option<String>,
    locale: Locale,
}

/// Registers people and signs them in.
pub struct People {
    administration: Arc<dyn Administration>,
    invoker: Invoker,
    tokens: Tokens,
    clock: Arc<Clock>,
}

impl People {
    /// With the administration's means and the issuer's key.
    pub fn new(administration: Arc<dyn Administration>, invoker: Invoker, tokens: Tokens, clock: Arc<Clock>) -> Self {
        Self {
            administration,
            invoker,
            tokens,
            clock,
        }
    }

    /// Registers a person: what the user pool checks, its trigger, then what the administration sets.
    ///
    /// # Errors
    /// 422 naming the field, 409 when address or handle are taken, 503 when a function fails.
    pub async fn register(&self, registration: &Registration) -> Result<UserId, Problem> {
        let user_id = new_ulid(product_time(self.clock.now()), &SystemRandom).to_string();
        let user_id = UserId::parse(&user_id).map_err(|error| Problem::unavailable(error.detail))?;
        self.register_as(user_id, registration).await
    }

    /// Registers a person whose id is known beforehand.
    ///
    /// # Errors
    /// As [`People::register`].
    pub async fn register_as(&self, user_id: UserId, registration: &Registration) -> Result<UserId, Problem> {
        let person = check(registration)?;
        if let Some(chatwork_id) = &person.chatwork_id {
            match self
                .administration
                .find(&Who::ChatworkId(chatwork_id.clone()))
                .await
                .map_err(failed)?
            {
                Some(found) if found.email == person.email.as_str() => return Err(email_taken()),
                Some(_) => return Err(chatwork_id_taken()),
                None => {}
            }
        }
        let event = trigger("PostConfirmation_ConfirmSignUp", &user_id, &person);
        if let Err(error) = self.invoker.invoke("sign-up", event).await {
            // The trigger refuses an address that somebody has, without a code to tell it by.
            let who = Who::Email(person.email);
            match self.administration.find(&who).await.map_err(failed)? {
                // It did its work, and only the answer of the table was lost.
                Some(found) if found.user_id == user_id => {}
                Some(_) => return Err(email_taken()),
                None => return Err(Problem::unavailable(&error.to_string())),
            }
        }
        if person.organization.is_some() || person.department.is_some() {
            let (organization, department) = (person.organization.as_ref(), person.department.as_deref());
            let assigned = self
                .administration
                .assign_organization(&user_id, organization, department);
            assigned.await.map_err(failed)?;
        }
        if let Some(chatwork_id) = &person.chatwork_id {
            let given = self
                .administration
                .set_chatwork_id(&user_id, chatwork_id)
                .await
                .map_err(failed)?;
            if !given {
                return Err(chatwork_id_taken());
            }
        }
        Ok(user_id)
    }

    /// Who has this address.
    ///
    /// # Errors
    /// 422 when it is none, 404 when nobody has it.
    pub async fn with_email(&self, email: &str) -> Result<UserId, Problem> {
        let email = EmailAddress::parse(email).map_err(|error| refused("/email", error))?;
        let person = self.administration.find(&Who::Email(email)).await.map_err(failed)?;
        person
            .map(|person| person.user_id)
            .ok_or_else(|| Problem::not_found("nobody has this address"))
    }

    /// Whom one can sign in as: everybody with this in the name, the address or the organisation.
    ///
    /// # Errors
    /// 503 when the table cannot be read.
    pub async fn matching(&self, text: &str) -> Result<Vec<Person>, Problem> {
        let wanted = fold(text);
        let mut people = self.administration.list().await.map_err(failed)?;
        people.retain(|person| {
            let organization = person.organization.as_deref().unwrap_or_default();
            [&person.name, &person.email, organization]
                .iter()
                .any(|text| fold(text).contains(&wanted))
        });
        Ok(people)
    }

    /// An access token.
    ///
    /// # Errors
    /// 503 when the key cannot sign.
    pub fn token(&self, user_id: &UserId) -> Result<String, Problem> {
        self.tokens
            .issue(user_id)
            .ok_or_else(|| Problem::unavailable("the key cannot sign"))
    }
}

fn check(registration: &Registration) -> Result<Checked, Problem> {
    let mut faults = Vec::new();
    let mut keep = |pointer: &'static str, error: contacts::Invalid| faults.push(Fault::of(pointer, error));
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
            keep("/locale", contacts::Invalid::new("unknown_locale", "ja or en"));
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
        ) => {
            let department = department.map(|department| department.as_str().to_owned());
            Ok(Checked {
                name,
                email,
                reading,
                chatwork_id,
                organization,
                department,
                locale,
            })
        }
        _ => Err(Problem::refused(faults)),
    }
}

/// An empty text is none, as in a CSV file.
fn optional(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.trim().is_empty())
}

/// The user pool's event; its attributes are all texts.
fn trigger(source: &str, user_id: &UserId, person: &Checked) -> Value {
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
        "triggerSource": source,
        "region": REGION,
        "userPoolId": format!("{REGION}_local"),
        "userName": user_id,
        "callerContext": {"awsSdkVersion": "contacts-local", "clientId": CLIENT_ID},
        "request": {"userAttributes": attributes},
        "response": {},
    })
}

fn refused(pointer: &'static str, error: contacts::Invalid) -> Problem {
    Problem::refused(vec![Fault::of(pointer, error)])
}

fn email_taken() -> Problem {
    Problem::taken("/email", "email_taken", "somebody is registered with this address")
}

fn chatwork_id_taken() -> Problem {
    Problem::taken("/chatwork_id", "chatwork_id_taken", "somebody has this Chatwork ID")
}

fn failed(error: AdministrationError) -> Problem {
    tracing::error!(%error, "administration");
    Problem::unavailable("the table cannot be reached")
}
