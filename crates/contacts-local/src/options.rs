//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

const AFTER_HELP: &str = "\
The Manage Contacts page and the HTTP API are at http://127.0.0.1:PORT/, all else of the stack at /_local.
RUST_LOG sets what is logged: `debug` for more, `warn` for less.";

const AFTER_IMPORT_HELP: &str = "\
The columns are name, reading, chatwork_id, email, organization and locale; name and email are required. Such as:
  name,reading,chatwork_id,email,organization,locale
  Ann Example,,ann-example,ann@example.org,Aoba,en";

/// The local stack: everything in one process, on 127.0.0.1.
#[derive(Debug, Clone, Parser)]
#[command(name = "contacts-local", version, after_help = AFTER_HELP)]
pub struct Options {
    /// Port of the gateway and of everything else; 0 takes a free one.
    #[arg(long, default_value_t = 3000, global = true)]
    pub port: u16,
    /// Folder that keeps the data. A new one gets 30 demo people.
    #[arg(long, default_value = ".local", global = true)]
    pub data: PathBuf,
    /// Keep nothing, and start empty.
    #[arg(long, conflicts_with = "data")]
    pub memory: bool,
    /// The template whose routes, table and mappings are served.
    #[arg(long, default_value = "infra/template.yaml", global = true)]
    pub template: PathBuf,
    /// Do not hand the table's stream to the mailer.
    #[arg(long)]
    pub no_stream: bool,
    /// Do not call the mailer by its schedule.
    #[arg(long)]
    pub no_schedule: bool,
    /// Call the functions at this invoke address (`cargo lambda watch`) instead of in process.
    #[arg(long, value_name = "URL", value_parser = invoke_address)]
    pub lambda: Option<url::Url>,
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do instead of serving.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Register the people of a CSV file.
    #[command(after_help = AFTER_IMPORT_HELP)]
    Import {
        /// A CSV file whose first line names its columns.
        people: PathBuf,
    },
}

fn invoke_address(text: &str) -> Result<url::Url, String> {
    let url = url::Url::parse(text).map_err(|error| error.to_string())?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(format!("functions are called by http or https, not by {other}")),
    }
}

impl Options {
    /// A stack that keeps nothing, on a free port: for tests.
    pub fn in_memory(template: impl Into<PathBuf>) -> Self {
        Self {
            port: 0,
            data: PathBuf::from(".local"),
            memory: true,
            template: template.into(),
            no_stream: false,
            no_schedule: false,
            lambda: None,
            command: None,
        }
    }
}
