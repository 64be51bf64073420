//! `cargo run`: the local stack on 127.0.0.1.

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _, error::ErrorKind};
use contacts_local::{
    Options, Stack,
    import::{self, Report},
    options::Command,
    stack,
};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Gives back what an import took; the system's keeps some for each thread.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let options = Options::parse();
    if options.memory && options.command.is_some() {
        let pointless = "--memory keeps nothing of what is imported";
        Options::command().error(ErrorKind::ArgumentConflict, pointless).exit();
    }
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_writer(std::io::stderr)
        .init();
    // The engine does one thing at a time: more threads would only wait, and each has its memory.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .enable_all()
        .build();
    let outcome = match (runtime, options.command.clone()) {
        (Err(error), _) => Err(error.to_string()),
        (Ok(runtime), None) => runtime.block_on(serve(options)),
        (Ok(runtime), Some(Command::Import { people })) => {
            let imported = runtime.block_on(import::import(options, &people));
            imported.map_err(|error| error.to_string()).map(|report| show(&report))
        }
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("contacts-local: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: Options) -> Result<ExitCode, String> {
    let mut stop = Stop::listen().map_err(|error| error.to_string())?;
    let stack = tokio::select! {
        () = stop.asked() => return Ok(ExitCode::SUCCESS),
        started = stack::start(options) => started.map_err(|error| error.to_string())?,
    };
    tokio::select! {
        () = stop.asked() => {}
        () = served(&stack) => {}
    }
    stack.shutdown().await;
    Ok(ExitCode::SUCCESS)
}

/// What a started stack does until it is asked to stop.
async fn served(stack: &Stack) {
    stack.complete_demo_data().await;
    print_places(stack);
    std::future::pending().await
}

/// The signals that end the stack; listened to from the beginning, so that it ends cleanly at any time.
struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[allow(clippy::print_stdout)]
fn print_places(stack: &Stack) {
    let origin = stack.origin();
    println!(
        "\
HTTP API      {origin}
mailbox       {origin}/_local/mailbox
sign-in       {origin}/_local/oidc (OpenID Connect, development only)
DynamoDB      {origin}/_local/dynamodb
SES           {origin}/_local/ses

A token for curl:
  TOKEN=$(curl -s {origin}/_local/token -d '{{\"email\":\"aiko@demo.example\"}}' | sed 's/.*\"access_token\":\"\\([^\"]*\\).*/\\1/')
  curl -s {origin}/me -H \"Authorization: Bearer $TOKEN\"
Ctrl-C ends it."
    );
}

#[allow(clippy::print_stdout)]
fn show(report: &Report) -> ExitCode {
    for (line, what) in &report.bad {
        println!("line {line}{what}");
    }
    println!(
        "{} registered, {} known before, {} bad",
        report.registered,
        report.known,
        report.bad.len()
    );
    if report.bad.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
