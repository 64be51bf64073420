//! Finding people by what is typed into one box: the words a person is found by, the index entries
//! that they make, and the query that reads those.
//!
//! The index is read by one `begins_with` in one partition, whose prefix is a coarse key
//! ([`crate::folding::coarse`]): it never misses and may select too much. Each entry carries all its
//! person's [`SearchWords`], so that [`Query::find`] decides exactly, other query words included, and
//! names the one entry at which the person is shown.

mod words;

use serde::{Deserialize, Serialize};

use self::words::{Candidate, Exact};
pub use self::words::{IndexEntry, MAX_ENTRIES, SearchWords};
use crate::{
    EmailAddress, Invalid, PersonName,
    folding::{
        JOINT, coarse::coarse, fold, glued, is_kana, is_kanji, kana, pieces, romaji, without_iteration_marks, words,
    },
    user::FindableBy,
    value::{is_control_or_invisible, is_joiner, is_left_by_copying, is_selector, trim},
};

/// The longest query, in characters.
const MAX_QUERY: usize = 100;
/// The longest query that may be an e-mail address.
const MAX_EMAIL: usize = 320;

/// By what somebody is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchBy {
    /// By the address if the query is one, otherwise by name or Chatwork ID.
    #[default]
    Any,
    /// By name and reading.
    Name,
    /// By Chatwork ID.
    ChatworkId,
    /// By the exact address.
    Email,
}

/// By what somebody was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// The name or its reading.
    Name,
    /// The Chatwork ID.
    ChatworkId,
    /// The exact address.
    Email,
}

/// Someone found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// By what.
    pub matched_by: MatchedBy,
    /// The smallest of the person's entries that the query finds. A page shows the person at this
    /// entry and passes over the others, so that nobody comes twice and no page knows of another.
    pub entry: IndexEntry,
}

/// What to ask the index for: the entries of one partition whose word begins with the prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe<'a> {
    /// The partition.
    pub partition: &'a str,
    /// What the word begins with.
    pub prefix: &'a str,
}

/// What someone searches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Never empty, in an order that does not depend on theirs; the index is asked for the first.
    words: Vec<QueryWord>,
    email: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct QueryWord {
    /// With its parts together: `jeanpaul`.
    whole: Typed,
    /// Its parts, if there are several: `jean`, `paul`. The key of the first begins that of the whole, so that one
    /// probe serves both.
    parts: Vec<Typed>,
    /// As it is compared with Chatwork IDs, which keep their hyphens.
    handle: String,
}

/// A folded text with what it is looked up by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Typed {
    text: String,
    key: String,
}

