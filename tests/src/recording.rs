//! Records what the stack answers and what it mails, for `tests/compare`.
//!
//! With `CONTACTS_RECORD=FOLDER` each test leaves `FOLDER/NAME.txt`, under its name without its modules: a test that
//! moves keeps its file. In it each world has its answers, in the order of their requests, and then its mails. What
//! differs from run to run is masked by the names of the fields that hold it, and by nothing else. The order of a
//! body's keys is not recorded.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use reqwest::Url;
use serde_json::Value;

use crate::Reply;

/// Fields whose values are new in each run. A value is numbered by its first place in the world, and is under
/// that number wherever else it is: in a path, a header, a mail's text.
const NUMBERED: [&str; 9] = [
    "access_token",
    "account_id",
    "batch_id",
    "invitation_id",
    "link_id",
    "message_id",
    "next_cursor",
    "request_id",
    "user_id",
];

/// Fields that hold a moment: masked where they stand, and without a number, for two of them may be the same.
const MOMENTS: [&str; 9] = [
    "blocked_at",
    "created_at",
    "expires_at",
    "last_used_at",
    "now",
    "resets_at",
    "sent_at",
    "since",
    "unix_seconds",
];

/// Fields whose text may name a moment, which is masked in it.
const PROSE: [&str; 1] = ["detail"];

/// Headers that count down, if it is by more than a minute.
const COUNTS_DOWN: &str = "retry-after";

/// What is behind the stack's address and before the token of a link.
const LINKS: [&str; 2] = ["/i/", "/u/"];

/// Headers that say nothing that the body does not, or are of the moment.
const LEFT_OUT: [&str; 2] = ["content-length", "date"];

/// Bodies drawn from a token: that there is one is all that two runs have in common.
const DRAWN: &str = "image/svg+xml";

/// Shorter values are too common to be looked for elsewhere.
const SHORTEST: usize = 16;

/// Tests that are not recorded, since their answers are chance: which of several requests wins, how many find another
/// still running, and what is seen afterwards; or they read an invitation while the mailer is at work on it
/// (`each_function_needs_…`, `inviting_who_…`).
const RACES: [&str; 11] = [
    "anything_at_once_leaves_a_whole_pair",
    "crossed_requests_at_once_connect_once",
    "each_function_needs_the_rights_that_it_has_and_no_other",
    "invitations_sent_many_times_at_once_have_one_effect",
    "inviting_who_has_asked_already_connects_both",
    "one_handle_goes_to_one_of_64",
    "one_key_at_once_has_one_effect",
    "one_request_is_answered_in_one_way",
    "the_last_place_for_a_share_link_goes_to_one_of_64",
    "two_changes_of_one_link_both_stand",
    "what_is_taken_back_leaves_no_request_whoever_is_quicker",
];

/// When recorded worlds begin, in seconds of Unix time: mails tell the day until which a link is good.
/// 2030-01-01T09:00:00Z
pub(crate) const BEGINNING: u64 = 1_893_488_400;

/// A word of a path that is this long was made of a token or a cursor, by a test that forges one.
const FORGED: usize = 40;

/// The recordings of the worlds that run, by port: a request is its world's, from whichever task it comes.
static RUNNING: Mutex<BTreeMap<u16, Arc<Mutex<Vec<RecordedRequest>>>>> = Mutex::new(BTreeMap::new());

/// One world's recording, written when it is dropped.
pub(crate) struct Recording {
    file: PathBuf,
    origin: String,
    port: u16,
    entries: Arc<Mutex<Vec<RecordedRequest>>>,
    mails: Vec<Value>,
}

/// One request, and what came of it.
struct RecordedRequest {
    /// Whether it was sent from a task of its own, beside others.
    at_once: bool,
    method: String,
    path: String,
    /// None if the connection broke.
    answer: Option<Reply>,
}

/// The place of a request in its world's recording.
pub(crate) struct Place {
    entries: Arc<Mutex<Vec<RecordedRequest>>>,
    number: usize,
}

impl Recording {
    /// Begins it, if the environment asks for it. To be called by the thread of the test, which has its name.
    pub(crate) fn begin(origin: &str) -> Option<Self> {
        let folder = std::env::var_os("CONTACTS_RECORD")?;
        let thread = std::thread::current();
        let test = thread.name()?.rsplit("::").next()?.to_owned();
        if RACES.contains(&test.as_str()) {
            return None;
        }
        let port = Url::parse(origin).ok()?.port()?;
        let entries = Arc::new(Mutex::new(Vec::new()));
        lock(&RUNNING).insert(port, entries.clone());
        Some(Self {
            file: Path::new(&folder).join(format!("{test}.txt")),
            origin: origin.to_owned(),
            port,
            entries,
            mails: Vec::new(),
        })
    }

    /// The mails that the world has sent in all.
    pub(crate) fn set_mails(&mut self, mails: Vec<Value>) {
        self.mails = mails;
    }
}

