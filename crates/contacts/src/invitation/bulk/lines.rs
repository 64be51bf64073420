//! The entries of a line: its words with an `@`, with what belongs to them.

use std::ops::Range;

use super::{
    characters::{CharacterKind, form, is_at, is_unseen},
    reading::{is_link, read},
    words::{Word, words},
};
use crate::{EmailAddress, Invalid, user::email_address::INVALID_EMAIL};

/// An entry of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The bytes of its own text.
    pub(super) range: Range<usize>,
    pub(super) address: Result<EmailAddress, Invalid>,
}

/// Reads a line. One without an address is an entry as a whole, unless nothing is seen in it but separators, or it is a
/// group of nobody (`Undisclosed recipients:;`).
pub(super) fn entries(line: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let words = words(line);
    if words.is_empty() {
        let range = trimmed(line, 0..line.len());
        if !range.is_empty() && !is_empty_group(line) {
            found.push(Found {
                range,
                address: Err(INVALID_EMAIL),
            });
        }
        return found;
    }
    let mut end = 0;
    let mut rest = &read_all(line, words)[..];
    while let Some((first, _)) = rest.split_first() {
        let count = 1 + rest.windows(2).take_while(|pair| is_one(line, pair)).count();
        let (same, behind) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        rest = behind;
        let limit = rest
            .first()
            .map_or(line.len(), |next| start_with_angle(line, &next.word.range));
        let range = own_text(line, same, end, limit);
        end = range.end;
        found.push(Found {
            range,
            address: first.address.clone(),
        });
    }
    found
}

/// A word with the address that it is.
struct Reading {
    word: Word,
    address: Result<EmailAddress, Invalid>,
}

/// Reads the words, but for those that are part of a quoted name: none of them is an address, and one in brackets follows.
fn read_all(line: &str, words: Vec<Word>) -> Vec<Reading> {
    let read = |word: Word| Reading {
        address: read(line.get(word.range.clone()).unwrap_or_default()),
        word,
    };
    let mut readings = words.into_iter().map(read).peekable();
    let mut kept: Vec<Reading> = Vec::new();
    while let Some(reading) = readings.next() {
        let Some(opening) = reading.word.name_of else {
            kept.push(reading);
            continue;
        };
        let mut name = vec![reading];
        while let Some(next) = readings.next_if(|next| next.word.name_of == Some(opening)) {
            name.push(next);
        }
        let is_name = name.iter().all(|word| word.address.is_err());
        let is_followed = readings.peek().is_some_and(|next| {
            let word = &next.word.range;
            next.address.is_ok() && follows_angle(line, word) && precedes_angle(line, word)
        });
        if !(is_name && is_followed) {
            kept.append(&mut name);
        }
    }
    kept
}

/// Whether two neighbours are one address, written twice: nothing but brackets and quotes is between them, as in
/// `a@x.example <a@x.example>`.
fn is_one(line: &str, pair: &[Reading]) -> bool {
    let [one, other] = pair else {
        return false;
    };
    if one.address.is_err() || one.address != other.address {
        return false;
    }
    let between = line.get(one.word.range.end..other.word.range.start).unwrap_or_default();
    let mut marks = between.chars().filter(|c| !is_unseen(*c)).peekable();
    let is_bar = between.chars().all(|c| form(c) == '|') && follows_angle(line, &one.word.range);
    // An entry in angle brackets ends behind them, unless its link follows.
    let is_link = line.get(other.word.range.clone()).is_some_and(is_link);
    let mut is_closed = false;
    let wraps = |c: char| {
        let ends = is_closed && form(c) == '<' && !is_link;
        is_closed |= form(c) == '>';
        CharacterKind::of(c).is_wrapper() && !ends
    };
    marks.peek().is_some() && (is_bar || marks.all(wraps))
}

/// An entry's own text: its words and what is between them, an address in angle brackets with its name, and what
/// seems to belong to a word that has nothing before or behind its `@`.
fn own_text(line: &str, same: &[Reading], start: usize, limit: usize) -> Range<usize> {
    let (Some(first), Some(last)) = (same.first(), same.last()) else {
        return start..start;
    };
    let words = first.word.range.start..last.word.range.end;
    let is_any = |judge: fn(&str, &Range<usize>) -> bool| same.iter().any(|one| judge(line, &one.word.range));
    if is_any(follows_angle) && is_any(precedes_angle) {
        return name_start(line, start, words.start)..end_with_closing(line, words.end, limit);
    }
    if same.len() > 1 {
        let before = line.get(start..words.start).unwrap_or_default();
        let kept =
            before.trim_end_matches(|c| matches!(CharacterKind::of(c), CharacterKind::Opening | CharacterKind::Quote));
        return start + kept.len()..end_with_closing(line, words.end, limit);
    }
    if first.address.is_ok() {
        return words;
    }
    let text = line.get(words.clone()).unwrap_or_default();
    let from = if text.starts_with(is_at) {
        extended_left(line, start, words.start)
    } else {
        words.start
    };
    let until = if text.ends_with(is_at) {
        extended_right(line, words.end, limit)
    } else {
        words.end
    };
    from..until
}

