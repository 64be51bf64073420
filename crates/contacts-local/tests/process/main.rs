//! The program as a shell sees it: what it prints, how it ends, what it keeps, and what it makes of
//! an edited template. Here is what runs it.

// The lint's allowance for tests stops at their helpers.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

mod demo_data;
mod importing;
mod logs;
mod starting;
mod templates;

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
    printed: Vec<String>,
    client: Client,
}

impl Running {
    /// Starts it, and waits for the last line of what it prints.
    fn start(arguments: &[&str]) -> Self {
        Self::logging(arguments, Stdio::null())
    }

    /// The same, with the log where it is wanted.
    fn logging(arguments: &[&str], log: Stdio) -> Self {
        let mut command = program(arguments);
        command.stderr(log);
        Self::of(command)
    }

    /// The same, of a command that says where the log goes.
    fn of(mut command: Command) -> Self {
        let mut child = command.args(["--port", "0"]).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (lines, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            output
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| lines.send(line))
        });
        let mut printed: Vec<String> = Vec::new();
        while printed.last().is_none_or(|line| line != "Ctrl-C ends it.") {
            printed.push(receiver.recv_timeout(PATIENCE).expect("it says where everything is"));
        }
        let origin = printed.iter().find_map(|line| line.strip_prefix("Open "));
        Self {
            child,
            origin: origin.expect("the address to open").to_owned(),
            printed,
            client: Client::new(),
        }
    }

    fn port(&self) -> &str {
        self.origin.rsplit(':').next().unwrap()
    }

    /// Ctrl-C, as a terminal sends it.
    fn interrupt(mut self) -> ExitStatus {
        interrupted(&mut self.child)
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

fn interrupted(child: &mut Child) -> ExitStatus {
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    ended(child)
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
