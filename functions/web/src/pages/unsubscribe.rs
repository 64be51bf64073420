//! `/u/{token}`: no more mail, and reports of abuse. The token stands in a mail, redeems nothing and never ends.
//!
//! Nothing here depends on what the token is: neither the page nor the answer.

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
use contacts_http::{Problem, answer::Outcome, input::fault::Faults, path::Token};
use contacts_texts::Texts;

use super::{Frame, Page, Policy, in_place_of};
use crate::{Settings, SharedSettings, assets, visitor::Visitor};

pub(crate) async fn show(State(settings): State<SharedSettings>, visitor: Visitor) -> Response {
    page(&settings, &visitor, StatusCode::OK, Notice::Asked)
}

pub(crate) async fn act(
    State(store): State<Store>,
    State(settings): State<SharedSettings>,
    Token(token): Token,
    visitor: Visitor,
    body: Result<Bytes, BytesRejection>,
) -> Outcome {
    let body = body.map_err(|_| Problem::too_large())?;
    let form = UnsubscribeForm::read(&form::read(&visitor.headers, &body)?)?;
    let stored = match &token {
        Some(token) if form.report => store.report(token, form.scope).await,
        Some(token) => store.opt_out(token, form.scope).await,
        // Answered like any other, and never looked up.
        None => Ok(()),
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
        // A mail client's button names nobody: whoever presses it wants no more of these mails, whoever invites.
        if fields
            .iter()
            .any(|(name, value)| name == "List-Unsubscribe" && value == "One-Click")
        {
            return Ok(Self {
                report: false,
                scope: Scope::All,
            });
        }
        let mut faults = Faults::default();
        for (name, _) in fields.iter().filter(|(name, _)| name != "action" && name != "scope") {
            faults.push(
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
                faults.push("/action", Invalid::new("invalid_action", "unsubscribe or report, once"));
                false
            }
        };
        let scope = match value("scope") {
            Some("inviter") => Scope::Inviter,
            Some("all") => Scope::All,
            _ => {
                faults.push("/scope", Invalid::new("invalid_scope", "inviter or all, once"));
                Scope::Inviter
            }
        };
        faults.end()?;
        Ok(Self { report, scope })
    }
}

/// What the page says above its form.
enum Notice<'a> {
    /// What can be done here.
    Asked,
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

fn page(settings: &Settings, visitor: &Visitor, status: StatusCode, notice: Notice<'_>) -> Response {
    let content = UnsubscribePage {
        frame: Frame::new(settings, visitor, &assets::UNSUBSCRIBE_JS),
        shown: notice.shown(visitor.texts()),
        notice,
    };
    let policy = Policy {
        forms: true,
        ..Policy::default()
    };
    Page {
        status,
        policy,
        ..Page::new(content)
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
    fn anything_else_does_nothing() {
        for fields in [
            &[][..],
            &[("List-Unsubscribe", "Two-Clicks")],
            &[("list-unsubscribe", "One-Click")],
            &[("action", "unsubscribe")],
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
