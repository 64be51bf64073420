//! `import PEOPLE.csv`: registers the people of a file, through the stack that has the data folder or with
//! a stack of its own.

use std::{
    collections::BTreeMap,
    fmt,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use contacts::UserId;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;
use tokio::task::JoinSet;

use super::registration::{Registration, RegistrationError};
use crate::{
    Options, StartError,
    stack::{self, Stack, start_error::Holder},
};

/// What came of an import.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// People who are new.
    pub registered: usize,
    /// People whose address was registered before.
    pub known: usize,
    /// Lines that are not taken, by their number in the file, with the reason.
    pub bad: BTreeMap<u64, BadLine>,
}

/// What is wrong with a line: with the columns named, or with the whole of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine(Vec<(Option<String>, String)>);

impl BadLine {
    fn whole(reason: String) -> Self {
        Self(vec![(None, reason)])
    }

    /// From what is said of fields, by JSON pointers; without any, of all of it.
    fn of_fields<'a>(fields: impl Iterator<Item = (&'a String, &'a String)>, detail: String) -> Self {
        let column = |pointer: &str| Some(pointer.trim_start_matches('/').to_owned());
        let errors: Vec<_> = fields
            .map(|(pointer, detail)| (column(pointer), detail.clone()))
            .collect();
        if errors.is_empty() {
            Self::whole(detail)
        } else {
            Self(errors)
        }
    }
}

/// What follows the number of the line: `, email: …; locale: …`, or `: …`.
impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (column, reason)) in self.0.iter().enumerate() {
            let before = if number > 0 { "; " } else { ", " };
            match column {
                Some(column) => write!(f, "{before}{column}: {reason}")?,
                None => write!(f, ": {reason}")?,
            }
        }
        Ok(())
    }
}

/// Why nothing was imported, or not all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("{path}: {reason}")]
    File {
        /// The file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// The stack does not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The stack that has the folder cannot be used.
    #[error("the stack on port {port} does not answer: {reason}")]
    Stack {
        /// Its port.
        port: u16,
        /// What the connection said.
        reason: String,
    },
}

#[derive(Debug, Deserialize)]
struct Row {
    name: String,
    reading: Option<String>,
    chatwork_id: Option<String>,
    email: String,
    organization: Option<String>,
    locale: Option<String>,
}

/// The columns of [`Row`].
const COLUMNS: [&str; 6] = ["name", "reading", "chatwork_id", "email", "organization", "locale"];

/// Registrations under way at a time.
const SIDE_BY_SIDE: usize = 16;

/// Where registrations go.
enum Target {
    Own(Box<Stack>),
    Running {
        users: String,
        client: reqwest::Client,
        port: u16,
    },
}

/// Registers the people of a file.
///
/// # Errors
/// When the file has other columns, or no stack can be had.
pub async fn import(options: Options, people: &Path) -> Result<ImportReport, ImportError> {
    let (rows, bad) = read(people)?;
    let target = Arc::new(target(options).await?);
    let bar = ProgressBar::new(rows.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {eta}") {
        bar.set_style(style);
    }
    let mut report = ImportReport {
        bad,
        ..ImportReport::default()
    };
    let rows = Arc::new(rows);
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    for _ in 0..SIDE_BY_SIDE {
        let (rows, next, target, bar) = (rows.clone(), next.clone(), target.clone(), bar.clone());
        workers.spawn(async move {
            let mut part = ImportReport::default();
            while let Some((line, registration)) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                match target.register(registration).await? {
                    LineOutcome::Registered => part.registered += 1,
                    LineOutcome::Known => part.known += 1,
                    LineOutcome::Bad(reason) => {
                        part.bad.insert(*line, reason);
                    }
                }
                bar.inc(1);
            }
            Ok::<_, ImportError>(part)
        });
    }
    let mut failed = None;
    while let Some(part) = workers.join_next().await {
        match part {
            Ok(Ok(part)) => {
                report.registered += part.registered;
                report.known += part.known;
                report.bad.extend(part.bad);
            }
            Ok(Err(error)) => failed = Some(error),
            Err(error) => tracing::error!(%error, "import"),
        }
    }
    bar.finish_and_clear();
    if let Some(Target::Own(stack)) = Arc::into_inner(target) {
        stack.shutdown().await;
    }
    failed.map_or(Ok(report), Err)
}

type Rows = Vec<(u64, Registration)>;

fn read(people: &Path) -> Result<(Rows, BTreeMap<u64, BadLine>), ImportError> {
    let unreadable = |reason: String| ImportError::File {
        path: people.display().to_string(),
        reason,
    };
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(people)
        .map_err(|error| unreadable(error.to_string()))?;
    let headers = reader.headers().map_err(|error| unreadable(error.to_string()))?.clone();
    for (place, column) in headers.iter().enumerate() {
        // A column that nobody reads would be lost without a word.
        if !COLUMNS.contains(&column) {
            return Err(unreadable(format!(
                "unknown column {column:?} (known: {})",
                COLUMNS.join(", ")
            )));
        }
        if headers.iter().take(place).any(|before| before == column) {
            return Err(unreadable(format!("two columns {column:?}")));
        }
    }
    for column in ["name", "email"] {
        if !headers.iter().any(|header| header == column) {
            return Err(unreadable(format!("no column {column:?}")));
        }
    }
    let mut rows = Rows::new();
    let mut bad = BTreeMap::new();
    let mut record = csv::StringRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(false) => return Ok((rows, bad)),
            Ok(true) => {}
            Err(error) if error.is_io_error() => return Err(unreadable(error.to_string())),
            Err(error) => {
                bad.insert(
                    error.position().map_or(line, csv::Position::line),
                    BadLine::whole(not_a_line(&error)),
                );
                continue;
            }
        }
        let line = record.position().map_or(line, csv::Position::line);
        match record.deserialize::<Row>(Some(&headers)) {
            Ok(row) => rows.push((line, row.into())),
            Err(error) => {
                bad.insert(line, BadLine::whole(error.to_string()));
            }
        }
    }
}

