//! The address that a word is.
//!
//! | beside the address, in the same word | is |
//! | --- | --- |
//! | `mailto:`, `SMTP:`, any text up to the last colon | a label; but what has `://` in it is refused: it is a URL |
//! | `?subject=…` behind it | a query |
//! | `email=`, once | the name of a field |
//! | `%20`, `%3C` and other escapes of what is between words; `&gt` | nothing |
//! | `'`, `*`, `` ` ``, `=` before it; `_`, `~` around it; symbols outside ASCII | nothing |
//! | any other symbol before it | refused: RFC 5322 allows it in an address, but hardly anybody has such a one |
//! | marks and symbols behind it, a single full stop among them | nothing |
//! | text in another script behind it | nothing: no top-level domain mixes ASCII letters with others |
//! | what could go on with its domain, or cut it short (`…`, `=`) | refused |

use unicode_normalization::UnicodeNormalization as _;

use super::{
    characters::{form, is_apostrophe, is_ascii_letter_or_digit, is_at, is_ellipsis, is_symbol, is_unseen},
    words::{escape_length, is_escape, key_length, without_comments, without_escape},
};
use crate::{
    EmailAddress, Invalid,
    user::email_address::{AMBIGUOUS_DOMAIN, INVALID_DOMAIN, INVALID_EMAIL, is_dot},
    value::{is_control_or_invisible, narrow},
};

const AMBIGUOUS_LOCAL_PART: Invalid = Invalid::new(
    "ambiguous_local_part",
    "it is not clear where the address begins: a space before it makes it so",
);

/// Reads a word.
///
/// # Errors
/// Those of [`EmailAddress::parse`]; `ambiguous_local_part`: text may have been glued to the front.
pub(super) fn read(word: &str) -> Result<EmailAddress, Invalid> {
    let word = &*without_comments(word);
    let mut ats = word.char_indices().filter(|(_, c)| is_at(*c));
    let (Some((at, sign)), None) = (ats.next(), ats.next()) else {
        return Err(INVALID_EMAIL);
    };
    let before = word.get(..at).unwrap_or_default();
    let behind = word.get(at + sign.len_utf8()..).unwrap_or_default();
    if behind.starts_with(|c| form(c) == '[') {
        return Err(INVALID_DOMAIN);
    }
    let (domain, rest) = behind.split_at_checked(domain_length(behind)).unwrap_or((behind, ""));
    let front = front(before, domain, rest)?;
    let address = addressed(front.local, sign, front.domain)?;
    check_rest(rest, front.is_link)?;
    Ok(address)
}

/// What is before the `@`, without what was copied with it.
struct Front<'a> {
    local: &'a str,
    /// The domain, without what belongs to a mark at the front.
    domain: &'a str,
    /// It is the path of a `mailto:` link.
    is_link: bool,
}

fn front<'a>(before: &'a str, domain: &'a str, rest: &str) -> Result<Front<'a>, Invalid> {
    let mut front = Front {
        local: before,
        domain,
        is_link: false,
    };
    if before.starts_with(|c| form(c) == '"') {
        return Ok(front);
    }
    let mut local = without_label(before)?;
    front.is_link = is_link(before);
    local = without_numbering(without_symbols(without_escape(local)));
    local = without_marks(local).trim_start_matches(is_unseen);
    if let Some(length) = key_length(local).filter(|length| is_name_of_a_field(local, *length)) {
        local = without_marks(local.get(length..).unwrap_or_default());
    }
    local = local.trim_start_matches(is_unseen);
    // What marks the beginning of a stressed text marks its end too.
    if local.starts_with(|c| form(c) == '_') && front.domain.ends_with(|c| form(c) == '_') {
        local = local.trim_start_matches(|c| form(c) == '_');
        front.domain = front.domain.trim_end_matches(|c| form(c) == '_');
    }
    if local.starts_with('~') && rest.starts_with('~') {
        local = local.trim_start_matches('~');
    }
    let copied = before
        .get(..before.len() - local.len())
        .unwrap_or_default()
        .trim_end_matches(is_unseen);
    let is_quoted = copied.ends_with(is_apostrophe) && local.contains(is_apostrophe);
    let is_unclosed = is_quoted && !rest.contains(is_apostrophe);
    if is_unclosed
        || leads_with_a_symbol(local)
        || local.chars().any(|c| "=?*`/".contains(form(c)))
        || local.match_indices('%').any(|(at, _)| is_escape(local, at))
    {
        return Err(AMBIGUOUS_LOCAL_PART);
    }
    front.local = local;
    Ok(front)
}

