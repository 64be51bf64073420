//! What a page says while its script is on the way, and when that does not come.

use contacts::user::Locale;

/// What such a page says.
pub(crate) struct LateTexts {
    /// While the script is on the way.
    pub(crate) moment: &'static str,
    /// It has not come.
    pub(crate) text: &'static str,
    /// A link to the page itself.
    pub(crate) reload: &'static str,
}

/// What such a page says.
pub(crate) fn late_texts(language: Locale) -> &'static LateTexts {
    match language {
        Locale::En => &LateTexts {
            moment: "One moment…",
            text: "The page could not be loaded.",
            reload: "Reload it",
        },
        Locale::Ja => &LateTexts {
            moment: "お待ちください…",
            text: "ページを読み込めませんでした。",
            reload: "再読み込みしてください",
        },
    }
}
