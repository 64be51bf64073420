//! The messages of a file: as much of Fluent as can be generated. All else is refused.

use std::collections::BTreeSet;

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey},
    parser,
};

/// A text under its key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) key: String,
    /// Where it begins in its file, from 1.
    pub(crate) line: usize,
    pub(crate) parts: Vec<Part>,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    /// `{ $name }`; a number by `{ NUMBER($name) }`.
    Value {
        name: String,
        number: bool,
    },
    /// `{ $name -> … }`, where the name is a number's.
    Choice {
        name: String,
        variants: Vec<(Form, Vec<Part>)>,
        other: Vec<Part>,
    },
}

/// What a number has to be for a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// What the language says of one thing.
    One,
    Exactly(u32),
}

impl Form {
    /// The number that it is for.
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::One => 1,
            Self::Exactly(number) => number,
        }
    }
}

/// Reads a file. Each fault is one line, with its place.
pub(crate) fn parse(file: &str, source: &str) -> Result<Vec<Message>, Vec<String>> {
    let resource = parser::parse(source).map_err(|(_, errors)| {
        let fault = |error: &parser::ParserError| {
            let before = source.get(..error.pos.start).unwrap_or(source);
            format!("{file}:{}: {}", before.matches('\n').count() + 1, error.kind)
        };
        errors.iter().map(fault).collect::<Vec<_>>()
    })?;
    let (mut messages, mut faults) = (Vec::new(), Vec::new());
    let mut known = BTreeSet::new();
    for entry in &resource.body {
        let (key, parts) = match entry {
            Entry::Message(message) => {
                let parts = match &message.value {
                    Some(pattern) if message.attributes.is_empty() => parts(pattern, Place::Text),
                    _ => Err("a message is one text without attributes".to_owned()),
                };
                (message.id.name, parts)
            }
            Entry::Term(term) => (term.id.name, Err("terms are not supported".to_owned())),
            Entry::Junk { content } => (*content, Err("not a message".to_owned())),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => continue,
        };
        let line = line_of(source, key);
        match parts {
            Ok(_) if !known.insert(key) => faults.push(format!("{file}:{line}: {key}: this key is there already")),
            Ok(parts) => messages.push(Message {
                key: key.to_owned(),
                line,
                parts,
            }),
            Err(fault) => faults.push(format!("{file}:{line}: {key}: {fault}")),
        }
    }
    if faults.is_empty() { Ok(messages) } else { Err(faults) }
}

/// The parser says where a message is only when it is at fault. The last one counts where a key is there twice.
fn line_of(source: &str, key: &str) -> usize {
    let begins = |line: &str| {
        let rest = line.trim_start_matches('-').strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let lines = source.lines().zip(1..).filter(|(line, _)| begins(line));
    lines.last().map_or(1, |(_, number)| number)
}

/// Where a pattern stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Variant,
}

fn parts(pattern: &Pattern<&str>, place: Place) -> Result<Vec<Part>, String> {
    let part = |element: &PatternElement<&str>| match element {
        PatternElement::TextElement { value } if value.contains('\n') => Err("a text is one line".to_owned()),
        PatternElement::TextElement { value } => Ok(Part::Text((*value).to_owned())),
        PatternElement::Placeable { expression } => match expression {
            Expression::Inline(inline) => placeable(inline),
            Expression::Select { .. } if place == Place::Variant => Err("a choice inside a choice".to_owned()),
            Expression::Select { selector, variants } => choice(selector, variants),
        },
    };
    pattern.elements.iter().map(part).collect()
}

fn placeable(inline: &InlineExpression<&str>) -> Result<Part, String> {
    match inline {
        InlineExpression::StringLiteral { value } if !value.contains('\\') => Ok(Part::Text((*value).to_owned())),
        InlineExpression::VariableReference { id } => value(id.name, false),
        InlineExpression::FunctionReference { id, arguments } if id.name == "NUMBER" && arguments.named.is_empty() => {
            match arguments.positional.as_slice() {
                [InlineExpression::VariableReference { id }] => value(id.name, true),
                _ => Err("NUMBER takes one placeholder".to_owned()),
            }
        }
        _ => Err("in braces there is { $name }, { NUMBER($name) }, { \"text\" } or a choice".to_owned()),
    }
}

fn value(name: &str, number: bool) -> Result<Part, String> {
    Ok(Part::Value {
        name: checked(name)?,
        number,
    })
}

/// It becomes a parameter in two languages.
fn checked(name: &str) -> Result<String, String> {
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let name = plain.then(|| name.to_owned());
    name.ok_or_else(|| "a placeholder's name has small letters and _ only".to_owned())
}

