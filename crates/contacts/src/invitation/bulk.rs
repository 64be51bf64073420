//! The addresses of many people, as they are pasted: one a line, or however the source had them.
//!
//! | in the text | is |
//! | --- | --- |
//! | line end (each of Unicode; CRLF is one), `|`, a comma or semicolon of any width or form | the end of a piece |
//! | `"Tanaka, Taro" <taro@example.com>` | one piece: a separator between quotes is text |
//! | `Taro <taro@example.com>` | one entry: the address in the brackets (`＜ ＞` too); the name is not used |
//! | `a@example.com b@example.com` | two entries, since each part between white space is an address |
//! | `a@example.com Taro <b@example.com>` | two entries: an address is nobody's name |
//! | `Taro a@example.com <b@example.com>` | one entry, which is refused |
//! | `a@example.com님` | the address up to the end of its ASCII domain |
//! | an invisible character at an end | nothing |
//! | `Taro taro@example.com` | one entry, which is refused: `Taro` is no address |
//!
//! A quote opens where a word begins and closes on the same line, otherwise it is text like any other, so that
//! a forgotten one takes nothing with it. In quotes, `\"` and `""` do not close. A `<` hides no separator.

use std::collections::{HashMap, hash_map};

use unicode_normalization::UnicodeNormalization as _;

use crate::{
    EmailAddress, Invalid,
    user::email_address,
    value::{is_control_or_invisible, is_left_by_copying},
};

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
        for (raw, address) in content.split(is_line_end).flat_map(pieces).flat_map(read) {
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
        .flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split(is_line_end))
}

