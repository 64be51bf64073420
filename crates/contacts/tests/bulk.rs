//! What holds for any pasted text, and the report on one realistic block.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

use std::{collections::HashMap, fs, path::PathBuf, time::Instant};

use contacts::invitation::bulk::{Entry, Field, MAX_ENTRIES, Place, address_in, parse, retry_text};
use proptest::prelude::*;

/// What an entry says, without where it stands.
fn said(entry: &Entry) -> (String, Result<String, &'static str>) {
    let address = entry.address.as_ref().map(|a| a.as_str().to_owned());
    (entry.raw.clone(), address.map_err(|e| e.code))
}

/// Entries as they are wherever their text stands.
fn without_places(mut entries: Vec<Entry>) -> Vec<Entry> {
    for entry in &mut entries {
        entry.place = Place {
            field: Field::Text,
            start: 0,
            length: 0,
        };
    }
    entries
}

fn everything_said(text: &str) -> Vec<(String, Result<String, &'static str>)> {
    parse(&[], Some(text)).unwrap().iter().map(said).collect()
}

/// Text without what may stand between entries.
fn letters(text: &str) -> String {
    let unseen = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let between = |c: char| {
        c.is_whitespace() || unseen(c) || ",;|，；｜、､\u{fe10}\u{fe11}\u{fe14}\u{fe50}\u{fe51}\u{fe54}".contains(c)
    };
    text.chars().filter(|c| !between(*c)).collect()
}

fn line() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        4 => "[a-c]@[xy]\\.example",
        2 => "(Taro|\"Sato, H\"|\"a \\\\\" b\") ?<[a-c]@x\\.example>",
        4 => prop::sample::select(vec![
            ",", ";", "，", "；", "、", " ", "\t", "\u{3000}", "\"", "\"", "\\", "<", ">", "＜", "＞", "@", "\u{feff}",
        ]).prop_map(str::to_owned),
        1 => "[^\r\n\u{b}\u{c}\u{85}\u{2028}\u{2029}]{0,3}",
    ];
    prop::collection::vec(token, 0..12).prop_map(|tokens| tokens.concat())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => prop::collection::vec((line(), prop::sample::select(vec!["\n", "\r\n", "\r"])), 0..8)
            .prop_map(|lines| lines.into_iter().flat_map(|(line, end)| [line, end.to_owned()]).collect()),
        1 => any::<String>(),
    ]
}

proptest! {
    #[test]
    fn nothing_is_lost_and_nothing_added(fields in prop::collection::vec(text(), 0..3), text in prop::option::of(text())) {
        let entries = parse(&fields, text.as_deref()).unwrap();
        let raws: String = entries.iter().map(|e| e.raw.as_str()).collect();
        let input = fields.concat() + text.as_deref().unwrap_or_default();
        prop_assert_eq!(letters(&raws), letters(&input));
        prop_assert!(entries.is_sorted_by_key(|e| e.line));
        for entry in &entries {
            prop_assert!(!entry.raw.is_empty() && !entry.raw.contains(['\r', '\n']));
            prop_assert_eq!(entry.raw.trim_matches([' ', '\t', '\u{3000}']), &entry.raw);
        }
    }

    #[test]
    fn an_entry_stands_on_the_line_it_names(lines in prop::collection::vec(line(), 0..8)) {
        let (fields, text) = lines.split_at(lines.len() / 2);
        let joined = text.join("\n");
        for entry in parse(fields, (!text.is_empty()).then_some(&joined)).unwrap() {
            prop_assert!(lines[entry.line as usize - 1].contains(&entry.raw));
        }
    }

    /// So no quote or bracket on one line changes another.
    #[test]
    fn each_line_is_read_by_itself(lines in prop::collection::vec(line(), 0..8)) {
        let alone: Vec<_> = lines.iter().flat_map(|line| everything_said(line)).collect();
        prop_assert_eq!(everything_said(&lines.join("\n")), alone);
    }

    #[test]
    fn the_kind_of_line_end_makes_no_difference(lines in prop::collection::vec(line(), 0..8)) {
        let entries = parse(&[], Some(&lines.join("\n"))).map(without_places);
        prop_assert_eq!(&parse(&[], Some(&lines.join("\r\n"))).map(without_places), &entries);
        prop_assert_eq!(&parse(&[], Some(&lines.join("\r"))).map(without_places), &entries);
        prop_assert_eq!(&parse(&lines, None).map(without_places), &entries);
    }

    #[test]
    fn its_place_gives_the_text_of_an_entry_again_and_that_its_address(
        fields in prop::collection::vec(text(), 0..3), text in prop::option::of(text()),
    ) {
        let text = text.as_deref();
        for entry in parse(&fields, text).unwrap() {
            prop_assert_eq!(entry.place.text(&fields, text), Some(entry.raw.as_str()));
            prop_assert_eq!(address_in(&entry.raw), entry.address);
        }
    }

    #[test]
    fn a_place_that_the_input_does_not_have_has_no_text(
        index in 0..3_usize, start in any::<usize>(), length in any::<usize>(), text in text(),
    ) {
        let fields = [text.clone()];
        for field in [Field::Email(index), Field::Text] {
            let found = Place { field, start, length }.text(&fields, Some(&text));
            prop_assert!(found.is_none_or(|found| text.contains(found)));
        }
        prop_assert_eq!(Place { field: Field::Email(index), start: 0, length: 0 }.text(&[], Some(&text)), None);
        prop_assert_eq!(Place { field: Field::Text, start: 0, length: 0 }.text(&fields, None), None);
    }

    #[test]
    fn later_ones_of_an_address_name_the_first(text in text()) {
        let mut first_lines: HashMap<_, u32> = HashMap::new();
        for entry in parse(&[], Some(&text)).unwrap() {
            let first = entry.address.ok().and_then(|a| match first_lines.get(&a) {
                Some(first) => Some(*first),
                None => first_lines.insert(a, entry.line),
            });
            prop_assert_eq!(entry.duplicate_of_line, first);
        }
    }

    #[test]
    fn what_is_to_mend_comes_back_as_it_was(text in text(), keep in prop::collection::vec(any::<bool>(), 40)) {
        let entries = parse(&[], Some(&text)).unwrap();
        let kept: Vec<&Entry> = entries.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(e, _)| e).collect();
        let expected: Vec<_> = kept.iter().copied().map(said).collect();
        prop_assert_eq!(everything_said(&retry_text(kept.iter().map(|entry| entry.raw.as_str()))), expected);
    }
}

