//! `/assets/signed-in.html`: where the issuer sends people back to. Its address is fixed, since the issuer has it in
//! its list.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use contacts::user::Locale;

use crate::{
    Site, assets,
    page::{Frame, Keeping, Page, Policy, Visitor},
    texts::signed_in::{SignedInTexts, signed_in_texts},
};

#[derive(Template)]
#[template(path = "signed-in.html")]
struct SignedInPage<'a> {
    frame: Frame<'a>,
    t: &'a SignedInTexts,
    /// All of them: which language was chosen, only the script knows.
    languages: [(&'static str, &'a SignedInTexts); 2],
}

pub(crate) async fn show(State(site): State<Site>, visitor: Visitor) -> Response {
    let settings = &*site.settings;
    let content = SignedInPage {
        frame: Frame::new(settings, &visitor, &assets::SIGNED_IN_JS),
        t: signed_in_texts(visitor.language),
        languages: [Locale::En, Locale::Ja].map(|language| (language.tag(), signed_in_texts(language))),
    };
    let policy = Policy {
        connect: Some(settings.sign_in_origins.clone()),
        ..Policy::default()
    };
    Page {
        status: StatusCode::OK,
        // The issuer's answer stands in the address.
        keeping: Keeping::Nobody,
        policy,
        content,
    }
    .answer(&visitor)
}
