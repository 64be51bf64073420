//! The addresses of many people, as they are pasted: one a line, or however the source had them.
//!
//! | in the text | is |
//! | --- | --- |
//! | line end (LF, CRLF, CR), `,` `;` `，` `；` `、` | the end of a piece |
//! | `"Tanaka, Taro" <taro@example.com>` | one piece: a separator between quotes is text |
//! | `Taro <taro@example.com>` | one entry: the address in the brackets (`＜ ＞` too); the name is not used |
//! | `a@example.com b@example.com` | two entries, since each part between white space is an address |
//! | `Taro taro@example.com` | one entry, which is refused: `Taro` is no address |
//!
//! A quote opens where a word begins and closes on the same line, otherwise it is text like any other, so that
//! a forgotten one takes nothing with it. In quotes, `\"` and `""` do not close. A `<` hides no separator.

use std::collections::{HashMap, hash_map};

use crate::{EmailAddress, Invalid, user::email_address};

/// The most entries that are read at a time.
pub const MAX_ENTRIES: usize = 1_000;

/// What was between two separators, or one of several addresses there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The line it stands on, from 1. Each of the single fields is a line, then each line of the text;
    /// blank ones are counted too.
    pub line: u32,
    /// The entry's own text, without white space around it: never empty, never with a line end.
    pub raw: String,
    /// Where that text stands in the input.
    pub place: Place,
    /// The address in it, or why there is none.
    pub address: Result<EmailAddress, Invalid>,
    /// The line on which the same address stands for the first time, when this is a later one.
    pub duplicate_of_line: Option<u32>,
}

