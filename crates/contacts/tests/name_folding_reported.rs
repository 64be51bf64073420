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

#[test]
fn j04_hyphens_behind_kana_are_long_marks() {
    searched(
        &[
            (
                "ユーコ モリ",
                "ユ－コ | ユ-コ | ユ−コ | ユ―コ | ﾕ-ｺ | ユ〜コ | ユ～コ | ユ–コ",
            ),
            ("ﾛｰｽﾞ", "ロ-ズ"),
            ("ロ-ズ", "ローズ"),
        ],
        true,
    );
    searched(&[("ユーコ", "ゆこ"), ("ゆこ", "ゆ-こ")], false);
}

#[test]
fn j05_a_long_vowel_in_kana_has_one_spelling() {
    searched(
        &[
            ("光一 / こういち", "コーイチ | こーいち"),
            ("大野 / おおの", "オーノ | おーの"),
            ("ﾛｰｽﾞ", "ろおず | ろうず"),
            ("ネー", "ねえ | ねい"),
            ("コーイチ", "こういち | こおいち"),
        ],
        true,
    );
    searched(
        &[
            ("光一 / こういち", "こいち | こおいち"),
            ("小市 / こいち", "こういち | こーいち"),
        ],
        false,
    );
}

#[test]
fn j06_what_input_methods_take_is_a_spelling() {
    searched(
        &[
            ("しんご", "shinngo | sinngo"),
            ("けんいち", "kennichi | kenn'ichi"),
            ("じゅんや しんどう", "junnya | shinndou"),
            ("じゅんいち", "junnichi | jun'nichi"),
            ("はっとり", "haxtutori | haltutori | haltsutori"),
            ("つづき", "tuduki"),
        ],
        true,
    );
    searched(
        &[("こにし", "konnishi"), ("かんの", "kano"), ("Alexa", "arekusa")],
        false,
    );
}

#[test]
fn j08_kana_between_kanji_have_one_spelling() {
    searched(
        &[
            ("霞ヶ関", "霞が関 | 霞ガ関 | 霞ケ関 | 霞ヶ | 霞が"),
            ("三ツ矢", "三ッ矢 | 三つ矢 | 三っ矢"),
            ("山之内", "山の内 | 山ノ内"),
        ],
        true,
    );
    searched(
        &[
            ("弘之", "弘の"),
            ("カツオノ", "カッオ"),
            ("霞ヶ関", "霞関"),
            ("いけ田", "いが田"),
        ],
        false,
    );
}

#[test]
fn j09_large_kana_stand_for_small_in_whole_words() {
    searched(
        &[
            (
                "服部京子 / きょうこ はっとり",
                "キヨウコ | ｷﾖｳｺ | ハツトリ | キヨウコハツトリ",
            ),
            ("キヤノン太郎", "キャノン"),
            ("キャノン太郎", "キヤノン"),
        ],
        true,
    );
    searched(
        &[
            ("京子 / きょうこ", "きよ | きよう | kiyouko"),
            ("清子 / きよこ", "きょうこ"),
        ],
        false,
    );
}

#[test]
fn j12_words_are_found_inside_punctuation() {
    searched(
        &[
            ("Kobayashi(Sales)", "sales | kobayashi(sales) | kobayashi"),
            ("Yamada/Jiro", "jiro | yamada/jiro"),
            ("Ota.Mei", "mei | ota.mei | otamei"),
            ("Suzuki,Rin", "rin | Suzuki, Rin | Suzuki,Rin"),
            ("Jean-Paul", "paul | jean-paul | jeanpaul | jean paul"),
            ("Ichiro Matsui", "Matsui, Ichiro | \"matsui\" | (matsui) | matsui;"),
            ("田中 太郎（営業部）", "田中太郎 | 営業部"),
            ("ジョン・スミス", "ジョン•スミス | ジョン·スミス | ジョン‧スミス"),
            ("O'Brien", "o'brien | obrien"),
        ],
        true,
    );
    searched(
        &[("O'Brien", "brien"), ("Yamada/Jiro", "iro"), ("Jean-Paul", "aul")],
        false,
    );
}
