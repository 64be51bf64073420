//! What the page behind an invite link says. `{name}` is the inviter, `{product}` the product.

use std::fmt;

use contacts::user::Locale;

use super::{Both, both};
use crate::visitor::Visitor;

/// What a visitor of a link is told: one for each case.
pub(crate) struct Case {
    /// The `view`, `outcome` or `code` of the API; `anonymous` for nobody signed in, `failed` when the API does not
    /// answer, `nowhere` for an address that is none of a link.
    pub(crate) id: &'static str,
    look: Look,
    title: Both,
    text: Both,
    button: Option<(Deed, Both)>,
}

/// What a case looks like.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// Its colour.
    tone: &'static str,
    /// Its sign.
    icon: &'static str,
}

/// What a button is for.
#[derive(Debug, Clone, Copy)]
enum Deed {
    /// The script does it.
    Does(&'static str),
    /// It leads to a place on the Manage Contacts page.
    Leads(&'static str),
}

/// A case, with its names.
#[derive(Debug)]
pub(crate) struct Filled {
    /// Its name.
    pub(crate) id: &'static str,
    /// Its colour.
    pub(crate) tone: &'static str,
    /// Its sign.
    pub(crate) icon: &'static str,
    /// Its heading.
    pub(crate) title: Said,
    /// What it says.
    pub(crate) text: Said,
    /// Its button.
    pub(crate) button: Option<Button>,
}

/// A text; a page may set the name in it apart.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) before: String,
    /// With what no line may begin with after it.
    pub(crate) name: Option<String>,
    pub(crate) after: String,
}

impl Said {
    fn new(text: &str, name: &str, product: &str) -> Self {
        let fill = |text: &str| text.replace("{product}", product);
        let Some((before, after)) = text.split_once("{name}") else {
            return Self {
                before: fill(text),
                name: None,
                after: String::new(),
            };
        };
        let belongs = BELONGING.iter().find(|part| after.starts_with(**part));
        let belongs = belongs.copied().unwrap_or_default();
        Self {
            before: fill(before),
            name: Some(format!("{name}{belongs}")),
            after: fill(after.strip_prefix(belongs).unwrap_or(after)),
        }
    }
}

/// The honorific, with the particles that are one letter.
const BELONGING: [&str; 4] = ["さんを", "さんの", "さんが", "さん"];

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_deref().unwrap_or_default();
        write!(f, "{}{name}{}", self.before, self.after)
    }
}

/// A button.
#[derive(Debug)]
pub(crate) enum Button {
    /// What the script does, and the button's text.
    Does(&'static str, String),
    /// Where it leads, and its text.
    Leads(String, String),
}

impl Case {
    /// The case as one visitor reads it.
    pub(crate) fn fill(&self, visitor: &Visitor, name: &str, product: &str) -> Filled {
        let fill = |text: &Both| Said::new(text.of(visitor.language), name, product);
        let button = |(deed, label): &(Deed, Both)| match *deed {
            Deed::Does(action) => Button::Does(action, fill(label).to_string()),
            Deed::Leads(place) => Button::Leads(format!("/{}{place}", visitor.query()), fill(label).to_string()),
        };
        Filled {
            id: self.id,
            tone: self.look.tone,
            icon: self.look.icon,
            title: fill(&self.title),
            text: fill(&self.text),
            button: self.button.as_ref().map(button),
        }
    }

    const fn new(id: &'static str, look: Look, title: Both, text: Both) -> Self {
        Self {
            id,
            look,
            title,
            text,
            button: None,
        }
    }

    const fn does(self, action: &'static str, label: Both) -> Self {
        Self {
            button: Some((Deed::Does(action), label)),
            ..self
        }
    }

    const fn leads(self, place: &'static str, label: Both) -> Self {
        Self {
            button: Some((Deed::Leads(place), label)),
            ..self
        }
    }
}

const fn look(tone: &'static str, icon: &'static str) -> Look {
    Look { tone, icon }
}

/// A case of the link page; `nowhere` for a name that is none.
pub(crate) fn case(id: &str) -> &'static Case {
    CASES.iter().find(|case| case.id == id).unwrap_or(&NOWHERE)
}

/// The cases that the script of a good link may have to show.
pub(crate) fn signed_in_cases() -> impl Iterator<Item = &'static Case> {
    CASES.iter().filter(|case| case.id != "anonymous")
}

