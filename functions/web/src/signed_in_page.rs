//! `/assets/signed-in.html`: where the issuer sends people back to. Its address is fixed, since the issuer has it in
//! its list.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use crate::{
    Settings, Site, assets,
    page::{Keeping, Page, Policy, Visitor},
    texts::signed_in::{SignedInTexts, signed_in_texts},
};

#[derive(Template)]
#[template(path = "signed-in.html")]
struct SignedInPage<'a> {
    lang: &'a str,
    t: &'a SignedInTexts,
    settings: &'a Settings,
    redirect_uri: String,
    script: &'a assets::Asset,
}

pub(crate) async fn show(State(site): State<Site>, visitor: Visitor) -> Response {
    let settings = &*site.settings;
    let content = SignedInPage {
        lang: visitor.language.tag(),
        t: signed_in_texts(visitor.language),
        settings,
        redirect_uri: settings.redirect_uri(),
        script: &assets::SIGNED_IN_JS,
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
