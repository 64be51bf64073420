//! What holds for any name and any query, not only for the vectors.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

use contacts::{
    ChatworkId, EmailAddress, PersonName,
    folding::{
        coarse::coarse,
        fold,
        romaji::{MAX_SPELLINGS, begins_with, spellings},
    },
    search::{MAX_ENTRIES, MatchedBy, Query, SearchBy, SearchWords},
    user::FindableBy,
};
use proptest::{collection::vec, prelude::*, sample::select};

fn finds(words: &SearchWords, typed: &str) -> bool {
    let query = Query::parse(typed).unwrap_or_else(|e| panic!("{typed:?}: {e}"));
    let found = query.find(words, SearchBy::Any, FindableBy::default());
    if let Some(found) = &found {
        let probe = query.probe();
        assert!(words.entries().contains(&found.entry), "{typed:?}: not an entry");
        assert_eq!(found.entry.partition, probe.partition, "{typed:?}");
        assert!(
            found.entry.word.starts_with(probe.prefix),
            "{typed:?}: not in the probe"
        );
    }
    found.is_some()
}

fn named(name: &str) -> SearchWords {
    SearchWords::of(
        &PersonName::parse(name).unwrap_or_else(|e| panic!("{name:?}: {e}")),
        None,
        None,
    )
}

