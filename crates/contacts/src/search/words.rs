//! The words a person is found by, and the index entries that they make.

use serde::{Deserialize, Serialize};

use super::partition;
use crate::{
    ChatworkId, PersonName,
    folding::{
        JOINT,
        coarse::{coarse, cut},
        fold, glued, is_kana, is_unspaced,
        romaji::{self, MAX_SPELLINGS},
        without_iteration_marks, words,
    },
};

/// Index entries of a person, at the most.
pub const MAX_ENTRIES: usize = 24;
/// Between the key of an entry and its word where they differ: before letters and digits, so that
/// equal keys stay together, the shorter word first.
const TIE: char = '$';

/// All words that a person is found by. Compact, as every entry of the person carries it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchWords {
    /// Folded words of the name, and what of the reading is not kana; also what begins behind a joint of one.
    #[serde(rename = "n")]
    names: Vec<String>,
    /// Words of the reading, and kana in the name.
    #[serde(rename = "r")]
    readings: Vec<Reading>,
    /// Name and reading without the spaces between words of scripts that need none.
    #[serde(rename = "j", skip_serializing_if = "Vec::is_empty", default)]
    joined: Vec<String>,
    /// The Chatwork ID in lower case.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none", default)]
    chatwork_id: Option<String>,
}

/// A word in kana.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Reading {
    /// In hiragana.
    #[serde(rename = "k")]
    kana: String,
    /// The coarse keys of its spellings in Latin letters.
    #[serde(rename = "s")]
    spellings: Vec<String>,
}

/// An entry of the index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexEntry {
    /// The first character of the word (kanji, kana), or its first two.
    pub partition: String,
    /// What the index is sorted by within the partition, before `#` and whose entry it is. It begins
    /// with the prefix of each query that finds the word.
    pub word: String,
}

/// A candidate for the index: an entry with what decides whether a query really means it.
pub(super) struct Candidate<'a> {
    pub(super) entry: IndexEntry,
    pub(super) exact: Exact<'a>,
}

/// What a query word must begin.
pub(super) enum Exact<'a> {
    /// A folded word.
    Word(String),
    /// An inner part of one.
    Inner(String),
    /// A spelling of this kana.
    Romanised(&'a str),
    /// A Chatwork ID.
    ChatworkId(&'a str),
}

impl SearchWords {
    /// The words of a person.
    pub fn of(name: &PersonName, reading: Option<&PersonName>, chatwork_id: Option<&ChatworkId>) -> Self {
        let mut result = Self {
            chatwork_id: chatwork_id.map(ChatworkId::folded),
            ..Self::default()
        };
        let name = fold(name.as_str());
        for word in words(&name) {
            result.add_joined_name(word);
        }
        let reading = reading.map(|reading| fold(reading.as_str())).unwrap_or_default();
        result.joined = [&name, &reading].into_iter().flat_map(|text| joined(text)).collect();
        for word in words(&reading) {
            let kana = glued(word);
            if kana.chars().all(is_kana) {
                result.add_reading(&kana);
            } else {
                result.add_joined_name(word);
            }
        }
        result
    }

    /// Adds a word with its parts together, and what begins with a later part: `jeanpaul` and `paul`. Between scripts
    /// that need no spaces the inner parts of the word begin there anyway.
    fn add_joined_name(&mut self, word: &str) {
        self.add_name(&glued(word));
        for (at, joint) in word.match_indices([JOINT, '_']) {
            let before = word.get(..at).and_then(|before| before.chars().next_back());
            let rest = word.get(at + joint.len()..).unwrap_or_default();
            let found_anyway = [before, rest.chars().next()].into_iter().flatten().any(is_unspaced);
            if !found_anyway && !rest.is_empty() {
                self.add_name(&glued(rest));
            }
        }
    }

    fn add_name(&mut self, word: &str) {
        if !self.names.iter().any(|known| known == word) {
            self.names.push(word.to_owned());
        }
        let whole = word.chars().count();
        for run in word.split(|c| !is_kana(c)) {
            // A single kana between kanji is a particle (the *no* of Inoue) or a mark (the *ga* of Sekigahara), no name to be read.
            let kana = run.chars().count();
            if kana >= 2 || (kana == 1 && whole == 1) {
                self.add_reading(run);
            }
        }
    }

    fn add_reading(&mut self, kana: &str) {
        if !self.readings.iter().any(|known| known.kana == kana) {
            self.readings.push(Reading {
                kana: kana.to_owned(),
                spellings: romaji::spellings(&without_iteration_marks(kana)),
            });
        }
    }

    /// The person's entries, at most [`MAX_ENTRIES`], none twice. When there are more: the Chatwork ID
    /// first, then whole words, names without their spaces, romanised words, and inner parts of the name before those of the reading.
    pub fn entries(&self) -> Vec<IndexEntry> {
        let mut result: Vec<IndexEntry> = Vec::new();
        for Candidate { entry, .. } in self.candidates() {
            if !result.contains(&entry) {
                result.push(entry);
            }
        }
        result
    }

    /// The candidates behind [`Self::entries`]; two of them may make one entry.
    pub(super) fn candidates(&self) -> Vec<Candidate<'_>> {
        let mut all = Candidates::default();
        if let Some(id) = &self.chatwork_id {
            all.add_word(&glued(&fold(id)), Some(id), Exact::ChatworkId(id));
        }
        let kana = || self.readings.iter().map(|r| r.kana.as_str());
        for word in self.names.iter().map(String::as_str).chain(kana()) {
            all.add_literal(word);
        }
        for word in &self.joined {
            all.add_literal(word);
        }
        for rank in 0..MAX_SPELLINGS {
            for reading in &self.readings {
                if let Some(key) = reading.spellings.get(rank) {
                    all.add(key.clone(), key, Exact::Romanised(&reading.kana));
                }
            }
        }
        // A reading in several words has its beginnings told: Ito in Saito is nobody's.
        let reading = kana().filter(|_| self.readings.len() == 1);
        for word in self.names.iter().map(String::as_str).chain(reading) {
            for inner in inner_parts(word) {
                all.add_inner(inner);
            }
        }
        all.list
    }
}

