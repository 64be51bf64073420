//! What the shell of the Manage Contacts page says; the rest is in its scripts.

use contacts::user::Locale;

/// What the shell says.
pub(crate) struct ManageTexts {
    /// Its title.
    pub(crate) title: &'static str,
    /// What the page is for.
    pub(crate) description: &'static str,
    /// Without scripts there is nothing to see.
    pub(crate) no_script: &'static str,
}

/// What the shell says.
pub(crate) fn manage_texts(language: Locale) -> &'static ManageTexts {
    match language {
        Locale::En => &ManageTexts {
            title: "Manage Contacts",
            description: "Search for people, answer contact requests, invite by e-mail or by a link, and look after your contacts.",
            no_script: "This page needs JavaScript. Switch it on in your browser and load the page again, or open it in another browser.",
        },
        Locale::Ja => &ManageTexts {
            title: "コンタクト管理",
            description: "ユーザーの検索、コンタクト申請への返事、メールやリンクでの招待、コンタクトの管理ができます。",
            no_script: "このページにはJavaScriptが必要です。ブラウザーで有効にして読み込み直すか、別のブラウザーで開いてください。",
        },
    }
}
