//! `cargo run`: the local stack on 127.0.0.1.

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _, error::ErrorKind};
use contacts_local::{
    Options, Stack,
    import::{self, ImportReport},
    options::Command,
    stack,
    welcome::welcome,
};
use contacts_runtime::{configuration::environment, logs};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::{layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// Gives back what an import took; the system's keeps some for each thread.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is logged unless `RUST_LOG` says otherwise: one line for each request, which is the gateway's; of the functions
/// only what is wrong.
const USUAL: &str = "warn,contacts_local=info,local_aws=info";

fn main() -> ExitCode {
    let options = Options::parse();
    if options.memory && options.command.is_some() {
        let pointless = "--memory keeps nothing of what is imported";
        Options::command().error(ErrorKind::ArgumentConflict, pointless).exit();
    }
    let lines = tracing_subscriber::fmt::layer()
        .with_target(false)
        .without_time()
        .with_writer(std::io::stderr);
    let filter = logs::filter(environment("RUST_LOG").as_deref(), USUAL);
    tracing_subscriber::registry().with(lines).with(filter).init();
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
#[allow(clippy::print_stdout)]
async fn served(stack: &Stack) {
    stack.complete_demo_data().await;
    println!("{}", welcome(stack).await);
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
fn show(report: &ImportReport) -> ExitCode {
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