/// The cases that the script of a dead link may have to show: what somebody signed in is told before that it is dead.
/// The page of a dead link names nobody, so they wait for the name.
pub(crate) fn cases_of_the_dead() -> impl Iterator<Item = &'static Case> {
    ["own_link", "already_contact", "failed"].into_iter().map(case)
}

const INVITATION: Look = look("invite", "plus");
const WAITING: Look = look("quiet", "clock");
const GOOD: Look = look("good", "check");

const OPEN: Both = both("Open {product}", "{product}を開く");
const SEE_CONTACTS: Both = both("See your contacts", "コンタクト一覧を見る");
const SEE_REQUESTS: Both = both("See your requests", "コンタクト申請を見る");

static NOWHERE: Case = Case::new(
    "nowhere",
    look("quiet", "question"),
    both("There is nothing here", "ページが見つかりません"),
    both(
        "Check the address, or start from the first page.",
        "アドレスを確かめるか、最初のページからお進みください。",
    ),
)
.leads("", OPEN);

static CASES: &[Case] = &[
    Case::new(
        "anonymous",
        INVITATION,
        both("{name} invites you to connect", "{name}さんからの招待"),
        both(
            "You are invited to become contacts on {product}. Sign in to answer. If you have no account yet, register, and you come back to this invitation.",
            "{product}でコンタクトになりませんか。ログインして返事をしてください。アカウントがない方は、登録するとこの招待に戻ります。",
        ),
    ),
    Case::new(
        "redeemable",
        INVITATION,
        both("Add {name} to your contacts?", "{name}さんをコンタクトに追加しますか？"),
        both(
            "You are signed in. Press the button to go on.",
            "ログインしています。ボタンを押すと進みます。",
        ),
    )
    .does("press", both("Add to Contacts", "コンタクトに追加")),
    Case::new(
        "awaiting_you",
        INVITATION,
        both(
            "{name} has sent you a contact request",
            "{name}さんからコンタクト申請が届いています",
        ),
        both("Press the button to accept it.", "ボタンを押すと承認します。"),
    )
    .does("press", both("Accept", "承認する")),
    Case::new(
        "request_pending",
        WAITING,
        both("Your request is waiting", "コンタクト申請の承認待ちです"),
        both("{name} has not answered it yet.", "{name}さんの返事をお待ちください。"),
    )
    .leads("#requests", SEE_REQUESTS),
    Case::new(
        "already_pending",
        WAITING,
        both("Your request is waiting", "コンタクト申請の承認待ちです"),
        both(
            "{name} has it already, and has not answered yet.",
            "申請はすでに届いています。{name}さんの返事をお待ちください。",
        ),
    )
    .leads("#requests", SEE_REQUESTS),
    Case::new(
        "already_contact",
        GOOD,
        both("You and {name} are contacts", "{name}さんとはすでにコンタクトです"),
        both("There is nothing left to do.", "ほかに必要な操作はありません。"),
    )
    .leads("#contacts", SEE_CONTACTS),
    Case::new(
        "own_link",
        look("quiet", "link"),
        both("This is your own link", "これはあなた自身のリンクです"),
        both(
            "Send it to the people whom you want as contacts.",
            "コンタクトになりたい相手に送ってください。",
        ),
    )
    .leads("#connect", both("Manage your links", "リンクを管理する")),
    Case::new(
        "at_limit",
        look("stop", "full"),
        both(
            "You have reached your limit of contacts",
            "コンタクト数の上限に達しています",
        ),
        both(
            "You have as many external contacts as you may. Remove one, then open the link again.",
            "社外のコンタクトをこれ以上追加できません。減らしてから、リンクをもう一度開いてください。",
        ),
    )
    .leads("#contacts", SEE_CONTACTS),
    Case::new(
        "request_sent",
        WAITING,
        both("Your request is sent", "コンタクト申請を送りました"),
        both(
            "You become contacts as soon as {name} accepts it.",
            "{name}さんが承認するとコンタクトになります。",
        ),
    )
    .leads("#requests", SEE_REQUESTS),
    Case::new(
        "connected",
        GOOD,
        both("You and {name} are contacts now", "{name}さんとコンタクトになりました"),
        both(
            "You can invite each other to group chats.",
            "お互いをグループチャットに招待できます。",
        ),
    )
    .leads("#contacts", SEE_CONTACTS),
    Case::new(
        "not_registered",
        look("invite", "person"),
        both("You are not registered yet", "まだ登録されていません"),
        both(
            "You are signed in, but {product} has no account of yours. Register, and you come back to this invitation.",
            "ログインしていますが、{product}のアカウントがありません。登録するとこの招待に戻ります。",
        ),
    )
    .does("register", both("Register", "新規登録")),
    Case::new(
        "failed",
        look("stop", "full"),
        both("The service does not answer", "サービスが応答しません"),
        both(
            "Nothing is lost. Try again in a moment.",
            "しばらくしてから、もう一度お試しください。",
        ),
    )
    .does("look", both("Try again", "もう一度試す")),
    Case::new(
        "expired",
        look("quiet", "hourglass"),
        both("This link has expired", "リンクの有効期限が切れています"),
        both("Ask for a new one.", "新しいリンクを送ってもらってください。"),
    )
    .leads("", OPEN),
    Case::new(
        "used_up",
        look("quiet", "used"),
        both("This link has been used up", "リンクの使用回数が上限に達しました"),
        both(
            "It was for a limited number of people. Ask for a new one.",
            "使える人数が決まっているリンクです。新しいリンクを送ってもらってください。",
        ),
    )
    .leads("", OPEN),
    Case::new(
        "revoked",
        look("quiet", "unlink"),
        both("This link is not valid any more", "このリンクは無効になりました"),
        both(
            "It was replaced, switched off or taken back. Ask for a new one.",
            "置き換えられたか、停止されたか、取り消されました。新しいリンクを送ってもらってください。",
        ),
    )
    .leads("", OPEN),
    Case::new(
        "unknown",
        look("quiet", "question"),
        both("There is no such link", "リンクが見つかりません"),
        both(
            "Check that you have the whole address, or ask for a new link.",
            "アドレスがすべて入っているか確かめるか、新しいリンクを送ってもらってください。",
        ),
    )
    .leads("", OPEN),
];

