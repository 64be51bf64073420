//! Which parts of a line are words with an `@`.

use std::ops::Range;

use super::characters::{Kind, form, is_at, is_unseen};

/// A word with an `@`: what stands between white space, separators, brackets and double quotes.
///
/// These are part of one as well: a quoted local part (`"a..b"@example.com`), an address of a host in brackets
/// (`a@[192.0.2.1]`). `?to=` and `&cc=` begin another one, if it has an `@` too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Its bytes in the line.
    pub(super) range: Range<usize>,
    /// For a word in a quoted name: where the `<` stands that follows the name.
    pub(super) name_of: Option<usize>,
}

/// Finds the words of a line.
///
/// A quote opens where a word begins. That it does so changes nothing but what is said above of a quoted local part and
/// name, so that a forgotten one takes nothing with it. In quotes, `\"` and `""` do not close.
pub(super) fn words(line: &str) -> Vec<Word> {
    let mut scanner = Scanner {
        line,
        words: Vec::new(),
        start: None,
        name: None,
    };
    scanner.scan();
    scanner.words
}

struct Scanner<'a> {
    line: &'a str,
    words: Vec<Word>,
    /// Where the present word begins.
    start: Option<usize>,
    /// The end of the quoted name that the scanner is in, and where the `<` behind it stands.
    name: Option<(usize, usize)>,
}

impl Scanner<'_> {
    fn scan(&mut self) {
        let mut passed_until = 0;
        // What opens a quote stands behind none that closes.
        let mut quote_may_open = true;
        let mut previous = None;
        for (at, c) in self.line.char_indices() {
            if at < passed_until {
                continue;
            }
            let kind = Kind::of(c);
            match kind {
                // What is not seen begins no word.
                Kind::Word if is_unseen(c) => {}
                Kind::Word => self.start = self.start.or(Some(at)),
                Kind::Quote if form(c) == '"' && quote_may_open && self.start.is_none() => {
                    passed_until = self.quote_opens(at, at + c.len_utf8());
                }
                Kind::Opening if form(c) == '[' && previous.is_some_and(is_at) && self.start.is_some() => {
                    passed_until = literal_end(self.line, at).unwrap_or(at);
                    if passed_until == at {
                        self.end_word(at);
                    }
                }
                _ => self.end_word(at),
            }
            if !is_unseen(c) || kind == Kind::Blank {
                quote_may_open = !matches!(kind, Kind::Word | Kind::Quote);
                previous = Some(c);
            }
        }
        self.end_word(self.line.len());
    }

    /// At a quote that opens, if another one closes it. Returns up to where all is part of a word.
    fn quote_opens(&mut self, at: usize, behind: usize) -> usize {
        // One search at most finds nothing, so that the time stays linear: a later quote that opens would have closed
        // this one, unless it is doubled, and then its own search ends with its double.
        let Some(length) = self.line.get(behind..).and_then(quoted_length) else {
            return 0;
        };
        let end = behind + length;
        let rest = self.line.get(end..).unwrap_or_default();
        if rest.starts_with(is_at) {
            self.start = Some(at);
            return end;
        }
        let name_ends = rest.trim_start_matches(is_unseen);
        if name_ends.starts_with(|c| form(c) == '<') {
            self.name = Some((end, self.line.len() - name_ends.len()));
        }
        0
    }

    fn end_word(&mut self, end: usize) {
        let Some(start) = self.start.take() else {
            return;
        };
        let name_of = self.name.filter(|(name_end, _)| end <= *name_end).map(|(_, of)| of);
        let word = self.line.get(start..end).unwrap_or_default();
        for part in parts(word) {
            let length = word
                .get(part.clone())
                .map_or(0, |part| part.trim_end_matches(is_unseen).len());
            let start = start + part.start;
            self.words.push(Word {
                range: start..start + length,
                name_of,
            });
        }
    }
}

/// The bytes up to and with the quote that closes; `text` begins after the one that opens.
fn quoted_length(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match form(c) {
            '\\' => _ = chars.next(),
            '"' if chars.next_if(|(_, next)| form(*next) == '"').is_none() => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

/// The longest address of a host that there is, in brackets.
const LONGEST_LITERAL: usize = 64;

/// The end of the brackets that open at this byte, if nothing but the address of a host stands in them.
fn literal_end(line: &str, at: usize) -> Option<usize> {
    let rest = line.get(at..)?;
    let (end, close) = rest
        .char_indices()
        .skip(1)
        .take(LONGEST_LITERAL)
        .find(|(_, c)| Kind::of(*c) != Kind::Word || is_at(*c))?;
    (form(close) == ']').then_some(at + end + close.len_utf8())
}

/// The parts of a word that have an `@` each: a query's fields with one are words of their own.
fn parts(word: &str) -> Vec<Range<usize>> {
    let mut fields = vec![(0, 0)];
    if !word.contains("://") && !word.starts_with(|c| form(c) == '"') {
        let marks = word.char_indices().filter(|(_, c)| matches!(form(*c), '?' | '&'));
        let fields_behind = marks.map(|(at, c)| (at, at + c.len_utf8()));
        fields.extend(fields_behind.filter(|(_, start)| key_length(word.get(*start..).unwrap_or_default()).is_some()));
    }
    let ends = fields.iter().skip(1).map(|(mark, _)| *mark).chain([word.len()]);
    let mut parts: Vec<Range<usize>> = Vec::new();
    for ((_, start), end) in fields.iter().zip(ends) {
        let part = word.get(*start..end).unwrap_or_default();
        match parts.last_mut() {
            _ if part.contains(is_at) || part.contains("%40") => parts.push(*start..end),
            // A field without one stays with the address before it.
            Some(before) => before.end = end,
            None => {}
        }
    }
    parts
}

/// The longest name of a field that is looked for.
const LONGEST_KEY: usize = 32;

/// The bytes of `word=` that a text begins with.
pub(super) fn key_length(text: &str) -> Option<usize> {
    let mut length = 0;
    for c in text.chars().take(LONGEST_KEY) {
        length += c.len_utf8();
        match form(c) {
            '=' => return (length > c.len_utf8()).then_some(length),
            '_' | '-' | '.' => {}
            c if c.is_alphanumeric() => {}
            _ => return None,
        }
    }
    None
}