/// Words beside one another without the spaces between them, where they are of scripts that are written without any. From
/// the second and the third of many words too: what is before a name is a company or a department.
fn joined(folded: &str) -> Vec<String> {
    const BEGINNINGS: usize = 3;
    let all: Vec<String> = words(folded).map(glued).collect();
    let is_unspaced = |word: &String| word.chars().all(is_unspaced);
    let runs = all.chunk_by(|a, b| is_unspaced(a) && is_unspaced(b));
    runs.flat_map(|run| {
        (0..run.len().saturating_sub(1))
            .take(BEGINNINGS)
            .filter_map(|from| run.get(from..))
    })
    .map(<[String]>::concat)
    .collect()
}

#[derive(Default)]
struct Candidates<'a> {
    list: Vec<Candidate<'a>>,
    distinct: usize,
}

impl<'a> Candidates<'a> {
    fn add_literal(&mut self, word: &str) {
        let word = without_iteration_marks(word);
        self.add_word(&word, None, Exact::Word(word.clone()));
    }

    /// Adds an inner part of a word, behind whole words that are the same.
    fn add_inner(&mut self, part: &str) {
        let part = without_iteration_marks(part);
        let key = coarse(&part);
        let literal = if key == part { "" } else { cut(&part) };
        self.add(format!("{key}{TIE}{literal}"), &key, Exact::Inner(part.clone()));
    }

    /// Adds a folded word under its key, with what tells it from others of the same key.
    fn add_word(&mut self, folded: &str, literal: Option<&str>, exact: Exact<'a>) {
        let key = coarse(folded);
        let literal = literal.unwrap_or(folded);
        let word = if key == literal {
            key.clone()
        } else {
            format!("{key}{TIE}{}", cut(literal))
        };
        self.add(word, &key, exact);
    }

    fn add(&mut self, word: String, key: &str, exact: Exact<'a>) {
        if key.is_empty() {
            return;
        }
        let entry = IndexEntry {
            partition: partition(key).to_owned(),
            word,
        };
        let known = self.list.iter().any(|c| c.entry == entry);
        if !known && self.distinct == MAX_ENTRIES {
            return;
        }
        self.distinct += usize::from(!known);
        self.list.push(Candidate { entry, exact });
    }
}

/// The parts of a word that begin inside a run of a script written without spaces, or just after one.
fn inner_parts(word: &str) -> impl Iterator<Item = &str> {
    let mut before = None;
    word.char_indices().filter_map(move |(at, c)| {
        let begins = before.is_some_and(|before| is_unspaced(before) || is_unspaced(c));
        before = Some(c);
        word.get(at..).filter(|_| begins)
    })
}