/// What follows the last colon.
fn without_label(text: &str) -> Result<&str, Invalid> {
    let Some((at, colon)) = text.char_indices().rfind(|(_, c)| form(*c) == ':') else {
        return Ok(text);
    };
    let rest = text.get(at + colon.len_utf8()..).unwrap_or_default();
    if let Some(rest) = rest.strip_prefix("//") {
        return if is_link(text) { Ok(rest) } else { Err(INVALID_EMAIL) };
    }
    if text.contains("://") {
        Err(INVALID_EMAIL)
    } else {
        Ok(rest)
    }
}

/// True for what begins with `mailto:`.
pub(super) fn is_link(text: &str) -> bool {
    let scheme = "mailto:";
    text.get(..scheme.len())
        .is_some_and(|first| first.eq_ignore_ascii_case(scheme))
}

/// Text outside ASCII that ends with a symbol cannot be part of what is before the `@`: bullets, arrows, quotes.
fn without_symbols(text: &str) -> &str {
    let end = text.find(|c: char| narrow(c).is_ascii()).unwrap_or(text.len());
    let (front, rest) = text.split_at_checked(end).unwrap_or(("", text));
    let seen = front.trim_end_matches(is_unseen);
    if seen.ends_with(is_symbol) { rest } else { text }
}

/// A number and a full stop in full width, before what is not, count a list, and so does a number on a key.
fn without_numbering(text: &str) -> &str {
    let wide = text.trim_start_matches(|c: char| !c.is_ascii() && narrow(c).is_ascii_digit());
    if let Some(behind) = wide.strip_prefix('\u{ff0e}')
        && wide.len() < text.len()
        && behind.starts_with(|c: char| c.is_ascii())
    {
        return behind;
    }
    let keyed = text
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .trim_start_matches('\u{fe0f}');
    match keyed.strip_prefix('\u{20e3}') {
        Some(behind) if keyed.len() < text.len() => behind,
        _ => text,
    }
}

/// Text that begins with an apostrophe is how a spreadsheet marks text, with `=` a formula; the others stress it. A slash
/// is what is left of a separator.
fn without_marks(text: &str) -> &str {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let behind = rest.get(c.len_utf8()..).unwrap_or_default();
        let is_mark = "'*`".contains(form(c)) || is_apostrophe(c) || is_unseen(c);
        if !(is_mark || (form(c) == '=' && !begins_encoded(behind))) {
            break;
        }
        rest = behind;
    }
    rest.strip_prefix(['/', '\u{ff0f}']).unwrap_or(rest)
}

/// True for what follows `=` where a character is encoded as mails do it.
fn begins_encoded(text: &str) -> bool {
    let is_digit = |b: &u8| b.is_ascii_digit() || (b'A'..=b'F').contains(b);
    text.len() > 1 && text.bytes().take(2).all(|b| is_digit(&b))
}

/// True for `word=`. With dots and hyphens, before and behind it may stand the two parts of another address, as in the
/// sender of a bounce; `=3D` is an encoded `=`.
fn is_name_of_a_field(text: &str, length: usize) -> bool {
    let (key, value) = text.split_at_checked(length).unwrap_or((text, ""));
    let is_word = key.to_ascii_lowercase().starts_with("e-mail") || !key.contains(['-', '.']);
    is_word && !value.starts_with("3D")
}

