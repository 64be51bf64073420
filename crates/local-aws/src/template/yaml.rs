//! CloudFormation's YAML: short forms of its functions, references to parameters with a default, and conditions that
//! follow from these.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;

/// Reads a template, with references to parameters replaced by their defaults, and each `Fn::If` by the branch that
/// these choose. What depends on a parameter without a default stays as it is.
///
/// # Errors
/// What is wrong with the YAML.
pub(super) fn read(text: &str) -> Result<Value, serde_yaml_ng::Error> {
    let document = of_yaml(serde_yaml_ng::from_str(text)?);
    let mut defaults = BTreeMap::new();
    for (name, parameter) in document
        .get("Parameters")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        if let Some(default) = parameter.get("Default") {
            defaults.insert(name.clone(), default.clone());
        }
    }
    let document = resolve(document, &defaults);
    let conditions = document.get("Conditions").cloned().unwrap_or_default();
    Ok(choose(document, &conditions))
}

/// Replaces each `Fn::If` whose condition is known.
fn choose(value: Value, conditions: &Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| choose(item, conditions)).collect(),
        Value::Object(object) => {
            let branches = object.get("Fn::If").and_then(Value::as_array).map(Vec::as_slice);
            if let Some([Value::String(name), then, otherwise]) = branches {
                let holds = conditions.get(name).and_then(|condition| holds(condition, conditions));
                if let Some(holds) = holds {
                    let branch = if holds { then } else { otherwise };
                    return choose(branch.clone(), conditions);
                }
            }
            object
                .into_iter()
                .map(|(key, value)| (key, choose(value, conditions)))
                .collect()
        }
        other => other,
    }
}

/// Whether a condition holds, if that can be known.
fn holds(condition: &Value, conditions: &Value) -> Option<bool> {
    let (function, argument) = condition.as_object()?.iter().next()?;
    let all = |value: &Value| {
        let each = value.as_array()?.iter().map(|condition| holds(condition, conditions));
        each.collect::<Option<Vec<bool>>>()
    };
    match (function.as_str(), argument) {
        ("Fn::Equals", Value::Array(sides)) => match sides.as_slice() {
            [one, other] if !one.is_object() && !other.is_object() => Some(one == other),
            _ => None,
        },
        ("Fn::Not", argument) => all(argument)?.first().map(|holds| !holds),
        ("Fn::And", argument) => Some(all(argument)?.into_iter().all(|holds| holds)),
        ("Fn::Or", argument) => Some(all(argument)?.into_iter().any(|holds| holds)),
        ("Condition", Value::String(name)) => {
            // One that leads back to itself has no answer.
            let mut others = conditions.clone();
            let condition = others.as_object_mut()?.remove(name)?;
            holds(&condition, &others)
        }
        _ => None,
    }
}

/// `!Ref a` becomes `{"Ref": "a"}`, `!Sub a` becomes `{"Fn::Sub": "a"}`, and so on.
fn of_yaml(yaml: Yaml) -> Value {
    match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => value.into(),
        Yaml::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => integer.into(),
            (None, float) => float.into(),
        },
        Yaml::String(text) => text.into(),
        Yaml::Sequence(items) => items.into_iter().map(of_yaml).collect(),
        Yaml::Mapping(mapping) => {
            let field = |(key, value)| {
                let key = match of_yaml(key) {
                    Value::String(key) => key,
                    other => other.to_string(),
                };
                (key, of_yaml(value))
            };
            mapping.into_iter().map(field).collect()
        }
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let tag = tag.trim_start_matches('!');
            let name = if matches!(tag, "Ref" | "Condition") {
                tag.to_owned()
            } else {
                format!("Fn::{tag}")
            };
            Value::Object(Map::from_iter([(name, of_yaml(tagged.value))]))
        }
    }
}

fn resolve(value: Value, defaults: &BTreeMap<String, Value>) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| resolve(item, defaults)).collect(),
        Value::Object(object) => {
            let only = (object.len() == 1).then(|| object.iter().next()).flatten();
            match only {
                Some((name, Value::String(text))) if name == "Ref" => {
                    if let Some(default) = defaults.get(text) {
                        return default.clone();
                    }
                }
                Some((name, Value::String(text))) if name == "Fn::Sub" => {
                    return substitute(text, defaults);
                }
                _ => {}
            }
            object
                .into_iter()
                .map(|(key, value)| (key, resolve(value, defaults)))
                .collect()
        }
        other => other,
    }
}

/// `${Parameter}` with the default. A text that names anything else is none yet.
fn substitute(text: &str, defaults: &BTreeMap<String, Value>) -> Value {
    let text = defaults.iter().fold(text.to_owned(), |text, (name, default)| {
        let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
        text.replace(&format!("${{{name}}}"), &default)
    });
    if text.contains("${") {
        json!({"Fn::Sub": text})
    } else {
        text.into()
    }
}
