//! What is wrong with an input, each error at its place.

use std::fmt;

use contacts::{Invalid, value::trim};
use serde::{
    Serialize,
    de::{self, Expected, Unexpected},
};

use crate::Problem;

/// One error of an input.
#[derive(Debug, Clone, Serialize)]
pub struct FieldError {
    /// JSON pointer into the body, or `/<name>` of a query field.
    pub pointer: String,
    /// Stable, in snake case.
    pub code: String,
    /// A sentence.
    pub detail: String,
}

impl FieldError {
    /// An error at a pointer.
    pub fn new(pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code: code.into(),
            detail: detail.into(),
        }
    }

    /// A value that the domain refuses.
    pub fn of(pointer: impl Into<String>, invalid: Invalid) -> Self {
        Self::new(pointer, invalid.code, invalid.to_string())
    }
}

/// The errors of an input, collected so that all are answered at once.
///
/// They are also the error of the [`json`](crate::json) and [`query`](crate::query) readers: serde's own sentences
/// may quote values, and are not answered.
#[derive(Debug, Default)]
pub struct FieldErrors(pub(crate) Vec<FieldError>);

impl FieldErrors {
    /// Keeps one error.
    pub fn push(&mut self, pointer: &str, invalid: Invalid) {
        self.0.push(FieldError::of(pointer, invalid));
    }

    /// A value, or none with its error kept.
    pub fn keep<T>(&mut self, pointer: &str, read: Result<T, Invalid>) -> Option<T> {
        read.map_err(|invalid| self.push(pointer, invalid)).ok()
    }

    /// As [`Self::keep`], of a field that [`nullable`](crate::input::nullable) reads.
    pub fn keep_nullable<T, U>(
        &mut self,
        pointer: &str,
        given: Option<Option<T>>,
        read: impl FnOnce(T) -> Result<U, Invalid>,
    ) -> Option<Option<U>> {
        match given? {
            Some(value) => self.keep(pointer, read(value)).map(Some),
            None => Some(None),
        }
    }

    /// As [`Self::keep_nullable`], of a text: an empty one takes a value away, as null does.
    pub fn keep_text<U>(
        &mut self,
        pointer: &str,
        given: Option<Option<String>>,
        read: impl FnOnce(&str) -> Result<U, Invalid>,
    ) -> Option<Option<U>> {
        let given = given.map(|text| text.filter(|text| !trim(text).is_empty()));
        self.keep_nullable(pointer, given, |text| read(&text))
    }

    /// Makes sure that there was none.
    ///
    /// # Errors
    /// 422 with all of them.
    pub fn end(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(self.into()) }
    }
}

impl FieldErrors {
    /// The errors of a value that is in a field, or at an index, as errors of what it is in.
    pub(crate) fn within(mut self, segment: &str) -> Self {
        let segment = pointer_to(segment);
        for error in &mut self.0 {
            error.pointer.insert_str(0, &segment);
        }
        self
    }

    /// The same errors, but without a place within.
    pub(crate) fn of_the_whole(mut self) -> Self {
        for error in &mut self.0 {
            error.pointer.clear();
        }
        self
    }

    fn here(code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self(vec![FieldError::new("", code, detail)])
    }
}

/// The JSON pointer to a field of the whole.
pub(crate) fn pointer_to(segment: &str) -> String {
    format!("/{}", segment.replace('~', "~0").replace('/', "~1"))
}

/// A value that the domain refuses, for an implementation of `Deserialize`: its code and its detail reach the answer.
pub fn refused<E: de::Error>(invalid: Invalid) -> E {
    E::invalid_value(Unexpected::Other(invalid.code), &invalid.to_string().as_str())
}

impl de::Error for FieldErrors {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::here("wrong_type", "is not of the type that it must have")
    }

    /// The other end of [`refused`].
    fn invalid_value(value: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match value {
            Unexpected::Other(code) => Self::here(code, expected.to_string()),
            _ => Self::custom(expected),
        }
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::here("unknown_value", "is not one of the values that it may have")
    }

    /// Its place is the field, which the reader of the field's name tells.
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::here("unknown_field", "is not a field of this request")
    }

    fn missing_field(field: &'static str) -> Self {
        Self::here("missing", "is needed").within(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::here("duplicate_field", "appears twice").within(field)
    }
}

impl std::error::Error for FieldErrors {}

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|error| write!(f, "{} {};", error.pointer, error.detail))
    }
}
