//! Lines that a mail may have: other people's text never decides how long one is.

use unicode_segmentation::UnicodeSegmentation as _;

/// The most bytes of a line. A mail allows 998 (RFC 5322, 2.1.1); the rest is for the links and dates that SES puts in.
const MAX_LINE: usize = 750;
/// A cluster of more bytes than this is no letter any more, and may be cut.
const MAX_CLUSTER: usize = 64;
/// Breaks a line of HTML where nothing shows.
const HIDDEN_BREAK: &str = "<!--\n-->";

/// A text part with its long lines broken: at a space, otherwise between grapheme clusters. What continues a quoted line
/// is quoted too.
pub(crate) fn fold_text(text: &str) -> String {
    let mut folded = Folded::default();
    for line in text.split_inclusive('\n') {
        let line_break = if line.starts_with("> ") { "\n> " } else { "\n" };
        for word in line.split_inclusive(' ') {
            if word.len() > MAX_LINE {
                clusters(word).for_each(|cluster| folded.push(cluster, line_break));
            } else {
                folded.push(word, line_break);
            }
        }
    }
    folded.text
}

/// An HTML part with its long lines broken between tags, placeholders, entities and grapheme clusters.
pub(crate) fn fold_html(html: &str) -> String {
    let mut folded = Folded::default();
    let mut rest = html;
    while !rest.is_empty() {
        let (unit, is_text) = html_unit(rest);
        rest = rest.get(unit.len()..).unwrap_or_default();
        if is_text {
            clusters(unit).for_each(|cluster| folded.push(cluster, HIDDEN_BREAK));
        } else {
            folded.push(unit, HIDDEN_BREAK);
        }
    }
    folded.text
}

/// What the HTML begins with, and whether it is plain text, which may be broken.
fn html_unit(html: &str) -> (&str, bool) {
    // Nothing in these is read as a comment; the layout keeps their lines short.
    let whole = [("<!--", "-->"), ("<style", "</style>"), ("<title", "</title>")];
    let atoms = [("<", ">"), ("{{", "}}"), ("&", ";")];
    for (begin, end) in whole.into_iter().chain(atoms) {
        if html.starts_with(begin) {
            let length = html.find(end).map_or(html.len(), |at| at + end.len());
            return (html.get(..length).unwrap_or(html), false);
        }
    }
    let length = html.find(['<', '&']).unwrap_or(html.len());
    let length = html.find("{{").map_or(length, |at| at.min(length));
    (html.get(..length).unwrap_or(html), true)
}

fn clusters(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true).flat_map(|cluster| {
        let is_letter = cluster.len() <= MAX_CLUSTER;
        let whole = is_letter.then_some(cluster);
        let pieces = if is_letter { "" } else { cluster };
        whole.into_iter().chain(pieces.split_inclusive(|_| true))
    })
}

#[derive(Default)]
struct Folded {
    text: String,
    /// The bytes since the last line end.
    line: usize,
}

impl Folded {
    fn push(&mut self, unit: &str, line_break: &str) {
        let before_the_end = line_break.find('\n').unwrap_or_default();
        if self.line > 0 && self.line + unit.trim_end_matches('\n').len() + before_the_end > MAX_LINE {
            self.add(line_break);
        }
        self.add(unit);
    }

    fn add(&mut self, text: &str) {
        self.text.push_str(text);
        self.line = match text.rsplit_once('\n') {
            Some((_, last)) => last.len(),
            None => self.line + text.len(),
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn longest_line(text: &str) -> usize {
        text.lines().map(str::len).max().unwrap_or(0)
    }

    #[test]
    fn m08_text_is_broken_at_spaces_first() {
        let words = "word ".repeat(300);
        let folded = fold_text(&format!("> {words}\nshort\n"));
        assert!(longest_line(&folded) <= MAX_LINE, "{folded}");
        assert!(
            folded.lines().take(3).all(|line| line.starts_with("> word")),
            "{folded}"
        );
        assert!(folded.lines().take(2).all(|line| line.ends_with("word ")), "{folded}");
        assert!(folded.ends_with("\nshort\n"), "{folded}");
    }

    #[test]
    fn m08_a_word_is_broken_between_clusters() {
        for cluster in ["x", "あ", "🇯🇵", "👍🏽", "が"] {
            let folded = fold_text(&cluster.repeat(1_000));
            assert!(longest_line(&folded) <= MAX_LINE, "{folded}");
            for line in folded.lines() {
                assert_eq!(line.len() % cluster.len(), 0, "{cluster} is cut");
            }
        }
    }

    #[test]
    fn m08_html_is_broken_where_nothing_shows() {
        let long = "&amp;あ".repeat(400);
        let html = format!("<p title=\"x y\">{long}{{{{link}}}}{long}</p>\n<style>\n</style>");
        let folded = fold_html(&html);
        assert!(longest_line(&folded) <= MAX_LINE, "{folded}");
        assert_eq!(folded.replace(HIDDEN_BREAK, ""), html);
        assert!(folded.contains("{{link}}"), "{folded}");
        for line in folded.lines() {
            assert_eq!(
                line.matches('&').count(),
                line.matches(';').count(),
                "an entity is cut: {line}"
            );
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_line_is_long(text in "(\\PC|\u{301}|[ab]{1,900}| |\n){0,12}") {
            let folded = fold_text(&text);
            prop_assert!(longest_line(&folded) <= MAX_LINE);
            let strip = |text: &str| text.replace(['\n', '>', ' '], "");
            prop_assert_eq!(strip(&folded), strip(&text));
            let html = text.replace(['<', '&', '{'], "");
            let folded = fold_html(&html);
            prop_assert!(longest_line(&folded) <= MAX_LINE);
            prop_assert_eq!(folded.replace(HIDDEN_BREAK, ""), html);
        }
    }
}
