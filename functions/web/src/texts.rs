//! What the pages say, in both languages. `{name}` is the inviter, `{product}` the product.

use contacts::user::Locale;

/// A text in both languages.
struct Both {
    en: &'static str,
    ja: &'static str,
}

impl Both {
    fn of(&self, language: Locale) -> &'static str {
        match language {
            Locale::En => self.en,
            Locale::Ja => self.ja,
        }
    }
}

/// What a visitor of a link is told: one for each case.
pub(crate) struct Case {
    /// The `view`, `outcome` or `code` of the API; `anonymous` for nobody signed in, `failed` when the API does not answer.
    pub(crate) id: &'static str,
    title: Both,
    text: Both,
    /// What the script does at its button, and the button's text.
    button: Option<(&'static str, Both)>,
}

/// A case, with its names.
#[derive(Debug)]
pub(crate) struct Filled {
    /// Its name.
    pub(crate) id: &'static str,
    /// Its heading.
    pub(crate) title: String,
    /// What it says.
    pub(crate) text: String,
    /// Its button.
    pub(crate) button: Option<(&'static str, &'static str)>,
}

impl Case {
    /// The case as one visitor reads it.
    pub(crate) fn fill(&self, language: Locale, name: &str, product: &str) -> Filled {
        // The name last: what is in it stays as it is.
        let fill = |text: &Both| text.of(language).replace("{product}", product).replace("{name}", name);
        Filled {
            id: self.id,
            title: fill(&self.title),
            text: fill(&self.text),
            button: self
                .button
                .as_ref()
                .map(|(action, label)| (*action, label.of(language))),
        }
    }

    const fn new(id: &'static str, title: Both, text: Both) -> Self {
        Self {
            id,
            title,
            text,
            button: None,
        }
    }

    const fn button(self, action: &'static str, label: Both) -> Self {
        Self {
            button: Some((action, label)),
            ..self
        }
    }
}

/// A case of the link page; `unknown` for a name that is none.
pub(crate) fn case(id: &str) -> &'static Case {
    CASES.iter().find(|case| case.id == id).unwrap_or(&UNKNOWN)
}

/// The cases that the script of a good link may have to show.
pub(crate) fn signed_in_cases() -> impl Iterator<Item = &'static Case> {
    CASES.iter().filter(|case| case.id != "anonymous").chain([&UNKNOWN])
}

const fn both(en: &'static str, ja: &'static str) -> Both {
    Both { en, ja }
}

static UNKNOWN: Case = Case::new(
    "unknown",
    both("There is no such link", "リンクが見つかりません"),
    both(
        "Check that you have the whole address, or ask for a new link.",
        "アドレスがすべて入っているか確かめるか、新しいリンクを送ってもらってください。",
    ),
);

