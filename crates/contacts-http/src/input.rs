//! Bodies as values, with a pointer to what does not fit.
//!
//! - [`query`]: queries as values; [`json`]: reading JSON with the place of what does not fit
//! - [`field_error`]: what is wrong with an input, each error at its place

pub mod field_error;
pub mod json;
pub mod query;

use std::{fmt, marker::PhantomData};

use axum::{
    body::Bytes,
    extract::{FromRef, FromRequest, FromRequestParts, Request},
    http::{HeaderMap, Method, StatusCode, header},
};
use contacts::Message;
use contacts_dynamodb::{IdempotencyKey, RequestDigest};
use serde::{
    Deserialize as _, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor, value::MapAccessDeserializer},
};
use sha2::{Digest as _, Sha256};

use crate::{
    Api, Caller, Problem,
    input::json::{NotRead, read_json},
    input::query::no_query,
};

/// The most that an `Idempotency-Key` may have, in bytes.
const MAX_KEY: usize = 255;

/// A request that changes something: who, what, and the key under which its answer is kept.
#[derive(Debug)]
pub struct Command<T> {
    /// Who.
    pub caller: Caller,
    /// What.
    pub input: T,
    /// The key, on a POST that has one.
    pub key: Option<IdempotencyKey>,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Command<T>
where
    Api: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, state).await?;
        no_query(&parts.uri)?;
        let (headers, method, path) = (parts.headers.clone(), parts.method.clone(), parts.uri.path().to_owned());
        let body = Bytes::from_request(Request::from_parts(parts, body), state)
            .await
            .map_err(|_| Problem::too_large())?;
        let key = match key_of(&headers)?.filter(|_| method == Method::POST) {
            Some(key) => Some(IdempotencyKey::new(
                caller.0.clone(),
                key,
                digest([method.as_str().as_bytes(), path.as_bytes(), &body]),
            )),
            None => None,
        };
        Ok(Self {
            caller,
            input: read_body(&headers, &body)?,
            key,
        })
    }
}

/// The digest of a request by its parts, each with its length, so that none can be taken for a part of the next.
fn digest(parts: [&[u8]; 3]) -> RequestDigest {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    RequestDigest(digest.finalize().into())
}

fn key_of(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut keys = headers.get_all("idempotency-key").iter();
    let Some(key) = keys.next() else { return Ok(None) };
    let key = key
        .to_str()
        .ok()
        .filter(|key| (1..=MAX_KEY).contains(&key.len()) && key.bytes().all(|b| (0x20..0x7f).contains(&b)));
    match key {
        Some(key) if keys.next().is_none() => Ok(Some(key)),
        _ => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "invalid_idempotency_key",
            "An Idempotency-Key is one header of 1 to 255 printable ASCII characters.",
        )),
    }
}

/// The body of a request. An empty one is an empty object, and needs no content type.
fn read_body<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Problem> {
    if !body.is_empty() && !is_json(headers) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "A body is application/json, in UTF-8.",
        ));
    }
    match read_json(if body.is_empty() { b"{}" } else { body }) {
        Ok(Object(input)) => Ok(input),
        Err(NotRead::Broken) => Err(Problem::unreadable("", "invalid_json", "The body is not JSON.")),
        Err(NotRead::Refused(errors)) => Err(Problem::unprocessable(errors)),
    }
}

/// A `T` that stands as a JSON object: what serde derives takes a list of the fields' values too.
struct Object<T>(T);

impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        object(reader).map(Self)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: serde::Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields))
    }
}

/// A field that is an object, never a list of its fields' values.
///
/// # Errors
/// Those of the value.
pub fn object<'de, T: serde::Deserialize<'de>, D: Deserializer<'de>>(reader: D) -> Result<T, D::Error> {
    reader.deserialize_map(ObjectVisitor(PhantomData))
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = value.and_then(|value| value.parse::<mime::Mime>().ok());
    kind.is_some_and(|kind| {
        kind.essence_str() == mime::APPLICATION_JSON
            && kind
                .get_param(mime::CHARSET)
                .is_none_or(|charset| charset == mime::UTF_8)
    })
}

/// A field that may be left out, or be null to take a value away: `None`, `Some(None)`, `Some(Some(_))`.
///
/// # Errors
/// Those of the value.
pub fn nullable<'de, T: serde::Deserialize<'de>, D: Deserializer<'de>>(
    reader: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(reader).map(Some)
}

/// A field that may be left out but has no null: `None` or `Some(_)`.
///
/// # Errors
/// Those of the value, and null.
pub fn never_null<'de, T: serde::Deserialize<'de>, D: Deserializer<'de>>(reader: D) -> Result<Option<T>, D::Error> {
    T::deserialize(reader).map(Some)
}

