//! The token of a link as it was followed. Sentences, mail programs and counters of visitors add to a link what cannot
//! be part of it; the token in front of that is all there.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use contacts::link::LinkToken;
use percent_encoding::percent_decode_str;

use crate::visitor::PageVisitor;

/// What an address has behind `/i/` or `/u/`.
#[derive(Debug)]
pub(crate) enum Followed {
    /// A token and no more.
    Token(LinkToken),
    /// A token, and what was added to it.
    Extended(LinkToken),
    /// What cannot be a token.
    Malformed,
}

impl Followed {
    /// The token, whatever is behind it.
    pub(crate) fn token(self) -> Option<LinkToken> {
        match self {
            Self::Token(token) | Self::Extended(token) => Some(token),
            Self::Malformed => None,
        }
    }

    fn parse(text: &str) -> Self {
        match LinkToken::parse_start(text) {
            Some((token, "")) => Self::Token(token),
            Some((token, _)) => Self::Extended(token),
            None => Self::Malformed,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Followed {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // All behind the first segment, whichever of the page's routes took it.
        let behind = parts.uri.path().splitn(3, '/').nth(2).unwrap_or_default();
        Ok(Self::parse(&percent_decode_str(behind).decode_utf8_lossy()))
    }
}

/// To the page of this token, in the language that was asked for.
pub(crate) fn to_clean(folder: &str, token: &LinkToken, visitor: &PageVisitor) -> Response {
    let address = format!("/{folder}/{}{}", token.as_str(), visitor.query());
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    if let Ok(address) = HeaderValue::try_from(address) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    response
}
