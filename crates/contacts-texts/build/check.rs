//! Whether every language has every message, with the same placeholders.

use std::collections::BTreeMap;

use super::parse::{Form, Message, Part};

/// The messages of one language.
#[derive(Debug)]
pub(crate) struct Language {
    pub(crate) tag: String,
    /// As faults name it.
    pub(crate) file: String,
    pub(crate) messages: Vec<Message>,
}

/// A message in all languages.
#[derive(Debug)]
pub(crate) struct Text<'a> {
    pub(crate) key: &'a str,
    /// By their names, so that no translation can change their order.
    pub(crate) arguments: BTreeMap<&'a str, Type>,
    /// By the language's tag.
    pub(crate) languages: BTreeMap<&'a str, &'a [Part]>,
}

/// What a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    /// Written as the language writes numbers, in all languages if one says so.
    Number,
}

/// Languages in which one thing is said otherwise than several. Their form `[one]` is for the number 1 alone.
const WITH_ONE: [&str; 1] = ["en"];

/// Brings the languages together. Each fault is one line.
pub(crate) fn check(languages: &[Language]) -> Result<Vec<Text<'_>>, Vec<String>> {
    let mut faults = Vec::new();
    let mut texts = Vec::new();
    let mut found: BTreeMap<&str, Vec<(&Language, &Message)>> = BTreeMap::new();
    for language in languages {
        for message in &language.messages {
            found.entry(&message.key).or_default().push((language, message));
            if !WITH_ONE.contains(&language.tag.as_str()) && has_one(&message.parts) {
                let place = place(language, message);
                faults.push(format!("{place}: {}: this language has no form [one]", message.key));
            }
        }
    }
    for (key, versions) in found {
        let Some((first, rest)) = versions.split_first() else {
            continue;
        };
        for language in languages {
            if !versions.iter().any(|(one, _)| one.tag == language.tag) {
                let there = place(first.0, first.1);
                faults.push(format!("{}: no {key}, which is at {there}", language.file));
            }
        }
        for (language, message) in rest {
            let (here, there) = (names(&message.parts), names(&first.1.parts));
            if here != there {
                let (place, other) = (place(language, message), place(first.0, first.1));
                faults.push(format!(
                    "{place}: {key}: placeholders {here:?}, but {there:?} at {other}"
                ));
            }
        }
        let mut arguments = BTreeMap::new();
        for (_, message) in &versions {
            collect(&message.parts, &mut arguments);
        }
        let parts = versions
            .iter()
            .map(|&(language, message)| (language.tag.as_str(), message.parts.as_slice()));
        texts.push(Text {
            key,
            arguments,
            languages: parts.collect(),
        });
    }
    if faults.is_empty() { Ok(texts) } else { Err(faults) }
}

fn place(language: &Language, message: &Message) -> String {
    format!("{}:{}", language.file, message.line)
}

/// The placeholders in order.
fn names(parts: &[Part]) -> Vec<&str> {
    let mut arguments = BTreeMap::new();
    collect(parts, &mut arguments);
    arguments.into_keys().collect()
}

/// Adds the placeholders of these parts.
fn collect<'a>(parts: &'a [Part], arguments: &mut BTreeMap<&'a str, Type>) {
    let mut add = |name: &'a str, is_number: bool| {
        let known = arguments.entry(name).or_insert(Type::Text);
        if is_number {
            *known = Type::Number;
        }
    };
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::Value { name, number } => add(name, *number),
            Part::Choice { name, .. } => add(name, true),
        }
    }
    for part in parts {
        if let Part::Choice { variants, other, .. } = part {
            for (_, parts) in variants {
                collect(parts, arguments);
            }
            collect(other, arguments);
        }
    }
}

fn has_one(parts: &[Part]) -> bool {
    parts.iter().any(|part| match part {
        Part::Choice { variants, .. } => variants.iter().any(|(form, _)| *form == Form::One),
        Part::Text(_) | Part::Value { .. } => false,
    })
}

#[cfg(test)]
mod tests {
    use super::{super::parse::parse, *};

    fn languages(en: &str, ja: &str) -> Vec<Language> {
        let language = |(tag, source): (&str, &str)| {
            let file = format!("texts/{tag}.ftl");
            Language {
                tag: tag.to_owned(),
                messages: parse(&file, source).unwrap(),
                file,
            }
        };
        [("en", en), ("ja", ja)].map(language).into()
    }

    #[test]
    fn a_number_is_one_in_all_languages() {
        let languages = languages(
            "a = { $count ->\n    [one] { $name }\n   *[other] { $count } of { $name }\n}\nb = { $x }\n",
            "a = { $name } { $count }\nb = { NUMBER($x) }\n",
        );
        let texts = check(&languages).unwrap();
        let arguments = |index: usize| texts[index].arguments.clone().into_iter().collect::<Vec<_>>();
        assert_eq!(arguments(0), [("count", Type::Number), ("name", Type::Text)]);
        assert_eq!(arguments(1), [("x", Type::Number)]);
        assert_eq!(texts[0].languages.keys().collect::<Vec<_>>(), [&"en", &"ja"]);
    }

    #[test]
    fn every_offence_is_noticed() {
        for (en, ja, said) in [
            (
                "a = A\nb = B\n",
                "a = A\n",
                "texts/ja.ftl: no b, which is at texts/en.ftl:2",
            ),
            (
                "a = A\n",
                "a = A\n\nb = B\n",
                "texts/en.ftl: no b, which is at texts/ja.ftl:3",
            ),
            (
                "a = A { $x }\n",
                "\na = A\n",
                "texts/ja.ftl:2: a: placeholders [], but [\"x\"] at texts/en.ftl:1",
            ),
            (
                "a = A { $x }\n",
                "a = A { $y }\n",
                "texts/ja.ftl:1: a: placeholders [\"y\"], but [\"x\"] at texts/en.ftl:1",
            ),
            (
                "a = { $x ->\n   *[other] { $y }\n}\n",
                "a = { $x }\n",
                "texts/ja.ftl:1: a: placeholders [\"x\"], but [\"x\", \"y\"] at texts/en.ftl:1",
            ),
            (
                "a = { $x }\n",
                "a = { $x ->\n    [one] A\n   *[other] B\n}\n",
                "texts/ja.ftl:1: a: this language has no form [one]",
            ),
        ] {
            assert_eq!(check(&languages(en, ja)).unwrap_err(), [said]);
        }
    }
}
