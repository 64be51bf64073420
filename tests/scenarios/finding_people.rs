//! Finding people.

use std::collections::{BTreeMap, BTreeSet};

use contacts_local::{import::import, options::Command};
use contacts_tests::{Person, World, answer, root};
use reqwest::Method;
use serde_json::{Value, json};

async fn ben_abcock(world: &World) -> Person {
    let person = json!({
        "name": "Ben Abcock",
        "email": "ben@people.example",
        "chatwork_id": "Zed-Cw",
        "department": "Secret department",
        "organization": "Aoba Clinic",
    });
    world.register(person).await
}

#[tokio::test]
async fn somebody_is_found_by_name_handle_and_address() {
    let world = World::start().await;
    let aiko = world.person("田中愛子").await;
    let ben = ben_abcock(&world).await;
    for (q, matched_by) in [
        ("abc", "name"),
        ("ZED-C", "chatwork_id"),
        ("zed-cw", "chatwork_id"),
        ("Ben@People.example", "email"),
        (" ｂｅｎ＠people.example ", "email"),
    ] {
        let found = aiko.search(q).await;
        assert_eq!(found.len(), 1, "{q}");
        assert_eq!(found[0]["user_id"], ben.id);
        assert_eq!(found[0]["matched_by"], matched_by, "{q}");
        assert_eq!(found[0]["relation"], "none");
        let fields: BTreeSet<&str> = found[0].as_object().unwrap().keys().map(String::as_str).collect();
        let expected = [
            "account_id",
            "available_actions",
            "avatar_image_url",
            "chatwork_id",
            "matched_by",
            "name",
            "organization_name",
            "relation",
            "user_id",
        ];
        assert_eq!(fields, BTreeSet::from(expected), "neither address nor department: {q}");
        assert!(
            !found[0].to_string().contains('@') && !found[0].to_string().contains("Secret"),
            "{q}"
        );
    }
    for q in [
        "ben@people.exampl",
        "en@people.example",
        "ben@people.example.com",
        "bcock",
        "ed-cw",
    ] {
        assert!(
            aiko.search(q).await.is_empty(),
            "{q}: an address is exact, the others are prefixes"
        );
    }
    for own in ["田中", "愛子", aiko.email.as_str()] {
        assert!(aiko.search(own).await.is_empty(), "oneself never: {own}");
    }
    world.stop().await;
}

