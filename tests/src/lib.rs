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
//! functions as they are deployed. Everything goes through its port. When it is dropped, what waits for
//! the mailer is worked off; what never gets done fails the test.

#![allow(
    clippy::indexing_slicing,
    reason = "a `Value` answers null where there is nothing; a test may fail by a panic"
)]

pub mod links;
pub mod mail;

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
};

use contacts_local::{Options, Stack, stack};
use local_aws::{calls::Calls, clients::uncounted_dynamodb};
use reqwest::{Client, Method, Request, RequestBuilder};
use serde_json::{Value, json};
use tokio::runtime::{self, Runtime};

pub use recording::masked;
pub use relations::{Count, DAY, at_once};

mod recording;
mod relations;

use recording::Recording;

/// A running stack, and a client to it.
pub struct World {
    /// Taken out when the world is dropped.
    running: Option<Running>,
    origin: String,
    calls: Arc<Calls>,
    client: Client,
    people: AtomicUsize,
    /// Whether the stream or the schedule reaches the mailer.
    has_mailer: bool,
    /// Whether what is due gets done.
    has_schedule: bool,
    recording: Option<Recording>,
}

/// A stack on threads of its own: they go on while a test's thread waits for its end.
struct Running {
    stack: Stack,
    runtime: Runtime,
}

impl Running {
    /// # Errors
    /// Why the stack does not start.
    async fn start(options: Options) -> Result<Self, String> {
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        match runtime.spawn(stack::start(options)).await {
            Ok(Ok(stack)) => Ok(Self { stack, runtime }),
            Ok(Err(error)) => Err(error.to_string()),
            Err(panic) => Err(panic.to_string()),
        }
    }

    /// Waits for `last` on the stack's threads, then ends them.
    fn stop<T: Send + 'static>(self, last: impl Future<Output = T> + Send + 'static) -> Option<T> {
        let (ended, end) = mpsc::channel();
        self.runtime.spawn(async move {
            let last = last.await;
            self.stack.shutdown().await;
            let _ = ended.send(last);
        });
        let last = end.recv().ok();
        self.runtime.shutdown_background();
        last
    }
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
pub struct Reply {
    /// Method, path and body of the request, for the message of a test that fails.
    pub asked: String,
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
        let has_schedule = !options.no_schedule;
        let has_mailer = !options.no_stream || has_schedule;
        let world = match Running::start(options).await {
            Ok(running) => Self {
                recording: Recording::begin(&running.stack.origin()),
                origin: running.stack.origin(),
                calls: running.stack.control().dynamodb.calls.clone(),
                running: Some(running),
                client: Client::new(),
                people: AtomicUsize::new(0),
                has_mailer,
                has_schedule,
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
        let setting = |line: &str| {
            let (name, _) = line.trim_start().split_once(':')?;
            let (_, value) = settings.iter().find(|(set, _)| *set == name)?;
            let indent = line.len() - line.trim_start().len();
            Some(format!("{:indent$}{name}: \"{value}\"\n", ""))
        };
        let edited = std::fs::read_to_string(root().join("infra/template.yaml")).and_then(|template| {
            let lines = template
                .lines()
                .map(|line| setting(line).unwrap_or_else(|| format!("{line}\n")));
            let mut copy = tempfile::NamedTempFile::new()?;
            copy.write_all(lines.collect::<String>().as_bytes())?;
            Ok(copy)
        });
        match edited {
            Ok(copy) => Self::with(|options| options.template = copy.path().to_owned()).await,
            Err(error) => panic!("the template cannot be edited: {error}"),
        }
    }

    /// What is counted of the functions' calls of AWS.
    pub fn counts(&self) -> &Calls {
        &self.calls
    }

    /// A client of the table that is not counted and meets no faults.
    #[expect(clippy::panic, reason = "a world runs until it is dropped")]
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        match &self.running {
            Some(running) => uncounted_dynamodb(running.stack.control().dynamodb.engine.clone()),
            None => panic!("the world has ended"),
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        self.origin.clone()
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
    pub async fn get(&self, path: &str) -> Reply {
        answer(self.request(Method::GET, path)).await
    }

    /// A POST of JSON without a token.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        answer(self.request(Method::POST, path).json(&body)).await
    }

    /// Any request, not yet sent.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.origin()))
    }
}

