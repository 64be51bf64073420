//! The addresses of many people, as they are pasted: one a line, or however the source had them.
//!
//! An entry is an address that was found, a word with an `@` that is no address, or a line that has no `@` at all. On a
//! line that has an address, what is none is a name or a label: neither an entry nor an error.
//!
//! | in the text | is |
//! | --- | --- |
//! | line end (each of Unicode; CRLF is one) | the end of a line, and of everything on it |
//! | white space, a comma, a semicolon or `|` of any width or form; brackets and double quotes of any kind | the end of a word |
//! | `Tanaka, Taro <taro@example.com>` | one entry: the address in the brackets (`＜ ＞` too), with the name before it |
//! | `Taro taro@example.com 03-1234-5678`, `"Taro","taro@example.com"` | one entry |
//! | `a@example.com Taro <b@example.com>` | two entries: an address is nobody's name |
//! | `a@example.com <a@example.com>`, `[a@example.com](mailto:a@example.com)` | one entry: what appears twice, with nothing but brackets and quotes between |
//! | `"Taro @ Works" <taro@example.com>` | one entry: an `@` in a quoted name is part of the name |
//! | `"a..b"@example.com` | one entry: quotes before an `@` belong to the address |
//! | `Team: a@example.com, b@example.com;` | two entries: a group is its members |
//! | `Undisclosed recipients:;` | nobody |
//! | `Taro (home) taro@example.com (work)` | one entry: brackets end words, and these have no `@` |
//! | `taro@`, `@taro`, `taro @ example.com` | one entry each, which is refused, with the word that seems to belong to it |
//! | an invisible character at an end | nothing |
//!
//! `words.rs` finds the words with an `@`, `reading.rs` reads the address in each (its table says what may stand beside
//! it), `lines.rs` makes entries of them, `characters.rs` says what a character is in any width.
//!
//! An entry's own text says the same by itself: [`address_in`] it is the entry's address, and [`parse`] reads it as this
//! one entry. So a report needs no more than the places of the entries, and what is to be fixed can be sent again.

mod characters;
mod lines;
mod reading;
#[cfg(test)]
mod tests;
mod words;

use std::{
    collections::{HashMap, hash_map},
    ops::Range,
};

use self::{
    characters::is_line_end,
    lines::{Found, entries},
};
use crate::{EmailAddress, Invalid, user::email_address::INVALID_EMAIL};

/// The most entries that are read at a time.
pub const MAX_ENTRIES: usize = 1_000;

/// An address that was found, or what is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The line it is on, from 1. Each of the single fields is a line, then each line of the text;
    /// blank ones are counted too.
    pub line: u32,
    /// The entry's own text, without white space around it: never empty, never with a line end.
    pub raw: String,
    /// Where that text is in the input.
    pub place: Place,
    /// The address in it, or why there is none.
    pub address: Result<EmailAddress, Invalid>,
    /// The line on which the same address stands for the first time, when this is a later one.
    pub duplicate_of_line: Option<u32>,
}

/// Where an entry's own text is in the input, so that it need not be kept beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The part of the input.
    pub field: Field,
    /// The first byte of the entry, from the beginning of the field.
    pub start: usize,
    /// The bytes of the entry.
    pub length: usize,
}

/// A part of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// A single field, by its index.
    Email(usize),
    /// The pasted text.
    Text,
}

impl Place {
    /// The text at this place; `None` when the input has no such place.
    pub fn text<'i>(&self, emails: &'i [String], text: Option<&'i str>) -> Option<&'i str> {
        let field = match self.field {
            Field::Email(index) => emails.get(index)?,
            Field::Text => text?,
        };
        field.get(self.start..self.start.checked_add(self.length)?)
    }
}

/// There are more than [`MAX_ENTRIES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{count} entries, of which at most 1,000 are taken at a time")]
pub struct TooMany {
    /// How many there are.
    pub count: usize,
}

/// Reads single fields and a pasted text, in this order. The time taken grows with the length only.
///
/// A field is one line even if it has line ends inside: what these divide it into is read as lines are, and has the same
/// `line`. Blank lines give no entry.
///
/// # Errors
/// [`TooMany`].
pub fn parse(emails: &[String], text: Option<&str>) -> Result<Vec<Entry>, TooMany> {
    let single = emails.iter().map(String::as_str).enumerate();
    let single = single.map(|(index, email)| (Field::Email(index), 0, email));
    let pasted = text.into_iter().flat_map(lines);
    let pasted = pasted.map(|(start, line)| (Field::Text, start, line));
    let mut entries = Vec::new();
    let mut count = 0;
    let mut first_lines: HashMap<EmailAddress, u32> = HashMap::new();
    for (line, (field, line_start, content)) in (1..).zip(single.chain(pasted)) {
        for (place, found) in found_in(content) {
            count += 1;
            if count > MAX_ENTRIES {
                continue;
            }
            let address = found.address;
            let duplicate_of_line = address.as_ref().ok().and_then(|a| match first_lines.entry(a.clone()) {
                hash_map::Entry::Occupied(first) => Some(*first.get()),
                hash_map::Entry::Vacant(place) => {
                    place.insert(line);
                    None
                }
            });
            entries.push(Entry {
                line,
                raw: content.get(place.clone()).unwrap_or_default().to_owned(),
                place: Place {
                    field,
                    start: line_start + place.start,
                    length: place.len(),
                },
                address,
                duplicate_of_line,
            });
        }
    }
    if count > MAX_ENTRIES {
        return Err(TooMany { count });
    }
    Ok(entries)
}

/// The entries of a line, which may have line ends inside, with their places in it.
fn found_in(content: &str) -> impl Iterator<Item = (Range<usize>, Found)> + '_ {
    let parts = content.split(is_line_end).map(|part| (offset_in(content, part), part));
    parts.flat_map(|(start, part)| {
        let found = entries(part).into_iter();
        found.map(move |found| (start + found.range.start..start + found.range.end, found))
    })
}

/// The text to fix and send again: the entries' own, one a line. [`parse`] reads the same entries from it.
pub fn retry_text<'a>(raws: impl IntoIterator<Item = &'a str>) -> String {
    raws.into_iter().collect::<Vec<_>>().join("\n")
}

/// The address that an entry's own text has in it.
///
/// # Errors
/// Those of [`EmailAddress::parse`]; `ambiguous_local_part`: text may have been glued to the front.
pub fn address_in(text: &str) -> Result<EmailAddress, Invalid> {
    let first = found_in(text).next();
    first.map_or(Err(INVALID_EMAIL), |(_, found)| found.address)
}

/// The bytes of `whole` before `part`, which is a part of it.
fn offset_in(whole: &str, part: &str) -> usize {
    part.as_ptr().addr() - whole.as_ptr().addr()
}

/// The lines of a text with their first bytes; CRLF is one end.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text
        .split('\n')
        .flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split(is_line_end));
    lines.map(move |line| (offset_in(text, line), line))
}
