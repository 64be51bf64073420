//! `/`: the shell of the Manage Contacts page. All that it shows comes from its scripts and the API.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use crate::{
    Site, assets,
    page::{Frame, Keeping, Page, Policy, Visitor},
    texts::manage::{ManageTexts, manage_texts},
};

#[derive(Template)]
#[template(path = "manage.html")]
struct ManagePage<'a> {
    frame: Frame<'a>,
    t: &'a ManageTexts,
    avatars: String,
}

pub(crate) async fn show(State(site): State<Site>, visitor: Visitor) -> Response {
    let settings = &*site.settings;
    let avatars: Vec<_> = settings.avatars.list().collect();
    let content = ManagePage {
        frame: Frame::new(settings, &visitor, &assets::MANAGE_MAIN_JS),
        t: manage_texts(visitor.language),
        avatars: avatars.join(" "),
    };
    // The QR code is an answer to a call with a token, which no `img` can make: the script shows it as a blob.
    let images = avatars.into_iter().chain(["blob:".to_owned()]).collect();
    let policy = Policy {
        forms: false,
        connect: Some(settings.sign_in_origins.clone()),
        images,
    };
    Page {
        status: StatusCode::OK,
        keeping: Keeping::Everybody,
        policy,
        content,
    }
    .answer(&visitor)
}
