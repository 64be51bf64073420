//! Reading JSON, with the place and a code for what does not fit.
//!
//! The text is read by serde_json, level by level: what is in a list or an object is first a piece of text, then
//! a value. So every error is one of [`FieldErrors`], and each level puts its field in front of those within.

use std::fmt;

use serde::{
    Deserializer,
    de::{
        self, DeserializeOwned, DeserializeSeed, Error as _, IntoDeserializer as _, MapAccess, SeqAccess, Visitor,
        value::MapAccessDeserializer,
    },
    forward_to_deserialize_any,
};
use serde_json::value::RawValue;

use crate::input::field_error::{FieldError, FieldErrors};

/// Why a text is not the value that it should be.
#[derive(Debug)]
pub enum NotRead {
    /// It is not JSON.
    Broken,
    /// It is, but does not fit.
    Refused(Vec<FieldError>),
}

/// Reads JSON. The type must not hold itself: nothing else bounds how deep it is read.
///
/// # Errors
/// Why not, with the place.
pub fn read_json<T: DeserializeOwned>(text: &[u8]) -> Result<T, NotRead> {
    // The whole of it before any field: a break behind a wrong field is a break.
    let whole: &RawValue = serde_json::from_slice(text).map_err(|_| NotRead::Broken)?;
    T::deserialize(Json(whole)).map_err(|errors| NotRead::Refused(errors.0))
}

/// A piece of JSON. It keeps to the grammar, but a string in it may be no text (half a surrogate pair), and a number
/// may be out of range.
#[derive(Clone, Copy)]
struct Json<'de>(&'de RawValue);

impl<'de> Deserializer<'de> for Json<'de> {
    type Error = FieldErrors;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldErrors> {
        let mut errors = None;
        let bridge = Bridge {
            visitor,
            errors: &mut errors,
        };
        let read = serde_json::Deserializer::from_str(self.0.get()).deserialize_any(bridge);
        // serde_json's own errors: no such text or number, or more in it than the visitor takes.
        read.map_err(|error| errors.unwrap_or_else(|| FieldErrors::custom(error)))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldErrors> {
        if self.0.get() == "null" {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldErrors> {
        // `{"word": null}` is the word too, not a field of that name.
        self.deserialize_any(EnumVisitor(visitor))
            .map_err(FieldErrors::of_the_whole)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, FieldErrors> {
        visitor.visit_newtype_struct(self)
    }

    /// However deep it is.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldErrors> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier
    }
}

/// Shows a visitor what serde_json reads. The visitor's errors go past serde_json, whose error has no room for them.
struct Bridge<'f, V> {
    visitor: V,
    errors: &'f mut Option<FieldErrors>,
}

impl<V> Bridge<'_, V> {
    fn visit<T, E: de::Error>(self, visit: impl FnOnce(V) -> Result<T, FieldErrors>) -> Result<T, E> {
        visit(self.visitor).map_err(|errors| {
            *self.errors = Some(errors);
            E::custom("refused")
        })
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Bridge<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        self.visit(V::visit_unit)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<V::Value, E> {
        self.visit(|visitor| visitor.visit_bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<V::Value, E> {
        self.visit(|visitor| visitor.visit_i64(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<V::Value, E> {
        self.visit(|visitor| visitor.visit_u64(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<V::Value, E> {
        self.visit(|visitor| visitor.visit_f64(value))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<V::Value, E> {
        self.visit(|visitor| visitor.visit_str(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<V::Value, A::Error> {
        self.visit(|visitor| visitor.visit_seq(List { list, next: 0 }))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<V::Value, A::Error> {
        self.visit(|visitor| {
            visitor.visit_map(Object {
                object,
                field: String::new(),
            })
        })
    }
}

struct List<A> {
    list: A,
    next: usize,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for List<A> {
    type Error = FieldErrors;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, FieldErrors> {
        let element: Option<&RawValue> = self.list.next_element().map_err(FieldErrors::custom)?;
        let index = self.next;
        self.next += 1;
        element
            .map(|element| seed.deserialize(Json(element)))
            .transpose()
            .map_err(|errors| errors.within(&index.to_string()))
    }
}

struct Object<A> {
    object: A,
    field: String,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Object<A> {
    type Error = FieldErrors;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, FieldErrors> {
        let Some(field) = self.object.next_key().map_err(FieldErrors::custom)? else {
            return Ok(None);
        };
        self.field = field;
        let name = self.field.as_str().into_deserializer();
        seed.deserialize(name)
            .map(Some)
            .map_err(|errors: FieldErrors| errors.within(&self.field))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, FieldErrors> {
        let value = self.object.next_value().map_err(FieldErrors::custom)?;
        seed.deserialize(Json(value))
            .map_err(|errors| errors.within(&self.field))
    }
}

/// A visitor of an enum, which stands as a word, or as an object of one field.
struct EnumVisitor<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for EnumVisitor<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<V::Value, E> {
        self.0.visit_enum(word.into_deserializer())
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(MapAccessDeserializer::new(object))
    }
}
