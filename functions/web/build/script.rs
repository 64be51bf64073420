//! The imports of a JavaScript module.

use std::ops::Range;

/// An import, and where its specifier stands between the quotes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) at: Range<usize>,
    /// By `import()`: loaded when it is called, not before the module runs.
    pub(crate) dynamic: bool,
}

/// Finds them: `import "x"`, `import … from "x"`, `export … from "x"`, `import("x")`.
pub(crate) fn imports(source: &str) -> Result<Vec<Import>, String> {
    let tokens = tokens(source)?;
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let Token::Word(range) = token else { continue };
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        // A member of that name.
        if before == Some(&Token::Mark('.')) {
            continue;
        }
        let (next, after) = (tokens.get(index + 1), tokens.get(index + 2));
        match (source.get(range.clone()), next, after) {
            (Some("import" | "from"), Some(Token::Text(at)), _) => found.push(Import {
                at: at.clone(),
                dynamic: false,
            }),
            (Some("import"), Some(Token::Mark('(')), Some(Token::Text(at))) => found.push(Import {
                at: at.clone(),
                dynamic: true,
            }),
            (Some("import"), Some(Token::Mark('(')), _) => {
                return Err("import() of what is no plain text".to_owned());
            }
            _ => {}
        }
    }
    Ok(found)
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Word(Range<usize>),
    /// Between the quotes.
    Text(Range<usize>),
    /// A regular expression, or a piece of a template.
    Other,
    Mark(char),
}

/// As much of JavaScript's grammar as tells code from comments, texts, templates and regular expressions.
fn tokens(source: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    // For each template that is open: how many braces are open in its expression.
    let mut templates: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(rest) = source.get(at..)
        && let Some(c) = rest.chars().next()
    {
        let length = match c {
            _ if c.is_whitespace() => c.len_utf8(),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").ok_or("a comment without end")? + 2,
            '"' | '\'' => {
                let length = until(rest, c)?;
                tokens.push(Token::Text(at + 1..at + length - 1));
                length
            }
            '`' => template(rest, &mut templates, &mut tokens)?,
            '}' if templates.last() == Some(&0) => {
                templates.pop();
                template(rest, &mut templates, &mut tokens)?
            }
            '/' if !ends_a_value(source, &tokens) => {
                tokens.push(Token::Other);
                regular_expression(rest)?
            }
            _ if is_word(c) => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                tokens.push(Token::Word(at..at + length));
                length
            }
            _ => {
                match (c, templates.last_mut()) {
                    ('{', Some(open)) => *open += 1,
                    ('}', Some(open)) => *open = open.saturating_sub(1),
                    _ => {}
                }
                tokens.push(Token::Mark(c));
                c.len_utf8()
            }
        };
        at += length;
    }
    if templates.is_empty() {
        Ok(tokens)
    } else {
        Err("a template without end".to_owned())
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '#')
}

/// After a value a slash divides; anywhere else it starts a regular expression.
fn ends_a_value(source: &str, tokens: &[Token]) -> bool {
    match tokens.last() {
        Some(Token::Word(range)) => !matches!(
            source.get(range.clone()),
            Some("return" | "typeof" | "case" | "in" | "of" | "delete" | "void" | "throw" | "new" | "else" | "await")
        ),
        Some(Token::Mark(mark)) => matches!(mark, ')' | ']' | '}'),
        Some(Token::Text(_) | Token::Other) => true,
        None => false,
    }
}

/// The length of a text up to and with its closing quote.
fn until(rest: &str, quote: char) -> Result<usize, String> {
    let mut escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return Ok(index + 1),
            _ => {}
        }
    }
    Err(format!("a {quote} without end"))
}

/// The length of a piece of a template: from its start, or the end of an expression, to its end or the next expression.
fn template(rest: &str, templates: &mut Vec<usize>, tokens: &mut Vec<Token>) -> Result<usize, String> {
    let mut escaped = false;
    let mut before = ' ';
    tokens.push(Token::Other);
    for (index, c) in rest.char_indices().skip(1) {
        let as_it_is = escaped;
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '`' => return Ok(index + 1),
            '{' if before == '$' => {
                templates.push(0);
                tokens.push(Token::Mark('{'));
                return Ok(index + 1);
            }
            _ => {}
        }
        before = if as_it_is { ' ' } else { c };
    }
    Err("a template without end".to_owned())
}

fn regular_expression(rest: &str) -> Result<usize, String> {
    let (mut escaped, mut in_class) = (false, false);
    for (index, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => break,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return Ok(index + 1),
            _ => {}
        }
    }
    Err("a regular expression without end".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<(String, bool)> {
        let imports = imports(source).unwrap();
        imports
            .into_iter()
            .map(|import| (source[import.at].to_owned(), import.dynamic))
            .collect()
    }

    #[test]
    fn every_kind_of_import_is_found() {
        let source = "import \"./a.js\";\nimport b from './b.js';\nimport{c as d}from\"./c.js\";\n\
                      export { e } from \"./e.js\";\nexport * from \"./f.js\"; const g = () => import(\"./g.js\");\n\
                      const h = `${await import('./h.js')}`;";
        let expected = [
            ("./a.js", false),
            ("./b.js", false),
            ("./c.js", false),
            ("./e.js", false),
            ("./f.js", false),
            ("./g.js", true),
            ("./h.js", true),
        ];
        assert_eq!(
            found(source),
            expected.map(|(name, dynamic)| (name.to_owned(), dynamic))
        );
    }

    #[test]
    fn what_only_looks_like_one_is_left_alone() {
        for source in [
            "// import \"./a.js\"",
            "/* import \"./a.js\" */",
            "const a = 'import \"./a.js\"';",
            "const a = `from \"./a.js\" ${b + `import(\"./c.js\")`} from \"./d.js\"`;",
            "const a = `\\${import(\"./a.js\")}`;",
            "const a = { from: \"./a.js\", import: \"b\" };",
            "Array.from(\"abc\"); x.import(\"./a.js\"); Array.from (\"x\")",
            "const a = /[/'\"]import \"/.test(b) ? c / d : e / \"from\".length;",
            "if (a) { return /\"/; } const b = import.meta.url;",
            "const from = \"x\"; f(from, \"y\");",
        ] {
            assert_eq!(found(source), [], "{source}");
        }
    }

    #[test]
    fn what_cannot_be_known_is_refused() {
        for source in [
            "import(name)",
            "import(`./${a}.js`)",
            "\"abc",
            "`abc${d",
            "/* abc",
            "x = /abc",
        ] {
            assert!(imports(source).is_err(), "{source}");
        }
    }
}