/// Where an entry's own text stands in the input, so that it need not be kept beside it.
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
/// A field is one line even if it has line ends inside; they and the other separators divide it into several
/// entries with the same `line`. Blank pieces give no entry.
///
/// # Errors
/// [`TooMany`].
pub fn parse(emails: &[String], text: Option<&str>) -> Result<Vec<Entry>, TooMany> {
    // Each line with the field that it is from, and the whole text of that.
    let single = emails.iter().map(String::as_str).enumerate();
    let single = single.map(|(index, email)| (Field::Email(index), email, email));
    let pasted = text
        .into_iter()
        .flat_map(|text| lines(text).map(move |line| (Field::Text, text, line)));
    let mut entries = Vec::new();
    let mut count = 0;
    let mut first_lines: HashMap<EmailAddress, u32> = HashMap::new();
    for (line, (field, whole, content)) in (1..).zip(single.chain(pasted)) {
        for (raw, address) in content.split(['\r', '\n']).flat_map(pieces).flat_map(read) {
            count += 1;
            if count > MAX_ENTRIES {
                continue;
            }
            let duplicate_of_line = address.as_ref().ok().and_then(|a| match first_lines.entry(a.clone()) {
                hash_map::Entry::Occupied(first) => Some(*first.get()),
                hash_map::Entry::Vacant(place) => {
                    place.insert(line);
                    None
                }
            });
            entries.push(Entry {
                line,
                raw: raw.to_owned(),
                place: Place {
                    field,
                    start: offset_in(whole, raw),
                    length: raw.len(),
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

/// The text to mend and send again: the entries' own, one a line. [`parse`] reads the same entries from it.
pub fn retry_text<'a>(raws: impl IntoIterator<Item = &'a str>) -> String {
    raws.into_iter().collect::<Vec<_>>().join("\n")
}

/// The bytes of `whole` before `part`, which is a part of it.
fn offset_in(whole: &str, part: &str) -> usize {
    part.as_ptr().addr() - whole.as_ptr().addr()
}

/// The lines of a text; CRLF is one end.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n')
        .flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

/// What separators divide one line into, trimmed, without the blank pieces.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut quoted_until = 0;
    let mut word_begins = true;
    for (at, c) in line.char_indices() {
        if at < quoted_until {
            continue;
        }
        match c {
            ',' | ';' | '，' | '；' | '、' => {
                pieces.extend(line.get(start..at));
                start = at + c.len_utf8();
                word_begins = true;
            }
            '"' if word_begins => {
                // One search at most finds nothing, so that the time stays linear: a later quote that opens would
                // have closed this one, unless it is doubled, and then its own search ends with its double.
                if let Some(length) = line.get(at + 1..).and_then(quoted_length) {
                    quoted_until = at + 1 + length;
                }
                word_begins = false;
            }
            _ => word_begins = is_blank(c),
        }
    }
    pieces.extend(line.get(start..));
    pieces
        .into_iter()
        .map(|piece| piece.trim_matches(is_blank))
        .filter(|piece| !piece.is_empty())
        .collect()
}

/// The bytes up to and with the quote that closes; `text` begins after the one that opens.
fn quoted_length(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => _ = chars.next(),
            '"' if chars.next_if(|(_, next)| *next == '"').is_none() => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The entries in one piece: each part between white space if all are addresses, otherwise the whole.
fn read(piece: &str) -> Vec<(&str, Result<EmailAddress, Invalid>)> {
    let whole = address_in(piece);
    if whole.is_err() {
        let parts: Option<Vec<_>> = piece
            .split(is_blank)
            .filter(|part| !part.is_empty())
            .map(|part| Some((part, Ok(address_in(part).ok()?))))
            .collect();
        if let Some(parts) = parts {
            return parts;
        }
    }
    vec![(piece, whole)]
}

/// The address that an entry's own text is, or that stands in the brackets at its end.
///
/// # Errors
/// Those of [`EmailAddress::parse`].
pub fn address_in(text: &str) -> Result<EmailAddress, Invalid> {
    EmailAddress::parse(bracketed(text).unwrap_or(text))
}

/// What stands in the brackets at the end, unless the name before them has brackets outside quotes: then it is
/// not clear which address is meant.
fn bracketed(text: &str) -> Option<&str> {
    let (name, inside) = text.strip_suffix(['>', '＞'])?.rsplit_once(['<', '＜'])?;
    let name = name.trim_matches(is_blank);
    let quoted = name
        .strip_prefix('"')
        .is_some_and(|rest| quoted_length(rest) == Some(rest.len()));
    (quoted || !name.contains(['<', '>', '＜', '＞'])).then_some(inside)
}

/// White space within a line, and the byte order mark, which a file or a clipboard puts before its text.
fn is_blank(c: char) -> bool {
    c == '\u{feff}' || email_address::is_blank(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each entry as `line: raw = address`, `! code` for one without, `~ line` for a later one.
    fn report(emails: &[&str], text: Option<&str>) -> Vec<String> {
        let emails: Vec<String> = emails.iter().map(|&email| email.to_owned()).collect();
        let entries = parse(&emails, text).unwrap();
        let shown = entries.iter().map(|entry| {
            let outcome = match (&entry.address, entry.duplicate_of_line) {
                (Ok(address), None) => format!("= {}", address.as_str()),
                (Ok(_), Some(line)) => format!("~ {line}"),
                (Err(invalid), _) => format!("! {}", invalid.code),
            };
            format!("{}: {} {outcome}", entry.line, entry.raw)
        });
        shown.collect()
    }

    #[test]
    fn one_line() {
        for (line, expected) in [
            ("", &[] as &[&str]),
            (" \t\u{3000}\u{feff}", &[]),
            (" , ;，；、,", &[]),
            ("a@x.example", &["1: a@x.example = a@x.example"]),
            ("\u{feff}a@x.example", &["1: a@x.example = a@x.example"]),
            ("\u{3000}ａ＠Ｘ.example\t", &["1: ａ＠Ｘ.example = a@x.example"]),
            (
                "a@x.example,b@x.example;c@x.example，d@x.example；e@x.example、f@x.example",
                &[
                    "1: a@x.example = a@x.example",
                    "1: b@x.example = b@x.example",
                    "1: c@x.example = c@x.example",
                    "1: d@x.example = d@x.example",
                    "1: e@x.example = e@x.example",
                    "1: f@x.example = f@x.example",
                ],
            ),
            (
                "a@x.example \u{3000}<b@x.example>\tA@x.example",
                &[
                    "1: a@x.example = a@x.example",
                    "1: <b@x.example> = b@x.example",
                    "1: A@x.example ~ 1",
                ],
            ),
            ("a@x.example b@x", &["1: a@x.example b@x ! invalid_email"]),
            ("Taro a@x.example", &["1: Taro a@x.example ! invalid_email"]),
            ("a @x.example", &["1: a @x.example ! invalid_email"]),
            ("a@x.example\u{2028}", &["1: a@x.example\u{2028} ! control_character"]),
            ("\0", &["1: \0 ! control_character"]),
        ] {
            assert_eq!(report(&[], Some(line)), expected, "{line:?}");
        }
    }

    #[test]
    fn names_and_brackets() {
        for (line, outcome) in [
            ("Taro <a@x.example>", "= a@x.example"),
            ("Taro<a@x.example>", "= a@x.example"),
            ("田中　太郎＜ａ＠x.example＞", "= a@x.example"),
            ("<a@x.example>", "= a@x.example"),
            ("< a@x.example >", "= a@x.example"),
            ("a@x.example <a@x.example>", "= a@x.example"),
            ("Dr. \"T.\" Tanaka <a@x.example>", "= a@x.example"),
            ("\"Tanaka <home>\" <a@x.example>", "= a@x.example"),
            ("\"Never closed <a@x.example>", "= a@x.example"),
            ("Tanaka <home> <a@x.example>", "! invalid_email"),
            ("A <a@x.example> B <b@x.example>", "! invalid_email"),
            ("\"A\" <a@x.example> \"B\" <b@x.example>", "! invalid_email"),
            ("Taro <>", "! empty"),
            ("Taro <a@x.example", "! invalid_email"),
            ("Taro a@x.example>", "! invalid_email"),
            ("Taro <a@x.example> (home)", "! invalid_email"),
            ("Taro <taro>", "! invalid_email"),
            ("<<a@x.example>>", "! invalid_domain"),
        ] {
            assert_eq!(report(&[], Some(line)), [format!("1: {line} {outcome}")], "{line:?}");
        }
    }

    #[test]
    fn quotes() {
        for (line, expected) in [
            (
                "\"Tanaka, Taro\" <a@x.example>, b@x.example",
                &[
                    "1: \"Tanaka, Taro\" <a@x.example> = a@x.example",
                    "1: b@x.example = b@x.example",
                ] as &[&str],
            ),
            (
                "\"A\\\", B\" <a@x.example>;\"C \"\"D, E\"\"\" <b@x.example>",
                &[
                    "1: \"A\\\", B\" <a@x.example> = a@x.example",
                    "1: \"C \"\"D, E\"\"\" <b@x.example> = b@x.example",
                ],
            ),
            (
                "Dr. \"T, Jr.\" Tanaka <a@x.example>",
                &["1: Dr. \"T, Jr.\" Tanaka <a@x.example> = a@x.example"],
            ),
            (
                "\"Tanaka, Taro <a@x.example>, b@x.example",
                &[
                    "1: \"Tanaka ! invalid_email",
                    "1: Taro <a@x.example> = a@x.example",
                    "1: b@x.example = b@x.example",
                ],
            ),
            (
                "5\" screen, a@x.example, 6\" screen",
                &[
                    "1: 5\" screen ! invalid_email",
                    "1: a@x.example = a@x.example",
                    "1: 6\" screen ! invalid_email",
                ],
            ),
            (
                "\"a,b\"@x.example,\"\"",
                &["1: \"a,b\"@x.example ! invalid_email", "1: \"\" ! invalid_email"],
            ),
            (
                "Taro <a@x.example, b@x.example>",
                &[
                    "1: Taro <a@x.example ! invalid_email",
                    "1: b@x.example> ! invalid_domain",
                ],
            ),
        ] {
            assert_eq!(report(&[], Some(line)), expected, "{line:?}");
        }
    }

    #[test]
    fn lines_are_counted_over_fields_and_text() {
        assert_eq!(
            report(
                &["a@x.example", " ", "b@x.example\r\nc@x.example, d"],
                Some("\r\nB@x.example\r\"\n\ne@x.example\n")
            ),
            [
                "1: a@x.example = a@x.example",
                "3: b@x.example = b@x.example",
                "3: c@x.example = c@x.example",
                "3: d ! invalid_email",
                "5: B@x.example ~ 3",
                "6: \" ! invalid_email",
                "8: e@x.example = e@x.example",
            ]
        );
        assert_eq!(parse(&[], None), Ok(Vec::new()));
    }

    #[test]
    fn all_later_ones_name_the_first() {
        assert_eq!(
            report(&["a@x.example", "A@X.example"], Some("T <a@x.example>\nx\nx")),
            [
                "1: a@x.example = a@x.example",
                "2: A@X.example ~ 1",
                "3: T <a@x.example> ~ 1",
                "4: x ! invalid_email",
                "5: x ! invalid_email",
            ]
        );
    }

    #[test]
    fn retry_text_is_one_entry_a_line() {
        let entries = parse(&[], Some("x, \"y, z\"\na@x.example")).unwrap();
        let to_mend = entries
            .iter()
            .filter(|entry| entry.address.is_err())
            .map(|entry| entry.raw.as_str());
        assert_eq!(retry_text(to_mend), "x\n\"y, z\"");
        assert_eq!(retry_text([]), "");
    }
}
