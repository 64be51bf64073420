//! `/i/_` and `/u/_`: what the address bar shows of a link, whose page has taken the token out of it.
//!
//! Whoever reloads such a page comes here. The tab's history has the link, and the script goes back to it; without
//! it, as from a bookmark, the page says what to do.

use askama::Template;
use axum::{extract::State, response::Response};

use super::{Frame, Page};
use crate::{
    Settings, SharedSettings, assets,
    texts::tokenless::{TokenlessTexts, of_invitation, of_mail},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "tokenless.html")]
struct TokenlessPage<'a> {
    frame: Frame<'a>,
    t: &'a TokenlessTexts,
    icon: &'a str,
}

pub(crate) async fn invitation(State(settings): State<SharedSettings>, visitor: Visitor) -> Response {
    page(&settings, &visitor, of_invitation(visitor.language), "link")
}

pub(crate) async fn mail(State(settings): State<SharedSettings>, visitor: Visitor) -> Response {
    page(&settings, &visitor, of_mail(visitor.language), "mail-off")
}

fn page(settings: &Settings, visitor: &Visitor, t: &TokenlessTexts, icon: &str) -> Response {
    let content = TokenlessPage {
        frame: Frame::new(settings, visitor, &assets::TOKENLESS_JS),
        t,
        icon,
    };
    Page::new(content).answer(visitor)
}