impl Query {
    /// Reads what was typed: at least one kanji or kana, or a word of two other characters, not
    /// counting apostrophes, hyphens and other marks; at most 100 characters (an e-mail address: 320). Characters that nobody sees
    /// count for nothing around it, where copying leaves them, and selectors and joiners nowhere.
    ///
    /// # Errors
    /// `empty`, `too_short`, `too_long`, `control_character`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const TOO_SHORT: Invalid = Invalid::new("too_short", "at least one kanji or kana, or two other characters");
        let text = trim(text.trim_matches(|c: char| c.is_whitespace() || is_left_by_copying(c)));
        if text.is_empty() {
            return Err(Invalid::new("empty", "nothing to search for"));
        }
        // The second is the full-width one.
        let is_email = text.contains(['@', '\u{ff20}']);
        let length = text.chars().take(MAX_EMAIL + 1).count();
        if length > if is_email { MAX_EMAIL } else { MAX_QUERY } {
            return Err(Invalid::new("too_long", "at most 100 characters, or 320 with an @"));
        }
        let is_hidden = |c| is_control_or_invisible(c) && !is_joiner(c) && !is_selector(c);
        if let Some(invalid) = Invalid::for_hidden(text, is_hidden) {
            return Err(invalid);
        }
        let mut list: Vec<QueryWord> = pieces(text).iter().flat_map(|piece| QueryWord::all_of(piece)).collect();
        list.sort_by(|a, b| {
            let heaviest_first = b.probe().weight().cmp(&a.probe().weight());
            heaviest_first.then_with(|| a.cmp(b))
        });
        if list.first().is_none_or(|first| first.probe().weight() < 2) {
            return Err(TOO_SHORT);
        }
        Ok(Self {
            words: list,
            email: is_email.then(|| text.to_owned()),
        })
    }

    /// The address to look up; `None` when the words are to be searched for. A text with an `@`, which may be
    /// full-width, can only be meant as an address, unless name or Chatwork ID are asked for.
    ///
    /// # Errors
    /// Those of [`EmailAddress::parse`]; `invalid_email` for an address that is asked for and has no `@`.
    pub fn address(&self, by: SearchBy) -> Result<Option<EmailAddress>, Invalid> {
        match (by, &self.email) {
            (SearchBy::Any | SearchBy::Email, Some(text)) => EmailAddress::parse(text).map(Some),
            (SearchBy::Email, None) => Err(Invalid::new("invalid_email", "is no e-mail address")),
            (SearchBy::Any, None) | (SearchBy::Name | SearchBy::ChatworkId, _) => Ok(None),
        }
    }

    /// What to ask the index for. It depends on the words only, not on their order.
    pub fn probe(&self) -> Probe<'_> {
        let prefix = self.words.first().map_or("", |word| word.probe().key.as_str());
        Probe {
            partition: partition(prefix),
            prefix,
        }
    }

    /// Whether the query finds a person, who may be found by what `findable` says: each query word
    /// begins a word of the person, in any order. Nobody is found by address here.
    pub fn find(&self, person: &SearchWords, by: SearchBy, findable: FindableBy) -> Option<Match> {
        let by_name = findable.name && matches!(by, SearchBy::Any | SearchBy::Name);
        let by_chatwork_id = findable.chatwork_id && matches!(by, SearchBy::Any | SearchBy::ChatworkId);
        let mut candidates = person.candidates();
        candidates.retain(|candidate| match candidate.exact {
            Exact::ChatworkId(_) => by_chatwork_id,
            Exact::Word(_) | Exact::Inner(_) | Exact::Romanised(_) => by_name,
        });
        let (probe, others) = self.words.split_first()?;
        if others.iter().any(|word| word.found_at(&candidates).is_empty()) {
            return None;
        }
        let found = probe
            .found_at(&candidates)
            .into_iter()
            // Of two at one entry the whole Chatwork ID tells more than a name, and a name more than
            // the beginning of a Chatwork ID.
            .min_by_key(|candidate| {
                let rank = match candidate.exact {
                    Exact::ChatworkId(id) if id == probe.handle => 0,
                    Exact::Word(_) | Exact::Inner(_) | Exact::Romanised(_) => 1,
                    Exact::ChatworkId(_) => 2,
                };
                (candidate.entry.clone(), rank)
            })?;
        Some(Match {
            matched_by: match found.exact {
                Exact::ChatworkId(_) => MatchedBy::ChatworkId,
                Exact::Word(_) | Exact::Inner(_) | Exact::Romanised(_) => MatchedBy::Name,
            },
            entry: found.entry.clone(),
        })
    }

    /// Whether each query word begins a word of a text, or a part of one. Kanji and kana may stand anywhere in it, as
    /// nothing separates their words.
    pub fn stands_in(&self, text: &str) -> bool {
        let text = fold(text);
        let begins = |word: &str, typed: &str| {
            glued(word).starts_with(typed) || word.split(JOINT).any(|part| part.starts_with(typed))
        };
        self.words.iter().all(|word| {
            let typed = word.whole.text.as_str();
            let is_unspaced = typed.chars().all(|c| is_kanji(c) || is_kana(c));
            words(&text).any(|word| begins(word, typed) || (is_unspaced && word.contains(typed)))
        })
    }
}

