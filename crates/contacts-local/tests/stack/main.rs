//! The stack as a process sees it: starting, refusing to start, and the calls under `/_local`.

// The lint's allowance for tests stops at their helpers.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

mod calls;
mod pages;
mod starting;

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use contacts_local::{Options, Stack, StartError, start};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

fn template() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/template.yaml")
}

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "contacts-stack-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Without demo data: the folder has a table already.
    async fn prepared() -> Self {
        let folder = Self::new();
        let engine = local_aws::dynamodb::Engine::open(
            Some(&folder.0.join("contacts.sqlite")),
            std::sync::Arc::new(local_aws::clock::Clock::open(None).unwrap()),
        );
        drop(engine.unwrap());
        folder
    }

    fn options(&self) -> Options {
        Options {
            memory: false,
            data: self.0.clone(),
            ..quiet()
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn quiet() -> Options {
    Options {
        no_stream: true,
        no_schedule: true,
        ..Options::in_memory(template())
    }
}

async fn call(stack: &Stack, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
    let method = method.parse().unwrap();
    let request = Client::new()
        .request(method, format!("{}{path}", stack.origin()))
        .json(&body);
    let response = request.send().await.unwrap();
    let status = response.status();
    (
        status,
        serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default(),
    )
}

async fn refusal(options: Options) -> StartError {
    match start(options).await {
        Ok(_) => panic!("it started"),
        Err(error) => {
            assert_eq!(error.to_string().lines().count(), 1, "{error}");
            error
        }
    }
}

async fn wire(stack: &Stack, operation: &str, body: &Value) -> Result<Value, reqwest::Error> {
    let request = Client::new()
        .post(format!("{}/_local/dynamodb", stack.origin()))
        .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
        .header("content-type", "application/x-amz-json-1.0")
        .body(body.to_string());
    request.send().await?.json().await
}

/// The items of the table, but for what the start wrote about the version of the name search.
async fn items(stack: &Stack) -> Value {
    let scanned = wire(stack, "Scan", &json!({"TableName": "contacts"})).await.unwrap();
    let mut items = scanned["Items"].clone();
    let of_start = |item: &Value| {
        let partition = item["pk"]["S"].as_str().unwrap();
        partition == "FOLDING" || partition.starts_with("REINDEX#")
    };
    items.as_array_mut().unwrap().retain(|item| !of_start(item));
    items
}

/// A page's policy and its HTML.
async fn page(stack: &Stack, path: &str) -> (String, String) {
    let answer = Client::new()
        .get(format!("{}{path}", stack.origin()))
        .send()
        .await
        .unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    (policy, answer.text().await.unwrap())
}
