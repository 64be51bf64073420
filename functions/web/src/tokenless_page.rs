//! `/i/_` and `/u/_`: what the address bar shows of a link, whose page has taken the token out of it.
//!
//! Whoever reloads such a page comes here. The tab's history has the link, and the script goes back to it; without
//! it, as from a bookmark, the page says what to do.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use crate::{
    Site, assets,
    page::{Frame, Keeping, Page, Policy, Visitor},
    texts::tokenless::{TokenlessTexts, of_invitation, of_mail},
};

#[derive(Template)]
#[template(path = "tokenless.html")]
struct TokenlessPage<'a> {
    frame: Frame<'a>,
    t: &'a TokenlessTexts,
    icon: &'a str,
}

pub(crate) async fn invitation(State(site): State<Site>, visitor: Visitor) -> Response {
    page(&site, &visitor, of_invitation(visitor.language), "link")
}

pub(crate) async fn mail(State(site): State<Site>, visitor: Visitor) -> Response {
    page(&site, &visitor, of_mail(visitor.language), "mail-off")
}

fn page(site: &Site, visitor: &Visitor, t: &TokenlessTexts, icon: &str) -> Response {
    let content = TokenlessPage {
        frame: Frame::new(&site.settings, visitor, &assets::TOKENLESS_JS),
        t,
        icon,
    };
    Page {
        status: StatusCode::OK,
        keeping: Keeping::Nobody,
        policy: Policy::default(),
        content,
    }
    .answer(visitor)
}