/// The line ends of Unicode; of CRLF each half.
fn is_line_end(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What separates entries on one line: what differs from such a character in width or form only is one too.
fn is_separator(c: char) -> bool {
    matches!(
        c,
        ',' | ';' | '|' | '，' | '；' | '｜' | '、' | '､' | '\u{fe10}' | '\u{fe11}' | '\u{fe14}'
    ) || matches!(c, '\u{fe50}' | '\u{fe51}' | '\u{fe54}')
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
            _ if is_separator(c) => {
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
        .map(|piece| piece.trim_matches(is_unseen))
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

/// An entry's own text, and the address in it.
type Reading<'a> = (&'a str, Result<EmailAddress, Invalid>);

/// The entries in one piece: each part between white space if all are addresses, otherwise the addresses that it
/// begins with and the rest, if that is one in brackets, otherwise the whole.
fn read(piece: &str) -> Vec<Reading<'_>> {
    let whole = address_in(piece);
    if whole.is_err() {
        let parts: Option<Vec<_>> = piece
            .split(is_blank)
            .map(|part| part.trim_matches(is_unseen))
            .filter(|part| !part.is_empty())
            .map(|part| Some((part, Ok(address_in(part).ok()?))))
            .collect();
        if let Some(parts) = parts {
            return parts;
        }
        let (mut first, rest) = leading_addresses(piece);
        if !first.is_empty() && bracketed(rest).is_some() {
            first.push((rest, address_in(rest)));
            return first;
        }
    }
    vec![(piece, whole)]
}

/// The addresses that a piece begins with, and what follows them.
fn leading_addresses(piece: &str) -> (Vec<Reading<'_>>, &str) {
    let mut addresses = Vec::new();
    let mut rest = piece;
    while let Some((word, behind)) = rest.split_once(is_blank) {
        match EmailAddress::parse(word) {
            Ok(address) => addresses.push((word, Ok(address))),
            Err(_) => break,
        }
        rest = behind.trim_start_matches(is_blank);
    }
    (addresses, rest)
}

/// The address that an entry's own text is, or that stands in the brackets at its end.
///
/// # Errors
/// Those of [`EmailAddress::parse`].
pub fn address_in(text: &str) -> Result<EmailAddress, Invalid> {
    let text = bracketed(text).unwrap_or(text).trim_matches(is_unseen);
    EmailAddress::parse(text).or_else(|invalid| without_text_behind(text).ok_or(invalid))
}

/// The address before text in another script, which cannot be part of its name: no top-level domain mixes ASCII
/// letters with others.
fn without_text_behind(text: &str) -> Option<EmailAddress> {
    let at = text.find('@')?;
    let end = at + text.get(at..)?.find(|c: char| !c.is_ascii())?;
    let (address, behind) = text.split_at_checked(end)?;
    // A letter or a full stop in any width could be meant to go on with the name.
    let could_go_on = |c: char| c.is_ascii() || matches!(c, '\u{ff01}'..='\u{ff5e}' | '。' | '｡');
    // An accent may stand on the last letter, and a letter that is only a form of an ASCII one may be meant as that.
    let is_latin = |c: char| matches!(c, '\u{80}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}');
    let is_form = |c: char| c.nfkc().any(|c| c.is_ascii()) || is_control_or_invisible(c) || c.is_whitespace();
    if behind.contains(|c| could_go_on(c) || is_latin(c) || is_form(c))
        || !address.ends_with(|c: char| c.is_ascii_alphabetic())
    {
        return None;
    }
    EmailAddress::parse(address).ok()
}

/// What stands in the brackets at the end, unless the name before them has brackets outside quotes: then it is
/// not clear which address is meant.
fn bracketed(text: &str) -> Option<&str> {
    let (name, inside) = text.strip_suffix(['>', '＞'])?.rsplit_once(['<', '＜'])?;
    let name = name.trim_matches(is_blank);
    let quoted = name
        .strip_prefix('"')
        .is_some_and(|rest| quoted_length(rest) == Some(rest.len()));
    (quoted || !(name.contains(['<', '>', '＜', '＞']) || names_another(name, inside))).then_some(inside)
}

/// Whether a name has an address in it other than the one in the brackets: it would be lost.
fn names_another(name: &str, inside: &str) -> bool {
    let mut addresses = name.split(is_blank).filter_map(|word| EmailAddress::parse(word).ok());
    let own = EmailAddress::parse(inside).ok();
    addresses.any(|address| Some(address) != own)
}

/// White space within a line.
fn is_blank(c: char) -> bool {
    email_address::is_blank(c)
}

/// What a file or a clipboard puts around a text without anybody seeing it: at an end it counts for nothing.
fn is_unseen(c: char) -> bool {
    is_blank(c) || is_left_by_copying(c)
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
            ("a@x.example\u{2028}", &["1: a@x.example = a@x.example"]),
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
    fn a01_no_address_is_lost_in_a_name() {
        assert_eq!(
            report(&[], Some("a@x.example b@x.example Mika <c@x.example>, d@x.example")),
            [
                "1: a@x.example = a@x.example",
                "1: b@x.example = b@x.example",
                "1: Mika <c@x.example> = c@x.example",
                "1: d@x.example = d@x.example",
            ]
        );
        let line = "Mika a@x.example <c@x.example>";
        assert_eq!(report(&[], Some(line)), [format!("1: {line} ! invalid_email")]);
    }

    #[test]
    fn p03_what_nobody_sees_counts_for_nothing_at_the_ends() {
        for text in ["\u{200b}", "\u{200b}\n\u{2060} \u{feff}", "\u{202a}\u{202c}"] {
            assert_eq!(report(&[], Some(text)), [""; 0], "{text:?}");
        }
        for text in [
            "\u{200b}a@x.example",
            "\u{2060} a@x.example \u{200e}",
            "\u{202a}a@x.example\u{202c}",
        ] {
            assert_eq!(report(&[], Some(text)), ["1: a@x.example = a@x.example"], "{text:?}");
        }
        let inside = "a\u{200b}b@x.example";
        assert_eq!(report(&[], Some(inside)), [format!("1: {inside} ! control_character")]);
    }

    #[test]
    fn p07_text_behind_a_domain_is_no_part_of_it() {
        for behind in ["さん", "までご連絡ください", "様", "宛", "と", "〜", "님"] {
            let text = format!("a@x.example{behind}");
            assert_eq!(report(&[], Some(&text)), [format!("1: {text} = a@x.example")]);
        }
        for text in ["a@x.exampleさんb", "a@x.example。よろしく", "a@xさん.example"] {
            assert_eq!(report(&[], Some(text)), [format!("1: {text} ! ambiguous_domain")]);
        }
    }

    #[test]
    fn p09_separators_and_line_ends_of_any_form() {
        for separator in [",", "､", "\u{fe50}", "\u{fe51}", "\u{fe54}", "｜", " | ", "\u{fe10}"] {
            let text = format!("u@x.example{separator}v@x.example");
            let expected = ["1: u@x.example = u@x.example", "1: v@x.example = v@x.example"];
            assert_eq!(report(&[], Some(&text)), expected, "{separator:?}");
        }
        for end in ["\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"] {
            let text = format!("u@x.example{end}v@x.example");
            let expected = ["1: u@x.example = u@x.example", "2: v@x.example = v@x.example"];
            assert_eq!(report(&[], Some(&text)), expected, "{end:?}");
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