/// Why a line is not one of the table.
fn not_a_line(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => format!("{len} values, {expected_len} expected"),
        csv::ErrorKind::Utf8 { .. } => "not UTF-8".to_owned(),
        _ => "not a line of this table".to_owned(),
    }
}

impl From<Row> for Registration {
    fn from(row: Row) -> Self {
        Self {
            name: row.name,
            email: row.email,
            reading: row.reading,
            chatwork_id: row.chatwork_id,
            organization: row.organization,
            department: None,
            locale: row.locale,
        }
    }
}

/// A stack of one's own, or the one that has the folder.
async fn target(options: Options) -> Result<Target, ImportError> {
    let own = Options {
        port: 0,
        no_stream: true,
        no_schedule: true,
        lambda: None,
        ..options
    };
    match stack::start(own).await {
        Ok(stack) => Ok(Target::Own(Box::new(stack))),
        Err(StartError::FolderHeld {
            holder: Some(Holder { port: Some(port), .. }),
            ..
        }) => {
            let users = format!("http://127.0.0.1:{port}/_local/users");
            Ok(Target::Running {
                users,
                client: reqwest::Client::new(),
                port,
            })
        }
        Err(error) => Err(error.into()),
    }
}

impl Target {
    async fn register(&self, registration: &Registration) -> Result<LineOutcome, ImportError> {
        match self {
            Self::Own(stack) => Ok(stack.control().people.register(registration).await.into()),
            Self::Running { users, client, port } => {
                let gone = |error: reqwest::Error| ImportError::Stack {
                    port: *port,
                    reason: error.to_string(),
                };
                let response = client.post(users).json(registration).send().await.map_err(gone)?;
                if response.status().is_success() {
                    return Ok(LineOutcome::Registered);
                }
                Ok(response.json::<Refusal>().await.map_err(gone)?.into())
            }
        }
    }
}

/// What came of one line.
enum LineOutcome {
    Registered,
    Known,
    Bad(BadLine),
}

impl From<Result<UserId, RegistrationError>> for LineOutcome {
    fn from(registered: Result<UserId, RegistrationError>) -> Self {
        match registered {
            Ok(_) => Self::Registered,
            Err(RegistrationError::EmailTaken) => Self::Known,
            Err(error) => {
                let errors = error.errors();
                let said = errors.iter().map(|error| (&error.pointer, &error.detail));
                Self::Bad(BadLine::of_fields(said, error.to_string()))
            }
        }
    }
}

/// A problem that another process answered.
#[derive(Deserialize)]
struct Refusal {
    code: String,
    detail: String,
    #[serde(default)]
    errors: Vec<RefusedField>,
}

#[derive(Deserialize)]
struct RefusedField {
    pointer: String,
    detail: String,
}

impl From<Refusal> for LineOutcome {
    fn from(refusal: Refusal) -> Self {
        if refusal.code == "email_taken" {
            return Self::Known;
        }
        let said = refusal.errors.iter().map(|field| (&field.pointer, &field.detail));
        Self::Bad(BadLine::of_fields(said, refusal.detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_lines_are_reported_by_their_number() {
        let file = std::env::temp_dir().join(format!("contacts-import-{}.csv", std::process::id()));
        let text = "name,reading,chatwork_id,email,organization,locale\n\
                    田中太郎,タナカ タロウ,taro,taro@example.org,Aoba,ja\n\
                    too,few\n\
                    \"Two\nlines\",,,two@example.org,,\n\
                    Ann,,,ann@example.org,,en\n";
        std::fs::write(&file, text).unwrap();
        let (rows, bad) = read(&file).unwrap();
        for (head, said) in [
            ("name", "no column \"email\""),
            (
                "name,email,chatwork-id",
                "unknown column \"chatwork-id\" (known: name, ",
            ),
            ("name,email,", "unknown column \"\""),
            ("name,email,name", "two columns \"name\""),
        ] {
            std::fs::write(&file, format!("{head}\n1,2,3\n")).unwrap();
            let error = read(&file).unwrap_err().to_string();
            assert!(error.contains(said), "{head}: {error}");
        }
        std::fs::remove_file(&file).unwrap();
        assert!(read(&file).is_err(), "no file");
        assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 4, 6]);
        assert_eq!(rows[0].1.chatwork_id.as_deref(), Some("taro"));
        let bad: Vec<String> = bad.iter().map(|(line, why)| format!("line {line}{why}")).collect();
        assert_eq!(bad, ["line 3: 2 values, 6 expected"]);
    }
}
