//! What the page says that the issuer sends people back to.

use contacts::user::Locale;

/// What the page says.
pub(crate) struct SignedInTexts {
    /// While it works.
    pub(crate) title: &'static str,
    /// The heading when it came to nothing.
    pub(crate) failed: &'static str,
    /// What that means.
    pub(crate) nothing_lost: &'static str,
    /// A link to where the sign-in was started.
    pub(crate) back: &'static str,
    /// Without scripts nobody can sign in.
    pub(crate) no_script: &'static str,
}

/// What the page says.
pub(crate) fn signed_in_texts(language: Locale) -> &'static SignedInTexts {
    match language {
        Locale::En => &SignedInTexts {
            title: "Signing in…",
            failed: "You are not signed in",
            nothing_lost: "The sign-in was cancelled, took too long, or was started in another tab. Nothing is lost: go back and try again.",
            back: "Go back",
            no_script: "Signing in needs JavaScript. Switch it on in your browser, then open the page that you came from again.",
        },
        Locale::Ja => &SignedInTexts {
            title: "ログインしています…",
            failed: "ログインできませんでした",
            nothing_lost: "ログインが取り消されたか、時間切れになったか、別のタブで始められました。元のページに戻って、もう一度お試しください。",
            back: "元のページに戻る",
            no_script: "ログインにはJavaScriptが必要です。ブラウザーで有効にしてから、元のページをもう一度開いてください。",
        },
    }
}
