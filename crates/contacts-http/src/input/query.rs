//! Queries as values, with a pointer to what does not fit.

use std::{collections::BTreeMap, slice};

use axum::{
    extract::FromRequestParts,
    http::{Uri, request::Parts},
};
use contacts::search;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, DeserializeSeed, IntoDeserializer as _, MapAccess, Visitor},
    forward_to_deserialize_any,
};

use crate::{
    Problem,
    input::field_error::{FieldError, FieldErrors, pointer_to, refused},
};

/// A query, as a struct of its fields; [`Nothing`](crate::input::Nothing) where a route takes none.
#[derive(Debug)]
pub struct Query<Q>(pub Q);

impl<Q: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<Q> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(QueryFields::of(&parts.uri)?.read()?))
    }
}

/// The fields of a query, each once. They are read into a struct: what is wrong with its fields comes in their order,
/// then all fields that it does not have, and only then what is missing, which may be one of those, misspelt.
#[derive(Debug)]
pub(crate) struct QueryFields(BTreeMap<String, String>);

impl QueryFields {
    /// # Errors
    /// 400 when a field appears twice or is not UTF-8.
    pub(crate) fn of(uri: &Uri) -> Result<Self, Problem> {
        let mut fields = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            let unreadable = |code, detail| Problem::unreadable(pointer_to_field(&name), code, detail);
            if value.contains('\u{fffd}') || name.contains('\u{fffd}') {
                return Err(unreadable("invalid_query", "The query is not UTF-8."));
            }
            if fields.contains_key(&*name) {
                return Err(unreadable("duplicate_field", "A query field appears twice."));
            }
            fields.insert(name.into_owned(), value.into_owned());
        }
        Ok(Self(fields))
    }

    /// Takes a field out, so that it is none of those that are read later.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// All fields, in the order of their names.
    pub(crate) fn map(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    pub(crate) fn read<Q: DeserializeOwned>(self) -> Result<Q, FieldErrors> {
        Q::deserialize(self)
    }
}

impl<'de> Deserializer<'de> for QueryFields {
    type Error = FieldErrors;

    /// Only a struct names its fields: anything else has none.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldErrors> {
        self.deserialize_struct("", &[], visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldErrors> {
        visitor.visit_map(Known {
            names: names.iter(),
            fields: self.0,
            value: Text::default(),
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The fields that a struct has, in its order.
struct Known {
    names: slice::Iter<'static, &'static str>,
    fields: BTreeMap<String, String>,
    value: Text,
}

impl<'de> MapAccess<'de> for Known {
    type Error = FieldErrors;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, FieldErrors> {
        let fields = &mut self.fields;
        if let Some((name, text)) = self.names.find_map(|name| Some((*name, fields.remove(*name)?))) {
            self.value = Text { name, text };
            return seed.deserialize(name.into_deserializer()).map(Some);
        }
        if fields.is_empty() {
            Ok(None)
        } else {
            Err(FieldErrors(fields.keys().map(|name| unknown_field(name)).collect()))
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, FieldErrors> {
        let Text { name, .. } = self.value;
        seed.deserialize(std::mem::take(&mut self.value))
            .map_err(|errors| errors.within(name))
    }
}

/// The text of a field.
#[derive(Default)]
struct Text {
    name: &'static str,
    text: String,
}

impl<'de> Deserializer<'de> for Text {
    type Error = FieldErrors;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldErrors> {
        visitor.visit_string(self.text)
    }

    /// A field that is there has a value, be it empty.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldErrors> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, FieldErrors> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldErrors> {
        visitor.visit_enum(self.text.into_deserializer())
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// `q`: what is searched for.
#[derive(Debug)]
pub struct Search(pub search::Query);

impl<'de> Deserialize<'de> for Search {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        search::Query::parse(&String::deserialize(reader)?)
            .map(Self)
            .map_err(refused)
    }
}

fn unknown_field(name: &str) -> FieldError {
    FieldError::new(pointer_to_field(name), "unknown_field", "is not a field of this query")
}

/// A name may be anything: what would break a line goes, and it is not answered at length.
fn pointer_to_field(name: &str) -> String {
    pointer_to(&name.chars().filter(|c| !c.is_control()).take(64).collect::<String>())
}

/// A request that changes something has no query.
pub(crate) fn no_query(uri: &Uri) -> Result<(), Problem> {
    match uri.query().filter(|query| !query.is_empty()) {
        None => Ok(()),
        Some(query) => {
            let names = url::form_urlencoded::parse(query.as_bytes());
            Err(FieldErrors(names.map(|(name, _)| unknown_field(&name)).collect()).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Wanted {
        #[serde(default)]
        by: By,
        q: Search,
        word: Option<String>,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum By {
        #[default]
        Any,
        ChatworkId,
    }

    fn read(query: &str) -> Result<Wanted, Problem> {
        let uri: Uri = format!("/users?{query}").parse().unwrap();
        Ok(QueryFields::of(&uri)?.read()?)
    }

    #[test]
    fn fields_are_read_in_any_order() {
        let wanted = read("word=&q=%E7%94%B0&by=chatwork_id").unwrap();
        assert_eq!((wanted.by, wanted.word.as_deref()), (By::ChatworkId, Some("")));
        let wanted = read("q=aiko").unwrap();
        assert_eq!((wanted.by, wanted.word), (By::Any, None));
    }

    #[test]
    fn wrong_values_come_before_unknown_fields_and_those_before_missing_ones() {
        for (query, status, errors) in [
            ("", 422, &[("/q", "missing", "is needed")][..]),
            ("q=", 422, &[("/q", "empty", "nothing to search for")]),
            (
                "z=1&q=&by=",
                422,
                &[("/by", "unknown_value", "is not one of the values that it may have")],
            ),
            (
                "z=1&Q=aiko&a%2f~=1",
                422,
                &[
                    ("/Q", "unknown_field", "is not a field of this query"),
                    ("/a~1~0", "unknown_field", "is not a field of this query"),
                    ("/z", "unknown_field", "is not a field of this query"),
                ],
            ),
            (
                "q=&q=aiko",
                400,
                &[("/q", "duplicate_field", "A query field appears twice.")],
            ),
            ("q=%ff&q=", 400, &[("/q", "invalid_query", "The query is not UTF-8.")]),
        ] {
            let problem = serde_json::to_value(read(query).unwrap_err()).unwrap();
            assert_eq!(problem["status"], status, "{query}");
            let told = problem["errors"].as_array().unwrap().iter();
            let told: Vec<_> = told
                .map(|error| ["pointer", "code", "detail"].map(|field| error[field].as_str().unwrap()))
                .collect();
            let expected: Vec<_> = errors
                .iter()
                .map(|(pointer, code, detail)| [*pointer, *code, *detail])
                .collect();
            assert_eq!(told, expected, "{query}");
        }
    }

    #[test]
    fn a_long_name_is_cut() {
        let problem = read(&format!("q=aiko&{}%0a=1", "x".repeat(100))).unwrap_err();
        let problem = serde_json::to_value(problem).unwrap();
        assert_eq!(problem["errors"][0]["pointer"], format!("/{}", "x".repeat(64)));
    }
}
