//! The methods of `Texts`.

use std::fmt::Write as _;

use super::{
    check::{Text, Type},
    parse::{Form, Part},
};

/// Those texts that are not for the page's script.
pub(crate) fn methods(texts: &[Text<'_>]) -> String {
    let own = texts.iter().filter(|text| super::script::key(text.key).is_none());
    let methods: String = own.map(method).collect();
    format!("impl Texts {{\n{methods}}}\n")
}

fn method(text: &Text<'_>) -> String {
    let name = text.key.replace('-', "_");
    let mut parameters = String::new();
    for (name, kind) in &text.arguments {
        let kind = match kind {
            Type::Text => "&str",
            Type::Number => "u32",
        };
        // Writing to a string does not fail.
        let _ = write!(parameters, ", {name}: {kind}");
    }
    let result = if text.arguments.is_empty() {
        "&'static str"
    } else {
        "String"
    };
    let mut arms = String::new();
    for (tag, parts) in &text.languages {
        let value = match parts {
            [] => "\"\"".to_owned(),
            [Part::Text(only)] if text.arguments.is_empty() => format!("{only:?}"),
            parts => joined(text, parts),
        };
        let _ = writeln!(arms, "            Locale::{} => {value},", variant(tag));
    }
    format!(
        "    /// The text `{}`.\n    pub fn {name}(self{parameters}) -> {result} {{\n        match self.locale \
         {{\n{arms}        }}\n    }}\n",
        text.key
    )
}

/// A string of these parts.
fn joined(text: &Text<'_>, parts: &[Part]) -> String {
    let pieces: Vec<String> = parts.iter().map(|part| piece(text, part)).collect();
    match pieces.as_slice() {
        [only] => format!("{only}.to_owned()"),
        pieces => format!("[{}].concat()", pieces.join(", ")),
    }
}

/// A part as a `&str`.
fn piece(text: &Text<'_>, part: &Part) -> String {
    match part {
        Part::Text(text) => format!("{text:?}"),
        Part::Value { name, .. } => match text.arguments.get(name.as_str()) {
            Some(Type::Number) => format!("number({name}).as_str()"),
            _ => name.clone(),
        },
        Part::Choice { name, variants, other } => {
            let arm = |(form, parts): &(Form, Vec<Part>)| format!("{} => {}, ", form.number(), joined(text, parts));
            let arms: String = variants.iter().map(arm).collect();
            format!("match {name} {{ {arms}_ => {} }}.as_str()", joined(text, other))
        }
    }
}

/// `en` is `Locale::En`.
fn variant(tag: &str) -> String {
    let mut letters = tag.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            check::{Language, check},
            parse::parse,
        },
        *,
    };

    #[test]
    fn a_text_is_a_method() {
        let source = "manage-x = Not here\na-b = \"Plain\"\nc = { $who } has { $count ->\n    [one] one\n   *[other] { $count } of \
                      { $who }'s\n}\n";
        let languages = [Language {
            tag: "en".to_owned(),
            file: "texts/en.ftl".to_owned(),
            messages: parse("texts/en.ftl", source).unwrap(),
        }];
        let expected = "impl Texts {
    /// The text `a-b`.
    pub fn a_b(self) -> &'static str {
        match self.locale {
            Locale::En => \"\\\"Plain\\\"\",
        }
    }
    /// The text `c`.
    pub fn c(self, count: u32, who: &str) -> String {
        match self.locale {
            Locale::En => [who, \" has \", match count { 1 => \"one\".to_owned(), _ => [number(count).as_str(), \" of \", who, \
                        \"'s\"].concat() }.as_str()].concat(),
        }
    }
}
";
        assert_eq!(methods(&check(&languages).unwrap()), expected);
    }
}
