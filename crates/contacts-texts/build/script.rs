//! The JavaScript module of a language: its default export has a text for each key, a function where the text has
//! placeholders, whose parameters are these in alphabetical order.

use super::{
    check::{Text, Type},
    parse::{Form, Part},
};

/// What the page's script calls a text: `manage-ask-of` is `ask.of`. `None` for one that is not the script's.
pub(crate) fn key(key: &str) -> Option<String> {
    key.strip_prefix("manage-").map(|key| key.replace('-', "."))
}

/// The module.
pub(crate) fn module(texts: &[Text<'_>], tag: &str) -> String {
    let mut module = format!("const $=new Intl.NumberFormat(\"{tag}\").format;\nexport default{{\n");
    for text in texts {
        if let (Some(key), Some(parts)) = (key(text.key), text.languages.get(tag)) {
            module.push_str(&format!("\"{key}\":{},\n", value(text, parts)));
        }
    }
    module.push_str("};\n");
    module
}

fn value(text: &Text<'_>, parts: &[Part]) -> String {
    let names: Vec<&str> = text.arguments.keys().copied().collect();
    match names.as_slice() {
        [] => template(text, parts),
        [one] => format!("{one}=>{}", template(text, parts)),
        several => format!("({})=>{}", several.join(","), template(text, parts)),
    }
}

/// A template literal: text and values need no operators between them.
fn template(text: &Text<'_>, parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => escaped(text),
        Part::Value { name, .. } => match text.arguments.get(name.as_str()) {
            Some(Type::Number) => format!("${{$({name})}}"),
            _ => format!("${{{name}}}"),
        },
        Part::Choice { name, variants, other } => {
            let variant =
                |(form, parts): &(Form, Vec<Part>)| format!("{name}==={}?{}:", form.number(), template(text, parts));
            let variants: String = variants.iter().map(variant).collect();
            format!("${{{variants}{}}}", template(text, other))
        }
    };
    format!("`{}`", parts.iter().map(part).collect::<String>())
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '`' | '\\' | '$') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
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
    fn a_text_is_a_property() {
        let source = "mail-x = Not here\nmanage-a-b_c = It's `$x` \\n\nmanage-d = { $who } has { $count ->\n    [one] one\n   \
                      *[other] { $count }\n}\nmanage-e = { $x }!\n";
        let languages = [Language {
            tag: "en".to_owned(),
            file: "texts/en.ftl".to_owned(),
            messages: parse("texts/en.ftl", source).unwrap(),
        }];
        let expected = "const $=new Intl.NumberFormat(\"en\").format;
export default{
\"a.b_c\":`It's \\`\\$x\\` \\\\n`,
\"d\":(count,who)=>`${who} has ${count===1?`one`:`${$(count)}`}`,
\"e\":x=>`${x}!`,
};
";
        assert_eq!(module(&check(&languages).unwrap(), "en"), expected);
    }
}
