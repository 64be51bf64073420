//! Demo data for a new folder: people to play with, and requests and invitations under way.
//!
//! All of it is made as people would: registered like anyone, the rest through the HTTP API. A file of the
//! folder says what is made while something is missing, so that a start that was cut short is made up for.

use std::{
    collections::BTreeSet,
    fs::{File, OpenOptions},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use contacts::UserId;
use http::StatusCode;
use serde_json::{Value, json};

use super::registration::{Registration, RegistrationError};
use crate::control::Control;

type DemoPerson = (&'static str, &'static str, &'static str, Option<&'static str>);

/// Name, reading (who has one is Japanese), handle, organisation; the rest follows from the handle.
const PEOPLE: &[DemoPerson] = &[
    ("田中愛子", "タナカ アイコ", "aiko", Some("青葉製作所")),
    ("佐藤 健", "サトウ ケン", "ken", Some("青葉製作所")),
    ("鈴木花子", "スズキ ハナコ", "hanako", Some("青葉製作所")),
    ("高橋一郎", "タカハシ イチロウ", "ichiro", Some("青葉製作所")),
    ("伊藤さくら", "イトウ サクラ", "sakura", Some("青葉製作所")),
    ("渡辺 優子", "ワタナベ ユウコ", "yuko", Some("星野商事")),
    ("山本大輔", "ヤマモト ダイスケ", "daisuke", Some("星野商事")),
    ("中村 翔", "ナカムラ ショウ", "sho", Some("星野商事")),
    ("小林陽子", "コバヤシ ヨウコ", "yoko", Some("星野商事")),
    ("加藤 誠", "カトウ マコト", "makoto", Some("みどり診療所")),
    ("吉田真理", "ヨシダ マリ", "mari", Some("みどり診療所")),
    ("山田太郎", "ヤマダ タロウ", "taro", Some("みどり診療所")),
    ("佐々木 亮", "ササキ リョウ", "ryo", None),
    ("山口美咲", "ヤマグチ ミサキ", "misaki", None),
    ("松本 純", "マツモト ジュン", "jun", None),
    ("井上千尋", "イノウエ チヒロ", "chihiro", None),
    ("木村 剛", "キムラ ツヨシ", "tsuyoshi", None),
    ("林 友美", "ハヤシ トモミ", "tomomi", None),
    ("清水 拓也", "シミズ タクヤ", "takuya", None),
    ("大田 翔子", "オオタ ショウコ", "shoko", None),
    ("Alice Abcock", "", "alice", Some("Abcock & Sons")),
    ("Bob Tanaka", "", "bob", Some("Abcock & Sons")),
    ("Carol Nguyen", "", "carol", Some("Abcock & Sons")),
    ("José García", "", "jose", Some("Abcock & Sons")),
    ("Zoë Müller", "", "zoe", None),
    ("Liam O'Brien", "", "liam", None),
    ("Priya Sharma", "", "priya", None),
    ("Anna Kowalska", "", "anna", None),
    ("Søren Ødegård", "", "soren", None),
    ("Emma Johansson", "", "emma", None),
];

/// Who asks whom, with which message. The last two pairs become contacts: a request that crosses another connects.
const REQUESTS: &[(&str, &str, &str)] = &[
    ("alice", "aiko", "Hello, we met at the fair."),
    ("yuko", "aiko", "プロジェクトの件でご連絡しました。"),
    ("misaki", "aiko", ""),
    ("aiko", "bob", "よろしくお願いします。"),
    ("aiko", "makoto", ""),
    ("bob", "liam", "Shall we connect?"),
    ("zoe", "bob", ""),
    ("aiko", "jun", ""),
    ("jun", "aiko", ""),
    ("bob", "priya", ""),
    ("priya", "bob", ""),
];

/// Who invites whom by mail, with which message, in which language.
const INVITATIONS: &[(&str, [&str; 2], &str, &str)] = &[
    ("aiko", ["chihiro", "new-partner"], "一緒に使いませんか。", "ja"),
    ("bob", ["emma", "somebody-new"], "Join me here.", "en"),
];

/// What is made of a folder's demo data: a file with a line for each step, there while a step is missing.
#[derive(Debug)]
pub struct Progress {
    file: PathBuf,
    made: BTreeSet<String>,
}

impl Progress {
    /// Notes that a folder is to have demo data. This comes before its database, which says that it is not new.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn begin(file: &Path) -> std::io::Result<()> {
        File::create(file).map(|_| ())
    }

    /// What is made by now; `None` when nothing is missing.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(file: PathBuf) -> std::io::Result<Option<Self>> {
        match std::fs::read_to_string(&file) {
            Ok(text) => Ok(Some(Self {
                made: text.lines().map(str::to_owned).collect(),
                file,
            })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn lacks(&self, step: &str) -> bool {
        !self.made.contains(step)
    }

    fn keep(&self, step: &str) -> Result<(), String> {
        let file = OpenOptions::new().append(true).open(&self.file);
        let kept = file.and_then(|mut file| file.write_all(format!("{step}\n").as_bytes()));
        kept.map_err(|error| format!("{}: {error}", self.file.display()))
    }
}

/// Makes what is missing. Each step is made once, and what its people did with it since is left alone; a step
/// whose end was not noted is made again, which changes nothing.
///
/// # Errors
/// Why the rest has to wait: a function or the table cannot be reached.
pub async fn complete(control: &Control, origin: &str, progress: Progress) -> Result<(), String> {
    for person in PEOPLE {
        let (_, _, handle, _) = person;
        if progress.lacks(handle) {
            register(control, person).await?;
            progress.keep(handle)?;
        }
    }
    let client = Client {
        http: reqwest::Client::new(),
        control,
        origin,
    };
    for (from, to, message) in REQUESTS {
        let step = format!("{from} asks {to}");
        if progress.lacks(&step) {
            let request = json!({"user_id": user_id(to)?, "message": message});
            client.post("/contact-requests", from, &request).await?;
            progress.keep(&step)?;
        }
    }
    for (from, handles, message, locale) in INVITATIONS {
        let step = format!("{from} invites");
        if progress.lacks(&step) {
            let request = json!({"emails": handles.map(address), "message": message, "locale": locale});
            client.post("/invitations", from, &request).await?;
            progress.keep(&step)?;
        }
    }
    std::fs::remove_file(&progress.file).map_err(|error| format!("{}: {error}", progress.file.display()))
}

async fn register(control: &Control, person: &DemoPerson) -> Result<(), String> {
    let (name, reading, handle, organization) = *person;
    let japanese = !reading.is_empty();
    let registration = Registration {
        name: name.to_owned(),
        email: address(handle),
        reading: japanese.then(|| reading.to_owned()),
        chatwork_id: Some(format!("demo-{handle}")),
        organization: organization.map(str::to_owned),
        department: None,
        locale: Some(if japanese { "ja" } else { "en" }.to_owned()),
    };
    match control.people.register_as(user_id(handle)?, &registration).await {
        Ok(_) => Ok(()),
        // Somebody has the address or the handle: whoever it is, is left alone.
        Err(RegistrationError::EmailTaken | RegistrationError::ChatworkIdTaken) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// An id that the files of `events/` can name.
fn user_id(handle: &str) -> Result<UserId, String> {
    UserId::parse(&format!("demo-{handle}")).map_err(|invalid| invalid.to_string())
}

fn address(handle: &str) -> String {
    format!("{handle}@demo.example")
}

struct Client<'a> {
    http: reqwest::Client,
    control: &'a Control,
    origin: &'a str,
}

impl Client<'_> {
    /// Sends a call as one of the demo people. What is refused stays so, and the rest goes on without it.
    async fn post(&self, path: &str, from: &str, body: &Value) -> Result<(), String> {
        let token = self.control.tokens.issue(&user_id(from)?);
        let request = self
            .http
            .post(format!("{}{path}", self.origin))
            .bearer_auth(token.map_err(|error| error.to_string())?)
            .json(body);
        let response = request.send().await.map_err(|error| error.to_string())?;
        let status = response.status();
        let answer = response.text().await.unwrap_or_default();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(format!("POST {path} answers {status}: {answer}"));
        }
        if !status.is_success() {
            tracing::warn!("demo data: POST {path} by {from} answers {status}: {answer}");
        }
        Ok(())
    }
}
