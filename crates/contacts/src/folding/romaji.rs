//! How a reading in kana is written in Latin letters: every spelling that counts as the same, and the
//! few of them that go into the index.
//!
//! Hepburn, Kunrei and what input methods take alike: si/shi, tu/tsu, ti/chi, hu/fu, zi/ji and their kin (sya/sha, tya/cha,
//! zya/jya/ja), n or m before b, m and p, nn for ん anywhere. A long vowel is written twice, once or, when it is an o, as
//! ou, oo, oh or o. Apostrophes, hyphens and macrons are gone before: folding drops them.

use std::collections::HashSet;

use wana_kana::ConvertJapanese;

use super::{
    coarse::{Coarse, is_vowel},
    is_kana,
    syllables::{Spelling, System, steps},
};

/// Spellings of a word in the index, at the most.
pub const MAX_SPELLINGS: usize = 4;

/// Partial spellings kept while the cheapest are looked for; a real name has fewer.
const BEAM: usize = 32;

/// True when some spelling of `kana` begins with `typed`.
///
/// Both are folded; `kana` has no iteration marks.
pub fn begins_with(kana: &str, typed: &str) -> bool {
    let kana: Vec<char> = kana.chars().collect();
    let mut open = vec![(0, typed)];
    let mut seen = HashSet::new();
    while let Some((at, rest)) = open.pop() {
        if rest.is_empty() {
            return true;
        }
        if !seen.insert((at, rest.len())) {
            continue;
        }
        for step in steps(&kana, at) {
            if step.text.starts_with(rest) {
                return true;
            }
            if let Some(rest) = rest.strip_prefix(step.text.as_str()) {
                open.push((at + step.kana, rest));
            }
        }
    }
    false
}

/// The kana of what was typed, if keys of an input method for small kana tell it: `haxtutori`, `kixyo`.
///
/// Only where Latin names do not have the same letters: Alexa and Altuna are no kana.
pub fn kana_typed(typed: &str) -> Option<String> {
    let small_tsu = |at: usize, key: &str| {
        let next = typed.get(at + key.len()..).and_then(|rest| rest.chars().next());
        next.is_some_and(|c| "bcdfghjkpstz".contains(c))
    };
    let has = |keys: &[&str]| keys.iter().any(|key| typed.contains(key));
    let is_input = ["xtu", "ltu", "xtsu", "ltsu"]
        .iter()
        .any(|key| typed.match_indices(key).any(|(at, key)| small_tsu(at, key)))
        || has(&["ixya", "ixyu", "ixyo", "texi", "dexi", "toxu", "doxu", "texyu", "dexyu"])
        || has(&["fuxa", "fuxi", "fuxe", "fuxo", "vuxa", "vuxi", "vuxe", "vuxo"]);
    let kana = is_input.then(|| typed.to_hiragana())?;
    kana.chars().all(is_kana).then_some(kana)
}

/// The coarse keys of the most usual spellings, at most [`MAX_SPELLINGS`], the most usual first.
///
/// Usual is Hepburn, then Kunrei, then a mixture, each with o and u written once or as the kana has
/// them; after those `oh`, m for n, `wo`, and last a, i and e otherwise than the kana has them. Only
/// what the coarse key does not make equal needs an entry: the first two letters, ch/t, j/z, f/h, n/m,
/// aa, ii, ee, and `oh` before a vowel.
pub fn spellings(kana: &str) -> Vec<String> {
    let kana: Vec<char> = kana.chars().collect();
    let mut layers: Vec<Vec<Partial>> = vec![Vec::new(); kana.len() + 1];
    if let Some(first) = layers.first_mut() {
        first.push(Partial::default());
    }
    for at in 0..kana.len() {
        let partials = layers.get_mut(at).map(std::mem::take).unwrap_or_default();
        let steps = steps(&kana, at);
        for partial in cheapest(partials) {
            for step in &steps {
                if let Some(layer) = layers.get_mut(at + step.kana) {
                    layer.push(partial.with(step));
                }
            }
        }
    }
    let mut result: Vec<String> = Vec::new();
    for partial in cheapest(layers.pop().unwrap_or_default()) {
        let key = partial.coarse.into_key();
        if !key.is_empty() && !result.contains(&key) {
            result.push(key);
        }
    }
    result.truncate(MAX_SPELLINGS);
    result
}

#[derive(Debug, Clone, Default)]
struct Partial {
    coarse: Coarse,
    cost: u32,
    system: Option<System>,
    /// It ends with the `h` of a long vowel, and this is not the second letter of the word, where the
    /// partition keeps it.
    after_long_h: bool,
}

