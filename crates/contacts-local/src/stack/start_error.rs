//! Why the stack does not start.

use std::path::PathBuf;

use local_aws::{dynamodb::TableError, events::StreamError, file::Damaged, template::TemplateError};
use serde::{Deserialize, Serialize};

/// Why the stack does not start. Each is one line.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no template.
    #[error("no template at {}: {source}; run this in the root of the repository, or name one with `--template`", path.display())]
    TemplateMissing {
        /// Where it should be.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The template cannot be served.
    #[error("template {}: {source}", path.display())]
    Template {
        /// The template.
        path: PathBuf,
        /// What is wrong.
        source: TemplateError,
    },
    /// The template names a function that this build does not have.
    #[error("template {}: function {name} is not part of this stack (known: {})", path.display(), known.join(", "))]
    UnknownFunction {
        /// The template.
        path: PathBuf,
        /// The logical id.
        name: String,
        /// The folders of the functions that it has.
        known: Vec<String>,
    },
    /// Another process has the data folder.
    #[error("data folder {} belongs to {}", path.display(), holder_text(*holder))]
    FolderHeld {
        /// The folder.
        path: PathBuf,
        /// Who has it.
        holder: Option<Holder>,
    },
    /// The data folder cannot be used.
    #[error("data folder {} cannot be used: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file of the data folder is not what it should be.
    #[error("{0}; move the data folder away to start anew")]
    Damaged(#[from] Damaged),
    /// The engine refuses the table.
    #[error("the table of the template is refused: {0}")]
    Table(#[from] TableError),
    /// The table has no stream, and the template a mapping.
    #[error("the table of the template is refused: {0}")]
    Stream(StreamError),
    /// The port is taken.
    #[error("port {port} of 127.0.0.1 cannot be used: {source}; `--port 0` takes a free one")]
    Port {
        /// The port.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// The functions cannot be set up.
    #[error("the functions cannot be set up: {0}")]
    Wiring(String),
}

impl From<StreamError> for StartError {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::Checkpoint(damaged) => Self::Damaged(damaged),
            StreamError::Missing => Self::Stream(error),
        }
    }
}

/// Who holds a folder.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Holder {
    /// Its process.
    pub pid: u32,
    /// Where it listens; none while it imports or starts.
    pub port: Option<u16>,
}

fn holder_text(holder: Option<Holder>) -> String {
    match holder {
        Some(Holder { pid, port: Some(port) }) => format!("process {pid}, which listens on port {port}"),
        Some(Holder { pid, port: None }) => format!("process {pid}"),
        None => "another process".to_owned(),
    }
}
