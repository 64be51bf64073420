//! Searches that found nobody in other products, each with near misses. The rules are in `tests/vectors`.

#![allow(clippy::expect_used, reason = "a test that panics has failed")]

use contacts::{
    PersonName,
    search::{Query, SearchBy, SearchWords},
    user::FindableBy,
};

/// Asserts that each of the queries, separated by ` | `, finds the name, or name and reading separated by ` / `.
#[track_caller]
fn searched(people_and_queries: &[(&str, &str)], expected: bool) {
    for (person, queries) in people_and_queries {
        let (name, reading) = person.split_once(" / ").unwrap_or((person, ""));
        let name = PersonName::parse(name).expect(person);
        let reading = (!reading.is_empty()).then(|| PersonName::parse(reading).expect(person));
        let words = SearchWords::of(&name, reading.as_ref(), None);
        for typed in queries.split(" | ") {
            let query = Query::parse(typed).expect(typed);
            let found = query.find(&words, SearchBy::Any, FindableBy::default());
            assert_eq!(found.is_some(), expected, "{person:?} by {typed:?}");
            if let Some(found) = found {
                assert!(words.entries().contains(&found.entry), "{person:?} by {typed:?}");
                let probe = query.probe();
                assert_eq!(found.entry.partition, probe.partition, "{person:?} by {typed:?}");
                assert!(found.entry.word.starts_with(probe.prefix), "{person:?} by {typed:?}");
            }
        }
    }
}

#[test]
fn j01_forms_of_one_kanji_are_one() {
    searched(
        &[
            ("髙橋 國男", "高橋 | 国男 | 髙橋 | 髙橋国男"),
            ("山﨑", "山崎 | 山嵜 | 崎"),
            ("澤田", "沢田"),
            ("渡辺", "渡邊 | 渡邉"),
            ("渡邉", "渡辺 | 渡邊"),
            ("斎藤", "齋藤 | 斉藤 | 齊藤"),
            ("𠮷野", "吉野"),
            ("吉野", "𠮷野"),
        ],
        true,
    );
    searched(
        &[
            ("渡辺", "渡部"),
            ("太田", "大田"),
            ("裕子", "祐子"),
            ("土屋", "士屋"),
            ("大阪", "大坂"),
        ],
        false,
    );
}

#[test]
fn j02_selectors_and_joiners_are_kept_and_not_compared() {
    searched(
        &[
            ("辻\u{e0100}", "辻 | 辻\u{e0101}"),
            ("葛城", "葛\u{e0101} | 葛\u{e0101}城"),
            ("❤\u{fe0f} Emi", "emi\u{200b} | \u{feff}emi"),
            ("👩\u{200d}💻 Rin", "rin"),
            ("می\u{200c}خواهم", "میخواهم | می\u{200c}خواهم"),
        ],
        true,
    );
    searched(&[("辻\u{e0100}", "迚\u{e0100}"), ("葛\u{e0100}城", "葛木")], false);
    for name in ["辻\u{e0100}", "❤\u{fe0f}", "👩\u{200d}💻", "می\u{200c}خواهم"] {
        assert_eq!(PersonName::parse(name).expect(name).as_str(), name);
    }
}
