//! Bodies and queries as valid values, with a pointer to each fault.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use axum::{
    body::Bytes,
    extract::{FromRef, FromRequest, FromRequestParts, Request},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
};
use contacts::Invalid;
use contacts_dynamodb::IdempotencyKey;
use serde::{
    Deserialize as _, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor, value::MapAccessDeserializer},
};

use crate::{Api, Caller, Problem, problem::Fault};

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
        no_query(&parts)?;
        let (headers, method, path) = (parts.headers.clone(), parts.method.clone(), parts.uri.path().to_owned());
        let body = Bytes::from_request(Request::from_parts(parts, body), state)
            .await
            .map_err(|_| Problem::too_large())?;
        let key = match key_of(&headers)?.filter(|_| method == Method::POST) {
            Some(key) => Some(IdempotencyKey::new(
                caller.0.clone(),
                key,
                method.as_str(),
                &path,
                &body,
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
        Err(NotRead::Refused(fault)) => Err(Problem::unprocessable(vec![fault])),
    }
}

/// Why a text is not the value that it should be.
#[derive(Debug)]
pub enum NotRead {
    /// It is not JSON.
    Broken,
    /// It is, but does not fit.
    Refused(Fault),
}

/// Reads JSON.
///
/// # Errors
/// Why not, with the place.
pub fn read_json<T: DeserializeOwned>(text: &[u8]) -> Result<T, NotRead> {
    // The whole of it before any field: a break behind a wrong field is a break. What is skipped is not looked at,
    // so that the encoding is a question of its own.
    let text = std::str::from_utf8(text).map_err(|_| NotRead::Broken)?;
    serde_json::from_str::<IgnoredAny>(text).map_err(|_| NotRead::Broken)?;
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text))
        .map_err(|error| NotRead::Refused(fault(&error)))
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

/// Says what does not fit, with a pointer. serde's own words are not answered: they may quote values.
fn fault(error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let mut pointer = String::new();
    for segment in error.path() {
        use serde_path_to_error::Segment;
        let segment = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.clone(),
            Segment::Enum { .. } | Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
    }
    let said = error.inner().to_string();
    // The names of fields that serde knows or misses stand between the first backquotes.
    let named = said.split('`').nth(1).unwrap_or_default();
    if said.starts_with("missing field") {
        Fault::new(format!("{pointer}/{named}"), "missing", "is needed")
    } else if said.starts_with("unknown field") {
        Fault::new(pointer, "unknown_field", "is not a field of this request")
    } else if said.starts_with("unknown variant") {
        Fault::new(pointer, "unknown_value", "is not one of the values that it may have")
    } else if said.starts_with("duplicate field") {
        Fault::new(format!("{pointer}/{named}"), "duplicate_field", "stands twice")
    } else {
        Fault::new(pointer, "wrong_type", "is not of the type that it must have")
    }
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

/// The fields of a query, each once, each known.
#[derive(Debug, Default)]
pub struct Params(BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut fields = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            if value.contains('\u{fffd}') || name.contains('\u{fffd}') {
                return Err(Problem::unreadable(
                    pointer_to(&name),
                    "invalid_query",
                    "The query is not UTF-8.",
                ));
            }
            if fields.insert(name.clone().into_owned(), value.into_owned()).is_some() {
                return Err(Problem::unreadable(
                    pointer_to(&name),
                    "duplicate_field",
                    "A query field stands twice.",
                ));
            }
        }
        Ok(Self(fields))
    }
}

fn pointer_to(field: &str) -> String {
    let field: String = field.chars().filter(|c| !c.is_control()).take(64).collect();
    format!("/{}", field.replace('~', "~0").replace('/', "~1"))
}

impl Params {
    /// The fields that nobody has read yet.
    pub(crate) fn rest(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// A field's text.
    pub fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// A field, read.
    ///
    /// # Errors
    /// 422 at the field.
    pub fn parse<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Result<Option<T>, Problem> {
        self.take(name)
            .map(|text| read(&text).map_err(|invalid| Problem::invalid(pointer_to(name), invalid)))
            .transpose()
    }

    /// A field that is one of a few words.
    ///
    /// # Errors
    /// 422 at the field.
    pub fn one_of<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, Problem> {
        const UNKNOWN: Invalid = Invalid::new("unknown_value", "is not one of the values that it may have");
        self.parse(name, |text| {
            words
                .iter()
                .find(|(word, _)| *word == text)
                .map(|(_, value)| *value)
                .ok_or(UNKNOWN)
        })
    }

    /// Makes sure that nothing is left that nobody reads.
    ///
    /// # Errors
    /// 422 at each unknown field.
    pub fn end(self) -> Result<(), Problem> {
        if self.0.is_empty() {
            return Ok(());
        }
        let unknown = self
            .0
            .keys()
            .map(|name| Fault::new(pointer_to(name), "unknown_field", "is not a field of this query"));
        Err(Problem::unprocessable(unknown.collect()))
    }
}

/// A request that changes something has no query.
fn no_query(parts: &Parts) -> Result<(), Problem> {
    match parts.uri.query().filter(|query| !query.is_empty()) {
        None => Ok(()),
        Some(query) => {
            let names = url::form_urlencoded::parse(query.as_bytes()).map(|(name, _)| pointer_to(&name));
            Err(Problem::unprocessable(
                names
                    .map(|pointer| Fault::new(pointer, "unknown_field", "is not a field of this query"))
                    .collect(),
            ))
        }
    }
}

/// A body that says nothing.
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
            ("\u{feff}{}", 400, "", "invalid_json"),
        ] {
            let problem = read(body);
            assert_eq!(problem["status"], status, "{body}");
            let fault = &problem["errors"][0];
            assert_eq!(
                (fault["pointer"].as_str(), fault["code"].as_str()),
                (Some(pointer), Some(code)),
                "{body}"
            );
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