/// Keeps a place for a request that is about to be sent, if its world is recorded.
pub(crate) fn sends(request: &reqwest::Request) -> Option<Place> {
    let entries = lock(&RUNNING).get(&request.url().port()?)?.clone();
    let query = request.url().query().map(|query| format!("?{query}"));
    let entry = RecordedRequest {
        at_once: tokio::task::try_id().is_some(),
        method: request.method().to_string(),
        path: format!("{}{}", request.url().path(), query.unwrap_or_default()),
        answer: None,
    };
    let number = {
        let mut entries = lock(&entries);
        entries.push(entry);
        entries.len() - 1
    };
    Some(Place { entries, number })
}

impl Place {
    /// Puts the answer there.
    pub(crate) fn answered(self, answer: &Reply) {
        if let Some(entry) = lock(&self.entries).get_mut(self.number) {
            entry.answer = Some(answer.clone());
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        lock(&RUNNING).remove(&self.port);
        let text = self.text();
        let written = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.file)
            .and_then(|mut file| file.write_all(text.as_bytes()));
        assert!(
            written.is_ok() || std::thread::panicking(),
            "{} cannot be written: {written:?}",
            self.file.display()
        );
    }
}

impl Recording {
    fn text(&self) -> String {
        let entries = lock(&self.entries);
        // Which of several at once is first is chance: then all is sorted, and nothing is numbered.
        let ordered = !entries.iter().any(|entry| entry.at_once);
        let mut masks = Masks {
            origin: &self.origin,
            ordered,
            placeholders: HashMap::new(),
            counts: HashMap::new(),
        };
        for entry in entries.iter() {
            masks.learn_from(entry);
        }
        // Those of one person to one address in their order; between others there is none.
        let mut mails: Vec<&Value> = self.mails.iter().collect();
        mails.sort_by_key(|mail| [&mail["to"], &mail["from"]].map(|name| name.as_str().unwrap_or_default()));
        for mail in &mails {
            masks.learn("", mail);
        }
        let mut blocks: Vec<String> = entries.iter().map(|entry| masks.entry(entry)).collect();
        if !ordered {
            blocks.sort();
        }
        blocks.extend(mails.into_iter().map(|mail| masks.mail(mail)));
        format!("=== world\n{}", blocks.concat())
    }
}

/// What each value that is new in this run is shown as.
struct Masks<'a> {
    origin: &'a str,
    ordered: bool,
    placeholders: HashMap<String, String>,
    counts: HashMap<String, usize>,
}

