//! Forms of one kanji: what a register, an old document and a keyboard write otherwise.

use std::sync::LazyLock;

/// Each other form with the one that it is folded to, sorted by the former. `kanji.txt` names the source of every line.
static FORMS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let listed = listed();
    let mut forms: Vec<(char, char)> = listed.iter().map(|&(form, _)| (form, last(&listed, form))).collect();
    forms.sort_unstable();
    forms
});

/// The form that a kanji is compared in; any other character as it is.
pub(super) fn plain(c: char) -> char {
    // Nothing below is a kanji, and most text is below.
    if c < '\u{3400}' {
        return c;
    }
    let found = FORMS.binary_search_by_key(&c, |&(form, _)| form);
    found.ok().and_then(|at| FORMS.get(at)).map_or(c, |&(_, plain)| plain)
}

/// The pairs as the file has them.
fn listed() -> Vec<(char, char)> {
    let lines = include_str!("kanji.txt").lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| {
        let (plain, forms) = line.split_once(' ')?;
        let plain = plain.chars().next()?;
        Some(forms.chars().map(move |form| (form, plain)))
    });
    pairs.flatten().collect()
}

/// The end of the way from form to form; one file lists a form of a form.
fn last(listed: &[(char, char)], form: char) -> char {
    let next = |of: char| listed.iter().find(|&&(form, _)| form == of).map(|&(_, plain)| plain);
    std::iter::successors(Some(form), |&form| next(form))
        .last()
        .unwrap_or(form)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_line_is_read_and_no_form_is_there_twice() {
        let lines: Vec<&str> = include_str!("kanji.txt")
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect();
        for line in &lines {
            let (plain, forms) = line.split_once(' ').expect("a form, a space, its others");
            assert!(plain.chars().count() == 1 && !forms.is_empty(), "{line}");
            assert!(line.chars().all(|c| c == ' ' || crate::folding::is_kanji(c)), "{line}");
        }
        let listed = listed();
        let distinct: HashSet<char> = listed.iter().map(|&(form, _)| form).collect();
        assert_eq!(distinct.len(), listed.len());
        assert!(listed.len() > 500, "{}", listed.len());
    }

    #[test]
    fn the_way_from_form_to_form_is_followed_to_its_end() {
        for (form, expected) in [
            ('齊', '斎'),
            ('斉', '斎'),
            ('齋', '斎'),
            ('邊', '辺'),
            ('邉', '辺'),
            ('崎', '崎'),
            ('a', 'a'),
        ] {
            assert_eq!(plain(form), expected, "{form}");
        }
        for &(_, end) in FORMS.iter() {
            assert_eq!(plain(end), end);
        }
    }
}