/// Quadratic work on any of these would take minutes.
#[test]
fn time_grows_with_the_length_only() {
    const SIZE: usize = 256 * 1024;
    let quotes = ["\"", " \"", "\\\"", "\" ", " \"\"", " \"\"\""];
    let others = [
        "<",
        ">",
        ",",
        " ",
        "\u{3000}",
        "a ",
        "@",
        "a@b.example ",
        "<a@b.example> ",
        "\n",
        "ﬁ",
    ];
    for unit in quotes.into_iter().chain(others) {
        let text = unit.repeat(SIZE / unit.len());
        for text in [format!("{text}x"), format!("\"{text}>")] {
            let begin = Instant::now();
            let _ = parse(&[], Some(&text));
            assert!(begin.elapsed().as_secs() < 20, "{unit:?} took {:?}", begin.elapsed());
        }
    }
}

#[test]
fn a_thousand_entries_are_read_and_one_more_is_not() {
    let text = "a@x.example,".repeat(MAX_ENTRIES);
    assert_eq!(parse(&[], Some(&text)).map(|e| e.len()), Ok(1_000));
    let more = parse(&["b@x.example".to_owned()], Some(&text));
    assert_eq!(more.map_err(|e| e.count), Err(1_001));
}

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Expected {
    line: u32,
    raw: String,
    status: String,
    email: Option<String>,
    reason: Option<String>,
    duplicate_of_line: Option<u32>,
}

/// The expectations are written by the script beside the text, while it puts the text together.
#[test]
fn a_pasted_block_of_a_thousand_lines() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/bulk");
    let text = fs::read_to_string(folder.join("pasted-block.txt")).unwrap();
    let expected = fs::read_to_string(folder.join("pasted-block.json")).unwrap();
    let expected: Vec<Expected> = serde_json::from_str(&expected).unwrap();

    let entries = parse(&[], Some(&text)).unwrap();
    for (entry, expected) in entries.iter().zip(&expected) {
        let (email, reason) = match &entry.address {
            Ok(address) => (Some(address.as_str().to_owned()), None),
            Err(invalid) => (None, Some(invalid.code.to_owned())),
        };
        let status = match (&email, entry.duplicate_of_line) {
            (None, _) => "invalid",
            (Some(_), None) => "valid",
            (Some(_), Some(_)) => "duplicate",
        };
        let found = Expected {
            line: entry.line,
            raw: entry.raw.clone(),
            status: status.to_owned(),
            email,
            reason,
            duplicate_of_line: entry.duplicate_of_line,
        };
        assert_eq!(&found, expected);
    }
    assert_eq!(entries.len(), expected.len());
}
