//! The program as a shell sees it: what it prints, how it ends, what it keeps, and what it makes of
//! an edited template.

// The lint's allowance for tests stops at their helpers.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    time::Duration,
};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

/// Far more than any step takes; a process that hangs fails the test instead of holding it up.
const PATIENCE: Duration = Duration::from_secs(120);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The program in the workspace's folder, as `cargo run` starts it.
fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contacts-local"));
    command.current_dir(root()).args(arguments).stdin(Stdio::null());
    command
}

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("contacts-process-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        std::fs::write(self.0.join(name), text).unwrap();
        self.path(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A stack in a process of its own, killed when dropped.
struct Running {
    child: Child,
    origin: String,
    client: Client,
}

impl Running {
    /// Starts it, and waits for the last line of what it prints.
    fn start(arguments: &[&str]) -> Self {
        let mut child = program(arguments)
            .args(["--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (lines, printed) = mpsc::channel();
        std::thread::spawn(move || {
            output
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| lines.send(line))
        });
        let mut origin = None;
        loop {
            let line = printed.recv_timeout(PATIENCE).expect("it says where everything is");
            if let Some(address) = line.strip_prefix("HTTP API") {
                origin = Some(address.trim().to_owned());
            }
            if line == "Ctrl-C ends it." {
                break;
            }
        }
        Self {
            child,
            origin: origin.expect("the address of the HTTP API"),
            client: Client::new(),
        }
    }

    fn port(&self) -> &str {
        self.origin.rsplit(':').next().unwrap()
    }

    /// Ctrl-C, as a terminal sends it.
    fn interrupt(mut self) -> ExitStatus {
        let kill = Command::new("kill")
            .args(["-INT", &self.child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        ended(&mut self.child)
    }

    async fn token(&self, email: &str) -> String {
        let request = self.client.post(format!("{}/_local/token", self.origin));
        let response = request.json(&json!({"email": email})).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "a token for {email}");
        let answer: Value = response.json().await.unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Status, content type and body.
    async fn get(&self, path: &str, token: &str) -> (StatusCode, String, Value) {
        let mut request = self.client.get(format!("{}{path}", self.origin));
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let kind = response.headers().get("content-type").cloned();
        let kind = kind.map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
        let body = serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default();
        (status, kind, body)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for the end of a process, within bounds.
fn ended(child: &mut Child) -> ExitStatus {
    let limit = std::time::Instant::now() + PATIENCE;
    loop {
        match child.try_wait().unwrap() {
            Some(status) => return status,
            None if std::time::Instant::now() > limit => panic!("process {} does not end", child.id()),
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// Runs it to its end.
fn run(arguments: &[&str]) -> Output {
    let mut child = program(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let out = std::thread::spawn(move || {
        let mut text = Vec::new();
        out.read_to_end(&mut text).map(|_| text)
    });
    let err = std::thread::spawn(move || {
        let mut text = Vec::new();
        err.read_to_end(&mut text).map(|_| text)
    });
    let status = ended(&mut child);
    Output {
        status,
        stdout: out.join().unwrap().unwrap(),
        stderr: err.join().unwrap().unwrap(),
    }
}

/// It ends with exit code 1, nothing on stdout and one line on stderr that holds each of `words`.
fn refused(arguments: &[&str], words: &[&str]) {
    let output = run(arguments);
    let (out, err) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {err}");
    assert_eq!(out, "", "{arguments:?}");
    assert_eq!(err.lines().count(), 1, "{arguments:?}: {err}");
    for word in words {
        assert!(err.contains(word), "{arguments:?}: {word:?} is not in {err}");
    }
}

/// The template with one text replaced, in a folder.
fn edited(folder: &Folder, from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(root().join("infra/template.yaml")).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from:?} in the template");
    folder.write("template.yaml", text.replace(from, to))
}

const ME: &str = "        Me: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /me, Method: ANY}}\n";

#[tokio::test]
async fn a_second_run_finds_what_the_first_left() {
    let folder = Folder::new();
    let data = folder.path("data");
    let first = Running::start(&["--data", &data]);
    let aiko = first.token("aiko@demo.example").await;
    let (status, _, before) = first.get("/contact-requests?direction=incoming", &aiko).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        !before["contact_requests"].as_array().unwrap().is_empty(),
        "demo data: {before}"
    );
    assert_eq!(first.interrupt().code(), Some(0), "Ctrl-C");

    let second = Running::start(&["--data", &data]);
    let aiko = second.token("aiko@demo.example").await;
    let (_, _, after) = second.get("/contact-requests?direction=incoming", &aiko).await;
    assert_eq!(after, before);
    assert_eq!(second.interrupt().code(), Some(0), "Ctrl-C");
}

#[tokio::test]
async fn with_memory_it_starts_empty() {
    let stack = Running::start(&["--memory"]);
    let request = stack.client.post(format!("{}/_local/token", stack.origin));
    let answer = request
        .json(&json!({"email": "aiko@demo.example"}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND, "no demo data");
    assert_eq!(stack.interrupt().code(), Some(0), "Ctrl-C");
}

#[test]
fn what_keeps_it_from_starting_is_one_line() {
    let folder = Folder::new();
    let data = folder.path("data");
    let stack = Running::start(&["--data", &data]);
    let pid = stack.child.id().to_string();
    refused(
        &["--data", &data, "--port", "0"],
        &[&data, &format!("process {pid}"), stack.port()],
    );
    refused(&["--memory", "--port", stack.port()], &[stack.port()]);
    assert_eq!(stack.interrupt().code(), Some(0), "Ctrl-C");

    let missing = folder.path("none.yaml");
    refused(&["--memory", "--port", "0", "--template", &missing], &[&missing]);
    let broken = folder.write("broken.yaml", "Resources: [");
    refused(&["--memory", "--port", "0", "--template", &broken], &[&broken]);
    let file = folder.write("file", "");
    refused(&["--data", &file, "--port", "0"], &[&file]);

    let database = folder.0.join("data").join("contacts.sqlite");
    for beside in ["contacts.sqlite-wal", "contacts.sqlite-shm"] {
        let _ = std::fs::remove_file(folder.0.join("data").join(beside));
    }
    std::fs::write(&database, "not a database".repeat(1_000)).unwrap();
    refused(
        &["--data", &data, "--port", "0"],
        &["contacts.sqlite is damaged", "move the data folder away"],
    );
}

#[tokio::test]
async fn people_are_imported_into_a_running_stack() {
    let folder = Folder::new();
    let data = folder.path("data");
    let stack = Running::start(&["--data", &data]);

    // The head of the file, then lines that are wrong each in its own way.
    let people = std::fs::read_to_string(root().join("tests/people.csv")).unwrap();
    let mut lines: Vec<&str> = people.lines().take(201).collect();
    lines.extend([
        "No Address,,,nobody@,,en",
        "too,few",
        ",,,nameless@example.org,,en",
        "Bad Handle,,no spaces!,handle@example.org,,fr",
    ]);
    let file = folder.write("people.csv", lines.join("\n"));
    let report = |registered: u32, known: u32| {
        let output = run(&["--data", &data, "import", &file]);
        let text = String::from_utf8(output.stdout).unwrap();
        let said: Vec<&str> = text.lines().collect();
        assert_eq!(said.len(), 5, "{text}");
        for (said, (line, place)) in
            said.iter()
                .zip([(202, "/email"), (203, ""), (204, "/name"), (205, "/chatwork_id")])
        {
            assert!(
                said.starts_with(&format!("line {line}: ")) && said.contains(place),
                "{text}"
            );
        }
        assert_eq!(said[4], format!("{registered} registered, {known} known before, 4 bad"));
        assert_eq!(output.status.code(), Some(1), "there are bad lines");
    };
    report(200, 0);
    report(0, 200);

    let aiko = stack.token("aiko@demo.example").await;
    let first = people.lines().nth(1).unwrap();
    let columns: Vec<&str> = first.split(',').collect();
    let (_, _, found) = stack.get(&format!("/users?by=email&q={}", columns[3]), &aiko).await;
    assert_eq!(found["users"][0]["name"], columns[0], "{first}");

    // Nobody has the folder now: the import opens it itself, and there is nothing new.
    assert_eq!(stack.interrupt().code(), Some(0), "Ctrl-C");
    report(0, 200);
}

#[tokio::test]
async fn a_route_that_the_template_lacks_is_not_found() {
    let folder = Folder::new();
    let whole = Running::start(&["--memory"]);
    let (status, kind, body) = whole.get("/me", "").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        (kind.as_str(), body),
        ("application/json", json!({"message": "Unauthorized"})),
        "the gateway's own"
    );
    drop(whole);

    let stack = Running::start(&["--memory", "--template", &edited(&folder, ME, "")]);
    let (status, kind, body) = stack.get("/me", "").await;
    assert_eq!(status, StatusCode::NOT_FOUND, "{body}");
    assert_eq!(kind, "application/problem+json", "the answer of $default");
    let (status, _, _) = stack.get("/contacts", "").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "the other routes stand");
}

#[tokio::test]
async fn a_function_without_authoriser_refuses_by_itself() {
    let folder = Folder::new();
    let open = ME.replace("Method: ANY", "Method: ANY, Auth: {Authorizer: NONE}");
    let stack = Running::start(&["--memory", "--template", &edited(&folder, ME, &open)]);
    let registered = stack.client.post(format!("{}/_local/users", stack.origin));
    let person = json!({"name": "Ann", "email": "ann@demo.example"});
    let answer = registered.json(&person).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    // Also with a good token: what no authoriser has looked at counts for nothing.
    for token in [String::new(), stack.token("ann@demo.example").await] {
        let (status, kind, body) = stack.get("/me", &token).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{body}");
        assert_eq!(kind, "application/problem+json");
        assert_eq!(body["status"], 401, "{body}");
        assert!(
            body["code"].is_string() && body.get("message").is_none(),
            "the function's own: {body}"
        );
    }
}

#[test]
fn a_function_that_is_not_there_is_one_line() {
    let folder = Folder::new();
    let template = edited(&folder, "\n  UserSearch:\n", "\n  UserSeek:\n");
    refused(
        &["--memory", "--port", "0", "--template", &template],
        &[&template, "UserSeek", "user-search"],
    );
}
