//! `/u/{token}`: no more mail, and reports of abuse. The token is in a mail, redeems nothing and never ends.
//!
//! Nothing here depends on which token it is: neither the page nor the answer. What cannot be a token is told so, since
//! the mail would come again.

mod form;

use askama::Template;
use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::StatusCode,
    response::Response,
};
use contacts::Invalid;
use contacts_dynamodb::{Store, link::opt_out::Scope};
use contacts_http::{Problem, input::field_error::FieldErrors, response::HandlerResult};
use contacts_texts::Texts;

use super::{
    Frame, HtmlPage, Policy,
    followed::{Followed, to_clean},
    in_place_of,
};
use crate::{SharedSettings, SiteSettings, assets, visitor::PageVisitor};

pub(crate) async fn show(State(settings): State<SharedSettings>, followed: Followed, visitor: PageVisitor) -> Response {
    match followed {
        Followed::Token(_) => page(&settings, &visitor, StatusCode::OK, Notice::Asked),
        Followed::Extended(token) => to_clean("u", &token, &visitor),
        Followed::Malformed => page(&settings, &visitor, StatusCode::NOT_FOUND, Notice::NoToken),
    }
}

pub(crate) async fn act(
    State(store): State<Store>,
    State(settings): State<SharedSettings>,
    followed: Followed,
    visitor: PageVisitor,
    body: Result<Bytes, BytesRejection>,
) -> HandlerResult {
    let body = body.map_err(|_| Problem::too_large())?;
    // No redirect to the token alone: RFC 8058 has clients follow none.
    let Some(token) = followed.token() else {
        return Ok(page(&settings, &visitor, StatusCode::NOT_FOUND, Notice::NoToken));
    };
    let form = UnsubscribeForm::read(&form::read(&visitor.headers, &body))?;
    let stored = if form.report {
        store.report(&token, form.scope).await
    } else {
        store.opt_out(&token, form.scope).await
    };
    match stored {
        Ok(()) => Ok(page(&settings, &visitor, StatusCode::OK, Notice::Done(&form))),
        Err(error) if visitor.wants_html() => {
            let failed = |status| page(&settings, &visitor, status, Notice::Failed(&form));
            Ok(in_place_of(error.into(), failed))
        }
        Err(error) => Err(error.into()),
    }
}

/// What a form asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnsubscribeForm {
    report: bool,
    scope: Scope,
}

impl UnsubscribeForm {
    /// The value of `action`.
    fn action(&self) -> &'static str {
        if self.report { "report" } else { "unsubscribe" }
    }

    /// The value of `scope`.
    fn scope(&self) -> &'static str {
        match self.scope {
            Scope::Inviter => "inviter",
            Scope::All => "all",
        }
    }

    pub(crate) fn read(fields: &[(String, String)]) -> Result<Self, Problem> {
        // A mail program's button names nobody: whoever presses it wants no more of these mails, whoever invites. It
        // is known by what it lacks, since programs write the rest in many ways, and a refusal is a mail that comes
        // again.
        let is_one_click = |(name, value): &(String, String)| {
            name.eq_ignore_ascii_case("List-Unsubscribe") && value.eq_ignore_ascii_case("One-Click")
        };
        let of_page = |(name, _): &(String, String)| name == "action" || name == "scope";
        if fields.iter().any(is_one_click) || !fields.iter().any(of_page) {
            return Ok(Self {
                report: false,
                scope: Scope::All,
            });
        }
        let mut errors = FieldErrors::default();
        for (name, _) in fields.iter().filter(|(name, _)| name != "action" && name != "scope") {
            errors.push(
                &format!("/{name}"),
                Invalid::new("unknown_field", "is not a field of this form"),
            );
        }
        let value = |wanted: &str| {
            let mut found = fields
                .iter()
                .filter(|(name, _)| name == wanted)
                .map(|(_, value)| value.as_str());
            found.next().filter(|_| found.next().is_none())
        };
        let report = match value("action") {
            Some("unsubscribe") => false,
            Some("report") => true,
            _ => {
                errors.push("/action", Invalid::new("invalid_action", "unsubscribe or report, once"));
                false
            }
        };
        let scope = match value("scope") {
            Some("inviter") => Scope::Inviter,
            Some("all") => Scope::All,
            _ => {
                errors.push("/scope", Invalid::new("invalid_scope", "inviter or all, once"));
                Scope::Inviter
            }
        };
        errors.end()?;
        Ok(Self { report, scope })
    }
}

