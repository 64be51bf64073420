//! Finding people among 2,500, loaded by `import`.

use std::collections::BTreeSet;

use contacts_local::{import::import, options::Command};
use contacts_tests::{Person, World, root};
use serde_json::Value;

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

    /// A word of the name, or a part of a joined one, in Latin letters without accents, begins with this.
    fn latin(&self, prefix: &str) -> bool {
        let plain = self
            .name
            .to_lowercase()
            .replace(['é', 'è'], "e")
            .replace('í', "i")
            .replace('ñ', "n");
        plain.split([' ', '-']).any(|word| word.starts_with(prefix))
    }

    fn reading(&self, prefix: &str) -> bool {
        self.reading.split(' ').any(|word| word.starts_with(prefix))
    }

    fn handle(&self, prefix: &str) -> bool {
        self.chatwork_id.to_lowercase().starts_with(prefix)
    }
}

/// Whom a query means.
type Means<'a> = &'a dyn Fn(&Row) -> bool;

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

/// The faces of those rows that a query means, sorted.
fn expect(rows: &[Row], means: Means<'_>) -> Vec<String> {
    let rows = rows.iter().filter(|row| means(row));
    sorted(rows.map(|row| face(&row.name, &row.chatwork_id)).collect())
}

async fn names_are_found(aiko: &Person, rows: &[Row]) {
    let tanaka = |row: &Row| row.reading("タナカ");
    let queries: [(&str, Means<'_>); 11] = [
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
        let expected = expect(rows, means);
        assert!(!expected.is_empty(), "{q}: the file has such people");
        for limit in [7, 49] {
            assert_eq!(
                sorted(faces(&all_found(aiko, q, limit).await)),
                expected,
                "{q}, {limit} a page"
            );
        }
    }
}

/// A long vowel is found however it is written.
async fn long_vowels_are_found(aiko: &Person, rows: &[Row]) {
    let yoko = expect(rows, &|row| row.reading("ヨウコ"));
    let ota = expect(rows, &|row| row.reading("オオタ"));
    for (spellings, expected) in [(["youko", "yoko", "yōko"], &yoko), (["oota", "ota", "ohta"], &ota)] {
        for q in spellings {
            let found = faces(&all_found(aiko, q, 49).await);
            assert!(expected.iter().all(|face| found.contains(face)), "{q}");
        }
    }
}

/// An exact word comes before longer ones, and the order is the same whatever the pages.
async fn exact_words_come_first(aiko: &Person) {
    let small = faces(&all_found(aiko, "jose", 3).await);
    assert_eq!(small, faces(&all_found(aiko, "jose", 49).await));
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
}

/// Handles in capitals, and exact addresses.
async fn handles_and_addresses_are_found(aiko: &Person, rows: &[Row]) {
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
}

/// Who registers between two pages neither repeats nor hides anybody.
async fn a_page_goes_on_where_the_last_one_ended(world: &World, aiko: &Person) {
    let before = all_found(aiko, "tanaka", 49).await;
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
}

/// The same people again are known, and lines that are not taken are told by number.
async fn a_second_import_tells_who_is_known(options: contacts_local::Options, rows: &[Row], folder: &std::path::Path) {
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
}

/// The 2,500 people are loaded once, so all that is asked of them is in one test.
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
    names_are_found(&aiko, &rows).await;
    long_vowels_are_found(&aiko, &rows).await;
    exact_words_come_first(&aiko).await;
    handles_and_addresses_are_found(&aiko, &rows).await;
    a_page_goes_on_where_the_last_one_ended(&world, &aiko).await;
    a_second_import_tells_who_is_known(options, &rows, &folder).await;
    std::fs::remove_dir_all(folder).unwrap();
}
