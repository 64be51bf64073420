//! Actors for the black-box tests: a world, the people in it, and what they do through the HTTP API.
//!
//! ```ignore
//! let world = World::start().await;
//! let aiko = world.person("田中愛子").await;
//! let ben = world.person("Ben Tanaka").await;
//! let sent = aiko.post("/contact-requests", json!({"user_id": ben.id})).await.expect(201);
//! ```
//!
//! A world is the local stack in this process, in memory, on a free port, with the template and the
//! functions as they are deployed. Everything goes through its port.

#![allow(
    clippy::indexing_slicing,
    reason = "a `Value` answers null where there is nothing; a test may fail by a panic"
)]

pub mod links;
pub mod mail;

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use contacts_local::{Options, Stack, stack};
use reqwest::{Client, Method, Request, RequestBuilder};
use serde_json::{Value, json};

pub use relations::{Count, DAY, at_once};

mod recording;
mod relations;

use recording::Recording;

/// A running stack, and a client to it.
pub struct World {
    stack: Stack,
    client: Client,
    people: AtomicUsize,
    /// Whether the stream or the schedule reaches the mailer.
    has_mailer: bool,
    recording: Option<Recording>,
}

/// Someone registered, with a token.
#[derive(Clone)]
pub struct Person {
    /// `user_id`.
    pub id: String,
    /// The address.
    pub email: String,
    /// The bearer token.
    pub token: String,
    base: String,
    client: Client,
}

/// An answer: status, headers, and the body as JSON (null when there is none).
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: reqwest::header::HeaderMap,
    /// The body's text.
    pub text: String,
    /// The body as JSON; null when it is none.
    pub json: Value,
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .unwrap_or_default()
}

impl World {
    /// A world with everything on.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// A world with other options.
    #[expect(clippy::panic, reason = "a test cannot go on without a world")]
    pub async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options::in_memory(root().join("infra/template.yaml"));
        change(&mut options);
        let has_mailer = !(options.no_stream && options.no_schedule);
        let world = match stack::start(options).await {
            Ok(stack) => Self {
                recording: Recording::begin(&stack.origin()),
                stack,
                client: Client::new(),
                people: AtomicUsize::new(0),
                has_mailer,
            },
            Err(error) => panic!("the stack does not start: {error}"),
        };
        if world.recording.is_some()
            && let Err(error) = world.begin_when_recorded().await
        {
            panic!("the world cannot be recorded: {error}");
        }
        world
    }

    /// A world whose functions find other values in their environment than the template gives.
    #[expect(clippy::panic, reason = "a test cannot go on without a world")]
    pub async fn with_settings(settings: &[(&str, &str)]) -> Self {
        static WORLDS: AtomicUsize = AtomicUsize::new(0);
        let setting = |line: &str| {
            let (name, _) = line.trim_start().split_once(':')?;
            let (_, value) = settings.iter().find(|(set, _)| *set == name)?;
            let indent = line.len() - line.trim_start().len();
            Some(format!("{:indent$}{name}: \"{value}\"\n", ""))
        };
        let number = WORLDS.fetch_add(1, Ordering::Relaxed);
        let copy = std::env::temp_dir().join(format!("template-{}-{number}.yaml", std::process::id()));
        let edited = std::fs::read_to_string(root().join("infra/template.yaml")).and_then(|template| {
            let lines = template
                .lines()
                .map(|line| setting(line).unwrap_or_else(|| format!("{line}\n")));
            std::fs::write(&copy, lines.collect::<String>())
        });
        if let Err(error) = edited {
            panic!("the template cannot be edited: {error}");
        }
        let world = Self::with(|options| options.template.clone_from(&copy)).await;
        let _ = std::fs::remove_file(&copy);
        world
    }

    /// The stack.
    pub fn stack(&self) -> &Stack {
        &self.stack
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        self.stack.origin()
    }

    /// Ends it cleanly.
    pub async fn stop(mut self) {
        if let Some(mut recording) = self.recording.take() {
            recording.set_mails(self.all_mail().await.unwrap_or_default());
        }
        self.stack.shutdown().await;
    }

    /// All recorded worlds begin at one time. Not recorded itself.
    async fn begin_when_recorded(&self) -> Result<(), reqwest::Error> {
        let clock = self.request(Method::GET, "/_local/clock").build()?;
        let now = send(&self.client, clock).await?.json["unix_seconds"].as_u64();
        let ahead = json!({"advance_seconds": recording::BEGINNING.saturating_sub(now.unwrap_or_default())});
        let clock = self.request(Method::POST, "/_local/clock").json(&ahead).build()?;
        send(&self.client, clock).await?;
        if self.has_mailer {
            let idle = self.request(Method::POST, "/_local/idle").build()?;
            send(&self.client, idle).await?;
        }
        Ok(())
    }

    /// What was mailed in all, once everything is worked off that can be. Not recorded itself.
    async fn all_mail(&self) -> Result<Vec<Value>, reqwest::Error> {
        let idle = self.request(Method::POST, "/_local/idle").build()?;
        send(&self.client, idle).await?;
        let mail = self.request(Method::GET, "/_local/mail").build()?;
        let mail = send(&self.client, mail).await?;
        Ok(mail.json["mail"].as_array().cloned().unwrap_or_default())
    }

    /// Registers somebody with a name; the address is made up and unique.
    pub async fn person(&self, name: &str) -> Person {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        self.register(json!({"name": name, "email": format!("person{number}@people.example")}))
            .await
    }

    /// Registers somebody with everything given, as `POST /_local/users` takes it.
    pub async fn register(&self, person: Value) -> Person {
        let email = person["email"].as_str().unwrap_or_default().to_owned();
        let made = self.post("/_local/users", person).await.expect(201);
        Person {
            id: made["user_id"].as_str().unwrap_or_default().to_owned(),
            email,
            token: made["access_token"].as_str().unwrap_or_default().to_owned(),
            base: self.origin(),
            client: self.client.clone(),
        }
    }

    /// Waits until stream and due mail are worked off; for nothing in a world where they never are.
    pub async fn idle(&self) {
        if self.has_mailer {
            self.post("/_local/idle", json!({})).await.expect(200);
        }
    }

    /// Lets time pass, then waits for what became due.
    pub async fn pass(&self, seconds: u64) {
        self.post("/_local/clock", json!({"advance_seconds": seconds}))
            .await
            .expect(200);
        self.idle().await;
    }

    /// Mail captured for an address, oldest first, after everything is worked off.
    pub async fn mail_to(&self, address: &str) -> Vec<Value> {
        self.idle().await;
        let mail = self.request(Method::GET, "/_local/mail").query(&[("to", address)]);
        answer(mail).await.expect(200)["mail"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    }

    /// AWS calls since the last reset, by operation.
    pub async fn calls(&self) -> Value {
        self.get("/_local/calls").await.expect(200)["calls"].clone()
    }

    /// Resets the count of AWS calls.
    pub async fn reset_calls(&self) {
        let reset = answer(self.request(Method::DELETE, "/_local/calls")).await;
        assert!(reset.status < 300, "{reset:?}");
    }

    /// A GET without a token.
    pub async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    /// A POST of JSON without a token.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::POST, path).json(&body)).await
    }

    /// Any request, not yet sent.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.origin()))
    }
}

