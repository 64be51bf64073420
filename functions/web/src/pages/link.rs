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
use contacts::{PersonName, User, link::View};
use contacts_dynamodb::Store;
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
        Followed::Token(token) => store.open_link(token, None).await,
        // Nobody is told whether there is such a link.
        Followed::Extended(token) => return Ok(to_clean("i", token, &visitor)),
        Followed::Malformed => Ok(None),
    };
    let opened = match opened {
        Ok(opened) => opened,
        Err(error) if visitor.wants_html() => {
            let failed = |status| page(&settings, &visitor, status, "failed", None);
            return Ok(in_place_of(error.into(), failed));
        }
        Err(error) => return Err(error.into()),
    };
    let view = opened.as_ref().map_or(View::Unknown, |opened| opened.view);
    let status = status(view);
    let alive = opened.as_ref().filter(|_| status == StatusCode::OK);
    if let Some(opened) = alive.filter(|_| method == Method::GET && visitor.arrives()) {
        store.count_view(opened).await;
    }
    let inviter = alive.map(|opened| ShownInviter::of(&opened.inviter));
    Ok(page(&settings, &visitor, status, name(view), inviter.as_ref()))
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
    /// The name of what is shown: `redeemable`, or what is wrong.
    view: &'a str,
    shown: Filled,
    alive: Option<Alive>,
    /// What the script may show in its place, to whom that concerns.
    cases: Vec<Filled>,
}

/// What only the page of a good link has.
struct Alive {
    name: String,
    avatar: Option<String>,
    initials: String,
}

/// Renders the page: for a good link with its inviter, for any other with the name of what is wrong.
pub(crate) fn page(
    settings: &SiteSettings,
    visitor: &PageVisitor,
    status: StatusCode,
    view: &str,
    inviter: Option<&ShownInviter>,
) -> Response {
    // A preview in a chat makes links of what looks like one.
    let name = inviter.map(|inviter| defang(inviter.name.as_str())).unwrap_or_default();
    let fill = |case: &Case| case.fill(visitor, &name, &settings.product);
    let alive = inviter.map(|inviter| Alive {
        name: name.clone(),
        avatar: settings.avatars.allowed(inviter.avatar.as_deref()),
        initials: inviter.name.initials(),
    });
    let cases = match status {
        StatusCode::OK => signed_in_cases().map(fill).collect(),
        StatusCode::GONE => cases_of_the_dead().map(fill).collect(),
        _ => Vec::new(),
    };
    let images = alive
        .iter()
        .filter_map(|alive| origin_of(alive.avatar.as_deref()?))
        .collect();
    let content = LinkPage {
        frame: Frame::new(settings, visitor, &assets::LINK_JS),
        view,
        shown: fill(case(if alive.is_some() { "anonymous" } else { view })),
        alive,
        cases,
    };
    let policy = Policy {
        forms: false,
        connect: Some(settings.sign_in_origins.clone()),
        images,
    };
    HtmlPage {
        status,
        policy,
        ..HtmlPage::new(content)
    }
    .answer(visitor)
}

/// The status of a link's page.
pub(crate) fn status(view: View) -> StatusCode {
    match view {
        View::Unknown => StatusCode::NOT_FOUND,
        view if view.is_dead() => StatusCode::GONE,
        _ => StatusCode::OK,
    }
}

/// The name of the case that is shown to nobody signed in.
pub(crate) fn name(view: View) -> &'static str {
    match view {
        View::Unknown => "unknown",
        View::Revoked => "revoked",
        View::Expired => "expired",
        View::UsedUp => "used_up",
        _ => "redeemable",
    }
}
