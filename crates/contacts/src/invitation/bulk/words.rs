//! Which parts of a line are words with an `@`.

use std::{borrow::Cow, ops::Range};

use super::characters::{CharacterKind, form, is_at, is_bullet, is_unseen};

/// A word with an `@`: what is between white space, separators, brackets and double quotes.
///
/// These are part of one as well: a quoted local part (`"a..b"@example.com`), an address of a host in brackets
/// (`a@[192.0.2.1]`), a comment beside the `@` (`a(home)@example.com`). `?to=` and `&cc=` begin another one, and so does
/// a bullet or a percent escape behind an address, if what follows has an `@` too.
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
        // What opens a quote is behind none that closes.
        let mut quote_may_open = true;
        let mut previous = None;
        for (at, c) in self.line.char_indices() {
            if at < passed_until {
                continue;
            }
            let kind = CharacterKind::of(c);
            match kind {
                // What is not seen begins no word.
                CharacterKind::Word if is_unseen(c) => {}
                CharacterKind::Word => self.start = self.start.or(Some(at)),
                CharacterKind::Quote if form(c) == '"' && quote_may_open && self.start.is_none() => {
                    passed_until = self.quote_opens(at, at + c.len_utf8());
                }
                CharacterKind::Opening if self.start.is_some() => {
                    match end_of_part(self.line, at, previous.is_some_and(is_at)) {
                        Some(end) => passed_until = end,
                        None => self.end_word(at),
                    }
                }
                _ => self.end_word(at),
            }
            if !is_unseen(c) || kind == CharacterKind::Blank {
                quote_may_open = !matches!(kind, CharacterKind::Word | CharacterKind::Quote);
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

/// The end of the brackets that open at this byte, in a word, if they are part of it.
fn end_of_part(line: &str, at: usize, is_behind_at: bool) -> Option<usize> {
    let rest = line.get(at..)?;
    if rest.starts_with('(') {
        let end = at + comment_length(rest)?;
        let next = line.get(end..).and_then(|behind| behind.chars().next())?;
        return (is_at(next) || (is_behind_at && CharacterKind::of(next) == CharacterKind::Word)).then_some(end);
    }
    (is_behind_at && rest.starts_with(|c| form(c) == '[')).then(|| literal_length(rest).map(|length| at + length))?
}

/// The longest address of a host that there is, in brackets.
const LONGEST_LITERAL: usize = 64;

/// The bytes of the brackets that a text begins with, if nothing but the address of a host is in them.
fn literal_length(text: &str) -> Option<usize> {
    let mut inside = text.char_indices().skip(1).take(LONGEST_LITERAL);
    let (end, close) = inside.find(|(_, c)| CharacterKind::of(*c) != CharacterKind::Word || is_at(*c))?;
    (form(close) == ']').then_some(end + close.len_utf8())
}

/// The longest comment that is looked for.
const LONGEST_COMMENT: usize = 128;

/// The bytes of the comment that a text begins with. Comments nest, and `\)` does not close.
fn comment_length(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut chars = text.char_indices().take(LONGEST_COMMENT);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => _ = chars.next(),
            '(' => depth += 1,
            ')' if depth == 1 => return Some(at + 1),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A word without the comments in it.
pub(super) fn without_comments(word: &str) -> Cow<'_, str> {
    if !word.contains('(') || is_quoted(word) {
        return Cow::Borrowed(word);
    }
    let mut kept = String::new();
    let mut rest = word;
    while let Some((before, comment)) = rest.find('(').and_then(|at| rest.split_at_checked(at)) {
        kept.push_str(before);
        rest = comment_length(comment)
            .and_then(|length| comment.get(length..))
            .unwrap_or_default();
    }
    Cow::Owned(kept + rest)
}

fn is_quoted(word: &str) -> bool {
    word.starts_with(|c| form(c) == '"')
}

/// The parts of a word that have an `@` each.
fn parts(word: &str) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let marks = marks(word);
    let ends = marks.iter().skip(1).map(|(mark, _)| *mark).chain([word.len()]);
    for ((_, start), end) in marks.iter().zip(ends) {
        let part = word.get(*start..end).unwrap_or_default();
        match parts.last_mut() {
            _ if part.contains(is_at) || part.contains("%40") => parts.push(*start..end),
            // A part without one stays with the address before it.
            Some(before) => before.end = end,
            None => {}
        }
    }
    parts
}

/// Where parts of a word may begin, each with the end of the part before it.
fn marks(word: &str) -> Vec<(usize, usize)> {
    let mut marks = vec![(0, 0)];
    if word.contains("://") || word.contains('(') || is_quoted(word) {
        return marks;
    }
    let is_one_address = word.chars().filter(|c| is_at(*c)).nth(1).is_none();
    let mut is_behind_at = false;
    for (at, c) in word.char_indices() {
        let behind = word.get(at + c.len_utf8()..).unwrap_or_default();
        let is_bullet = || is_bullet(c) || (c == '%' && escape_length(word.get(at..).unwrap_or_default()).is_some());
        if matches!(form(c), '?' | '&') && key_length(behind).is_some() {
            marks.push((at, at + c.len_utf8()));
        } else if is_behind_at && !is_one_address && is_bullet() {
            marks.push((at, at));
            // The next one may be a mark of what is not an address yet.
            is_behind_at = false;
        }
        is_behind_at |= is_at(c);
    }
    marks
}

/// White space, quotes, brackets, separators and stress, as a URL has them.
const ESCAPES: [&str; 26] = [
    "%09",
    "%0A",
    "%0D",
    "%20",
    "%22",
    "%27",
    "%28",
    "%29",
    "%2A",
    "%2C",
    "%2F",
    "%3A",
    "%3B",
    "%3C",
    "%3D",
    "%3E",
    "%3F",
    "%5B",
    "%5D",
    "%60",
    "%7B",
    "%7C",
    "%C2%A0",
    "%E2%80%8B",
    "%E3%80%80",
    "%EF%BB%BF",
];

/// The bytes of the percent escape that a text begins with, if it is one of what is between words.
pub(super) fn escape_length(text: &str) -> Option<usize> {
    let begins = |escape: &str| {
        let first = text.get(..escape.len());
        first.is_some_and(|first| first.eq_ignore_ascii_case(escape))
    };
    ESCAPES.iter().find(|escape| begins(escape)).map(|escape| escape.len())
}

/// What follows the last percent escape, if that is one of these.
pub(super) fn without_escape(text: &str) -> &str {
    let Some((at, _)) = text.rmatch_indices('%').find(|(at, _)| is_escape(text, *at)) else {
        return text;
    };
    let (until, rest) = text.split_at_checked(at + "%20".len()).unwrap_or((text, ""));
    let ends = |escape: &str| {
        let start = until.len().checked_sub(escape.len());
        let last = start.and_then(|start| until.get(start..));
        last.is_some_and(|last| last.eq_ignore_ascii_case(escape))
    };
    if ESCAPES.iter().any(|escape| ends(escape)) {
        rest
    } else {
        text
    }
}

/// True if the percent sign at this byte begins an escape.
pub(super) fn is_escape(text: &str, at: usize) -> bool {
    let digits = text.get(at + 1..at + 3).unwrap_or_default();
    digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_hexdigit())
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
