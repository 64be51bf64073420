//! Whom an answer is for.
//!
//! - `language`: what they read; `encoding`: what their browser takes, and whether it has it already

pub(crate) mod encoding;
mod language;

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use contacts::user::Locale;
use contacts_texts::Texts;

use language::{accepted, asked_for};

/// Whom a page is for: which language they read, and what their browser takes.
#[derive(Debug)]
pub struct PageVisitor {
    /// The language that the address asks for, before the browser's.
    pub(crate) asked: Option<Locale>,
    /// The language of their page.
    pub language: Locale,
    pub(crate) headers: HeaderMap,
}

impl<S: Sync> FromRequestParts<S> for PageVisitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let asked = asked_for(&parts.uri);
        Ok(Self {
            asked,
            language: asked.unwrap_or_else(|| accepted(&parts.headers)),
            headers: parts.headers.clone(),
        })
    }
}

impl PageVisitor {
    /// What they read.
    pub fn texts(&self) -> Texts {
        Texts::new(self.language)
    }

    /// Whether this is a browser, which wants to be told in HTML what is wrong.
    pub(crate) fn wants_html(&self) -> bool {
        self.header("accept")
            .is_some_and(|accepted| accepted.contains("text/html"))
    }

    /// Whether somebody comes to the page. They are there already when a page of this site leads to it, as a reload,
    /// the other language and the way back from signing in do; and nobody comes where a browser fetches the page ahead.
    pub(crate) fn arrives(&self) -> bool {
        let is_there = self.header("sec-fetch-site") == Some("same-origin");
        let is_ahead = self
            .header("sec-purpose")
            .is_some_and(|purpose| purpose.contains("prefetch"));
        !is_there && !is_ahead
    }

    /// What an address of this site ends with that stays in the language which was asked for.
    pub(crate) fn query(&self) -> &'static str {
        match self.asked {
            Some(Locale::En) => "?lang=en",
            Some(Locale::Ja) => "?lang=ja",
            None => "",
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
