//! What holds for any pasted text, and the report on one realistic block.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

use std::{collections::HashMap, fs, path::PathBuf, time::Instant};

use contacts::{
    invitation::bulk::{Entry, Field, MAX_ENTRIES, Place, address_in, parse, retry_text},
    value::narrow,
};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

/// What an entry says, without where it is.
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

/// In one width and case.
fn plain(text: &str) -> String {
    text.chars()
        .map(narrow)
        .nfc()
        .collect::<String>()
        .to_lowercase()
        .replace('。', ".")
}

/// Whether an address is in a text as it was typed, and not as the beginning or the end of a longer one: what is
/// directly beside it is none of what people have in their addresses, unless that is the name of a field.
fn stands_in(address: &str, text: &str) -> bool {
    let (local, domain) = address.rsplit_once('@').unwrap();
    let (domain, _) = idna::domain_to_unicode(domain);
    let bare = local.trim_matches('"');
    let forms = [
        format!("{bare}@{}", plain(&domain)),
        format!("\"{bare}\"@{}", plain(&domain)),
    ];
    let punycode = forms
        .clone()
        .map(|form| form.replace(&*plain(&domain), address.rsplit_once('@').unwrap().1));
    let text = plain(text).replace("%20", " ").replace("%3c", "<");
    let stands_at = |form: &str, at: usize| {
        // An address begins with no full stop.
        let before = text[..at].trim_end_matches('.').chars().next_back();
        let behind: String = text[at + form.len()..].chars().take(2).collect();
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_-+".contains(c);
        let goes_on = behind
            .trim_start_matches('.')
            .starts_with(|c: char| c.is_ascii_alphanumeric() || c == '@')
            || behind.starts_with(['-', '_']);
        !goes_on && !before.is_some_and(|c| is_part(c) && !form.starts_with('_'))
    };
    forms
        .iter()
        .chain(&punycode)
        .any(|form| text.match_indices(form.as_str()).any(|(at, _)| stands_at(form, at)))
}

