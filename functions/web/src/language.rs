//! Which language a page is in.

use axum::http::{HeaderMap, Uri, header};
use contacts::user::Locale;

use crate::encoding;

/// The language of `?lang=`, else the one that `Accept-Language` wants more, else English.
pub(crate) fn negotiate(uri: &Uri, headers: &HeaderMap) -> Locale {
    asked_for(uri).unwrap_or_else(|| {
        let mut wanted = Wanted::default();
        for value in headers.get_all(header::ACCEPT_LANGUAGE) {
            value
                .to_str()
                .unwrap_or_default()
                .split(',')
                .for_each(|range| wanted.add(range));
        }
        wanted.language()
    })
}

fn asked_for(uri: &Uri) -> Option<Locale> {
    let mut fields = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    match &*fields.find(|(name, _)| name == "lang")?.1 {
        "ja" => Some(Locale::Ja),
        "en" => Some(Locale::En),
        _ => None,
    }
}

/// The qualities of the two languages, in thousandths; 0 is "not wanted".
#[derive(Default)]
struct Wanted {
    ja: u16,
    en: u16,
}

impl Wanted {
    fn add(&mut self, range: &str) {
        let (range, quality) = encoding::range(range);
        let language = range.split('-').next().unwrap_or_default();
        let slot = match language.to_ascii_lowercase().as_str() {
            "ja" => &mut self.ja,
            "en" => &mut self.en,
            // `*` prefers neither.
            _ => return,
        };
        *slot = quality.max(*slot);
    }

    fn language(&self) -> Locale {
        if self.ja > 0 && self.ja >= self.en {
            Locale::Ja
        } else {
            Locale::En
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(query: &str, accepted: &[&str]) -> &'static str {
        let mut headers = HeaderMap::new();
        for value in accepted {
            headers.append(header::ACCEPT_LANGUAGE, value.parse().unwrap());
        }
        negotiate(&format!("/i/x{query}").parse().unwrap(), &headers).tag()
    }

    #[test]
    fn the_language_is_the_one_wanted_more() {
        for (accepted, expected) in [
            ("ja", "ja"),
            ("ja-JP", "ja"),
            ("JA;q=0.1", "ja"),
            ("ja,en;q=0.8", "ja"),
            ("en-GB,en;q=0.9,ja;q=0.9", "en"),
            ("en;q=0.5, ja;q=0.5", "ja"),
            ("fr, ja;q=0.2", "ja"),
            ("fr, ja;q=0.2, en;q=0.3", "en"),
            ("ja;q=0", "en"),
            ("ja;q=nonsense", "en"),
            ("ja;q=7", "en"),
            ("jav", "en"),
            ("fr", "en"),
            ("*", "en"),
            (";;,,=", "en"),
            ("", "en"),
        ] {
            assert_eq!(language("", &[accepted]), expected, "{accepted}");
        }
        assert_eq!(language("", &[]), "en");
        assert_eq!(language("", &["fr", "ja"]), "ja", "over several fields");
    }

    #[test]
    fn the_switch_wins() {
        assert_eq!(language("?lang=en", &["ja"]), "en");
        assert_eq!(language("?x=1&lang=ja", &["en"]), "ja");
        assert_eq!(language("?lang=fr", &["ja"]), "ja");
        assert_eq!(language("?lang=%FF", &["ja"]), "ja");
    }
}
