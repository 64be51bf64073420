//! CloudFormation's YAML: short forms of its functions, and references to parameters with a default.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use serde_yaml_ng::Value as Yaml;

/// Reads a template, with references to parameters replaced by their defaults.
///
/// # Errors
/// What is wrong with the YAML.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let yaml: Yaml = serde_yaml_ng::from_str(text).map_err(|error| error.to_string())?;
    let document = json(yaml)?;
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
    Ok(resolve(document, &defaults))
}

/// `!Ref a` becomes `{"Ref": "a"}`, `!Sub a` becomes `{"Fn::Sub": "a"}`, and so on.
fn json(yaml: Yaml) -> Result<Value, String> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => value.into(),
        Yaml::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => integer.into(),
            (None, float) => float.into(),
        },
        Yaml::String(text) => text.into(),
        Yaml::Sequence(items) => Value::Array(items.into_iter().map(json).collect::<Result<_, _>>()?),
        Yaml::Mapping(mapping) => {
            let mut object = Map::new();
            for (key, value) in mapping {
                let key = match json(key)? {
                    Value::String(key) => key,
                    other => other.to_string(),
                };
                object.insert(key, json(value)?);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let tag = tag.trim_start_matches('!');
            let name = if matches!(tag, "Ref" | "Condition") {
                tag.to_owned()
            } else {
                format!("Fn::{tag}")
            };
            Value::Object(Map::from_iter([(name, json(tagged.value)?)]))
        }
    })
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
                    return substitute(text, defaults).into();
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

/// `${Parameter}` with the default; others stay as they are.
fn substitute(text: &str, defaults: &BTreeMap<String, Value>) -> String {
    defaults.iter().fold(text.to_owned(), |text, (name, default)| {
        let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
        text.replace(&format!("${{{name}}}"), &default)
    })
}