impl Person {
    /// A GET.
    pub async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    /// A POST of JSON.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::POST, path).json(&body)).await
    }

    /// A POST of JSON with an `Idempotency-Key`.
    pub async fn post_once(&self, key: &str, path: &str, body: Value) -> Answer {
        answer(
            self.request(Method::POST, path)
                .header("idempotency-key", key)
                .json(&body),
        )
        .await
    }

    /// A PATCH of JSON.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::PATCH, path).json(&body)).await
    }

    /// A PUT without a body.
    pub async fn put(&self, path: &str) -> Answer {
        answer(self.request(Method::PUT, path)).await
    }

    /// A DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        answer(self.request(Method::DELETE, path)).await
    }

    /// Any request with this person's token, not yet sent.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token)
    }

    /// Searches, and answers with `users`.
    pub async fn search(&self, q: &str) -> Vec<Value> {
        let found = answer(self.request(Method::GET, "/users").query(&[("q", q)]))
            .await
            .expect(200);
        found["users"].as_array().cloned().unwrap_or_default()
    }
}

/// Sends a request and reads its answer, for the recording too.
#[expect(clippy::panic, reason = "a test whose connection breaks has failed")]
pub async fn answer(request: RequestBuilder) -> Answer {
    let (client, request) = request.build_split();
    let sent = async {
        let request = request?;
        let place = recording::sends(&request);
        let answer = send(&client, request).await?;
        place.into_iter().for_each(|place| place.answered(&answer));
        Ok::<_, reqwest::Error>(answer)
    };
    sent.await.unwrap_or_else(|error| panic!("no answer: {error}"))
}

async fn send(client: &Client, request: Request) -> Result<Answer, reqwest::Error> {
    let response = client.execute(request).await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await?;
    Ok(Answer {
        status,
        headers,
        json: serde_json::from_str(&text).unwrap_or(Value::Null),
        text,
    })
}

impl Answer {
    /// The body, if the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json
    }

    /// The stable code of a problem, which must be one.
    #[track_caller]
    pub fn problem(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.text);
        let kind = self.headers.get("content-type").and_then(|kind| kind.to_str().ok());
        assert_eq!(kind, Some("application/problem+json"), "{}", self.text);
        assert_eq!(self.json["status"], status, "{}", self.text);
        self.json["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The pointers of a problem's faults.
    pub fn pointers(&self) -> Vec<String> {
        let faults = self.json["errors"].as_array().cloned().unwrap_or_default();
        faults
            .iter()
            .filter_map(|fault| fault["pointer"].as_str().map(str::to_owned))
            .collect()
    }
}
