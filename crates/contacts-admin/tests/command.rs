//! The command as operators run it, on the table of a local stack.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::{
    path::Path,
    process::{Command, Output},
};

use contacts_local::{
    Options, Stack,
    stack::{self, SERVICE_SECRET},
};

async fn stack() -> Stack {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/template.yaml");
    stack::start(Options::in_memory(template)).await.unwrap()
}

/// Runs the command with these variables and no others.
async fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contacts-admin"));
    command.args(arguments).env_clear().envs(variables.iter().copied());
    // The stack answers on this test's threads.
    tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_is_brought_up_to_date() {
    let stack = stack().await;
    let endpoint = format!("{}/_local/dynamodb", stack.origin());
    let variables = [
        ("TABLE_NAME", "contacts"),
        ("SERVICE_SECRET", SERVICE_SECRET),
        ("AWS_ENDPOINT_URL_DYNAMODB", &endpoint),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
    ];
    let done = run(&["reindex"], &variables).await;
    assert_eq!(text(&done.stdout), "The table is up to date; nothing was done.\n");
    assert!(done.status.success());
    let done = run(&["reindex", "--again", "--segments", "2"], &variables).await;
    assert_eq!(
        text(&done.stdout),
        "The table is up to date: 0 people have new entries, 0 older entries are removed, 0 members are moved.\n"
    );
    assert_eq!(text(&done.stderr).lines().count(), 2, "a line for each segment");
    stack.shutdown().await;
}

#[tokio::test]
async fn what_is_missing_or_out_of_range_is_named() {
    let refused = run(&["reindex"], &[]).await;
    assert_eq!(refused.status.code(), Some(1));
    let error = text(&refused.stderr);
    assert!(
        error.starts_with("contacts-admin: ") && error.lines().count() == 1,
        "{error}"
    );
    assert!(
        error.contains("TABLE_NAME is not set") && error.contains("SERVICE_SECRET is not set"),
        "{error}"
    );
    for option in ["--rate", "--segments"] {
        let refused = run(&["reindex", option, "0"], &[]).await;
        assert_eq!(refused.status.code(), Some(2));
        assert!(text(&refused.stderr).contains(option), "{}", text(&refused.stderr));
    }
}