fn choice(selector: &InlineExpression<&str>, all: &[Variant<&str>]) -> Result<Part, String> {
    let InlineExpression::VariableReference { id } = selector else {
        return Err("a choice is by a placeholder".to_owned());
    };
    let (mut variants, mut other) = (Vec::new(), Vec::new());
    for variant in all {
        let parts = parts(&variant.value, Place::Variant)?;
        let exact = |value: &str| value.parse().map_err(|_| format!("[{value}] is not a whole number"));
        match &variant.key {
            VariantKey::Identifier { name: "other" } if variant.default => other = parts,
            _ if variant.default => return Err("the last variant is *[other]".to_owned()),
            VariantKey::Identifier { name: "one" } => variants.push((Form::One, parts)),
            VariantKey::Identifier { name } => return Err(format!("[{name}] is not supported")),
            VariantKey::NumberLiteral { value } => variants.push((Form::Exactly(exact(value)?), parts)),
        }
    }
    Ok(Part::Choice {
        name: checked(id.name)?,
        variants,
        other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Part {
        Part::Text(text.to_owned())
    }

    fn value(name: &str, number: bool) -> Part {
        let name = name.to_owned();
        Part::Value { name, number }
    }

    #[test]
    fn a_text_has_placeholders_and_choices() {
        let source = "### File\n\n## Group\n\n# Comment\na-key = Hello, { $name }{ \"!\" }\n\nb = { NUMBER($n) }\nc = { $n ->\n    \
                      [one] One { $x }\n    [12] Dozen\n   *[other] { $n } of\n} them\n";
        let messages = parse("x.ftl", source).unwrap();
        let choice = Part::Choice {
            name: "n".to_owned(),
            variants: vec![
                (Form::One, vec![text("One "), value("x", false)]),
                (Form::Exactly(12), vec![text("Dozen")]),
            ],
            other: vec![value("n", false), text(" of")],
        };
        let expected = [
            ("a-key", 6, vec![text("Hello, "), value("name", false), text("!")]),
            ("b", 8, vec![value("n", true)]),
            ("c", 9, vec![choice, text(" them")]),
        ];
        for (message, (key, line, parts)) in messages.iter().zip(expected) {
            assert_eq!((message.key.as_str(), message.line), (key, line));
            assert_eq!(message.parts, parts);
        }
        assert_eq!(messages.len(), 3);
    }

    #[test]
    fn what_cannot_be_generated_is_refused_with_its_place() {
        for (line, said) in [
            ("a = { -term }", "in braces there is"),
            ("a = { other }", "in braces there is"),
            ("a = { DATETIME($x) }", "in braces there is"),
            ("a = { NUMBER($x, minimumFractionDigits: 2) }", "in braces there is"),
            ("a = { NUMBER(1) }", "NUMBER takes one placeholder"),
            ("a = { \"\\u0041\" }", "in braces there is"),
            ("a = { $userName }", "small letters"),
            ("a = { $user-name }", "small letters"),
            ("a = One\n    .title = Two", "without attributes"),
            ("-a = A term", "terms are not supported"),
            ("a = One\n    Two", "a text is one line"),
            (
                "a = { $n ->\n   [few] One\n  *[other] Two\n }",
                "[few] is not supported",
            ),
            (
                "a = { $n ->\n   [1.5] One\n  *[other] Two\n }",
                "[1.5] is not a whole number",
            ),
            (
                "a = { $n ->\n   [other] One\n  *[one] Two\n }",
                "[other] is not supported",
            ),
            ("a = { $n ->\n  *[one] Two\n }", "the last variant is *[other]"),
            ("a = { 1 ->\n  *[other] Two\n }", "a choice is by a placeholder"),
            (
                "a = { $n ->\n  *[other] { $m ->\n     *[other] Three\n   }\n }",
                "a choice inside a choice",
            ),
            ("a = One\na = Two", "this key is there already"),
        ] {
            let faults = parse("texts/xx.ftl", &format!("# Comment\n\nfine = Fine\n{line}\n")).unwrap_err();
            let place = if line.contains("\na =") { 5 } else { 4 };
            assert_eq!(faults.len(), 1, "{line}: {faults:?}");
            assert!(
                faults[0].starts_with(&format!("texts/xx.ftl:{place}: a: ")) && faults[0].contains(said),
                "{line}: {faults:?}"
            );
        }
    }

    #[test]
    fn what_is_no_fluent_is_refused_with_its_place() {
        for source in [
            "fine = Fine\nno message\n",
            "fine = Fine\na = {\n",
            "fine = Fine\na = { $n -> [one] One }\n",
        ] {
            let faults = parse("texts/xx.ftl", source).unwrap_err();
            assert!(faults[0].starts_with("texts/xx.ftl:"), "{faults:?}");
            assert!(!faults[0].starts_with("texts/xx.ftl:1:"), "{faults:?}");
        }
    }
}