/// Whether `<` is before a word, with white space between at most.
fn follows_angle(line: &str, word: &Range<usize>) -> bool {
    start_with_angle(line, word) < word.start
}

/// Where that stands, or otherwise the word.
fn start_with_angle(line: &str, word: &Range<usize>) -> usize {
    let before = line.get(..word.start).unwrap_or_default().trim_end_matches(is_unseen);
    before.strip_suffix(|c| form(c) == '<').map_or(word.start, str::len)
}

/// Whether `>` is behind it.
fn precedes_angle(line: &str, word: &Range<usize>) -> bool {
    let behind = line.get(word.end..).unwrap_or_default().trim_start_matches(is_unseen);
    behind.starts_with(|c| form(c) == '>')
}

/// The end of what closes behind a word: quotes directly behind it, and brackets. A quote behind a bracket opens.
fn end_with_closing(line: &str, at: usize, limit: usize) -> usize {
    let behind = line.get(at..limit).unwrap_or_default();
    let behind_quotes = behind.trim_start_matches(|c| CharacterKind::of(c) == CharacterKind::Quote);
    let brackets = behind_quotes.trim_start_matches(is_unseen);
    let rest = brackets.trim_start_matches(|c| CharacterKind::of(c) == CharacterKind::Closing);
    limit
        - if rest.len() < brackets.len() {
            rest.len()
        } else {
            behind_quotes.len()
        }
}

/// Where the name before an address in brackets begins: behind the entry before it, and what closes that.
fn name_start(line: &str, start: usize, end: usize) -> usize {
    let mut name = line.get(start..end).unwrap_or_default();
    let before = line.get(..start).unwrap_or_default().chars().next_back();
    if before.is_some_and(|c| CharacterKind::of(c) == CharacterKind::Word) {
        // Behind a word a quote closes, and opens nothing.
        name = name.trim_start_matches(|c| CharacterKind::of(c) == CharacterKind::Quote);
    }
    if before.is_some() {
        name = name.trim_start_matches(|c| CharacterKind::of(c) == CharacterKind::Closing);
    }
    end - name.trim_start_matches(is_between).len()
}

/// What the word before is, up to white space, or with white space behind it.
fn extended_left(line: &str, start: usize, at: usize) -> usize {
    let is_end = |c: char| matches!(CharacterKind::of(c), CharacterKind::Blank | CharacterKind::Separator);
    let before = line.get(start..at).unwrap_or_default();
    let joined = before.trim_end_matches(is_unseen);
    let from = joined.rfind(is_end).map_or(0, |end| {
        end + joined
            .get(end..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8)
    });
    let word = joined.get(from..).unwrap_or_default();
    let from = joined.len()
        - word
            .trim_start_matches(|c| CharacterKind::of(c).is_wrapper() || is_unseen(c))
            .len();
    if word.contains(|c| CharacterKind::of(c) == CharacterKind::Word && !is_unseen(c)) {
        start + from
    } else {
        at
    }
}

/// What the word behind is, up to white space, or with white space before it. It is in no quotes: these may be a name.
fn extended_right(line: &str, at: usize, limit: usize) -> usize {
    let is_end = |c: char| {
        matches!(
            CharacterKind::of(c),
            CharacterKind::Blank | CharacterKind::Separator | CharacterKind::Quote
        )
    };
    let behind = line.get(at..limit).unwrap_or_default();
    let joined = behind.trim_start_matches(is_unseen);
    let word = joined.split(is_end).next().unwrap_or_default();
    let is_bracketed = word.starts_with(|c| CharacterKind::of(c) == CharacterKind::Opening);
    let word = word.trim_end_matches(|c| (CharacterKind::of(c).is_wrapper() && !is_bracketed) || is_unseen(c));
    if word.is_empty() {
        at
    } else {
        at + (behind.len() - joined.len()) + word.len()
    }
}

/// What is between entries.
fn is_between(c: char) -> bool {
    is_unseen(c) || CharacterKind::of(c) == CharacterKind::Separator
}

fn trimmed(line: &str, range: Range<usize>) -> Range<usize> {
    let text = line.get(range.clone()).unwrap_or_default();
    let text_from_start = text.trim_start_matches(is_between);
    let start = range.end - text_from_start.len();
    start..start + text_from_start.trim_end_matches(is_between).len()
}

/// True for the name of a group, a colon and a semicolon.
fn is_empty_group(line: &str) -> bool {
    let line = line.trim_end_matches(is_unseen);
    let mut chars = line.chars().rev();
    if chars.next().map(form) != Some(';') {
        return false;
    }
    chars.find(|c| !is_unseen(*c)).map(form) == Some(':')
}