#[expect(clippy::panic, reason = "a test whose world does not end has failed")]
impl Drop for World {
    /// Whatever waits for the mailer gets done first.
    fn drop(&mut self) {
        let Some(running) = self.running.take() else { return };
        if std::thread::panicking() {
            running.runtime.shutdown_background();
            return;
        }
        let (origin, has_mailer) = (self.origin.clone(), self.has_mailer);
        let is_recorded = self.recording.is_some();
        let last = running.stop(async move {
            // The test's own client has connections that wait for the test's thread.
            let client = Client::new();
            let idle = if has_mailer {
                Some(send(&client, client.post(format!("{origin}/_local/idle")).build()?).await?)
            } else {
                None
            };
            let mails = if is_recorded {
                let mail = send(&client, client.get(format!("{origin}/_local/mail")).build()?).await?;
                mail.json["mail"].as_array().cloned().unwrap_or_default()
            } else {
                Vec::new()
            };
            Ok::<_, reqwest::Error>((idle, mails))
        });
        let (idle, mails) = match last {
            Some(Ok(last)) => last,
            unfinished => panic!("the world does not end: {unfinished:?}"),
        };
        if let Some(recording) = &mut self.recording {
            recording.set_mails(mails);
        }
        // Without a schedule, what the stream leaves undone stays so.
        if let Some(idle) = idle.filter(|_| self.has_schedule) {
            assert_eq!(idle.status, 200, "the world is dropped with work undone: {}", idle.text);
        }
    }
}

impl Person {
    /// A GET.
    pub async fn get(&self, path: &str) -> Reply {
        answer(self.request(Method::GET, path)).await
    }

    /// A POST of JSON.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        answer(self.request(Method::POST, path).json(&body)).await
    }

    /// A POST of JSON with an `Idempotency-Key`.
    pub async fn post_once(&self, key: &str, path: &str, body: Value) -> Reply {
        answer(
            self.request(Method::POST, path)
                .header("idempotency-key", key)
                .json(&body),
        )
        .await
    }

    /// A PATCH of JSON.
    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        answer(self.request(Method::PATCH, path).json(&body)).await
    }

    /// A PUT without a body.
    pub async fn put(&self, path: &str) -> Reply {
        answer(self.request(Method::PUT, path)).await
    }

    /// A DELETE.
    pub async fn delete(&self, path: &str) -> Reply {
        answer(self.request(Method::DELETE, path)).await
    }

    /// Any request with this person's token, not yet sent.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token)
    }

    /// Searches, and returns `users`.
    pub async fn search(&self, q: &str) -> Vec<Value> {
        let found = answer(self.request(Method::GET, "/users").query(&[("q", q)]))
            .await
            .expect(200);
        found["users"].as_array().cloned().unwrap_or_default()
    }
}

/// Sends a request and reads its answer, for the recording too.
#[expect(clippy::panic, reason = "a test whose connection breaks has failed")]
pub async fn answer(request: RequestBuilder) -> Reply {
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

async fn send(client: &Client, request: Request) -> Result<Reply, reqwest::Error> {
    let asked = request_line(&request);
    let response = client.execute(request).await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await?;
    Ok(Reply {
        asked,
        status,
        headers,
        json: serde_json::from_str(&text).unwrap_or(Value::Null),
        text,
    })
}

/// A request in one line, as much of its body as tells one from another.
fn request_line(request: &Request) -> String {
    let url = request.url();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let body = request.body().and_then(|body| body.as_bytes()).unwrap_or_default();
    let body: String = String::from_utf8_lossy(body).chars().take(200).collect();
    format!("{} {}{query} {body}", request.method(), url.path())
}

impl Reply {
    /// The body, if the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        self.json
    }

    /// The stable code of a problem, which must be one.
    #[track_caller]
    pub fn problem(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        let kind = self.headers.get("content-type").and_then(|kind| kind.to_str().ok());
        assert_eq!(kind, Some("application/problem+json"), "{}: {}", self.asked, self.text);
        assert_eq!(self.json["status"], status, "{}: {}", self.asked, self.text);
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
