//! Demo data for a new folder: people to play with, and requests and invitations under way.
//!
//! All of it is made as people would: registered like anyone, the rest through the HTTP API. A file of the
//! folder says what is made while something is missing, so that a start that was cut short is made up for.

use std::{
    collections::BTreeSet,
    fs::{File, OpenOptions},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use contacts::UserId;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::registration::{Registration, RegistrationError};
use crate::control::Control;

/// What is made: `demo.json`.
#[derive(Deserialize)]
struct Demo {
    people: Vec<DemoPerson>,
    /// The last two pairs become contacts: a request that crosses another connects.
    requests: Vec<DemoRequest>,
    invitations: Vec<DemoInvitation>,
}

/// The rest follows from the handle, and from the reading: who has one is Japanese.
#[derive(Deserialize)]
struct DemoPerson {
    handle: String,
    name: String,
    reading: Option<String>,
    organization: Option<String>,
}

#[derive(Deserialize)]
struct DemoRequest {
    from: String,
    to: String,
    message: String,
}

#[derive(Deserialize)]
struct DemoInvitation {
    from: String,
    to: Vec<String>,
    message: String,
    locale: String,
}

impl Demo {
    fn read() -> Result<Self, String> {
        serde_json::from_str(include_str!("demo.json")).map_err(|error| format!("demo.json: {error}"))
    }
}

/// What is made of a folder's demo data: a file with a line for each step, there while a step is missing.
#[derive(Debug)]
pub struct Progress {
    file: PathBuf,
    made: BTreeSet<String>,
}

impl Progress {
    /// Notes that a folder is to have demo data. This comes before its database, which says that it is not new.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn begin(file: &Path) -> std::io::Result<()> {
        File::create(file).map(|_| ())
    }

    /// What is made by now; `None` when nothing is missing.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(file: PathBuf) -> std::io::Result<Option<Self>> {
        match std::fs::read_to_string(&file) {
            Ok(text) => Ok(Some(Self {
                made: text.lines().map(str::to_owned).collect(),
                file,
            })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn lacks(&self, step: &str) -> bool {
        !self.made.contains(step)
    }

    fn keep(&self, step: &str) -> Result<(), String> {
        let file = OpenOptions::new().append(true).open(&self.file);
        let kept = file.and_then(|mut file| file.write_all(format!("{step}\n").as_bytes()));
        kept.map_err(|error| format!("{}: {error}", self.file.display()))
    }
}

/// Makes what is missing. Each step is made once, and what its people did with it since is left alone; a step
/// whose end was not noted is made again, which changes nothing.
///
/// # Errors
/// Why the rest has to wait: a function or the table cannot be reached.
pub async fn complete(control: &Control, origin: &str, progress: Progress) -> Result<(), String> {
    let demo = Demo::read()?;
    for person in &demo.people {
        if progress.lacks(&person.handle) {
            register(control, person).await?;
            progress.keep(&person.handle)?;
        }
    }
    let client = Client {
        http: reqwest::Client::new(),
        control,
        origin,
    };
    for DemoRequest { from, to, message } in &demo.requests {
        let step = format!("{from} asks {to}");
        if progress.lacks(&step) {
            let request = json!({"user_id": user_id(to)?, "message": message});
            client.post("/contact-requests", from, &request).await?;
            progress.keep(&step)?;
        }
    }
    for invitation in &demo.invitations {
        let DemoInvitation {
            from, message, locale, ..
        } = invitation;
        let step = format!("{from} invites");
        if progress.lacks(&step) {
            let emails: Vec<_> = invitation.to.iter().map(|handle| address(handle)).collect();
            let request = json!({"emails": emails, "message": message, "locale": locale});
            client.post("/invitations", from, &request).await?;
            progress.keep(&step)?;
        }
    }
    std::fs::remove_file(&progress.file).map_err(|error| format!("{}: {error}", progress.file.display()))
}

async fn register(control: &Control, person: &DemoPerson) -> Result<(), String> {
    let handle = &person.handle;
    let locale = if person.reading.is_some() { "ja" } else { "en" };
    let registration = Registration {
        name: person.name.clone(),
        email: address(handle),
        reading: person.reading.clone(),
        chatwork_id: Some(format!("demo-{handle}")),
        organization: person.organization.clone(),
        department: None,
        locale: Some(locale.to_owned()),
    };
    match control.people.register_as(user_id(handle)?, &registration).await {
        Ok(_) => Ok(()),
        // Somebody has the address or the handle: whoever it is, is left alone.
        Err(RegistrationError::EmailTaken | RegistrationError::ChatworkIdTaken) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// An id that the files of `events/` can name.
fn user_id(handle: &str) -> Result<UserId, String> {
    UserId::parse(&format!("demo-{handle}")).map_err(|invalid| invalid.to_string())
}

fn address(handle: &str) -> String {
    format!("{handle}@demo.example")
}

struct Client<'a> {
    http: reqwest::Client,
    control: &'a Control,
    origin: &'a str,
}

impl Client<'_> {
    /// Sends a call as one of the demo people. What is refused stays so, and the rest goes on without it.
    async fn post(&self, path: &str, from: &str, body: &Value) -> Result<(), String> {
        let token = self.control.tokens.issue(&user_id(from)?);
        let request = self
            .http
            .post(format!("{}{path}", self.origin))
            .bearer_auth(token.map_err(|error| error.to_string())?)
            .json(body);
        let response = request.send().await.map_err(|error| error.to_string())?;
        let status = response.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(format!("POST {path} answers {status}"));
        }
        if !status.is_success() {
            // Its body may name the people of the request.
            tracing::warn!("demo data: POST {path} answers {status}");
        }
        Ok(())
    }
}
