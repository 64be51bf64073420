//! `/assets/signed-in.html`: where the issuer sends people back to. Its address is fixed, since the issuer has it in
//! its list.

use askama::Template;
use axum::{extract::State, response::Response};
use contacts::user::Locale;
use contacts_texts::Texts;

use super::{Frame, HtmlPage, Keeping, Policy};
use crate::{SharedSettings, assets, visitor::PageVisitor};

#[derive(Template)]
#[template(path = "signed-in.html")]
struct SignedInPage<'a> {
    frame: Frame<'a>,
    /// All of them: which language was chosen, only the script knows.
    languages: [(&'static str, Texts); 2],
}

pub(crate) async fn show(State(settings): State<SharedSettings>, visitor: PageVisitor) -> Response {
    let content = SignedInPage {
        frame: Frame::new(&settings, &visitor, &assets::SIGNED_IN_JS),
        languages: [Locale::En, Locale::Ja].map(|language| (language.tag(), Texts::new(language))),
    };
    let policy = Policy {
        connect: Some(settings.sign_in_origins.clone()),
        ..Policy::default()
    };
    HtmlPage {
        // The issuer's answer is in the address.
        keeping: Keeping::Nobody,
        policy,
        ..HtmlPage::new(content)
    }
    .answer(&visitor)
}
