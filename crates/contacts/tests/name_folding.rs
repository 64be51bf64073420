//! Runs every case of `tests/vectors/name-folding.json`: the exact comparison and the index must both
//! say what the table says.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use contacts::{
    ChatworkId, PersonName, folding,
    search::{IndexEntry, Query, SearchBy, SearchWords, sort_key},
    user::FindableBy,
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

#[derive(Deserialize)]
struct Table {
    rules: BTreeMap<String, String>,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    rule: String,
    person: Person,
    query: String,
    finds: bool,
    why: String,
}

#[derive(Deserialize, Hash, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Person {
    name: String,
    reading: Option<String>,
    chatwork_id: Option<String>,
}

impl Person {
    fn words(&self) -> SearchWords {
        let name = |text: &str| PersonName::parse(text).unwrap_or_else(|e| panic!("{text:?}: {e}"));
        SearchWords::of(
            &name(&self.name),
            self.reading.as_deref().map(name).as_ref(),
            self.chatwork_id
                .as_deref()
                .map(|id| ChatworkId::parse(id).unwrap_or_else(|e| panic!("{id:?}: {e}")))
                .as_ref(),
        )
    }
}

fn table() -> Table {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/name-folding.json");
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The entries that a store would answer: those of one partition that begin with one prefix.
fn asked_for(query: &Query, entries: &[IndexEntry]) -> Vec<IndexEntry> {
    let probe = query.probe();
    let answered = |e: &&IndexEntry| e.partition == probe.partition && e.word.starts_with(probe.prefix);
    entries.iter().filter(answered).cloned().collect()
}

#[test]
fn every_vector_holds_for_the_comparison_and_for_the_index() {
    let mut wrong = Vec::new();
    for vector in table().vectors {
        let words = vector.person.words();
        let case = format!(
            "{}: {:?} {:?} {:?} by {:?}: {}",
            vector.rule, vector.person.name, vector.person.reading, vector.person.chatwork_id, vector.query, vector.why
        );
        let query = Query::parse(&vector.query).unwrap_or_else(|e| panic!("{case}: {e}"));
        let found = query.find(&words, SearchBy::Any, FindableBy::default());
        if found.is_some() != vector.finds {
            wrong.push(format!("{case}: expected {}", vector.finds));
        }
        // A page shows a person at the one entry that `find` names, so the store must answer that one.
        let shown = asked_for(&query, &words.entries())
            .into_iter()
            .filter(|entry| found.as_ref().is_some_and(|found| found.entry == *entry))
            .count();
        if shown != usize::from(vector.finds) {
            wrong.push(format!("{case}: shown {shown} times"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_is_large_and_no_case_is_there_twice() {
    let table = table();
    let mut counts: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut seen = HashSet::new();
    for vector in &table.vectors {
        assert!(table.rules.contains_key(&vector.rule), "no rule {:?}", vector.rule);
        assert!(!vector.why.is_empty());
        assert!(seen.insert((&vector.person, &vector.query)), "{:?} twice", vector.query);
        let [against, finds] = counts.entry(&vector.rule).or_default();
        *(if vector.finds { finds } else { against }) += 1;
    }
    for rule in table.rules.keys() {
        let [against, finds] = counts.get(rule.as_str()).copied().unwrap_or_default();
        assert!(finds >= 8 && against >= 4, "{rule}: {finds} for, {against} against");
    }
    let total = |finds| table.vectors.iter().filter(|v| v.finds == finds).count();
    assert!(total(true) >= 200 && total(false) >= 100);
}

#[test]
fn lower_case_alone_fails_many() {
    let naive = |person: &Person, query: &str| {
        let words: Vec<String> = [Some(&person.name), person.reading.as_ref(), person.chatwork_id.as_ref()]
            .into_iter()
            .flatten()
            .flat_map(|text| {
                text.to_lowercase()
                    .split_whitespace()
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .collect();
        let begins = |word: &str, typed: &str| {
            let mut inner = word.char_indices().filter(|&(at, c)| at == 0 || !c.is_ascii());
            inner.any(|(at, _)| word.get(at..).is_some_and(|part| part.starts_with(typed)))
        };
        query
            .to_lowercase()
            .split_whitespace()
            .all(|typed| words.iter().any(|word| begins(word, typed)))
    };
    let vectors = table().vectors;
    let wrong = vectors.iter().filter(|v| naive(&v.person, &v.query) != v.finds).count();
    assert!(wrong >= 60, "lower case alone fails only {wrong} of {}", vectors.len());
}

/// `tests/vectors/name-entries.txt` has a line for each person of the vectors: a fingerprint of what the table holds
/// of them. A line that differs needs another [`folding::VERSION`], and the whole file anew; a person who is missing
/// only needs a line.
#[test]
fn a_version_of_the_folding_keeps_its_entries() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/name-entries.txt");
    let file = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let version = format!("version {}", folding::VERSION);
    assert_eq!(
        file.lines().next(),
        Some(version.as_str()),
        "the file is of another version"
    );
    let known: HashMap<&str, &str> = file
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(' '))
        .map(|(print, who)| (who, print))
        .collect();
    let (mut missing, mut changed) = (BTreeSet::new(), BTreeSet::new());
    for Vector { person, .. } in table().vectors {
        let who = serde_json::to_string(&(&person.name, &person.reading, &person.chatwork_id)).unwrap_or_default();
        let line = format!("{} {who}", fingerprint(&person));
        match known.get(who.as_str()) {
            None => missing.insert(line),
            Some(print) if !line.starts_with(print) => changed.insert(line),
            Some(_) => false,
        };
    }
    let lines = |set: &BTreeSet<String>| set.iter().map(|line| format!("{line}\n")).collect::<String>();
    assert!(
        changed.is_empty(),
        "entries differ, so the version has to:\n{}",
        lines(&changed)
    );
    assert!(missing.is_empty(), "lines to add to {path}:\n{}", lines(&missing));
}

/// Of the place by name, the words and the entries.
fn fingerprint(person: &Person) -> String {
    let name = PersonName::parse(&person.name).unwrap_or_else(|e| panic!("{:?}: {e}", person.name));
    let words = person.words();
    let mut digest = Sha256::new_with_prefix(sort_key(&name));
    digest.update(serde_json::to_string(&words).unwrap_or_default());
    for IndexEntry { partition, word } in words.entries() {
        digest.update([partition, word].join("\n"));
    }
    digest
        .finalize()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
