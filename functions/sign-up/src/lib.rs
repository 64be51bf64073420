//! The user pool's trigger: makes the user, nothing else.
//!
//! Cognito gives a trigger five seconds and wants its event back. It runs after the confirmation of a
//! sign-up, and after every sign-in, where it finds the user there; that covers users whom the first
//! run missed. The stream does the rest (invitations become requests).

use std::collections::HashMap;

use contacts::{EmailAddress, Locale, PersonName, UserId, value::trim};
use contacts_dynamodb::{
    Store, StoreError,
    user::{NewUser, Registered},
};
use contacts_runtime::logs::{self, Ending};
use lambda_runtime::LambdaEvent;
use serde::Deserialize;
use serde_json::Value;

/// The sources of events that make a user.
const AFTER_SIGN_UP: &str = "PostConfirmation_ConfirmSignUp";
const AFTER_SIGN_IN: &str = "PostAuthentication_Authentication";

/// The trigger, with what it needs.
#[derive(Clone)]
pub struct Trigger {
    /// The store.
    pub store: Store,
    /// The attribute that says who it is in tokens: `sub`, unless the deployment says otherwise.
    pub user_id_claim: String,
}

/// Why nobody was made. Cognito shows the text to the person, so it says no more than it must.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// The event is not one of a user pool.
    #[error("the event cannot be read")]
    Unreadable,
    /// An attribute is missing or cannot be used.
    #[error("the attribute {0} cannot be used")]
    Attribute(String),
    /// Another user has the address.
    #[error("the address is taken")]
    AddressTaken,
    /// The store could not do it; a later sign-in tries again.
    #[error("the service is not available now")]
    Store(#[source] StoreError),
}

/// What of the event matters.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    trigger_source: String,
    request: TriggerRequest,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TriggerRequest {
    #[serde(default)]
    user_attributes: HashMap<String, String>,
}

impl Trigger {
    /// Handles one event, and gives it back.
    ///
    /// # Errors
    /// When nobody could be made: the sign-up, or the sign-in, fails.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Value, SignUpError> {
        let LambdaEvent { payload, context } = event;
        let route = route(&payload);
        logs::event(&context.request_id, route, self.answer(payload), ending).await
    }

    async fn answer(&self, event: Value) -> Result<Value, SignUpError> {
        let Event {
            trigger_source,
            request,
        } = Event::deserialize(&event).map_err(|_| SignUpError::Unreadable)?;
        let attributes = request.user_attributes;
        let verified = attributes
            .get("email_verified")
            .is_some_and(|verified| verified == "true");
        let is_ours = [AFTER_SIGN_UP, AFTER_SIGN_IN].contains(&trigger_source.as_str());
        if is_ours && verified {
            match self.store.register(new_user(&self.user_id_claim, &attributes)?).await {
                Ok(Registered::Created(_) | Registered::Existing(_)) => {}
                Ok(Registered::AddressTaken) => return Err(SignUpError::AddressTaken),
                Err(error) => return Err(SignUpError::Store(error)),
            }
        }
        Ok(event)
    }
}

/// Who is to be registered, by the attributes that the pool has.
fn new_user(claim: &str, attributes: &HashMap<String, String>) -> Result<NewUser, SignUpError> {
    let get = |name: &str| {
        attributes
            .get(name)
            .map(String::as_str)
            .filter(|text| !trim(text).is_empty())
    };
    let wrong = |name: &str| SignUpError::Attribute(name.to_owned());
    let user_id = get(claim)
        .and_then(|text| UserId::parse(text).ok())
        .ok_or_else(|| wrong(claim))?;
    let email = get("email")
        .and_then(|text| EmailAddress::parse(text).ok())
        .ok_or_else(|| wrong("email"))?;
    // Whoever is verified comes in: name and reading are the provider's, and nobody at hand can change them there.
    // Who gives no name that could be shown is called by what is before the @, without the quotes it may need.
    let name = get("name")
        .and_then(PersonName::cleaned)
        .or_else(|| {
            email
                .as_str()
                .split('@')
                .next()
                .map(|local| local.trim_matches('"'))
                .and_then(PersonName::cleaned)
        })
        .ok_or_else(|| wrong("name"))?;
    let reading = get("custom:reading").and_then(|text| PersonName::parse(text).ok());
    let locale = if get("locale").is_some_and(|tag| tag.to_ascii_lowercase().starts_with("en")) {
        Locale::En
    } else {
        Locale::Ja
    };
    Ok(NewUser {
        user_id,
        name,
        reading,
        email,
        locale,
    })
}

/// What the log calls the event: the words of the event itself only where they are known ones.
fn route(event: &Value) -> &'static str {
    let source = event.get("triggerSource").and_then(Value::as_str);
    let known = [AFTER_SIGN_UP, AFTER_SIGN_IN];
    known.into_iter().find(|known| source == Some(known)).unwrap_or("other")
}

fn ending(answer: &Result<Value, SignUpError>) -> Ending {
    match answer {
        Ok(_) => Ending::DONE,
        Err(SignUpError::Store(_)) => Ending::FAILED,
        Err(SignUpError::Unreadable | SignUpError::Attribute(_) | SignUpError::AddressTaken) => Ending::REFUSED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s01_whoever_is_verified_comes_in_whatever_the_provider_calls_them() {
        for (name, reading, expected) in [
            ("Emi \u{2764}\u{fe0f}", "", ("Emi \u{2764}\u{fe0f}", false)),
            ("Rin\u{200f}", "emi", ("Rin", true)),
            ("Taro\nTanaka", "a\u{202e}b", ("Taro Tanaka", false)),
            ("\u{200b}\u{1d159}", &"a".repeat(70), ("rin.k", false)),
            (" ", "\n", ("rin.k", false)),
        ] {
            let attributes = [
                ("sub", "u1"),
                ("email", "rin.k@people.example"),
                ("name", name),
                ("custom:reading", reading),
            ];
            let attributes = attributes.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
            let user = new_user("sub", &attributes).unwrap();
            let found = (user.name.as_str(), user.reading.is_some());
            assert_eq!(found, expected, "{name:?} {reading:?}");
        }
    }
}