#[tokio::test]
async fn by_narrows_what_may_match() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = ben_abcock(&world).await;
    for (q, finders) in [
        ("abc", vec!["any", "name"]),
        ("zed", vec!["any", "chatwork_id"]),
        ("ben@people.example", vec!["any", "email"]),
    ] {
        for by in ["any", "name", "chatwork_id", "email"] {
            let found = aiko.get(&format!("/users?q={q}&by={by}")).await;
            if by == "email" && !q.contains('@') {
                assert_eq!(found.pointers(), ["/q"], "{q} is no address");
                continue;
            }
            let users = found.expect(200)["users"].as_array().cloned().unwrap_or_default();
            assert_eq!(!users.is_empty(), finders.contains(&by), "{q} by {by}");
            assert!(users.iter().all(|user| user["user_id"] == ben.id));
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn words_come_in_any_order_and_need_only_begin() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let (abc, taro) = (world.person("Abc Tanaka").await, world.person("Taro Abcock").await);
    let names = async |q: &str| {
        let found = aiko.search(q).await;
        found
            .iter()
            .map(|user| user["user_id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names("abc").await,
        [abc.id.clone(), taro.id.clone()],
        "the exact word first"
    );
    for q in ["tanaka abc", "Abc Tanaka", "tan ab", "ABC TAN"] {
        assert_eq!(names(q).await, [abc.id.clone()], "{q}");
    }
    assert!(names("abc yamada").await.is_empty(), "each word must match");
    assert!(names("bcock").await.is_empty(), "not inside a Latin word");
    world.stop().await;
}

#[tokio::test]
async fn a_result_says_how_they_stand_and_what_can_be_done() {
    let world = World::start().await;
    let aiko = world
        .register(json!({"name": "Aiko", "email": "a@people.example", "organization": "Aoba"}))
        .await;
    world
        .register(json!({"name": "Zoe Colleague", "email": "b@people.example", "organization": "Aoba"}))
        .await;
    let (asked, asks) = (world.person("Zoe Asked").await, world.person("Zoe Asks").await);
    let contact = world.person("Zoe Contact").await;
    world.person("Zoe Stranger").await;
    aiko.send_request(&asked).await;
    asks.send_request(&aiko).await;
    contact.connect(&aiko).await;
    let found = aiko.search("zoe").await;
    let stands: BTreeMap<&str, (Value, Value)> = found
        .iter()
        .map(|user| {
            (
                user["name"].as_str().unwrap(),
                (user["relation"].clone(), user["available_actions"].clone()),
            )
        })
        .collect();
    let expected = [
        ("Zoe Asked", (json!("requested"), json!(["cancel", "block"]))),
        (
            "Zoe Asks",
            (json!("awaiting_me"), json!(["accept", "decline", "block"])),
        ),
        ("Zoe Colleague", (json!("contact"), json!([]))),
        ("Zoe Contact", (json!("contact"), json!(["remove", "block"]))),
        ("Zoe Stranger", (json!("none"), json!(["request", "block"]))),
    ];
    assert_eq!(stands, BTreeMap::from(expected));
    assert!(
        found.iter().all(|user| !user.to_string().contains('@')),
        "a contact's address is in the contacts"
    );
    world.stop().await;
}

#[tokio::test]
async fn each_way_to_be_found_can_be_switched_off() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = ben_abcock(&world).await;
    let queries = [("name", "abc"), ("chatwork_id", "zed"), ("email", "ben@people.example")];
    let on = json!({"name": true, "chatwork_id": true, "email": true});
    assert_eq!(ben.get("/me").await.expect(200)["findable_by"], on, "all on at first");
    for (off, _) in queries {
        let changed = ben.patch("/me", json!({"findable_by": {off: false}})).await.expect(200);
        assert_eq!(changed["findable_by"][off], false);
        for (way, q) in queries {
            assert_eq!(
                aiko.search(q).await.len(),
                usize::from(way != off),
                "{way} with {off} off"
            );
        }
        ben.patch("/me", json!({"findable_by": {off: true}})).await.expect(200);
    }
    ben.patch(
        "/me",
        json!({"findable_by": {"name": false, "chatwork_id": false, "email": false}}),
    )
    .await
    .expect(200);
    for (_, q) in queries {
        assert!(aiko.search(q).await.is_empty(), "{q}");
    }
    world.stop().await;
}

#[tokio::test]
async fn search_follows_a_change_of_name_and_handle() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let ben = ben_abcock(&world).await;
    ben.patch(
        "/me",
        json!({"name": "高橋 Benno", "reading": "タカハシ ベンノ", "chatwork_id": "quux"}),
    )
    .await
    .expect(200);
    for gone in ["abc", "zed"] {
        assert!(aiko.search(gone).await.is_empty(), "{gone}");
    }
    for found in ["高橋", "たかは", "takahashi", "benno", "quux"] {
        assert_eq!(aiko.search(found).await.len(), 1, "{found}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_query_has_its_form() {
    let world = World::start().await;
    let aiko = world.person("Aiko").await;
    let long = "a".repeat(101);
    for (fields, pointer, code) in [
        (vec![], "/q", "missing"),
        (vec![("q", "")], "/q", "empty"),
        (vec![("q", " \u{3000} ")], "/q", "empty"),
        (vec![("q", "a")], "/q", "too_short"),
        (vec![("q", "-'")], "/q", "too_short"),
        (vec![("q", &long)], "/q", "too_long"),
        (vec![("q", "a\u{0}b")], "/q", "control_character"),
        (vec![("q", "a\u{202e}b")], "/q", "control_character"),
        (vec![("q", "a@b@c")], "/q", ""),
        (vec![("q", "ab"), ("by", "all")], "/by", "unknown_value"),
        (vec![("q", "ab"), ("limit", "0")], "/limit", "out_of_range"),
        (vec![("q", "ab"), ("limit", "101")], "/limit", "out_of_range"),
        (vec![("q", "ab"), ("limit", "ten")], "/limit", "out_of_range"),
        (vec![("q", "ab"), ("page", "2")], "/page", "unknown_field"),
    ] {
        let refused = answer(aiko.request(Method::GET, "/users").query(&fields)).await;
        assert_eq!(refused.problem(422), "invalid_input", "{fields:?}");
        assert_eq!(refused.pointers(), [pointer], "{fields:?}");
        if !code.is_empty() {
            assert_eq!(refused.json["errors"][0]["code"], code, "{fields:?}");
        }
    }
    for good in ["田", "あ", "ｱ", "ab", "é1"] {
        assert!(aiko.search(good).await.is_empty(), "{good}");
    }
    world.stop().await;
}

/// A line of `people.csv`.
#[derive(Debug, Clone)]
struct Row {
    name: String,
    reading: String,
    chatwork_id: String,
    email: String,
}

impl Row {
    fn all() -> Vec<Self> {
        let text = std::fs::read_to_string(root().join("tests/people.csv")).unwrap();
        assert!(!text.contains('"'), "the file has no quoted fields");
        let row = |line: &str| {
            let fields: Vec<&str> = line.split(',').collect();
            let field = |at: usize| fields[at].to_owned();
            Self {
                name: field(0),
                reading: field(1),
                chatwork_id: field(2),
                email: field(3),
            }
        };
        text.lines().skip(1).map(row).collect()
    }

    /// A word of the name, in Latin letters without accents, begins with this.
    fn latin(&self, prefix: &str) -> bool {
        let plain = self
            .name
            .to_lowercase()
            .replace(['é', 'è'], "e")
            .replace('í', "i")
            .replace('ñ', "n");
        plain.split(' ').any(|word| word.starts_with(prefix))
    }

    fn reading(&self, prefix: &str) -> bool {
        self.reading.split(' ').any(|word| word.starts_with(prefix))
    }

    fn handle(&self, prefix: &str) -> bool {
        self.chatwork_id.to_lowercase().starts_with(prefix)
    }
}

/// A person as they can be told apart in a result.
fn face(name: &str, chatwork_id: &str) -> String {
    format!("{name}|{chatwork_id}")
}

fn faces(users: &[Value]) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    users
        .iter()
        .map(|user| face(&text(&user["name"]), &text(&user["chatwork_id"])))
        .collect()
}

fn sorted(mut faces: Vec<String>) -> Vec<String> {
    faces.sort();
    faces
}

/// All pages of a search, which must not show anybody twice.
async fn all_found(aiko: &Person, q: &str, limit: usize) -> Vec<Value> {
    let encoded: String = url_encoded(q);
    let found = aiko.pages(&format!("/users?q={encoded}"), "users", limit).await;
    assert!(found.iter().all(|page| page.len() <= limit), "{q}");
    let found = found.concat();
    let people: BTreeSet<&str> = found.iter().map(|user| user["user_id"].as_str().unwrap()).collect();
    assert_eq!(people.len(), found.len(), "{q}: nobody comes twice");
    found
}

fn url_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The 2,500 people are loaded once, so all that is asked of them stands in one test.
#[tokio::test]
async fn people_are_found_among_2500_imported_ones() {
    let people = root().join("tests/people.csv");
    let folder = std::env::temp_dir().join(format!("contacts-people-{}", std::process::id()));
    let world = World::with(|options| {
        options.memory = false;
        options.data.clone_from(&folder);
        // Without demo data: only those of the file are to be found.
        options.command = Some(Command::Import { people: people.clone() });
        options.no_stream = true;
        options.no_schedule = true;
    })
    .await;
    let mut options = contacts_local::Options::in_memory(root().join("infra/template.yaml"));
    options.memory = false;
    options.data.clone_from(&folder);
    let report = import(options.clone(), &people).await.unwrap();
    assert_eq!((report.registered, report.known), (2_500, 0), "{:?}", report.bad);
    assert!(report.bad.is_empty(), "{:?}", report.bad);

    let aiko = world.person("Qq").await;
    let rows = Row::all();
    let expect = |means: &dyn Fn(&Row) -> bool| {
        let rows = rows.iter().filter(|row| means(row));
        sorted(rows.map(|row| face(&row.name, &row.chatwork_id)).collect())
    };
    let tanaka = |row: &Row| row.reading("タナカ");
    let queries: [(&str, &dyn Fn(&Row) -> bool); 11] = [
        ("田中", &|row| row.name.contains("田中")),
        ("太郎", &|row| row.name.contains("太郎")),
        ("ﾀﾅｶ", &tanaka),
        ("たなか", &tanaka),
        ("タナカ", &tanaka),
        ("tanaka", &|row| {
            tanaka(row) || row.latin("tanaka") || row.handle("tanaka")
        }),
        ("ＴＡＮＡＫＡ", &|row| {
            tanaka(row) || row.latin("tanaka") || row.handle("tanaka")
        }),
        ("yoko ishi", &|row| row.reading("ヨウコ") && row.reading("イシ")),
        ("jose", &|row| row.latin("jose") || row.handle("jose")),
        ("JOSÉ", &|row| row.latin("jose") || row.handle("jose")),
        ("kim", &|row| {
            row.latin("kim") || row.reading("キム") || row.handle("kim")
        }),
    ];
    for (q, means) in queries {
        let expected = expect(means);
        assert!(!expected.is_empty(), "{q}: the file has such people");
        for limit in [7, 49] {
            assert_eq!(
                sorted(faces(&all_found(&aiko, q, limit).await)),
                expected,
                "{q}, {limit} a page"
            );
        }
    }

    // A long vowel is found however it is written.
    let yoko = expect(&|row| row.reading("ヨウコ"));
    let ota = expect(&|row| row.reading("オオタ"));
    for (spellings, expected) in [(["youko", "yoko", "yōko"], &yoko), (["oota", "ota", "ohta"], &ota)] {
        for q in spellings {
            let found = faces(&all_found(&aiko, q, 49).await);
            assert!(expected.iter().all(|face| found.contains(face)), "{q}");
        }
    }

    // An exact word comes before longer ones, and the order is the same whatever the pages.
    let small = faces(&all_found(&aiko, "jose", 3).await);
    assert_eq!(small, faces(&all_found(&aiko, "jose", 49).await));
    let is_exact = |face: &String| {
        let name = face
            .split('|')
            .next()
            .unwrap_or_default()
            .to_lowercase()
            .replace('é', "e");
        name.split(' ').any(|word| word == "jose") || face.ends_with("|jose")
    };
    let exact: Vec<bool> = small.iter().map(is_exact).collect();
    assert!(
        exact.is_sorted_by(|a, b| a >= b) && exact.contains(&true) && exact.contains(&false),
        "{small:?}"
    );

    // Handles in capitals, and exact addresses.
    let handles: Vec<&Row> = rows.iter().filter(|row| !row.chatwork_id.is_empty()).take(20).collect();
    for row in handles {
        let found = aiko.search(&row.chatwork_id.to_uppercase()).await;
        let whole = found.iter().filter(|user| user["matched_by"] == "chatwork_id");
        assert!(
            whole
                .clone()
                .any(|user| user["chatwork_id"] == row.chatwork_id.as_str()),
            "{row:?}"
        );
    }
    for row in rows.iter().take(20) {
        let found = aiko.search(&row.email.to_uppercase()).await;
        assert_eq!(faces(&found), [face(&row.name, &row.chatwork_id)], "{row:?}");
        assert_eq!(found[0]["matched_by"], "email");
    }

    // Who registers between two pages neither repeats nor hides anybody.
    let before = all_found(&aiko, "tanaka", 49).await;
    let first = aiko.get("/users?q=tanaka&limit=5").await.expect(200);
    world.person("Tanaka Aaa").await;
    let mut seen = faces(first["users"].as_array().unwrap());
    let mut cursor = first["next_cursor"].as_str().map(str::to_owned);
    while let Some(next) = cursor {
        let page = aiko
            .get(&format!("/users?q=tanaka&limit=5&cursor={next}"))
            .await
            .expect(200);
        seen.extend(faces(page["users"].as_array().unwrap()));
        cursor = page["next_cursor"].as_str().map(str::to_owned);
    }
    seen.retain(|face| face != "Tanaka Aaa|");
    assert_eq!(seen, faces(&before));

    // The same people again are known, and lines that are not taken are told by number.
    let more = folder.join("more.csv");
    let again: Vec<String> = rows
        .iter()
        .take(3)
        .map(|row| format!("{},{}", row.name, row.email))
        .collect();
    std::fs::write(
        &more,
        format!("name,email\n{}\n,nobody@x.example\nBad,no address\n", again.join("\n")),
    )
    .unwrap();
    let report = import(options, &more).await.unwrap();
    assert_eq!((report.registered, report.known), (0, 3));
    assert_eq!(
        report.bad.keys().copied().collect::<Vec<_>>(),
        [5, 6],
        "{:?}",
        report.bad
    );
    world.stop().await;
    std::fs::remove_dir_all(folder).unwrap();
}
