//! `contacts-admin`: the operators' command.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use contacts_admin::reindex;
use contacts_runtime::{
    Configuration,
    clients::ClientConfiguration,
    configuration::{StoreConfiguration, environment},
    store,
};

const AFTER_HELP: &str = "\
TABLE_NAME and SERVICE_SECRET are those of the functions. AWS's own variables say which region, which credentials and,
for the local stack, AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:3000/_local/dynamodb.";

/// Works on the table of a deployment.
#[derive(Debug, Parser)]
#[command(name = "contacts-admin", version, after_help = AFTER_HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Brings the name search and the lists by name to this version of the folding, while the table serves.
    ///
    /// To be run after the functions of a new version are deployed. It can be stopped, and goes on where it was.
    Reindex(reindex::Options),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("contacts-admin: {error}");
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::print_stdout)]
async fn run(command: Command) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (table, clients) = Configuration::read(&environment, |configuration| {
        let table = StoreConfiguration::read(configuration);
        let clients = ClientConfiguration::read(configuration);
        Some((table?, clients?))
    })?;
    let store = store(table, aws_sdk_dynamodb::Client::new(&clients.load().await?));
    match command {
        Command::Reindex(options) => {
            let progress = |segment: u32, done: &contacts_dynamodb::reindex::SegmentProgress| {
                eprintln!("segment {segment}: {} people", done.people);
            };
            match reindex::reindex(&store, &options, &progress).await? {
                None => println!("The table is up to date; nothing was done."),
                Some(reindex::ReindexReport { people, removed, moved }) => println!(
                    "The table is up to date: {people} people have new entries, {removed} older entries are removed, \
                     {moved} members are moved."
                ),
            }
        }
    }
    Ok(())
}
