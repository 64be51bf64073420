//! Event filtering of a stream mapping: the part of EventBridge's patterns that the template uses.

use serde_json::{Map, Value};

/// What is wrong with a pattern.
#[derive(Debug, thiserror::Error)]
pub enum FilterError {
    /// It is no JSON object.
    #[error("{0:?} is no pattern")]
    NoPattern(String),
    /// A field's pattern is none.
    #[error("{field}: {value} is neither an object nor a list")]
    NoTest {
        /// The field.
        field: String,
        /// What is there.
        value: Value,
    },
    /// What is under `$or` is no pattern.
    #[error("{0} under $or")]
    NoAlternative(Value),
    /// A comparison that is not known here.
    #[error("comparison {0} is not served locally")]
    UnknownComparison(Value),
}

/// The patterns of a mapping; a record passes when it matches one, or when there is none.
#[derive(Debug, Clone, Default)]
pub struct Filter(Vec<Node>);

#[derive(Debug, Clone)]
enum Node {
    /// Every field has to match.
    Fields(Vec<(String, Node)>),
    /// One of these has to match.
    OneOf(Vec<Test>),
    /// One of these patterns has to match: `$or`.
    AnyOf(Vec<Node>),
}

#[derive(Debug, Clone)]
enum Test {
    Equals(Value),
    Exists(bool),
    Prefix(String),
    AnythingBut(Vec<Value>),
    AnythingButPrefix(String),
}

