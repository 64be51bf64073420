//! What JavaScript modules import.

use std::collections::BTreeSet;

use super::{Sources, resolve};

/// The paths of all that a script imports before it runs, and what that imports, each before what imports it.
pub(crate) fn all_imports(name: &str, sources: &Sources) -> Result<Vec<String>, String> {
    let mut walk = Walk {
        sources,
        seen: BTreeSet::from([name.to_owned()]),
        found: Vec::new(),
    };
    walk.follow(name)?;
    Ok(walk.found)
}

struct Walk<'a> {
    sources: &'a Sources,
    seen: BTreeSet<String>,
    found: Vec<String>,
}

impl Walk<'_> {
    fn follow(&mut self, importer: &str) -> Result<(), String> {
        for specifier in self
            .sources
            .texts
            .get(importer)
            .into_iter()
            .flat_map(|source| imports(source))
        {
            let path = resolve(importer, specifier)?;
            if !self.sources.texts.contains_key(&path) {
                return Err(format!("assets/{importer}: imports assets/{path}, which is not there"));
            }
            if self.seen.insert(path.clone()) {
                self.follow(&path)?;
                self.found.push(path);
            }
        }
        Ok(())
    }
}

/// The specifiers of the `import` statements at the head of a module. One further down works as well, since the import
/// map has every script; it is only not loaded ahead.
fn imports(source: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), source);
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';');
        if let Some(comment) = rest.strip_prefix("//") {
            rest = after(comment, "\n");
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = after(comment, "*/");
        } else if let Some((specifier, behind)) = rest.strip_prefix("import").and_then(statement) {
            found.push(specifier);
            rest = behind;
        } else {
            return found;
        }
    }
}

/// The specifier of an `import` statement, and what follows. `import(…)`, `import.meta` and `important` are none.
fn statement(behind: &str) -> Option<(&str, &str)> {
    behind.strip_prefix([' ', '\n', '{', '*', '"', '\''])?;
    let opening = behind.find(['"', '\''])?;
    let (quote, text) = behind.get(opening..)?.split_at_checked(1)?;
    text.split_once(quote)
}

fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_at_the_head_count() {
        for (source, expected) in [
            ("import \"./a.js\";", &["./a.js"][..]),
            (
                "import'./a.js';import{b as c}from\"./b.js\";var d",
                &["./a.js", "./b.js"],
            ),
            ("import {\n  a,\n  b,\n} from \"./a.js\";\n", &["./a.js"]),
            (
                "import * as a from \"./a.js\"\nimport b from './b.js'",
                &["./a.js", "./b.js"],
            ),
            (
                "// import \"./x.js\";\n/* import \"./y.js\"; */ import \"./a.js\";",
                &["./a.js"],
            ),
            ("import(\"./a.js\");", &[]),
            ("import.meta.url + \"./a.js\";", &[]),
            ("important(\"./a.js\");", &[]),
            ("const a = 'import \"./a.js\"';", &[]),
            ("/* without end", &[]),
            ("import \"./a.js", &[]),
            ("", &[]),
        ] {
            assert_eq!(imports(source), expected, "{source}");
        }
    }
}
