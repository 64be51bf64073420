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
    /// The heading when this browser started no sign-in.
    pub(crate) elsewhere: &'static str,
    /// What to do then.
    pub(crate) open_again: &'static str,
    /// A link to the contacts.
    pub(crate) contacts: &'static str,
    /// Without scripts nobody can sign in.
    pub(crate) no_script: &'static str,
}

/// What the page says.
pub(crate) fn signed_in_texts(language: Locale) -> &'static SignedInTexts {
    match language {
        Locale::En => &SignedInTexts {
            title: "Signing in…",
            failed: "You are not signed in",
            nothing_lost: "The sign-in was cancelled or took too long. Nothing is lost: go back and try again.",
            back: "Go back",
            elsewhere: "You are not signed in here",
            open_again: "The sign-in was not started in this browser, or is over already. If you have just registered, your account is there: open your invitation again, or go to your contacts.",
            contacts: "Go to your contacts",
            no_script: "Signing in needs JavaScript. Switch it on in your browser, then open the page that you came from again.",
        },
        Locale::Ja => &SignedInTexts {
            title: "ログインしています…",
            failed: "ログインできませんでした",
            nothing_lost: "ログインが取り消されたか、時間切れになりました。元のページに戻って、もう一度お試しください。",
            back: "元のページに戻る",
            elsewhere: "このブラウザーではログインしていません",
            open_again: "ログインがこのブラウザーで始められていないか、すでに終わっています。登録がお済みの場合は、届いた招待のリンクをもう一度開くか、コンタクト管理に進んでください。",
            contacts: "コンタクト管理へ進む",
            no_script: "ログインにはJavaScriptが必要です。ブラウザーで有効にしてから、元のページをもう一度開いてください。",
        },
    }
}
