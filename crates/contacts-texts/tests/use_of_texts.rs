//! Every text is used, and every text that the page's script asks for is there.

// Here a panic is a failed test.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The contents of the files below a folder of the repository that have one of these extensions.
fn sources(folder: &str, extensions: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder)];
    while let Some(folder) = folders.pop() {
        let mut paths: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        for path in paths {
            let extension = path.extension().unwrap_or_default().to_str().unwrap();
            if path.is_dir() {
                folders.push(path);
            } else if extensions.contains(&extension) {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

/// The keys, as the files of texts write them: the tests of the build script say that they are in all languages.
fn keys() -> Vec<String> {
    let en = include_str!("../texts/en.ftl");
    let lines = en
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
    let keys: Vec<_> = lines
        .filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned()))
        .collect();
    assert!(keys.len() > 300, "{}", keys.len());
    keys
}

/// Those for the page's script, as that names them.
fn script_keys() -> BTreeSet<String> {
    let keys = keys();
    let own = keys.iter().filter_map(|key| key.strip_prefix("manage-"));
    own.map(|key| key.replace('-', ".")).collect()
}

fn words(sources: &[String]) -> BTreeSet<&str> {
    sources
        .iter()
        .flat_map(|source| source.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
        .collect()
}

/// The keys in a script that end in what only a call tells, with `*` for that: `` `state.${state}` ``.
fn patterns(script: &str) -> BTreeSet<String> {
    let literals = script.split('`').filter(|literal| literal.contains("${"));
    let pattern = |literal: &str| {
        let mut pattern = String::new();
        let mut rest = literal;
        while let Some((before, after)) = rest.split_once("${") {
            pattern.push_str(before);
            pattern.push('*');
            rest = after.split_once('}')?.1;
        }
        pattern.push_str(rest);
        let plain = |c: char| c.is_ascii_lowercase() || c == '_' || c == '.' || c == '*';
        (pattern.contains(".*") && pattern.chars().all(plain)).then_some(pattern)
    };
    literals.filter_map(pattern).collect()
}

/// What is in the pattern's places, if the key is one of its keys.
fn filled<'a>(pattern: &str, key: &'a str) -> Option<Vec<&'a str>> {
    let (parts, found): (Vec<_>, Vec<_>) = (pattern.split('.').collect(), key.split('.').collect());
    let same = |(part, found): (&&str, &&str)| *part == "*" || part == found;
    let fits = parts.len() == found.len() && parts.iter().zip(&found).all(same);
    let places = parts.iter().zip(found).filter(|(part, _)| **part == "*");
    fits.then(|| places.map(|(_, found)| found).collect())
}

/// `already_pending` is `AlreadyPending` before it is written.
fn variant(word: &str) -> String {
    word.split('_')
        .filter_map(|part| Some(part.get(..1)?.to_ascii_uppercase() + part.get(1..)?))
        .collect()
}

#[test]
fn every_text_of_mails_and_pages_is_used() {
    let mut all = sources("functions/web/src", &["rs"]);
    all.extend(sources("functions/web/templates", &["html"]));
    all.extend(sources("crates/contacts-mail/src", &["rs"]));
    all.extend(sources("crates/contacts-local/src", &["rs"]));
    all.extend(sources("crates/contacts-local/templates", &["html"]));
    let words = words(&all);
    let keys = keys();
    let own = keys.iter().filter(|key| !key.starts_with("manage-"));
    let unused: Vec<_> = own.filter(|key| !words.contains(&*key.replace('-', "_"))).collect();

    assert_eq!(unused, Vec::<&String>::new());
}

#[test]
fn every_text_of_the_script_is_used() {
    let scripts = sources("functions/web/assets/manage", &["js"]);
    // The last part of a key is often a code of the API, which has to be there.
    let mut all = sources("functions/web/assets", &["js"]);
    for folder in [
        "crates/contacts/src",
        "crates/contacts-http/src",
        "crates/contacts-dynamodb/src",
        "functions",
    ] {
        all.extend(sources(folder, &["rs"]));
    }
    let words = words(&all);
    let patterns: BTreeSet<_> = scripts.iter().flat_map(|script| patterns(script)).collect();
    let is_used = |key: &String| {
        let literal = format!("\"{key}\"");
        let exists = |word: &&str| words.contains(word) || words.contains(&*variant(word));
        let is_filled = |pattern: &String| filled(pattern, key).is_some_and(|places| places.iter().all(exists));
        scripts.iter().any(|script| script.contains(&literal)) || patterns.iter().any(is_filled)
    };
    let unused: Vec<_> = script_keys().into_iter().filter(|key| !is_used(key)).collect();

    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn every_text_that_the_script_asks_for_exists() {
    let keys = script_keys();
    let scripts = sources("functions/web/assets/manage", &["js"]);
    let mut asked = 0;
    for script in &scripts {
        let calls: Vec<_> = script.split("t(\"").collect();
        // Not what ends in that letter: `get("…")`.
        let calls = calls
            .windows(2)
            .filter(|pair| !pair[0].ends_with(|c: char| c.is_alphanumeric()));
        for key in calls.filter_map(|pair| pair[1].split('"').next()) {
            assert!(keys.contains(key), "t(\"{key}\")");
            asked += 1;
        }
    }
    assert!(asked > 100, "{asked}");
    for pattern in scripts.iter().flat_map(|script| patterns(script)) {
        let any = keys.iter().any(|key| filled(&pattern, key).is_some());
        assert!(any, "{pattern}");
    }
}

#[test]
fn a_key_may_end_in_what_a_call_tells() {
    let script = "t(`state.${state}`) html`<p>${t(`a.${b || \"c\"}.hint`)}</p>`; call(`/x/${id}`); `${a}.b`";
    assert_eq!(
        patterns(script).into_iter().collect::<Vec<_>>(),
        ["a.*.hint", "state.*"]
    );
    assert_eq!(filled("a.*.hint", "a.x_y.hint"), Some(vec!["x_y"]));
    assert_eq!(filled("a.*.hint", "a.x.y.hint"), None);
    assert_eq!(filled("state.*", "states.x"), None);
    assert_eq!(variant("already_pending"), "AlreadyPending");
}