impl Masks<'_> {
    fn learn_from(&mut self, entry: &RecordedRequest) {
        if let Some(answer) = &entry.answer
            && !lists_mail(entry, answer)
        {
            self.learn("", &answer.json);
            if answer.json.is_null() {
                self.learn_links(&answer.text);
            }
        }
    }

    fn learn(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| self.learn(name, value)),
            Value::Array(items) => items.iter().for_each(|item| self.learn(name, item)),
            Value::String(text) if NUMBERED.contains(&name) => self.number(name, text),
            Value::Number(number) if NUMBERED.contains(&name) => self.number(name, &number.to_string()),
            Value::String(text) => self.learn_links(text),
            _ => {}
        }
    }

    fn learn_links(&mut self, text: &str) {
        for link in LINKS {
            for rest in text.split(&format!("{}{link}", self.origin)).skip(1) {
                let token = rest.split(|c| !is_of_a_word(c)).next().unwrap_or_default();
                self.number("token", token);
            }
        }
    }

    fn number(&mut self, name: &str, value: &str) {
        if self.placeholders.contains_key(value) {
            return;
        }
        let count = self.counts.entry(name.to_owned()).or_default();
        *count += 1;
        let placeholder = if self.ordered {
            format!("<{name} {count}>")
        } else {
            format!("<{name}>")
        };
        self.placeholders.insert(value.to_owned(), placeholder);
    }

    /// A text with the values in it masked.
    fn masked(&self, text: &str) -> String {
        self.with_words_masked(&text.replace(self.origin, "<origin>"), |_| None)
    }

    /// A path, in which a test may have changed a value.
    fn masked_path(&self, path: &str) -> String {
        self.with_words_masked(path, |word| {
            let small = self.placeholders.get(&word.to_ascii_uppercase());
            match small {
                Some(placeholder) if word.len() >= SHORTEST => Some(format!("{placeholder} in lower case")),
                _ => (word.len() >= FORGED).then(|| "<forged>".to_owned()),
            }
        })
    }

    fn with_words_masked(&self, text: &str, unknown: impl Fn(&str) -> Option<String>) -> String {
        let mut masked = String::with_capacity(text.len());
        for piece in text.split_inclusive(|c| !is_of_a_word(c)) {
            let word = piece.trim_end_matches(|c| !is_of_a_word(c));
            let known = self.placeholders.get(word).filter(|_| word.len() >= SHORTEST);
            let placeholder = known.cloned().or_else(|| unknown(word));
            masked.push_str(placeholder.as_deref().unwrap_or(word));
            masked.push_str(piece.get(word.len()..).unwrap_or_default());
        }
        masked
    }

    fn entry(&self, entry: &RecordedRequest) -> String {
        let mut block = format!("--- {} {}", entry.method, self.masked_path(&entry.path));
        let Some(answer) = &entry.answer else {
            return block + " no answer\n";
        };
        let _ = writeln!(block, " {}", answer.status);
        for (name, value) in &answer.headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            if name == COUNTS_DOWN && value.parse().is_ok_and(|seconds: u64| seconds > 60) {
                let _ = writeln!(block, "{name}: <{name}>");
            } else if !LEFT_OUT.contains(&name.as_str()) {
                self.leaf(&mut block, name.as_str(), &value);
            }
        }
        let kind = answer.headers.get("content-type").map(|kind| kind.as_bytes());
        match &answer.json {
            // Mails are recorded once, at the world's end.
            json if lists_mail(entry, answer) => {
                let mails = json["mail"].as_array();
                let _ = writeln!(block, "mail: {} mails", mails.map_or(0, Vec::len));
            }
            // How often several at once try again is chance.
            _ if !self.ordered && entry.path == "/_local/calls" => {}
            Value::Null if kind == Some(DRAWN.as_bytes()) => block.push_str("body: drawn\n"),
            Value::Null if answer.text.is_empty() => {}
            Value::Null => self.leaf(&mut block, "body", &answer.text),
            json => self.value(&mut block, "", "", json),
        }
        block
    }

    fn mail(&self, mail: &Value) -> String {
        let mut block = format!("--- mail to {}\n", mail["to"].as_str().unwrap_or_default());
        self.value(&mut block, "", "", mail);
        block
    }

    /// Each value of a body on a line of its own, behind its JSON pointer.
    fn value(&self, block: &mut String, pointer: &str, name: &str, value: &Value) {
        let masked = MOMENTS.contains(&name) || NUMBERED.contains(&name);
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                for (name, value) in fields {
                    self.value(block, &format!("{pointer}/{name}"), name, value);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for (number, item) in items.iter().enumerate() {
                    self.value(block, &format!("{pointer}/{number}"), name, item);
                }
            }
            Value::String(_) | Value::Number(_) if masked => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let placeholder = self.placeholders.get(&text).cloned();
                let _ = writeln!(
                    block,
                    "{pointer}: {}",
                    placeholder.unwrap_or_else(|| format!("<{name}>"))
                );
            }
            Value::String(text) if PROSE.contains(&name) => self.leaf(block, pointer, &without_moments(text)),
            Value::String(text) => self.leaf(block, pointer, text),
            other => {
                let _ = writeln!(block, "{pointer}: {other}");
            }
        }
    }

    fn leaf(&self, block: &mut String, name: &str, text: &str) {
        let text = self.masked(text);
        if text.contains('\n') {
            let _ = writeln!(block, "{name}:");
            for line in text.split('\n') {
                let _ = writeln!(block, "    | {line}");
            }
        } else {
            let _ = writeln!(block, "{name}: {text:?}");
        }
    }
}

/// A body with what is new in each run shown as the name of its field, for snapshots of whole bodies.
pub fn masked(body: &Value) -> Value {
    fn mask(name: &str, value: &Value) -> Value {
        match value {
            Value::Object(fields) => {
                let fields = fields.iter();
                fields.map(|(name, value)| (name.clone(), mask(name, value))).collect()
            }
            Value::Array(items) => items.iter().map(|item| mask(name, item)).collect(),
            Value::String(_) | Value::Number(_) if NUMBERED.contains(&name) || MOMENTS.contains(&name) => {
                format!("<{name}>").into()
            }
            Value::String(text) => match text.split_once("/i/") {
                Some((origin, _)) if origin.starts_with("http://127.0.0.1:") => "<origin>/i/<token>".into(),
                _ => without_moments(text).into(),
            },
            other => other.clone(),
        }
    }
    mask("", body)
}

/// Whether it is the list of captured mail: mails are recorded once, at the world's end.
fn lists_mail(entry: &RecordedRequest, answer: &Reply) -> bool {
    entry.path.starts_with("/_local/mail") && answer.json["mail"].is_array()
}

/// A sentence with the moments in it masked: words as `2026-11-29T02:37:53.597Z`, with or without a full stop.
fn without_moments(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let moment = word.trim_end_matches('.');
        let is_one = moment.len() == 24 && moment.ends_with('Z') && moment.starts_with(|c: char| c.is_ascii_digit());
        if is_one { "<moment>" } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether ids and tokens are made of it.
fn is_of_a_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