impl Partial {
    fn with(&self, step: &Spelling) -> Self {
        let mut next = self.clone();
        next.cost += step.cost;
        if self.after_long_h && step.text.starts_with(is_vowel) {
            next.cost += 3;
        }
        if let Some(system) = step.system {
            next.cost += match (self.system, system) {
                (None, System::Hepburn) => 0,
                (None, System::Kunrei) => 1,
                (Some(before), now) => 2 * u32::from(before != now),
            };
            next.system = Some(system);
        }
        next.coarse.push_str(&step.text);
        next.after_long_h = step.long_h && !(self.coarse.taken() == 0 && step.text.len() == 2);
        next
    }
}

/// The cheapest of each state, at most [`BEAM`], in an order that depends on nothing but them.
fn cheapest(mut partials: Vec<Partial>) -> Vec<Partial> {
    partials.sort_by_cached_key(|p| (p.cost, p.coarse.clone().into_key()));
    let mut kept: Vec<Partial> = Vec::new();
    for partial in partials {
        let known = |k: &Partial| {
            k.coarse == partial.coarse && k.system == partial.system && k.after_long_h == partial.after_long_h
        };
        if kept.len() < BEAM && !kept.iter().any(known) {
            kept.push(partial);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_spelling_counts_and_no_other() {
        for (kana, spelled, not) in [
            ("やまだ", "yamada", "yameda yamata"),
            ("つちや", "tsuchiya tutiya tsutiya tuchiya", "tsuciya suchiya"),
            (
                "じゅんいち",
                "junichi jyunichi zyuniti zyunichi jun junniti junnichi",
                "yunichi junnnichi",
            ),
            ("しんご", "shinngo sinngo shingo", "shinnngo"),
            ("かんの", "kanno kannno", "kano kannnno"),
            ("このみ", "konomi", "konnomi"),
            ("つづき", "tsuzuki tuduki", "tsutsuki"),
            ("ちぢわ", "chijiwa tidiwa", "chidziwa"),
            ("てぃな", "thina", "tyina"),
            ("おおた", "oota ota ohta outa", "ota2 otta otah"),
            ("おの", "ono", "oono ohno ouno"),
            ("おおの", "oono ono ohno", "oonoo"),
            ("ようこ", "youko yoko yohko yooko", "yuko yokou"),
            ("ゆうき", "yuuki yuki", "youki yuukii"),
            ("こういち", "kouichi koichi kohichi kohiti", "kooihi kuichi"),
            ("さーや", "saya saaya", "sahya"),
            ("いのうえ", "inoue inoe inohe", "inue"),
            ("ほんま", "honma homma", "homa"),
            ("はっとり", "hattori", "hatori"),
            ("えっちゅう", "etchu ecchuu ettyuu", "echu"),
            ("てぃな", "tina", "teina china"),
            ("ふぁびお", "fabio", "fuabio huabio"),
            ("ゔぁれりー", "vareri varerii", "voareri"),
            ("うぃりあむ", "wiriamu", "uiriamu"),
            ("でぃーん", "din diin", "dein"),
            ("しぇりー", "sheri syeri", "sieri shieri"),
        ] {
            for typed in spelled.split(' ') {
                assert!(begins_with(kana, typed), "{kana} {typed}");
            }
            for typed in not.split(' ') {
                assert!(!begins_with(kana, typed), "{kana} {typed}");
            }
        }
    }

    #[test]
    fn small_kana_by_themselves_are_read_as_kana_and_latin_names_are_not() {
        for (typed, kana) in [
            ("haxtutori", Some("はっとり")),
            ("haltutori", Some("はっとり")),
            ("haxtsutori", Some("はっとり")),
            ("kixyouko", Some("きょうこ")),
            ("texina", Some("てぃな")),
            ("fuxabio", Some("ふぁびお")),
            ("alexa", None),
            ("altuna", None),
            ("roxanne", None),
            ("texier", None),
            ("hattori", None),
        ] {
            assert_eq!(kana_typed(typed).as_deref(), kana, "{typed}");
        }
    }

    #[test]
    fn few_spellings_are_written_the_usual_ones_first() {
        for (kana, expected) in [
            ("やまだ", "yamada"),
            ("しんじ", "shinji sinzi shinzi sinji"),
            ("ようこ", "yoko"),
            ("おおた", "oota ota ohta outa"),
            ("おおじま", "ojima oojima ohjima oozima"),
        ] {
            assert_eq!(spellings(kana).join(" "), expected, "{kana}");
        }
    }
}