fn line() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        4 => "[a-c]@[xy]\\.example",
        2 => "(Taro|\"Sato, H\"|\"a \\\\\" b\"|\"a @ b\") ?<[a-c]@x\\.example>",
        1 => "[a-c]\\.{1,3}[a-c]?@x\\.example",
        6 => prop::sample::select(vec![
            ",", ";", "，", "；", "、", " ", "\t", "\u{3000}", "\"", "\"", "\\", "<", ">", "＜", "＞", "@", "\u{feff}",
            "＠", "﹫", "(", ")", "[", "]", "「", "」", "'", "’", "“", "”", "|", " | ", " / ", "/", "mailto:", "SMTP:", ":", "：",
            "://", "?", "?to=", "&cc=", "&", "=", "email=", "*", "`", "_", "-", "+", "#", "%20", "%3C", "%40", "%2B", ".", "..",
            "。", "…", "さん", "様。", "・", "①", "é", "и", "例え", "example", ".jp", "\u{200b}", "\u{200e}", "\0", "~", "!",
            ":;", "&gt;", "a@[1.2.3.4]", "a@例え.jp", "ａ＠ｘ．ｅｘａｍｐｌｅ", "\"a..b\"@x.example", "a@x.example>",
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
    fn nothing_with_an_address_is_lost(fields in prop::collection::vec(text(), 0..3), text in prop::option::of(text())) {
        let entries = parse(&fields, text.as_deref()).unwrap();
        let whole = |field: Field| match field {
            Field::Email(index) => Some(fields[index].as_str()),
            Field::Text => text.as_deref(),
        };
        let all = (0..fields.len()).map(Field::Email).chain(text.is_some().then_some(Field::Text));
        for field in all {
            let places = entries.iter().map(|entry| entry.place).filter(|place| place.field == field);
            let places: Vec<_> = places.map(|place| place.start..place.start + place.length).collect();
            prop_assert!(places.windows(2).all(|pair| pair[0].end <= pair[1].start), "{places:?} overlap");
            for (at, _) in whole(field).unwrap().match_indices(['@', '＠', '﹫']) {
                prop_assert!(places.iter().any(|place| place.contains(&at)), "the one at {at} is in none of {places:?}");
            }
        }
        prop_assert!(entries.is_sorted_by_key(|e| e.line));
        for entry in &entries {
            prop_assert!(!entry.raw.is_empty() && !entry.raw.contains(['\r', '\n']));
            prop_assert_eq!(entry.raw.trim_matches([' ', '\t', '\u{3000}', '\u{200b}']), &entry.raw);
        }
    }

    #[test]
    fn a_line_without_an_address_is_reported_as_a_whole(line in line()) {
        let is_between = |c: char| {
            let unseen = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
            c.is_whitespace() || unseen || ",;|、".contains(c.nfkc().next().unwrap())
        };
        let line = line.replace(['@', '＠', '﹫', '4'], "").replace(['\u{60c}', '\u{61b}', ':', '：'], "");
        let entries = parse(&[], Some(&line)).unwrap();
        let raws: Vec<&str> = entries.iter().map(|entry| entry.raw.as_str()).collect();
        let whole = line.trim_matches(is_between);
        let expected: Vec<&str> = [whole].into_iter().filter(|whole| !whole.is_empty()).collect();
        prop_assert_eq!(raws, expected);
    }

    #[test]
    fn each_address_was_typed(line in line()) {
        for entry in parse(&[], Some(&line)).unwrap() {
            if let Ok(address) = &entry.address {
                prop_assert!(stands_in(address.as_str(), &entry.raw), "{} in {:?}", address.as_str(), entry.raw);
            }
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
        "a@b.example<",
        "\"@\" <a@b.example> ",
        "a@b.example <a@b.example> ",
        "aya @ ",
        "@ ",
        "a@b(",
        "a(@",
        "a@[",
        "?a=@",
        "&a=",
        "a@b・",
        "a@b%20",
        "%20",
        "=",
        "'",
        ":",
        "・",
        "\u{200b}",
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

/// The text that a row of `shapes.txt` stands for.
fn unescaped(row: &str) -> String {
    let mut text = String::new();
    let mut rest = row;
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let (c, length) = match escape.chars().next() {
            Some('n') => ('\n', 1),
            Some('r') => ('\r', 1),
            Some('t') => ('\t', 1),
            Some('\\') => ('\\', 1),
            Some('u') => {
                let (code, _) = escape[2..].split_once('}').unwrap();
                let code = u32::from_str_radix(code, 16).unwrap();
                (char::from_u32(code).unwrap(), escape.find('}').unwrap() + 1)
            }
            other => panic!("an escape {other:?} in {row}"),
        };
        text.push(c);
        rest = &escape[length..];
    }
    text.push_str(rest);
    text.replace("@P", "@partner.example")
}

/// An entry as a row of `shapes.txt` shows it.
fn shown(entry: &Entry) -> String {
    let Entry { line, raw, .. } = entry;
    match (&entry.address, entry.duplicate_of_line) {
        (Err(invalid), _) => format!("{line} | {raw} ! {}", invalid.code),
        (Ok(_), Some(first)) => format!("{line} | {raw} ~ {first}"),
        (Ok(address), None) if address.as_str() == raw => format!("{line} | {raw}"),
        (Ok(address), None) => format!("{line} | {raw} = {}", address.as_str()),
    }
}

/// The head of the file says what its rows mean.
#[test]
fn the_shapes_that_people_paste() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/bulk/shapes.txt");
    let file = fs::read_to_string(file).unwrap();
    let mut rows = file
        .lines()
        .zip(1..)
        .filter(|(row, _)| row.starts_with(['<', '>']))
        .peekable();
    let mut shapes = 0;
    let mut wrong = Vec::new();
    while let Some((row, number)) = rows.next() {
        let text = unescaped(
            row.strip_prefix("< ")
                .unwrap_or_else(|| panic!("row {number} is no text: {row}")),
        );
        let mut expected = Vec::new();
        while let Some((row, _)) = rows.next_if(|(row, _)| row.starts_with("> ")) {
            expected.extend(Some(unescaped(&row[2..])).filter(|row| row != "nothing"));
        }
        let entries = parse(&[], Some(&text)).unwrap();
        let found: Vec<String> = entries.iter().map(shown).collect();
        if found != expected {
            wrong.push(format!(
                "row {number}: {row}\n  expected {expected:#?}\n  found {found:#?}"
            ));
        }
        assert_says_the_same_alone(&text, &entries);
        shapes += 1;
    }
    assert!(
        wrong.is_empty(),
        "{} of {shapes} shapes:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(shapes >= 300, "{shapes}");
}

/// What [`parse`] promises of an entry's own text.
fn assert_says_the_same_alone(text: &str, entries: &[Entry]) {
    for entry in entries {
        assert_eq!(entry.place.text(&[], Some(text)), Some(&*entry.raw), "{text:?}");
        assert_eq!(address_in(&entry.raw), entry.address, "{:?} of {text:?}", entry.raw);
    }
    let again = everything_said(&retry_text(entries.iter().map(|entry| entry.raw.as_str())));
    assert_eq!(again, entries.iter().map(said).collect::<Vec<_>>(), "{text:?}");
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
