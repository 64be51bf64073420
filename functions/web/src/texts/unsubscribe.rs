//! What the unsubscribe page says.

use contacts::user::Locale;

/// What the unsubscribe page says.
pub(crate) struct UnsubscribeTexts {
    /// Its heading.
    pub(crate) title: &'static str,
    /// What it is for.
    pub(crate) text: &'static str,
    /// Above the choice.
    pub(crate) whose: &'static str,
    /// A choice.
    pub(crate) inviter: &'static str,
    /// A choice.
    pub(crate) all: &'static str,
    /// A button.
    pub(crate) unsubscribe: &'static str,
    /// A button.
    pub(crate) report: &'static str,
    /// What a report does.
    pub(crate) about_report: &'static str,
    /// Opens the form again.
    pub(crate) change: &'static str,
    /// The heading afterwards.
    pub(crate) done: &'static str,
    /// What was done.
    pub(crate) unsubscribed: &'static str,
    /// What was done.
    pub(crate) reported: &'static str,
    /// The heading when it could not be done.
    pub(crate) failed: &'static str,
    /// What that means.
    pub(crate) not_stored: &'static str,
    /// A button.
    pub(crate) again: &'static str,
}

/// What the unsubscribe page says.
pub(crate) fn unsubscribe_texts(language: Locale) -> &'static UnsubscribeTexts {
    match language {
        Locale::En => &UnsubscribeTexts {
            title: "Stop invitation mails",
            text: "Choose which mails you no longer want to get at your address.",
            whose: "Invitations",
            inviter: "from the person in the mail",
            all: "from anybody",
            unsubscribe: "Stop these mails",
            report: "Report abuse",
            about_report: "Is the mail unwanted advertising, an insult or a fraud? Report it. A report also stops the mails chosen above.",
            change: "Change this",
            done: "Done",
            unsubscribed: "If this address belongs to a mail of ours, the mails that you chose are stopped.",
            reported: "If this address belongs to a mail of ours, your report is noted, and the mails that you chose are stopped.",
            failed: "The service does not answer",
            not_stored: "What you chose is not stored yet. Try again in a moment.",
            again: "Try again",
        },
        Locale::Ja => &UnsubscribeTexts {
            title: "招待メールの配信停止",
            text: "今後受け取りたくないメールを選んでください。",
            whose: "停止する招待",
            inviter: "メールに書かれた方からの招待",
            all: "すべての方からの招待",
            unsubscribe: "配信を停止する",
            report: "迷惑行為を報告する",
            about_report: "迷惑な宣伝、いやがらせ、詐欺などのメールであれば報告してください。報告すると、上で選んだメールの配信も停止します。",
            change: "選び直す",
            done: "受け付けました",
            unsubscribed: "このアドレスが当サービスのメールのものであれば、選んだメールの配信を停止しました。",
            reported: "このアドレスが当サービスのメールのものであれば、報告を記録し、選んだメールの配信を停止しました。",
            failed: "サービスが応答しません",
            not_stored: "まだ受け付けられていません。しばらくしてから、もう一度お試しください。",
            again: "もう一度試す",
        },
    }
}
