//! The syllables of kana, each with the ways to write it in Latin letters.

use std::sync::LazyLock;

use wana_kana::ConvertJapanese;

use super::coarse::is_vowel;

/// Kana with a spelling that only input methods have.
static INPUT_METHOD: LazyLock<Vec<(Vec<char>, &str)>> = LazyLock::new(|| {
    let lines = include_str!("input-method.txt")
        .lines()
        .filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once(' '));
    pairs
        .map(|(kana, spelling)| (kana.chars().collect(), spelling))
        .collect()
});

/// Which of the two systems a syllable is written in, where they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum System {
    Hepburn,
    Kunrei,
}

/// One way to write the kana at some position.
pub(super) struct Spelling {
    pub(super) text: String,
    /// How many kana it stands for.
    pub(super) kana: usize,
    /// How unusual it is.
    pub(super) cost: u32,
    pub(super) system: Option<System>,
    /// It ends with the `h` of a long vowel.
    pub(super) long_h: bool,
}

impl Spelling {
    fn new(text: impl Into<String>, kana: usize) -> Self {
        Self {
            text: text.into(),
            kana,
            cost: 0,
            system: None,
            long_h: false,
        }
    }

    fn at_cost(self, cost: u32) -> Self {
        Self { cost, ..self }
    }
}

/// The ways to write what is at `at`, with the vowel kana and `ー` that lengthen it.
pub(super) fn steps(kana: &[char], at: usize) -> Vec<Spelling> {
    let mut result = Vec::new();
    for step in syllable(kana, at) {
        let vowel = step.text.chars().next_back().filter(|&c| is_vowel(c));
        let next = kana.get(at + step.kana).copied();
        if let (Some(vowel), Some(next)) = (vowel, next) {
            for (more, cost) in lengthenings(vowel, next) {
                result.push(Spelling {
                    text: format!("{}{more}", step.text),
                    kana: step.kana + 1,
                    cost: step.cost + cost,
                    system: step.system,
                    long_h: *more == "h",
                });
            }
        }
        result.push(step);
    }
    result
}

/// What a vowel may be followed by when `next` makes it long, beside how `next` is written by itself.
fn lengthenings(vowel: char, next: char) -> &'static [(&'static str, u32)] {
    match (vowel, next) {
        ('a', 'ー') => &[("a", 4)],
        ('i', 'ー') => &[("i", 4)],
        ('u', 'ー') => &[("u", 1)],
        ('e', 'ー') => &[("e", 4)],
        ('o', 'ー') => &[("h", 1), ("o", 1), ("u", 2)],
        ('o', 'う' | 'ぅ') => &[("", 0), ("h", 1), ("o", 2)],
        ('o', 'お' | 'ぉ') => &[("", 0), ("h", 1), ("u", 2)],
        ('u', 'う' | 'ぅ') => &[("", 0)],
        ('a', 'あ' | 'ぁ') | ('i', 'い' | 'ぃ') | ('e', 'え' | 'ぇ') => &[("", 4)],
        _ => &[],
    }
}

/// The ways to write the syllable at `at`, without what lengthens it.
fn syllable(kana: &[char], at: usize) -> Vec<Spelling> {
    let mut result = published(kana, at);
    let rest = kana.get(at..).unwrap_or_default();
    let length = result.iter().map(|step| step.kana).max().unwrap_or_default();
    for (written, spelling) in INPUT_METHOD.iter() {
        if written.len() == length && rest.starts_with(written) {
            result.push(Spelling::new(*spelling, length).at_cost(4));
        }
    }
    result
}

/// The ways that published romanisations have.
fn published(kana: &[char], at: usize) -> Vec<Spelling> {
    let Some(&first) = kana.get(at) else {
        return Vec::new();
    };
    let next = kana.get(at + 1).copied();
    match first {
        'ー' => return vec![Spelling::new("", 1)],
        'っ' => return doubled(kana, at),
        'ん' => {
            let mut result = vec![Spelling::new("n", 1)];
            if syllable(kana, at + 1)
                .iter()
                .any(|s| s.text.starts_with(['b', 'm', 'p']))
            {
                result.push(Spelling::new("m", 1).at_cost(2));
            }
            return result;
        }
        _ => {}
    }
    let glide = next.and_then(|next| glided(first, next));
    if let Some(text) = next.and_then(|next| small_vowel(first, next)) {
        return vec![Spelling::new(text, 2)];
    }
    let (kana, vowel) = match glide {
        Some(vowel) => (2, vowel),
        None => (1, ""),
    };
    let by_system = |hepburn: &str, kunrei: &str| {
        [(hepburn, System::Hepburn), (kunrei, System::Kunrei)].map(|(text, system)| Spelling {
            system: Some(system),
            ..Spelling::new(format!("{text}{vowel}"), kana)
        })
    };
    match (first, glide.is_some()) {
        ('し', false) => by_system("shi", "si").into(),
        ('し', true) => by_system("sh", "sy").into(),
        ('ち', false) => by_system("chi", "ti").into(),
        ('ち', true) => by_system("ch", "ty").into(),
        ('つ', _) => by_system("tsu", "tu").into(),
        ('ふ', false) => by_system("fu", "hu").into(),
        ('じ' | 'ぢ', false) => by_system("ji", "zi").into(),
        ('じ' | 'ぢ', true) => {
            let mut result = Vec::from(by_system("j", "zy"));
            result.push(Spelling::new(format!("jy{vowel}"), kana).at_cost(1));
            result
        }
        ('づ', _) => vec![Spelling::new("zu", 1)],
        ('を', _) => vec![Spelling::new("o", 1), Spelling::new("wo", 1).at_cost(1)],
        ('ゐ', _) => vec![Spelling::new("i", 1), Spelling::new("wi", 1).at_cost(1)],
        ('ゑ', _) => vec![Spelling::new("e", 1), Spelling::new("we", 1).at_cost(1)],
        (_, true) => {
            let romaji = plain(first);
            let stem = romaji.strip_suffix('i').unwrap_or(&romaji);
            vec![Spelling::new(format!("{stem}y{vowel}"), kana)]
        }
        (_, false) => vec![Spelling::new(plain(first), kana)],
    }
}

