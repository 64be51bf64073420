//! The mail that SES accepted, kept in a SQLite file of its own.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Mutex, PoisonError},
};

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{clock::Timestamp, file::Damaged};

/// One mail to one address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mail {
    /// SES's id.
    pub message_id: String,
    /// The address, lower case.
    pub to: String,
    /// The sender, with its name.
    pub from: String,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// The subject.
    pub subject: String,
    /// The text part.
    pub text: Option<String>,
    /// The HTML part.
    pub html: Option<String>,
    /// Headers that the sender added.
    pub headers: BTreeMap<String, String>,
    /// Tags for SES's events.
    pub tags: BTreeMap<String, String>,
    /// When SES accepted it.
    pub sent_at: Timestamp,
    /// What SES has published about it since, oldest first; kept apart from the rest.
    #[serde(default)]
    pub events: Vec<Value>,
}

/// The columns that [`MailStore::read`] reads.
const COLUMNS: &str = "content, (SELECT json_group_array(json(event)) FROM (
    SELECT event FROM mail_event WHERE mail_event.message_id = mail.message_id ORDER BY id
))";

/// The file of the captured mail fails.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct MailError(#[from] rusqlite::Error);

/// The captured mail.
#[derive(Debug)]
pub struct MailStore(Mutex<Connection>);

impl MailStore {
    /// Opens the file; without a path, keeps nothing.
    ///
    /// # Errors
    /// When the file is no database or fails SQLite's check.
    pub fn open(path: Option<&Path>) -> Result<Self, Damaged> {
        match Self::checked(path) {
            Ok(Ok(connection)) => Ok(Self(Mutex::new(connection))),
            Ok(Err(verdict)) => Err(Damaged::new(path, verdict)),
            Err(error) => Err(Damaged::new(path, error)),
        }
    }

    /// The file as it is to be, or else what SQLite's check finds in it.
    fn checked(path: Option<&Path>) -> rusqlite::Result<Result<Connection, String>> {
        let connection = match path {
            Some(path) => Connection::open(path),
            None => Connection::open_in_memory(),
        }?;
        let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            return Ok(Err(verdict));
        }
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
                 PRAGMA synchronous = NORMAL;
                 CREATE TABLE IF NOT EXISTS mail (
                     id INTEGER PRIMARY KEY AUTOINCREMENT,
                     message_id TEXT NOT NULL UNIQUE,
                     recipient TEXT NOT NULL,
                     content TEXT NOT NULL
                 );
                 CREATE INDEX IF NOT EXISTS mail_recipient ON mail (recipient, id);
                 CREATE TABLE IF NOT EXISTS mail_event (
                     id INTEGER PRIMARY KEY AUTOINCREMENT,
                     message_id TEXT NOT NULL,
                     event TEXT NOT NULL
                 );
                 CREATE INDEX IF NOT EXISTS mail_event_message ON mail_event (message_id, id);",
        )?;
        Ok(Ok(connection))
    }

    /// Keeps mails, all or none.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep(&self, mails: &[Mail]) -> Result<(), MailError> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction()?;
        for mail in mails {
            let content = serde_json::to_string(mail).unwrap_or_default();
            transaction.execute(
                "INSERT INTO mail (message_id, recipient, content) VALUES (?1, ?2, ?3)",
                params![mail.message_id, mail.to, content],
            )?;
        }
        Ok(transaction.commit()?)
    }

    /// Keeps what SES publishes about a mail.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_event(&self, message_id: &str, event: &Value) -> Result<(), MailError> {
        let connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        connection.execute(
            "INSERT INTO mail_event (message_id, event) VALUES (?1, ?2)",
            params![message_id, event.to_string()],
        )?;
        Ok(())
    }

    /// All mail, or that to one address, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn list(&self, to: Option<&str>) -> Result<Vec<Mail>, MailError> {
        self.read("WHERE ?1 IS NULL OR recipient = ?1 ORDER BY id", params![to])
    }

    /// The last mails to addresses that have this in them, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn newest(&self, to: &str, limit: usize) -> Result<Vec<Mail>, MailError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(
            "WHERE instr(recipient, ?1) > 0 ORDER BY id DESC LIMIT ?2",
            params![to, limit],
        )
    }

    /// One mail.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn get(&self, message_id: &str) -> Result<Option<Mail>, MailError> {
        Ok(self
            .read("WHERE message_id = ?1", params![message_id])?
            .into_iter()
            .next())
    }

    fn read(&self, which: &str, parameters: impl rusqlite::Params) -> Result<Vec<Mail>, MailError> {
        let connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM mail {which}"))?;
        let rows = statement.query_map(parameters, |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        rows.filter_map(|row| match row {
            Ok((content, events)) => {
                let mail = serde_json::from_str::<Mail>(&content).ok()?;
                let events = serde_json::from_str(&events).unwrap_or_default();
                Some(Ok(Mail { events, ..mail }))
            }
            Err(error) => Some(Err(error.into())),
        })
        .collect()
    }
}
