//! Ids and tokens in paths. What cannot be one names nothing, like an unknown one.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use contacts::{UserId, link::LinkToken};
use ulid::Ulid;

use crate::Problem;

/// `{id}`.
#[derive(Debug)]
pub struct Id(pub Ulid);

/// `{user_id}`.
#[derive(Debug)]
pub struct User(pub UserId);

/// `{token}`; none where it has not the form of one, whatever bytes it is.
#[derive(Debug)]
pub struct Token(pub Option<LinkToken>);

async fn segment<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<String, Problem> {
    Path::<String>::from_request_parts(parts, state)
        .await
        .map(|Path(text)| text)
        .map_err(|_| Problem::not_found())
}

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = segment(parts, state).await?;
        // `from_string` takes lower case and look-alikes too; an id has one spelling.
        let id = Ulid::from_string(&text).ok().filter(|id| id.to_string() == text);
        id.map(Self).ok_or_else(Problem::not_found)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        UserId::parse(&segment(parts, state).await?)
            .map(Self)
            .map_err(|_| Problem::not_found())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let text = segment(parts, state).await.unwrap_or_default();
        Ok(Self(LinkToken::parse(&text)))
    }
}