/// A syllable: kana, its spellings, and how many more coarse keys it makes at the beginning of a word
/// and inside it.
type Syllable = (&'static str, &'static [&'static str], usize, usize);

const SYLLABLES: &[Syllable] = &[
    ("か", &["ka"], 0, 0),
    ("ろ", &["ro"], 0, 0),
    ("の", &["no"], 0, 0),
    ("は", &["ha"], 0, 0),
    ("え", &["e"], 0, 0),
    ("や", &["ya"], 0, 0),
    ("が", &["ga"], 0, 0),
    ("し", &["shi", "si"], 1, 0),
    ("つ", &["tsu", "tu"], 1, 0),
    ("ち", &["chi", "ti"], 1, 1),
    ("ふ", &["fu", "hu"], 1, 1),
    ("じ", &["ji", "zi"], 1, 1),
    ("しょ", &["sho", "syo"], 1, 0),
    ("しゅう", &["shuu", "shu", "syuu", "syu"], 1, 0),
    ("ちゃ", &["cha", "tya"], 1, 1),
    ("じゅ", &["ju", "jyu", "zyu"], 2, 1),
    ("こう", &["kou", "ko", "koo"], 0, 0),
    ("とお", &["too", "to", "tou"], 0, 0),
    ("りょう", &["ryou", "ryo", "ryoo"], 0, 0),
    ("ゆう", &["yuu", "yu"], 0, 0),
    ("った", &["tta"], 0, 0),
    ("んた", &["nta", "n'ta"], 0, 0),
    ("でぃ", &["di"], 0, 0),
    ("ゔぁ", &["va"], 0, 0),
];

/// A reading in katakana, one of its spellings, and how many keys its spellings make beyond the first
/// as powers of two.
fn spelled_reading() -> impl Strategy<Value = (String, String, usize)> {
    vec((select(SYLLABLES), any::<prop::sample::Index>()), 2..6).prop_map(|syllables| {
        let mut reading = String::new();
        let mut spelling = String::new();
        let mut choices = 0;
        for (place, ((kana, spellings, first, inside), index)) in syllables.into_iter().enumerate() {
            reading.push_str(kana);
            let one: &&str = index.get(spellings);
            spelling.push_str(one);
            choices += if place == 0 { first } else { inside };
        }
        (reading, spelling, choices)
    })
}

/// Names of any script, dense in what folding has to do with.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-zéøłßΣİ'’ -]{1,20}",
        "[ぁ-んァ-ヴーゝゞ々・ ]{1,20}",
        "[田中太郎々あいアイーa-c ]{1,20}",
        "\\PC{1,20}",
        // As long as a name may be.
        "[a-z]{64}|[ぁ-んー]{64}|[一-龥]{64}|[𠀋-𠮷]{64}",
    ]
    .prop_filter("a name", |name| PersonName::parse(name).is_ok())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn folding_twice_is_folding_once(text in prop_oneof!["\\PC{0,30}", name(), any::<String>()]) {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), folded);
    }

    #[test]
    fn case_and_composition_do_not_matter(text in "[A-Za-zéñüøłçöÅ ぁ-んァ-ン]{0,20}") {
        use unicode_normalization::UnicodeNormalization;
        prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
        prop_assert_eq!(fold(&text.nfd().collect::<String>()), fold(&text));
    }

    #[test]
    fn the_key_of_a_prefix_is_a_prefix_of_the_key(word in "[aiueohkstnjyzcfm]{0,12}", more in "[aiueohkstnjyzcfm]{0,4}") {
        let longer = format!("{word}{more}");
        prop_assert!(coarse(&longer).starts_with(&coarse(&word)));
        prop_assert!(coarse(&word).chars().take(2).eq(word.chars().take(2)));
    }

    #[test]
    fn every_prefix_of_a_spelling_finds_the_reading((reading, spelling, choices) in spelled_reading()) {
        prop_assert!(begins_with(&fold(&reading), &fold(&spelling)), "{} {}", reading, spelling);
        prop_assume!(choices <= 2);
        let words = named(&reading);
        for end in 2..=spelling.len() {
            if spelling[..end].trim_end_matches('\'').len() >= 2 {
                prop_assert!(finds(&words, &spelling[..end]), "{} by {}", reading, &spelling[..end]);
            }
        }
    }

    #[test]
    fn entries_are_few_and_none_is_there_twice(name in name(), reading in proptest::option::of(name()), id in "[a-zA-Z0-9_-]{1,12}") {
        let reading = reading.and_then(|reading| PersonName::parse(&reading).ok());
        let name = PersonName::parse(&name).expect("filtered");
        let words = SearchWords::of(&name, reading.as_ref(), ChatworkId::parse(&id).ok().as_ref());
        let entries = words.entries();
        prop_assert!(entries.len() <= MAX_ENTRIES);
        for (at, entry) in entries.iter().enumerate() {
            prop_assert!(entry.word.starts_with(&entry.partition));
            prop_assert!(entry.partition.len() + entry.word.len() <= 300);
            prop_assert!(!entries[..at].contains(entry));
        }
        if id.replace('-', "").len() >= 2 {
            prop_assert!(finds(&words, &id), "the Chatwork ID is among the entries");
        }
        let json = serde_json::to_string(&words).expect("plain strings");
        prop_assert_eq!(serde_json::from_str::<SearchWords>(&json).expect("its own"), words);
    }

    #[test]
    fn spellings_are_few(kana in "[ぁ-んー]{1,30}") {
        prop_assert!(spellings(&kana).len() <= MAX_SPELLINGS);
    }

    #[test]
    fn every_part_of_an_unspaced_name_finds_it(name in "[田中佐々太郎ぁ-んア-ンー]{1,8}", from in any::<prop::sample::Index>(), length in 1_usize..8) {
        let from = from.index(name.chars().count());
        let part: String = name.chars().skip(from).take(length).collect();
        prop_assert!(finds(&named(&name), &part), "{} by {}", name, part);
    }

    #[test]
    fn a_long_mark_and_the_kana_that_lengthens_are_one(name in "[かきくけこょっんがのゆ][あいうえおかよんー]{1,7}", marked in any::<u8>()) {
        let name: Vec<char> = name.chars().collect();
        let rows = [("か", "あ"), ("き", "い"), ("くゆ", "う"), ("け", "えい"), ("このょ", "おう"), ("が", "あ")];
        let long = |at: usize| at > 0 && rows.iter().any(|(row, longs)| row.contains(name[at - 1]) && longs.contains(name[at]));
        let typed: String = name
            .iter()
            .enumerate()
            .map(|(at, &c)| if long(at) && marked & (1 << at) != 0 { 'ー' } else { c })
            .collect();
        prop_assert!(finds(&named(&name.iter().collect::<String>()), &typed), "{:?} by {}", name, typed);
        prop_assert!(finds(&named(&typed), &name.iter().collect::<String>()), "{} by {:?}", typed, name);
    }

    #[test]
    fn words_in_any_order_ask_and_find_alike(mut typed in vec("[a-c]{2,3}", 1..4), name in vec("[a-c]{2,5}", 1..4)) {
        let words = named(&name.join(" "));
        let one = Query::parse(&typed.join(" ")).expect("long enough");
        typed.reverse();
        let other = Query::parse(&typed.join(" ")).expect("long enough");
        prop_assert_eq!(&one, &other);
        let expected = typed.iter().all(|typed| name.iter().any(|word| word.starts_with(typed)));
        prop_assert_eq!(finds(&words, &typed.join(" ")), expected);
    }

    #[test]
    fn no_text_breaks_the_parser(text in any::<String>(), name in name()) {
        if let Ok(query) = Query::parse(&text) {
            prop_assert!(query.probe().prefix.starts_with(query.probe().partition));
            query.find(&named(&name), SearchBy::Any, FindableBy::default());
        }
    }
}