/// The message of an input; one that is left out is empty.
///
/// # Errors
/// 422 at `/message`.
pub fn message(raw: Option<&str>) -> Result<Message, Problem> {
    Message::parse(raw.unwrap_or_default()).map_err(|invalid| Problem::invalid("/message", invalid))
}

/// A body without fields, or a query.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Input {
        emails: Vec<String>,
        #[serde(default)]
        inner: Option<Box<Input>>,
        #[serde(default)]
        word: Option<Word>,
        number: Option<u32>,
        pair: Option<(u8, u8)>,
    }

    #[derive(Debug, serde::Deserialize)]
    enum Word {
        Any,
    }

    fn read(body: &str) -> serde_json::Value {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, "application/json; charset=utf-8".parse().unwrap());
        serde_json::to_value(read_body::<Input>(&headers, body.as_bytes()).unwrap_err()).unwrap()
    }

    #[test]
    fn every_fault_has_its_place_and_quotes_nothing() {
        for (body, status, pointer, code) in [
            (r#"{"emails":["a",3]}"#, 422, "/emails/1", "wrong_type"),
            (r#"{"inner":{"emails":[]}}"#, 422, "/emails", "missing"),
            (r#"{"emails":[],"inner":{}}"#, 422, "/inner/emails", "missing"),
            (r#"{"emails":[],"secret":1}"#, 422, "/secret", "unknown_field"),
            (r#"{"emails":[],"emails":[]}"#, 422, "/emails", "duplicate_field"),
            (r#"[]"#, 422, "", "wrong_type"),
            (r#"[["a"]]"#, 422, "", "wrong_type"),
            (r#"{"emails":[],"word":1}"#, 422, "/word", "wrong_type"),
            (r#"{"emails":[],"word":"some"}"#, 422, "/word", "unknown_value"),
            (r#"{"emails":["#, 400, "", "invalid_json"),
            (r#"{"emails":[]} x"#, 400, "", "invalid_json"),
            (r#"{"emails":[3],"inner":"#, 400, "", "invalid_json"),
            (r#"{"secret":1}}"#, 400, "", "invalid_json"),
            (r#"{"emails":["\ud800"]}"#, 422, "/emails/0", "wrong_type"),
            (r#"{"\ud800":1}"#, 422, "", "wrong_type"),
            (r#"{"secret":1,"\ud800":1}"#, 422, "/secret", "unknown_field"),
            (r#"{"a/b~c":1}"#, 422, "/a~1b~0c", "unknown_field"),
            (
                r#"{"emails":[],"word":{"Any":null,"Some":1}}"#,
                422,
                "/word",
                "wrong_type",
            ),
            (r#"{"emails":[],"number":-1}"#, 422, "/number", "wrong_type"),
            (r#"{"emails":[],"number":1e999}"#, 422, "/number", "wrong_type"),
            (r#"{"emails":[],"number":1.0}"#, 422, "/number", "wrong_type"),
            (r#"{"emails":[],"pair":[1,2,3]}"#, 422, "/pair", "wrong_type"),
            ("\u{feff}{}", 400, "", "invalid_json"),
        ] {
            let problem = read(body);
            assert_eq!(problem["status"], status, "{body}");
            let error = &problem["errors"][0];
            assert_eq!(
                (error["pointer"].as_str(), error["code"].as_str()),
                (Some(pointer), Some(code)),
                "{body}"
            );
        }
    }

    #[test]
    fn requests_that_differ_in_any_part_have_other_digests() {
        let request = digest([b"POST", b"/a", b"{}"]);
        assert_eq!(request, digest([b"POST", b"/a", b"{}"]));
        for other in [
            [b"PUT".as_slice(), b"/a", b"{}"],
            [b"POST", b"/b", b"{}"],
            [b"POST", b"/a", b"{ }"],
            [b"POST", b"/a{", b"}"],
            [b"POST/", b"a", b"{}"],
        ] {
            assert_ne!(digest(other), request, "{other:?}");
        }
    }

    #[test]
    fn other_types_of_content_are_refused() {
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/jsonx",
            "application/json; charset=latin1",
            "application/json charset=utf-8",
            "",
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
            let problem = read_body::<Input>(&headers, b"{}").unwrap_err();
            assert_eq!(serde_json::to_value(problem).unwrap()["status"], 415, "{kind}");
        }
        for kind in ["Application/JSON", "application/json;charset=\"UTF-8\""] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
            assert!(read_body::<Nothing>(&headers, b"{}").is_ok(), "{kind}");
        }
        assert!(read_body::<Nothing>(&HeaderMap::new(), b"").is_ok());
    }
}