fn leads_with_a_symbol(local: &str) -> bool {
    local
        .chars()
        .next()
        .map(form)
        .is_some_and(|c| c.is_ascii_punctuation() && !matches!(c, '_' | '.' | '"'))
}

/// The bytes up to the first character that cannot be part of a domain.
fn domain_length(text: &str) -> usize {
    let mut previous = '@';
    for (at, c) in text.char_indices() {
        let ascii = form(c);
        let joins = match c {
            // Middle dots, between the letters that they may stand between.
            '\u{30fb}' | '\u{ff65}' => !narrow(previous).is_ascii(),
            '\u{b7}' => previous.eq_ignore_ascii_case(&'l'),
            _ => {
                let is_letter = c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c);
                ascii.is_ascii_alphanumeric()
                    || matches!(ascii, '-' | '_')
                    || is_dot(ascii)
                    || is_control_or_invisible(c)
                    || (!ascii.is_ascii() && is_letter)
            }
        };
        if !joins {
            return at;
        }
        previous = c;
    }
    text.len()
}

/// The address, if the domain is one as it is, with a full stop behind it, or with text in another script.
fn addressed(local: &str, sign: char, domain: &str) -> Result<EmailAddress, Invalid> {
    let is_end = |c: char| is_dot(form(c)) || is_unseen(c);
    let name = domain.trim_end_matches(is_end);
    let dots = domain
        .get(name.len()..)
        .unwrap_or_default()
        .chars()
        .filter(|c| !is_unseen(*c))
        .count();
    if dots > 1 {
        return Err(AMBIGUOUS_DOMAIN);
    }
    let address = |name: &str| EmailAddress::parse(&format!("{local}{sign}{name}"));
    address(name).or_else(|invalid| {
        let shorter = without_text_behind(name).and_then(|name| address(name).ok());
        shorter.ok_or(invalid)
    })
}

/// The domain before text in another script, which cannot be part of its name.
fn without_text_behind(domain: &str) -> Option<&str> {
    let last = domain.rsplit(is_dot).next()?;
    let at = last.find(|c: char| !narrow(c).is_ascii())?;
    let (ascii, behind) = last.split_at_checked(at)?;
    // A letter in any width could be meant to go on with the name; an accent may stand on the last letter, and a letter
    // that is only a form of an ASCII one may be meant as that.
    let is_latin = |c: char| matches!(c, '\u{80}'..='\u{ac}' | '\u{ae}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}');
    let could_go_on = |c: char| c.is_ascii() || is_latin(c) || c.nfkc().any(|c| c.is_ascii());
    let is_hidden = |c: char| is_control_or_invisible(c) && !is_unseen(c);
    if behind.contains(|c| could_go_on(c) || is_hidden(c)) || !ascii.ends_with(|c| narrow(c).is_ascii_alphabetic()) {
        return None;
    }
    domain.get(..domain.len() - behind.len())
}

/// Judges what follows the domain, which it cannot be part of: marks, a query, text after a mark outside ASCII.
fn check_rest(rest: &str, is_link: bool) -> Result<(), Invalid> {
    let Some(first) = rest.chars().next() else {
        return Ok(());
    };
    let behind = rest.get(first.len_utf8()..).unwrap_or_default();
    let is_harmless = match form(first) {
        // A line that was cut off, by hand or as mails are encoded.
        '=' => false,
        _ if is_ellipsis(first) => false,
        '?' if is_link || key_length(behind).is_some() => true,
        '&' if key_length(behind).is_some() || is_entity(behind) => true,
        '%' => escape_length(rest).is_some(),
        _ => !behind.contains(is_ascii_letter_or_digit),
    };
    if is_harmless { Ok(()) } else { Err(AMBIGUOUS_DOMAIN) }
}

/// True for the entities of HTML that stand around an address, without the semicolon, which is a separator.
fn is_entity(text: &str) -> bool {
    matches!(text, "gt" | "lt" | "quot" | "nbsp" | "amp" | "apos" | "rsquo" | "rdquo") || text.starts_with('#')
}
