//! `limit` and `cursor`.

use axum::{
    extract::{FromRef, FromRequestParts, OriginalUri},
    http::request::Parts,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use contacts::Invalid;
use contacts_dynamodb::{Page, Position, Store};
use serde::de::DeserializeOwned;

use crate::{Api, Caller, Problem, input::query::QueryFields};

/// A page without `limit`.
const DEFAULT_LIMIT: usize = 20;
/// The most of a page.
const MAX_LIMIT: usize = 100;
/// What cursors are sealed for.
const PURPOSE: &str = "cursor";

/// The page that a request wants, of a list with its own query fields `Q`.
///
/// A cursor names items that the caller may not know of (who was filtered out), so it is sealed; and
/// it is good for its caller and its list only, with the same fields.
#[derive(Debug)]
pub struct PageRequest<Q> {
    /// Who asks.
    pub caller: Caller,
    /// How many.
    pub limit: usize,
    /// Behind what.
    pub after: Option<Position>,
    /// The other fields.
    pub query: Q,
    binding: Vec<u8>,
}

impl<Q: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for PageRequest<Q>
where
    Api: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let mut fields = QueryFields::of(&parts.uri)?;
        let limit = match fields.take("limit") {
            Some(text) => parse_limit(&text).map_err(|invalid| Problem::invalid("/limit", invalid))?,
            None => DEFAULT_LIMIT,
        };
        let cursor = fields.take("cursor");
        let uri = parts
            .extensions
            .get::<OriginalUri>()
            .map_or(&parts.uri, |original| &original.0);
        let binding = serde_json::to_vec(&(caller.0.as_str(), uri.path(), fields.map()));
        let binding = binding.map_err(|_| Problem::internal())?;
        let api = Api::from_ref(state);
        let after = match cursor {
            Some(cursor) => Some(open(&api.store, &binding, &cursor).ok_or_else(invalid_cursor)?),
            None => None,
        };
        Ok(Self {
            caller,
            limit,
            after,
            query: fields.read()?,
            binding,
        })
    }
}

impl<Q> PageRequest<Q> {
    /// The cursor of the next page.
    ///
    /// # Errors
    /// When it cannot be sealed, which no position gives a reason for: the list may not just end.
    pub fn cursor<T>(&self, store: &Store, page: &Page<T>) -> Result<Option<String>, Problem> {
        let seal = |next| seal(store, &self.binding, next).ok_or_else(Problem::internal);
        page.next.as_ref().map(seal).transpose()
    }
}

fn parse_limit(text: &str) -> Result<usize, Invalid> {
    let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or(Invalid::new("out_of_range", "a number from 1 to 100"))
}

fn invalid_cursor() -> Problem {
    Problem::unreadable("/cursor", "invalid_cursor", "The cursor is not one of this list.")
}

fn seal(store: &Store, binding: &[u8], position: &Position) -> Option<String> {
    let position = serde_json::to_vec(position).ok()?;
    let sealed = store.secret().seal(PURPOSE, binding, &position, store.random())?;
    Some(URL_SAFE_NO_PAD.encode(sealed))
}

fn open(store: &Store, binding: &[u8], cursor: &str) -> Option<Position> {
    let sealed = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let position = store.secret().open(PURPOSE, binding, &sealed)?;
    serde_json::from_slice(&position).ok()
}
