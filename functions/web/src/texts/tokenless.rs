//! What the pages say whose address has no token.

use contacts::user::Locale;

/// What such a page says.
pub(crate) struct TokenlessTexts {
    /// The heading when there is none.
    pub(crate) title: &'static str,
    /// What that means.
    pub(crate) text: &'static str,
}

/// In the place of an invitation.
pub(crate) fn of_invitation(language: Locale) -> &'static TokenlessTexts {
    match language {
        Locale::En => &TokenlessTexts {
            title: "Open the link again",
            text: "This address alone does not say which invitation it was. Go back to the message that you got, and open its link again.",
        },
        Locale::Ja => &TokenlessTexts {
            title: "リンクを開き直してください",
            text: "このアドレスだけでは、どの招待か分かりません。届いたメッセージのリンクをもう一度開いてください。",
        },
    }
}

/// In the place of what a mail's unsubscribe link opens.
pub(crate) fn of_mail(language: Locale) -> &'static TokenlessTexts {
    match language {
        Locale::En => &TokenlessTexts {
            title: "Open the link in the mail again",
            text: "This address alone does not say which mail it was. To stop mails or to report abuse, open the link at the end of the mail again.",
        },
        Locale::Ja => &TokenlessTexts {
            title: "メールのリンクを開き直してください",
            text: "このアドレスだけでは、どのメールか分かりません。配信の停止や迷惑行為の報告は、メールの末尾にあるリンクをもう一度開いて行ってください。",
        },
    }
}
