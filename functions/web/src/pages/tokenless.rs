//! `/i/_` and `/u/_`: what the address bar shows of a link, whose page has taken the token out of it.
//!
//! Whoever reloads such a page comes here. The tab's history has the link, and the script goes back to it; without
//! it, as from a bookmark, the page says what to do.

use askama::Template;
use axum::{extract::State, response::Response};

use super::{Frame, HtmlPage};
use crate::{SharedSettings, SiteSettings, assets, visitor::PageVisitor};

#[derive(Template)]
#[template(path = "tokenless.html")]
struct TokenlessPage<'a> {
    frame: Frame<'a>,
    title: &'a str,
    text: &'a str,
    icon: &'a str,
}

pub(crate) async fn invitation(State(settings): State<SharedSettings>, visitor: PageVisitor) -> Response {
    let t = visitor.texts();
    let (title, text) = (t.tokenless_invitation_title(), t.tokenless_invitation_text());
    page(&settings, &visitor, title, text, "link")
}

pub(crate) async fn mail(State(settings): State<SharedSettings>, visitor: PageVisitor) -> Response {
    let t = visitor.texts();
    let (title, text) = (t.tokenless_mail_title(), t.tokenless_mail_text());
    page(&settings, &visitor, title, text, "mail-off")
}

fn page(settings: &SiteSettings, visitor: &PageVisitor, title: &str, text: &str, icon: &str) -> Response {
    let content = TokenlessPage {
        frame: Frame::new(settings, visitor, &assets::TOKENLESS_JS),
        title,
        text,
        icon,
    };
    HtmlPage::new(content).answer(visitor)
}