/// What else the link page says.
pub(crate) struct LinkTexts {
    /// A button.
    pub(crate) sign_in: &'static str,
    /// A button.
    pub(crate) register: &'static str,
    /// Opening a link changes nothing.
    pub(crate) nothing_yet: &'static str,
    /// Before a name.
    pub(crate) signed_in_as: &'static str,
    /// A button.
    pub(crate) other: &'static str,
    /// While the API is asked.
    pub(crate) looking: &'static str,
    /// The sign-in is over.
    pub(crate) ended: &'static str,
    /// A button that is there without scripts only.
    pub(crate) reload: &'static str,
    /// Without scripts nobody can sign in.
    pub(crate) no_script: &'static str,
    /// The sign-in came to nothing.
    pub(crate) sign_in_failed: &'static str,
    /// The API does not answer.
    pub(crate) service_failed: &'static str,
    /// The browser keeps nothing for this page, so nobody can sign in.
    pub(crate) no_storage: &'static str,
}

/// What else the link page says.
pub(crate) fn link_texts(language: Locale) -> &'static LinkTexts {
    match language {
        Locale::En => &LinkTexts {
            sign_in: "Sign in",
            register: "Register",
            nothing_yet: "Nothing happens until you answer.",
            signed_in_as: "Signed in as",
            other: "Use another account",
            looking: "Opening the invitation…",
            ended: "Your sign-in has ended. Please sign in again.",
            reload: "Switch on JavaScript and reload",
            no_script: "Signing in needs JavaScript. Switch it on in your browser and load this page again, or open the link in another browser.",
            sign_in_failed: "You are not signed in. Please try again.",
            service_failed: "The service does not answer. Nothing is lost; please try again.",
            no_storage: "Your browser does not let this page store anything, which signing in needs. Allow site data (cookies) for this page and load it again, or open the link in another browser.",
        },
        Locale::Ja => &LinkTexts {
            sign_in: "ログイン",
            register: "新規登録",
            nothing_yet: "返事をするまで、何も行われません。",
            signed_in_as: "ログイン中のアカウント：",
            other: "別のアカウントを使う",
            looking: "招待を確認しています…",
            ended: "ログインの有効期限が切れました。もう一度ログインしてください。",
            reload: "JavaScriptを有効にして再読み込み",
            no_script: "ログインにはJavaScriptが必要です。ブラウザーで有効にして読み込み直すか、別のブラウザーでリンクを開いてください。",
            sign_in_failed: "ログインできませんでした。もう一度お試しください。",
            service_failed: "サービスが応答しません。もう一度お試しください。",
            no_storage: "ブラウザーがこのページのデータの保存を許可していないため、ログインできません。サイトデータ（Cookie）を許可して読み込み直すか、別のブラウザーでリンクを開いてください。",
        },
    }
}
