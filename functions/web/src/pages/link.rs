//! `/i/{token}`: who invites, and how to answer.
//!
//! The page knows no visitor. Its script lets them sign in, asks the API what the link is for them, and shows
//! one of the cases that the page brings along as templates. A dead link has its own for whom it is not dead: its
//! owner and their contacts.

mod case;

use askama::Template;
use axum::{
    extract::State,
    http::{Method, StatusCode},
    response::Response,
};
use contacts::{PersonName, User, link::Ending};
use contacts_dynamodb::{Store, link::invite_link::OpenedLink};
use contacts_http::response::HandlerResult;
use contacts_mail::defang::defang;

use super::{
    Frame, HtmlPage, Policy,
    followed::{Followed, to_clean},
    in_place_of,
};
use crate::{SharedSettings, SiteSettings, assets, settings::origin_of, visitor::PageVisitor};

use case::{Button, Case, Filled, case, cases_of_the_dead, signed_in_cases};

pub(crate) async fn show(
    State(store): State<Store>,
    State(settings): State<SharedSettings>,
    followed: Followed,
    method: Method,
    visitor: PageVisitor,
) -> HandlerResult {
    let opened = match &followed {
        Followed::Token(token) => store.open_link(token).await,
        // Nobody is told whether there is such a link.
        Followed::Extended(token) => return Ok(to_clean("i", token, &visitor)),
        Followed::Malformed => Ok(None),
    };
    let shown = match opened {
        Ok(None) => LinkState::Unknown,
        Ok(Some(OpenedLink {
            ending: Some(ending), ..
        })) => LinkState::Ended(ending),
        Ok(Some(opened)) => {
            if method == Method::GET && visitor.arrives() {
                store.count_view(&opened).await;
            }
            LinkState::Alive(ShownInviter::of(&opened.inviter))
        }
        Err(error) if visitor.wants_html() => {
            let failed = |status| page(&settings, &visitor, &LinkState::Failed(status));
            return Ok(in_place_of(error.into(), failed));
        }
        Err(error) => return Err(error.into()),
    };
    Ok(page(&settings, &visitor, &shown))
}

/// What the page is of.
pub(crate) enum LinkState {
    /// A link of this person's that can be used.
    Alive(ShownInviter),
    /// A link that was one.
    Ended(Ending),
    /// No link has this token.
    Unknown,
    /// The address is none of a link.
    Nowhere,
    /// It could not be looked up, with the status of that.
    Failed(StatusCode),
}

impl LinkState {
    fn status(&self) -> StatusCode {
        match self {
            Self::Alive(_) => StatusCode::OK,
            Self::Ended(_) => StatusCode::GONE,
            Self::Unknown | Self::Nowhere => StatusCode::NOT_FOUND,
            Self::Failed(status) => *status,
        }
    }

    /// The case that is shown to nobody signed in.
    fn case(&self) -> &'static Case {
        case(match self {
            Self::Alive(_) => "anonymous",
            Self::Ended(Ending::Revoked) => "revoked",
            Self::Ended(Ending::Expired) => "expired",
            Self::Ended(Ending::UsedUp) => "used_up",
            Self::Unknown => "unknown",
            Self::Nowhere => "nowhere",
            Self::Failed(_) => "failed",
        })
    }

    /// The cases that the script may show in its place, to whom that concerns.
    fn other_cases(&self) -> Vec<&'static Case> {
        match self {
            Self::Alive(_) => signed_in_cases().collect(),
            Self::Ended(_) => cases_of_the_dead().collect(),
            Self::Unknown | Self::Nowhere | Self::Failed(_) => Vec::new(),
        }
    }
}

/// What the page shows of a person: this and no more.
pub(crate) struct ShownInviter {
    /// Their name.
    pub(crate) name: PersonName,
    /// Where their picture is, wherever that may be.
    pub(crate) avatar: Option<String>,
}

impl ShownInviter {
    fn of(user: &User) -> Self {
        Self {
            name: user.name.clone(),
            avatar: user.avatar_image_url.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage<'a> {
    frame: Frame<'a>,
    shown: Filled,
    alive: Option<Alive>,
    /// What the script may show in its place, to whom that concerns.
    cases: Vec<Filled>,
}

impl LinkPage<'_> {
    /// The inviter's picture, and their name.
    fn avatar(&self) -> Option<(&str, &str)> {
        let alive = self.alive.as_ref()?;
        Some((alive.avatar.as_deref()?, &alive.name))
    }
}

/// What only the page of a good link has.
struct Alive {
    name: String,
    avatar: Option<String>,
    initials: String,
}

/// Renders the page; only that of a link that can be used names anybody.
pub(crate) fn page(settings: &SiteSettings, visitor: &PageVisitor, shown: &LinkState) -> Response {
    let inviter = match shown {
        LinkState::Alive(inviter) => Some(inviter),
        _ => None,
    };
    // A preview in a chat makes links of what looks like one.
    let name = inviter.map(|inviter| defang(inviter.name.as_str())).unwrap_or_default();
    let fill = |case: &Case| case.fill(visitor, &name, &settings.product);
    let alive = inviter.map(|inviter| Alive {
        name: name.clone(),
        avatar: settings.avatars.allowed(inviter.avatar.as_deref()),
        initials: inviter.name.initials(),
    });
    let images = alive
        .iter()
        .filter_map(|alive| origin_of(alive.avatar.as_deref()?))
        .collect();
    let content = LinkPage {
        frame: Frame::new(settings, visitor, &assets::LINK_JS),
        shown: fill(shown.case()),
        alive,
        cases: shown.other_cases().into_iter().map(fill).collect(),
    };
    let policy = Policy {
        forms: false,
        connect: Some(settings.sign_in_origins.clone()),
        images,
    };
    HtmlPage {
        status: shown.status(),
        policy,
        ..HtmlPage::new(content)
    }
    .answer(visitor)
}
