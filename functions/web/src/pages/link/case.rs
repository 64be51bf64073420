//! What the page behind an invite link shows: one case for each answer of the API.

use std::fmt;

use contacts_texts::Texts;

use crate::visitor::PageVisitor;

use Phrase::{Fixed, Name, Product};

/// What a visitor of a link is told.
pub(crate) struct Case {
    /// The `effect`, `view`, `outcome` or `code` of the API; `anonymous` for nobody signed in, `failed` when the API does not
    /// answer, `nowhere` for an address that is none of a link.
    pub(crate) id: &'static str,
    look: Look,
    title: Phrase,
    text: Phrase,
    button: Option<(ButtonAction, Phrase)>,
}

/// A text, by what is in it.
#[derive(Clone, Copy)]
enum Phrase {
    Fixed(fn(Texts) -> &'static str),
    /// The inviter's name.
    Name(fn(Texts, &str) -> String),
    /// The product's.
    Product(fn(Texts, &str) -> String),
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
enum ButtonAction {
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
    pub(crate) title: Text,
    /// What it says.
    pub(crate) text: Text,
    /// Its button.
    pub(crate) button: Option<Button>,
}

/// A text; a page may set the name in it apart.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) before: String,
    /// With what no line may begin with after it.
    pub(crate) name: Option<String>,
    pub(crate) after: String,
}

impl Text {
    fn new(phrase: Phrase, t: Texts, name: &str, product: &str) -> Self {
        /// Stands for the name until it is set apart. It is in no text.
        const MARK: &str = "\0";
        let plain = |before: String| Self {
            before,
            name: None,
            after: String::new(),
        };
        let text = match phrase {
            Fixed(text) => return plain(text(t).to_owned()),
            Product(text) => return plain(text(t, product)),
            Name(text) => text(t, MARK),
        };
        let Some((before, after)) = text.split_once(MARK) else {
            return plain(text);
        };
        let mut endings = t.link_name_endings().split_whitespace();
        let ending = endings.find(|ending| after.starts_with(ending)).unwrap_or_default();
        Self {
            before: before.to_owned(),
            name: Some(format!("{name}{ending}")),
            after: after.strip_prefix(ending).unwrap_or(after).to_owned(),
        }
    }
}

impl fmt::Display for Text {
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
    pub(crate) fn fill(&self, visitor: &PageVisitor, name: &str, product: &str) -> Filled {
        let fill = |phrase: Phrase| Text::new(phrase, visitor.texts(), name, product);
        let button = |(action, label): &(ButtonAction, Phrase)| match *action {
            ButtonAction::Does(action) => Button::Does(action, fill(*label).to_string()),
            ButtonAction::Leads(place) => {
                Button::Leads(format!("/{}{place}", visitor.query()), fill(*label).to_string())
            }
        };
        Filled {
            id: self.id,
            tone: self.look.tone,
            icon: self.look.icon,
            title: fill(self.title),
            text: fill(self.text),
            button: self.button.as_ref().map(button),
        }
    }

    const fn new(id: &'static str, look: Look, title: Phrase, text: Phrase) -> Self {
        Self {
            id,
            look,
            title,
            text,
            button: None,
        }
    }

    const fn does(self, action: &'static str, label: Phrase) -> Self {
        Self {
            button: Some((ButtonAction::Does(action), label)),
            ..self
        }
    }

    const fn leads(self, place: &'static str, label: Phrase) -> Self {
        Self {
            button: Some((ButtonAction::Leads(place), label)),
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

const OPEN: Phrase = Product(Texts::link_open);
const SEE_CONTACTS: Phrase = Fixed(Texts::link_see_contacts);
const SEE_REQUESTS: Phrase = Fixed(Texts::link_see_requests);

static NOWHERE: Case = Case::new(
    "nowhere",
    look("quiet", "question"),
    Fixed(Texts::link_nowhere_title),
    Fixed(Texts::link_nowhere_text),
)
.leads("", OPEN);

static CASES: &[Case] = &[
    Case::new(
        "anonymous",
        INVITATION,
        Name(Texts::link_anonymous_title),
        Fixed(Texts::link_anonymous_text),
    ),
    Case::new(
        "ask",
        INVITATION,
        Name(Texts::link_ask_title),
        Name(Texts::link_ask_text),
    )
    .does("press", Fixed(Texts::link_ask)),
    Case::new(
        "connect",
        INVITATION,
        Name(Texts::link_connect_title),
        Name(Texts::link_connect_text),
    )
    .does("press", Fixed(Texts::link_add)),
    Case::new(
        "awaiting_you",
        INVITATION,
        Name(Texts::link_awaiting_you_title),
        Fixed(Texts::link_awaiting_you_text),
    )
    .does("press", Fixed(Texts::link_accept)),
    Case::new(
        "request_pending",
        WAITING,
        Fixed(Texts::link_request_pending_title),
        Name(Texts::link_request_pending_text),
    )
    .leads("#requests", SEE_REQUESTS),
    Case::new(
        "already_pending",
        WAITING,
        Fixed(Texts::link_already_pending_title),
        Name(Texts::link_already_pending_text),
    )
    .leads("#requests", SEE_REQUESTS),
    Case::new(
        "already_contact",
        GOOD,
        Name(Texts::link_already_contact_title),
        Fixed(Texts::link_already_contact_text),
    )
    .leads("#contacts", SEE_CONTACTS),
    Case::new(
        "own_link",
        look("quiet", "link"),
        Fixed(Texts::link_own_link_title),
        Fixed(Texts::link_own_link_text),
    )
    .leads("#connect", Fixed(Texts::link_manage)),
    Case::new(
        "at_limit",
        look("stop", "full"),
        Fixed(Texts::link_at_limit_title),
        Fixed(Texts::link_at_limit_text),
    )
    .leads("#contacts", SEE_CONTACTS),
    Case::new(
        "request_sent",
        WAITING,
        Fixed(Texts::link_request_sent_title),
        Name(Texts::link_request_sent_text),
    )
    .leads("#requests", SEE_REQUESTS),
    Case::new(
        "connected",
        GOOD,
        Name(Texts::link_connected_title),
        Fixed(Texts::link_connected_text),
    )
    .leads("#contacts", SEE_CONTACTS),
    Case::new(
        "not_registered",
        look("invite", "person"),
        Fixed(Texts::link_not_registered_title),
        Product(Texts::link_not_registered_text),
    )
    .does("register", Fixed(Texts::link_register)),
    Case::new(
        "failed",
        look("stop", "full"),
        Fixed(Texts::link_failed_title),
        Fixed(Texts::link_failed_text),
    )
    .does("look", Fixed(Texts::link_try_again)),
    Case::new(
        "expired",
        look("quiet", "hourglass"),
        Fixed(Texts::link_expired_title),
        Fixed(Texts::link_expired_text),
    )
    .leads("", OPEN),
    Case::new(
        "used_up",
        look("quiet", "used"),
        Fixed(Texts::link_used_up_title),
        Fixed(Texts::link_used_up_text),
    )
    .leads("", OPEN),
    Case::new(
        "revoked",
        look("quiet", "unlink"),
        Fixed(Texts::link_revoked_title),
        Fixed(Texts::link_revoked_text),
    )
    .leads("", OPEN),
    Case::new(
        "unknown",
        look("quiet", "question"),
        Fixed(Texts::link_unknown_title),
        Fixed(Texts::link_unknown_text),
    )
    .leads("", OPEN),
];