#[test]
fn a_switch_that_is_off_hides_what_it_names() {
    let id = ChatworkId::parse("yamada-1").expect("a handle");
    let words = SearchWords::of(&PersonName::parse("ヤマダ").expect("a name"), None, Some(&id));
    let by = |typed: &str, by, name, chatwork_id| {
        let findable = FindableBy {
            name,
            chatwork_id,
            email: true,
        };
        let query = Query::parse(typed).expect("long enough");
        query.find(&words, by, findable).map(|found| found.matched_by)
    };
    use MatchedBy::{ChatworkId as Handle, Name};
    for (typed, by_what, name, chatwork_id, expected) in [
        ("yamada", SearchBy::Any, true, true, Some(Name)),
        ("yamada", SearchBy::Any, false, true, Some(Handle)),
        ("yamada", SearchBy::ChatworkId, true, true, Some(Handle)),
        ("yamada", SearchBy::ChatworkId, true, false, None),
        ("yamada", SearchBy::Name, false, true, None),
        ("yamada", SearchBy::Any, false, false, None),
        ("yamada", SearchBy::Email, true, true, None),
        ("yamada-1", SearchBy::Any, true, true, Some(Handle)),
        ("yamada-1", SearchBy::Name, true, true, None),
        ("やまだ yamada-1", SearchBy::Any, true, true, Some(Handle)),
        ("やまだ yamada-1", SearchBy::Any, true, false, None),
    ] {
        assert_eq!(
            by(typed, by_what, name, chatwork_id),
            expected,
            "{typed} {by_what:?} {name} {chatwork_id}"
        );
    }
}

#[test]
fn an_exact_word_comes_before_longer_ones() {
    for (typed, names) in [
        ("abc", ["Abc Tanaka", "Taro Abcd"]),
        ("sato", ["Sato", "Satoh"]),
        ("lee", ["Lee", "Leeds"]),
        ("たなか", ["タナカ", "タナカベ"]),
        ("yoko", ["ヨウコ", "ヨウコヤマ"]),
    ] {
        let query = Query::parse(typed).expect("long enough");
        let at = names.map(|name| {
            query
                .find(&named(name), SearchBy::Any, FindableBy::default())
                .expect("found")
                .entry
        });
        assert!(at[0] < at[1], "{typed}: {at:?}");
    }
}

#[test]
fn queries_have_a_least_and_a_greatest_length() {
    let hundred = "a".repeat(100);
    for good in [
        "田",
        "か",
        "ー",
        "ab",
        "김철",
        "a 田",
        "ab c",
        "a-b",
        " ab ",
        &hundred,
        "x@y.example",
        "\u{200b}ab\u{200b}",
        "辻\u{e0100}",
    ] {
        assert!(Query::parse(good).is_ok(), "{good:?}");
    }
    let more = "a".repeat(101);
    for (bad, code) in [
        ("", "empty"),
        (" \u{3000}", "empty"),
        ("\u{200b}\u{feff}", "empty"),
        ("\u{fe0f}\u{e0100}", "too_short"),
        ("a", "too_short"),
        ("é", "too_short"),
        ("a b", "too_short"),
        ("a-", "too_short"),
        ("--", "too_short"),
        ("김", "too_short"),
        (&more, "too_long"),
        ("ab\0", "control_character"),
        ("ab\u{202e}c", "control_character"),
    ] {
        assert_eq!(Query::parse(bad).map_err(|e| e.code), Err(code), "{bad:?}");
    }
}

#[test]
fn a_text_with_an_at_sign_is_an_address_unless_something_else_is_asked_for() {
    let typed = " Ｔａｒｏ＠x.example ";
    let taro = Ok(Some("taro@x.example"));
    for (typed, by, expected) in [
        (typed, SearchBy::Any, taro),
        (typed, SearchBy::Email, taro),
        (typed, SearchBy::Name, Ok(None)),
        (typed, SearchBy::ChatworkId, Ok(None)),
        ("taro", SearchBy::Any, Ok(None)),
        ("taro", SearchBy::Email, Err("invalid_email")),
        ("taro@", SearchBy::Any, Err("invalid_email")),
        ("taro@", SearchBy::Name, Ok(None)),
    ] {
        let address = Query::parse(typed).expect("long enough").address(by);
        let found = address.as_ref().map(|found| found.as_ref().map(EmailAddress::as_str));
        assert_eq!(found.map_err(|invalid| invalid.code), expected, "{typed} {by:?}");
    }
}