impl QueryWord {
    /// The words of a piece: more than one where folding finds marks that the piece has none of.
    fn all_of(piece: &str) -> Vec<Self> {
        let lower = piece.to_lowercase();
        let handle = lower.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_'));
        words(&fold(piece)).map(|word| Self::of(word, handle)).collect()
    }

    fn of(word: &str, handle: &str) -> Self {
        let whole = Typed::of(&glued(word));
        let parts = word.split([JOINT, '_']).filter(|part| !part.is_empty());
        let parts: Vec<Typed> = parts.map(Typed::of).collect();
        let serves_both = |first: &Typed| first.weight() >= 2 && whole.key.starts_with(&first.key);
        Self {
            parts: if parts.len() > 1 && parts.first().is_some_and(serves_both) {
                parts
            } else {
                Vec::new()
            },
            whole,
            handle: handle.to_owned(),
        }
    }

    /// What the index is asked for.
    fn probe(&self) -> &Typed {
        self.parts.first().unwrap_or(&self.whole)
    }

    /// The candidates that this word means: those that begin with the whole, or with its first part when each other
    /// part begins some candidate too.
    fn found_at<'a, 'b>(&self, candidates: &'a [Candidate<'b>]) -> Vec<&'a Candidate<'b>> {
        let first = self.parts.split_first().filter(|(_, others)| {
            let found = |part: &Typed| candidates.iter().any(|candidate| part.means(candidate));
            others.iter().all(found)
        });
        let means = |candidate: &&Candidate<'_>| {
            self.whole.means(candidate)
                || self.begins_handle(candidate)
                || first.is_some_and(|(first, _)| first.means(candidate))
        };
        candidates.iter().filter(means).collect()
    }

    fn begins_handle(&self, candidate: &Candidate<'_>) -> bool {
        let begins = |id: &str| !self.handle.is_empty() && id.starts_with(&self.handle);
        candidate.entry.word.starts_with(&self.probe().key)
            && matches!(candidate.exact, Exact::ChatworkId(id) if begins(id))
    }
}

impl Typed {
    fn of(folded: &str) -> Self {
        let text = romaji::kana_typed(folded).unwrap_or_else(|| without_iteration_marks(folded));
        Self {
            key: coarse(&text),
            text,
        }
    }

    /// How much the text selects: a kanji or kana counts for two.
    fn weight(&self) -> usize {
        self.text
            .chars()
            .map(|c| if is_kanji(c) || is_kana(c) { 2 } else { 1 })
            .sum()
    }

    /// True when this text begins that of the candidate. The key is compared first, so that nothing is
    /// found here that the index would not find.
    fn means(&self, candidate: &Candidate<'_>) -> bool {
        candidate.entry.word.starts_with(&self.key)
            && match &candidate.exact {
                Exact::Word(word) => kana::begins_with(word, &self.text, true),
                Exact::Inner(part) => kana::begins_with(part, &self.text, false),
                Exact::Romanised(kana) => romaji::begins_with(&without_iteration_marks(kana), &self.text),
                Exact::ChatworkId(_) => false,
            }
    }
}

/// The partition of a key: its first character if kanji or kana, its first two otherwise.
fn partition(key: &str) -> &str {
    let mut ends = key.char_indices().map(|(at, c)| (at + c.len_utf8(), c));
    match (ends.next(), ends.next()) {
        (Some((end, c)), _) if is_kanji(c) || is_kana(c) => key.get(..end),
        (_, Some((end, _))) => key.get(..end),
        _ => None,
    }
    .unwrap_or(key)
}

/// What contacts are ordered by: the folded name, or the name where nothing of it is a word (`★`).
pub fn sort_key(name: &PersonName) -> String {
    let folded = glued(&fold(name.as_str()));
    if folded.is_empty() {
        name.as_str().to_owned()
    } else {
        folded
    }
}
