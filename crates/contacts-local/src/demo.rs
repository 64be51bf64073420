//! Demo data for a new folder: people to play with, and requests and invitations under way.
//!
//! All of it is made as people would: registered like anyone, the rest through the HTTP API.

use contacts::UserId;
use serde_json::{Value, json};

use crate::{control::Control, people::Registration};

/// Name, reading, organisation, language; the rest follows from the reading of the name below.
const PEOPLE: &[(&str, &str, &str, Option<&str>)] = &[
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

/// Makes the demo data of a new folder.
///
/// # Errors
/// What was refused, or the connection's failure.
pub async fn load(control: &Control, origin: &str) -> Result<(), String> {
    let client = Client {
        http: reqwest::Client::new(),
        origin,
    };
    let mut tokens = Vec::new();
    for (name, reading, handle, organization) in PEOPLE {
        let japanese = !reading.is_empty();
        let registration = Registration {
            name: (*name).to_owned(),
            email: address(handle),
            reading: japanese.then(|| (*reading).to_owned()),
            chatwork_id: Some(format!("demo-{handle}")),
            organization: organization.map(str::to_owned),
            department: None,
            locale: Some(if japanese { "ja" } else { "en" }.to_owned()),
        };
        // Ids that the files of `events/` can name.
        let user_id = UserId::parse(&format!("demo-{handle}")).map_err(|invalid| invalid.to_string())?;
        let user_id = control
            .people
            .register_as(user_id, &registration)
            .await
            .map_err(|problem| problem.detail)?;
        tokens.push((
            *handle,
            control.people.token(&user_id).map_err(|problem| problem.detail)?,
        ));
    }
    let token = |handle: &str| {
        let found = tokens.iter().find(|(known, _)| *known == handle);
        found.map(|(_, token)| token.as_str()).unwrap_or_default()
    };
    for (from, to, message) in [
        ("alice", "aiko", "Hello, we met at the fair."),
        ("yuko", "aiko", "プロジェクトの件でご連絡しました。"),
        ("misaki", "aiko", ""),
        ("aiko", "bob", "よろしくお願いします。"),
        ("aiko", "makoto", ""),
        ("bob", "liam", "Shall we connect?"),
        ("zoe", "bob", ""),
    ] {
        let request = json!({"chatwork_id": format!("demo-{to}"), "message": message});
        client.post("/contact-requests", token(from), &request).await?;
    }
    // Two pairs become contacts: a request that crosses another connects.
    for (one, other) in [("aiko", "jun"), ("bob", "priya")] {
        for (from, to) in [(one, other), (other, one)] {
            let request = json!({"chatwork_id": format!("demo-{to}")});
            client.post("/contact-requests", token(from), &request).await?;
        }
    }
    let invitations = [
        (
            "aiko",
            json!([address("chihiro"), address("new-partner")]),
            "一緒に使いませんか。",
            "ja",
        ),
        (
            "bob",
            json!([address("emma"), address("somebody-new")]),
            "Join me here.",
            "en",
        ),
    ];
    for (from, emails, message, locale) in invitations {
        let request = json!({"emails": emails, "message": message, "locale": locale});
        client.post("/invitations", token(from), &request).await?;
    }
    Ok(())
}

fn address(handle: &str) -> String {
    format!("{handle}@demo.example")
}

struct Client<'a> {
    http: reqwest::Client,
    origin: &'a str,
}

impl Client<'_> {
    async fn post(&self, path: &str, token: &str, body: &Value) -> Result<(), String> {
        let request = self
            .http
            .post(format!("{}{path}", self.origin))
            .bearer_auth(token)
            .json(body);
        let response = request.send().await.map_err(|error| error.to_string())?;
        if response.status().is_success() {
            return Ok(());
        }
        let status = response.status();
        Err(format!(
            "demo data: POST {path} answers {status}: {}",
            response.text().await.unwrap_or_default()
        ))
    }
}