static CASES: &[Case] = &[
    Case::new(
        "anonymous",
        both("{name} invites you to connect", "{name}さんからの招待"),
        both(
            "You are invited to become contacts on {product}. Sign in to answer. If you have no account yet, register, and you come back to this invitation.",
            "{product}でコンタクトになりませんか。ログインして返事をしてください。アカウントがない方は、登録するとこの招待に戻ります。",
        ),
    ),
    Case::new(
        "redeemable",
        both("Add {name} to your contacts?", "{name}さんをコンタクトに追加しますか？"),
        both(
            "You are signed in. Press the button to go on.",
            "ログインしています。ボタンを押すと進みます。",
        ),
    )
    .button("press", both("Add to Contacts", "コンタクトに追加")),
    Case::new(
        "awaiting_you",
        both(
            "{name} has sent you a contact request",
            "{name}さんからコンタクト申請が届いています",
        ),
        both("Press the button to accept it.", "ボタンを押すと承認します。"),
    )
    .button("press", both("Accept", "承認する")),
    Case::new(
        "request_pending",
        both("Your request is waiting", "コンタクト申請の承認待ちです"),
        both("{name} has not answered it yet.", "{name}さんの返事をお待ちください。"),
    ),
    Case::new(
        "already_pending",
        both("Your request is waiting", "コンタクト申請の承認待ちです"),
        both(
            "{name} has it already, and has not answered yet.",
            "申請はすでに届いています。{name}さんの返事をお待ちください。",
        ),
    ),
    Case::new(
        "already_contact",
        both("You and {name} are contacts", "{name}さんとはすでにコンタクトです"),
        both("There is nothing left to do.", "ほかに必要な操作はありません。"),
    ),
    Case::new(
        "own_link",
        both("This is your own link", "これはあなた自身のリンクです"),
        both(
            "Send it to the people whom you want as contacts.",
            "コンタクトになりたい相手に送ってください。",
        ),
    ),
    Case::new(
        "at_limit",
        both(
            "You have reached your limit of contacts",
            "コンタクト数の上限に達しています",
        ),
        both(
            "You have as many external contacts as you may. Remove one, then open the link again.",
            "社外のコンタクトをこれ以上追加できません。減らしてから、リンクをもう一度開いてください。",
        ),
    ),
    Case::new(
        "request_sent",
        both("Your request is sent", "コンタクト申請を送りました"),
        both(
            "You become contacts as soon as {name} accepts it.",
            "{name}さんが承認するとコンタクトになります。",
        ),
    ),
    Case::new(
        "connected",
        both("You and {name} are contacts now", "{name}さんとコンタクトになりました"),
        both(
            "You can invite each other to group chats.",
            "お互いをグループチャットに招待できます。",
        ),
    ),
    Case::new(
        "not_registered",
        both("You are not registered yet", "まだ登録されていません"),
        both(
            "You are signed in, but {product} has no account of yours. Register, and you come back to this invitation.",
            "ログインしていますが、{product}のアカウントがありません。登録するとこの招待に戻ります。",
        ),
    )
    .button("register", both("Register", "新規登録")),
    Case::new(
        "failed",
        both("The service does not answer", "サービスが応答しません"),
        both(
            "Nothing is lost. Try again in a moment.",
            "しばらくしてから、もう一度お試しください。",
        ),
    )
    .button("look", both("Try again", "もう一度試す")),
    Case::new(
        "expired",
        both("This link has expired", "リンクの有効期限が切れています"),
        both("Ask for a new one.", "新しいリンクを送ってもらってください。"),
    ),
    Case::new(
        "used_up",
        both("This link has been used up", "リンクの使用回数が上限に達しました"),
        both(
            "It was for a limited number of people. Ask for a new one.",
            "使える人数が決まっているリンクです。新しいリンクを送ってもらってください。",
        ),
    ),
    Case::new(
        "revoked",
        both("This link is not valid any more", "このリンクは無効になりました"),
        both(
            "It was replaced, switched off or taken back. Ask for a new one.",
            "置き換えられたか、停止されたか、取り消されました。新しいリンクを送ってもらってください。",
        ),
    ),
];

/// What else the link page says.
pub(crate) struct LinkTexts {
    /// A button.
    pub(crate) sign_in: &'static str,
    /// A button.
    pub(crate) register: &'static str,
    /// Without scripts nobody can sign in.
    pub(crate) no_script: &'static str,
    /// The sign-in came to nothing.
    pub(crate) sign_in_failed: &'static str,
    /// The API does not answer.
    pub(crate) service_failed: &'static str,
}

/// What else the link page says.
pub(crate) fn link_texts(language: Locale) -> &'static LinkTexts {
    match language {
        Locale::En => &LinkTexts {
            sign_in: "Sign in",
            register: "Register",
            no_script: "Signing in needs JavaScript. Switch it on in your browser and load this page again, or open the link in another browser.",
            sign_in_failed: "You are not signed in. Please try again.",
            service_failed: "The service does not answer. Nothing is lost; please try again.",
        },
        Locale::Ja => &LinkTexts {
            sign_in: "ログイン",
            register: "新規登録",
            no_script: "ログインにはJavaScriptが必要です。ブラウザーで有効にして読み込み直すか、別のブラウザーでリンクを開いてください。",
            sign_in_failed: "ログインできませんでした。もう一度お試しください。",
            service_failed: "サービスが応答しません。もう一度お試しください。",
        },
    }
}

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
    /// The heading afterwards.
    pub(crate) done: &'static str,
    /// What was done.
    pub(crate) unsubscribed: &'static str,
    /// What was done.
    pub(crate) reported: &'static str,
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
            about_report: "A report also stops these mails.",
            done: "Done",
            unsubscribed: "If this address belongs to a mail of ours, the mails that you chose are stopped.",
            reported: "If this address belongs to a mail of ours, your report is noted, and the mails that you chose are stopped.",
        },
        Locale::Ja => &UnsubscribeTexts {
            title: "招待メールの配信停止",
            text: "今後受け取りたくないメールを選んでください。",
            whose: "停止する招待",
            inviter: "メールに書かれた方からの招待",
            all: "すべての方からの招待",
            unsubscribe: "配信を停止する",
            report: "迷惑行為を報告する",
            about_report: "報告すると、配信も停止します。",
            done: "受け付けました",
            unsubscribed: "このアドレスが当サービスのメールのものであれば、選んだメールの配信を停止しました。",
            reported: "このアドレスが当サービスのメールのものであれば、報告を記録し、選んだメールの配信を停止しました。",
        },
    }
}