/// What the page says above its form.
enum Notice<'a> {
    /// What can be done here.
    Asked,
    /// The address says of no mail.
    NoToken,
    /// It is done.
    Done(&'a UnsubscribeForm),
    /// It could not be stored.
    Failed(&'a UnsubscribeForm),
}

/// How that looks.
struct Shown {
    tone: &'static str,
    icon: &'static str,
    title: &'static str,
    text: &'static str,
    /// The text's, where it answers a press.
    role: Option<&'static str>,
}

impl Notice<'_> {
    fn shown(&self, t: Texts) -> Shown {
        let (tone, icon, title, text, role) = match self {
            Self::Asked => ("quiet", "mail-off", t.unsubscribe_title(), t.unsubscribe_text(), None),
            Self::NoToken => (
                "quiet",
                "mail-off",
                t.tokenless_mail_title(),
                t.tokenless_mail_text(),
                Some("alert"),
            ),
            Self::Done(form) => {
                let text = if form.report {
                    t.unsubscribe_reported()
                } else {
                    t.unsubscribe_unsubscribed()
                };
                ("good", "check", t.unsubscribe_done(), text, Some("status"))
            }
            Self::Failed(_) => (
                "stop",
                "full",
                t.unsubscribe_failed(),
                t.unsubscribe_not_stored(),
                Some("alert"),
            ),
        };
        Shown {
            tone,
            icon,
            title,
            text,
            role,
        }
    }
}

#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct UnsubscribePage<'a> {
    frame: Frame<'a>,
    notice: Notice<'a>,
    shown: Shown,
}

fn page(settings: &SiteSettings, visitor: &PageVisitor, status: StatusCode, notice: Notice<'_>) -> Response {
    let content = UnsubscribePage {
        frame: Frame::new(settings, visitor, &assets::UNSUBSCRIBE_JS),
        shown: notice.shown(visitor.texts()),
        notice,
    };
    let policy = Policy {
        forms: true,
        ..Policy::default()
    };
    HtmlPage {
        status,
        policy,
        ..HtmlPage::new(content)
    }
    .answer(visitor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Option<UnsubscribeForm> {
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        UnsubscribeForm::read(&fields).ok()
    }

    #[test]
    fn a_form_says_what_and_for_whom() {
        let all = UnsubscribeForm {
            report: false,
            scope: Scope::All,
        };
        assert_eq!(form(&[("List-Unsubscribe", "One-Click")]), Some(all));
        assert_eq!(
            form(&[("action", "unsubscribe"), ("scope", "inviter")]),
            Some(UnsubscribeForm {
                report: false,
                scope: Scope::Inviter
            })
        );
        assert_eq!(
            form(&[("scope", "all"), ("action", "report")]),
            Some(UnsubscribeForm {
                report: true,
                scope: Scope::All
            })
        );
    }

    #[test]
    fn m01_what_is_not_of_the_page_is_one_click() {
        for fields in [
            &[][..],
            &[("list-unsubscribe", "one-click")],
            &[("List-Unsubscribe", "Two-Clicks")],
            &[("{}", "")],
        ] {
            let read = form(fields);
            assert!(
                read.is_some_and(|read| !read.report && read.scope == Scope::All),
                "{fields:?}"
            );
        }
    }

    #[test]
    fn a_form_of_the_page_with_anything_else_does_nothing() {
        for fields in [
            &[("action", "unsubscribe")][..],
            &[("scope", "all")],
            &[("action", "subscribe"), ("scope", "all")],
            &[("action", "report"), ("scope", "everybody")],
            &[("action", "report"), ("action", "unsubscribe"), ("scope", "all")],
            &[("action", "report"), ("scope", "all"), ("other", "")],
        ] {
            assert_eq!(form(fields), None, "{fields:?}");
        }
    }
}