impl Filter {
    /// Reads patterns, each a JSON text.
    ///
    /// # Errors
    /// The pattern that is no JSON, or uses a comparison that is not known here.
    pub fn parse<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Self, FilterError> {
        let read = |pattern: &str| match serde_json::from_str(pattern) {
            Ok(Value::Object(fields)) => node(fields),
            _ => Err(FilterError::NoPattern(pattern.to_owned())),
        };
        patterns.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// True when a record passes.
    pub fn passes(&self, record: &Value) -> bool {
        self.0.is_empty() || self.0.iter().any(|pattern| pattern.matches(Some(record)))
    }
}

fn node(fields: Map<String, Value>) -> Result<Node, FilterError> {
    let mut nodes = Vec::new();
    for (name, pattern) in fields {
        let pattern = match pattern {
            Value::Array(alternatives) if name == "$or" => {
                let alternatives = alternatives.into_iter().map(|alternative| match alternative {
                    Value::Object(fields) => node(fields),
                    other => Err(FilterError::NoAlternative(other)),
                });
                Node::AnyOf(alternatives.collect::<Result<_, _>>()?)
            }
            Value::Object(fields) => node(fields)?,
            Value::Array(tests) => Node::OneOf(tests.into_iter().map(test).collect::<Result<_, _>>()?),
            value => return Err(FilterError::NoTest { field: name, value }),
        };
        nodes.push((name, pattern));
    }
    Ok(Node::Fields(nodes))
}

fn test(value: Value) -> Result<Test, FilterError> {
    let Value::Object(comparison) = value else {
        return Ok(Test::Equals(value));
    };
    let unknown = FilterError::UnknownComparison(comparison.clone().into());
    match comparison.into_iter().next() {
        Some((name, Value::Bool(exists))) if name == "exists" => Ok(Test::Exists(exists)),
        Some((name, Value::String(prefix))) if name == "prefix" => Ok(Test::Prefix(prefix)),
        Some((name, Value::Array(values))) if name == "anything-but" => Ok(Test::AnythingBut(values)),
        Some((name, value @ Value::String(_))) if name == "anything-but" => Ok(Test::AnythingBut(vec![value])),
        Some((name, Value::Object(but))) if name == "anything-but" => match test(but.into())? {
            Test::Prefix(prefix) => Ok(Test::AnythingButPrefix(prefix)),
            _ => Err(unknown),
        },
        _ => Err(unknown),
    }
}

impl Node {
    fn matches(&self, value: Option<&Value>) -> bool {
        match self {
            Self::Fields(fields) => fields.iter().all(|(name, pattern)| match name.as_str() {
                "$or" => pattern.matches(value),
                name => pattern.matches(value.and_then(|value| value.get(name))),
            }),
            Self::AnyOf(patterns) => patterns.iter().any(|pattern| pattern.matches(value)),
            Self::OneOf(tests) => tests.iter().any(|test| test.holds(value)),
        }
    }
}

impl Test {
    fn holds(&self, value: Option<&Value>) -> bool {
        match self {
            // Only leaves exist for a pattern; an object or a list does not.
            Self::Exists(expected) => value.is_some_and(|value| !value.is_object()) == *expected,
            Self::Equals(expected) => value == Some(expected),
            Self::Prefix(prefix) => value.is_some_and(|value| has_prefix(value, prefix)),
            Self::AnythingBut(values) => value.is_some_and(|value| !values.contains(value)),
            // What is no text has no prefix; only what is absent does not match.
            Self::AnythingButPrefix(prefix) => value.is_some_and(|value| !has_prefix(value, prefix)),
        }
    }
}

fn has_prefix(value: &Value, prefix: &str) -> bool {
    value.as_str().is_some_and(|text| text.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_passes_when_a_pattern_matches() {
        let due =
            r#"{"eventName": ["INSERT", "MODIFY"], "dynamodb": {"NewImage": {"due_pk": {"S": [{"exists": true}]}}}}"#;
        let filter = Filter::parse([due]).unwrap();
        let record = |event: &str, image: Value| json!({"eventName": event, "dynamodb": {"NewImage": image}});
        assert!(filter.passes(&record("INSERT", json!({"due_pk": {"S": "DUE#1"}}))));
        assert!(!filter.passes(&record("REMOVE", json!({"due_pk": {"S": "DUE#1"}}))));
        assert!(!filter.passes(&record("MODIFY", json!({"pk": {"S": "a"}}))));
        assert!(!filter.passes(&json!({"eventName": "INSERT", "dynamodb": {}})));
    }

    #[test]
    fn comparisons() {
        let cases = [
            (
                r#"{"a": [{"prefix": "DUE#"}]}"#,
                json!({"a": "DUE#1"}),
                json!({"a": "QUEUE"}),
            ),
            (
                r#"{"a": [{"anything-but": ["x"]}]}"#,
                json!({"a": "y"}),
                json!({"a": "x"}),
            ),
            (
                r#"{"a": [{"anything-but": {"prefix": "x"}}]}"#,
                json!({"a": "yx"}),
                json!({"a": "xy"}),
            ),
            (
                r#"{"a": [{"anything-but": {"prefix": "x"}}]}"#,
                json!({"a": ""}),
                json!({"b": "y"}),
            ),
            (r#"{"a": [{"exists": false}]}"#, json!({"b": 1}), json!({"a": 1})),
            (
                r#"{"$or": [{"a": [1]}, {"b": [2]}]}"#,
                json!({"b": 2}),
                json!({"a": 2, "b": 1}),
            ),
        ];
        for (pattern, passes, fails) in cases {
            let filter = Filter::parse([pattern]).unwrap();
            assert!(filter.passes(&passes), "{pattern} {passes}");
            assert!(!filter.passes(&fails), "{pattern} {fails}");
        }
        assert!(Filter::default().passes(&json!({})), "no pattern, no filter");
        for unknown in [
            r#"{"a": [{"numeric": [">", 1]}]}"#,
            r#"{"a": [{"anything-but": {"suffix": "x"}}]}"#,
            r#"{"a": [{"anything-but": {"exists": true}}]}"#,
        ] {
            let refused = Filter::parse([unknown]).unwrap_err().to_string();
            assert!(refused.contains("is not served locally"), "{refused}");
        }
        assert!(Filter::parse(["["]).is_err());
    }
}
