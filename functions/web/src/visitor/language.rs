//! Which language a page is in.

use axum::http::{HeaderMap, Uri, header};
use contacts::user::Locale;

use super::encoding;

/// The language that `Accept-Language` wants most, the first of equals, else English.
pub(crate) fn accepted(headers: &HeaderMap) -> Locale {
    let values = headers.get_all(header::ACCEPT_LANGUAGE).into_iter();
    let ranges = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','));
    let mut best = (Locale::En, 0);
    for (range, quality) in ranges.map(encoding::range) {
        // `*` prefers neither.
        if let Some(language) = Locale::of_language_tag(range).filter(|_| quality > best.1) {
            best = (language, quality);
        }
    }
    best.0
}

/// The language of `?lang=`.
pub(crate) fn asked_for(uri: &Uri) -> Option<Locale> {
    let mut fields = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    match &*fields.find(|(name, _)| name == "lang")?.1 {
        "ja" => Some(Locale::Ja),
        "en" => Some(Locale::En),
        _ => None,
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
        let asked = asked_for(&format!("/i/x{query}").parse().unwrap());
        asked.unwrap_or_else(|| super::accepted(&headers)).tag()
    }

    #[test]
    fn the_language_is_the_one_wanted_more() {
        for (accepted, expected) in [
            ("ja", "ja"),
            ("ja-JP", "ja"),
            ("JA;q=0.1", "ja"),
            ("ja,en;q=0.8", "ja"),
            ("en-GB,en;q=0.9,ja;q=0.9", "en"),
            ("en,ja", "en"),
            ("ja,en", "ja"),
            ("en;q=0.5, ja;q=0.5", "en"),
            ("ja;q=0.5, en;q=0.5", "ja"),
            ("ja;q=0, en", "en"),
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
