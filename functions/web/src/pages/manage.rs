//! `/`: the shell of the Manage Contacts page. All that it shows comes from its scripts and the API.

use askama::Template;
use axum::{extract::State, response::Response};

use super::{Frame, HtmlPage, Keeping, Policy};
use crate::{SharedSettings, assets, visitor::PageVisitor};

#[derive(Template)]
#[template(path = "manage.html")]
struct ManagePage<'a> {
    frame: Frame<'a>,
    avatars: String,
}

pub(crate) async fn show(State(settings): State<SharedSettings>, visitor: PageVisitor) -> Response {
    let avatars: Vec<_> = settings.avatars.list().collect();
    let content = ManagePage {
        frame: Frame::new(&settings, &visitor, &assets::MANAGE_MAIN_JS),
        avatars: avatars.join(" "),
    };
    // The QR code is an answer to a call with a token, which no `img` can make: the script shows it as a blob.
    let images = avatars.into_iter().chain(["blob:".to_owned()]).collect();
    let policy = Policy {
        forms: false,
        connect: Some(settings.sign_in_origins.clone()),
        images,
    };
    HtmlPage {
        keeping: Keeping::Everybody,
        policy,
        ..HtmlPage::new(content)
    }
    .answer(&visitor)
}
