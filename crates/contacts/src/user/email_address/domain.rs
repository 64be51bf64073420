//! The domain of an e-mail address: which names somebody can have, and which are a name with text glued to it.

use std::{collections::HashSet, sync::LazyLock};

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};
use unicode_security::MixedScript as _;

use crate::Invalid;

pub(crate) const AMBIGUOUS_DOMAIN: Invalid =
    Invalid::new("ambiguous_domain", "it is not clear where the domain name ends");
pub(crate) const INVALID_DOMAIN: Invalid = Invalid::new("invalid_domain", "what follows the @ is not a domain name");

/// The names behind the last dot of a domain; the file says where they are from.
static TOP_LEVEL_DOMAINS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("../../../data/top-level-domains.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect()
});

/// The root zone had these for tests of international names, and examples still do: "test" in eleven languages.
const TEST_DOMAINS: [&str; 11] = [
    "xn--0zwm56d",
    "xn--11b5bs3a9aj6g",
    "xn--80akhbyknj4f",
    "xn--9t4b11yi5a",
    "xn--deba0ad",
    "xn--g6w251d",
    "xn--hgbk6aj7f53bba",
    "xn--hlcj6aya9esc7a",
    "xn--jxalpdlp",
    "xn--kgbechtv",
    "xn--zckzah",
];

/// True for a name that the root zone has: in lower case, an international one in its own script.
pub fn is_top_level_domain(name: &str) -> bool {
    TOP_LEVEL_DOMAINS.contains(name)
}

/// True for what separates the labels of a domain in any script.
pub(crate) fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{ff0e}' | '\u{3002}' | '\u{ff61}')
}

/// The domain in punycode; full-width ASCII is narrow already.
pub(super) fn ascii_domain(domain: &str) -> Result<String, Invalid> {
    if domain.chars().any(folds_into_ascii) {
        return Err(INVALID_DOMAIN);
    }
    if has_text_behind(domain) {
        return Err(AMBIGUOUS_DOMAIN);
    }
    // UTS 46 lets symbols and punctuation through, which no registry gives out (RFC 5892).
    if !domain.chars().all(is_of_a_name) {
        return Err(INVALID_DOMAIN);
    }
    let ascii = idna::domain_to_ascii_strict(domain).map_err(|_| INVALID_DOMAIN)?;
    let Some((_, last)) = ascii.rsplit_once('.') else {
        return Err(INVALID_DOMAIN);
    };
    if last.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(INVALID_DOMAIN);
    }
    let typed = domain.rsplit(is_dot).next().unwrap_or_default();
    let may_end_so = if typed.is_ascii() {
        // There are no other ones in ASCII (RFC 3696), so that a phone number may have been glued to it.
        last.starts_with("xn--") || last.bytes().all(|b| b.is_ascii_alphabetic())
    } else {
        is_international_top_level_domain(last)
    };
    if may_end_so { Ok(ascii) } else { Err(AMBIGUOUS_DOMAIN) }
}

/// True if text may have been glued to the name: a label of several scripts (UTS 39), or a whole ASCII name before an
/// ideographic full stop and words. UTS 46 would make punycode of both, a name that nobody typed.
fn has_text_behind(domain: &str) -> bool {
    let sentence = domain.split_once(['\u{3002}', '\u{ff61}']);
    let is_sentence = |(name, rest): (&str, &str)| name.is_ascii() && name.contains('.') && !rest.is_ascii();
    domain.split(is_dot).any(|label| !label.is_single_script()) || sentence.is_some_and(is_sentence)
}

/// Japanese, Chinese and Korean text needs no space behind a name, so that the last label may be more than a name: only
/// the root zone says. In ASCII it is as it was typed.
fn is_international_top_level_domain(punycode: &str) -> bool {
    let (name, _) = idna::domain_to_unicode(punycode);
    is_top_level_domain(&name) || TEST_DOMAINS.contains(&punycode)
}

/// Letters, digits and marks of any script, hyphens and dots; beyond those, the middle dots of Catalan and Japanese, the
/// Greek numeral sign, the Hebrew marks, and the joiners (RFC 5892, appendix A).
fn is_of_a_name(c: char) -> bool {
    c.is_ascii()
        || c.is_alphanumeric()
        || is_combining_mark(c)
        || is_dot(c)
        || matches!(
            c,
            '\u{b7}' | '\u{30fb}' | '\u{ff65}' | '\u{375}' | '\u{5f3}' | '\u{5f4}' | '\u{200c}' | '\u{200d}'
        )
}

/// True for a character outside ASCII that some mapping of Unicode turns into ASCII: UTS 46 would make
/// another domain of it without a word. The dotless `ı` is such a one in the other direction only, as
/// capital `I`.
fn folds_into_ascii(c: char) -> bool {
    !c.is_ascii() && (c == 'ı' || c.nfkc().any(|c| c.is_ascii()) || c.to_lowercase().any(|c| c.is_ascii()))
}