/// `っ` doubles the consonant after it, and is silent before anything else. Before ch it is a t in
/// Hepburn, and a c in what input methods take.
fn doubled(kana: &[char], at: usize) -> Vec<Spelling> {
    let mut result = Vec::new();
    for step in syllable(kana, at + 1) {
        let Some(consonant) = step.text.chars().next().filter(|&c| !is_vowel(c)) else {
            continue;
        };
        if consonant == 'c' {
            result.push(Spelling {
                text: format!("c{}", step.text),
                kana: step.kana + 1,
                cost: step.cost + 2,
                ..step
            });
        }
        let double = if consonant == 'c' { 't' } else { consonant };
        result.push(Spelling {
            text: format!("{double}{}", step.text),
            kana: step.kana + 1,
            ..step
        });
    }
    if result.is_empty() {
        result.push(Spelling::new("", 1));
    }
    result
}

/// The vowel of a small kana that glides after a kana of the i row: `きゃ`, `しぇ`.
fn glided(first: char, small: char) -> Option<&'static str> {
    if !"きぎしじちぢにひびぴみり".contains(first) {
        return None;
    }
    match small {
        'ゃ' => Some("a"),
        'ゅ' => Some("u"),
        'ょ' => Some("o"),
        'ぇ' => Some("e"),
        _ => None,
    }
}

/// Syllables of foreign names, which `wana_kana` writes kana by kana (ティ as `tei`, ファ as `fua`).
fn small_vowel(first: char, small: char) -> Option<String> {
    let vowel = match small {
        'ぁ' | 'ゎ' => 'a',
        'ぃ' => 'i',
        'ぅ' => 'u',
        'ぇ' => 'e',
        'ぉ' => 'o',
        'ゃ' => return matches!(first, 'ふ' | 'ゔ').then(|| format!("{}ya", plain_stem(first))),
        'ゅ' => return matches!(first, 'ふ' | 'ゔ' | 'て' | 'で').then(|| format!("{}yu", plain_stem(first))),
        'ょ' => return matches!(first, 'ふ' | 'ゔ').then(|| format!("{}yo", plain_stem(first))),
        _ => return None,
    };
    let stem = match (first, vowel) {
        ('う', 'a' | 'i' | 'e' | 'o') => "w",
        ('い', 'e') => "y",
        ('ゔ' | 'ふ', 'a' | 'i' | 'e' | 'o') => plain_stem(first),
        ('つ', 'a' | 'i' | 'e' | 'o') => "ts",
        ('て', 'i') | ('と', 'u') => "t",
        ('で', 'i') | ('ど', 'u') => "d",
        ('す', 'i') => "s",
        ('ず', 'i') => "z",
        ('く', 'a' | 'i' | 'e' | 'o') => "kw",
        ('ぐ', 'a' | 'i' | 'e' | 'o') => "gw",
        _ => return None,
    };
    Some(format!("{stem}{vowel}"))
}

fn plain_stem(kana: char) -> &'static str {
    match kana {
        'ふ' => "f",
        'ゔ' => "v",
        'て' => "t",
        _ => "d",
    }
}

/// One kana by itself; a small one as its large form.
fn plain(kana: char) -> String {
    let large = match kana {
        'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'ゃ' | 'ゅ' | 'ょ' | 'ゎ' => {
            char::from_u32(u32::from(kana) + 1).unwrap_or(kana)
        }
        'ゔ' => return "vu".to_owned(),
        _ => kana,
    };
    let romaji = large.to_string().to_romaji();
    if romaji.bytes().all(|b| b.is_ascii_lowercase()) {
        romaji
    } else {
        String::new()
    }
}
