//! From source files to what is served.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use sha2::{Digest as _, Sha256};

use super::{script, style};

/// A file to be served.
#[derive(Debug)]
pub(crate) struct Asset {
    /// Its path from `assets`.
    pub(crate) source: String,
    /// Where it is served.
    pub(crate) path: String,
    pub(crate) hash: String,
    pub(crate) content_type: &'static str,
    pub(crate) content: String,
    /// Where all that it imports is served, and what that imports, without what waits for an `import()`.
    pub(crate) imports: Vec<String>,
}

/// The type of a file that is served; `None` for one that is not.
pub(crate) fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

/// Makes the assets of source files, given by their paths from `assets`.
pub(crate) fn bundle(sources: &BTreeMap<String, String>) -> Result<Vec<Rc<Asset>>, String> {
    let mut parts = BTreeSet::new();
    for (name, source) in sources.iter().filter(|(name, _)| name.ends_with(".css")) {
        for (_, imported) in style::imports(source) {
            parts.insert(resolve(name, imported)?);
        }
    }
    let mut bundle = Bundle {
        sources,
        done: BTreeMap::new(),
        on_the_way: Vec::new(),
    };
    // What is part of another style sheet is not served by itself.
    for name in sources.keys().filter(|name| !parts.contains(*name)) {
        bundle.make(name)?;
    }
    Ok(bundle.done.into_values().collect())
}

struct Bundle<'a> {
    sources: &'a BTreeMap<String, String>,
    done: BTreeMap<String, Rc<Asset>>,
    /// The scripts whose imports are being made.
    on_the_way: Vec<String>,
}

impl Bundle<'_> {
    /// Makes an asset, after those that it imports: its content names them by their hashes.
    fn make(&mut self, name: &str) -> Result<Rc<Asset>, String> {
        if let Some(asset) = self.done.get(name) {
            return Ok(Rc::clone(asset));
        }
        if self.on_the_way.iter().any(|one| one == name) {
            let way = self.on_the_way.join(", ");
            return Err(format!("assets/{name}: imports itself, by way of {way}"));
        }
        let source = self.sources.get(name).ok_or_else(|| {
            let importer = self.on_the_way.last().map_or("", String::as_str);
            format!("assets/{importer}: imports assets/{name}, which is not there")
        })?;
        let content_type = content_type(name).ok_or_else(|| format!("assets/{name}: of no type that is served"))?;
        let (content, imports) = match content_type.split_once(';') {
            Some(("text/css", _)) => (style::inline(name, self.sources, &[])?, Vec::new()),
            Some(("text/javascript", _)) => self.script(name, source)?,
            _ => (source.clone(), Vec::new()),
        };
        let hash: String = Sha256::digest(&content)
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let asset = Rc::new(Asset {
            source: name.to_owned(),
            path: format!("/assets/{stem}.{hash}.{extension}"),
            hash,
            content_type,
            content,
            imports,
        });
        self.done.insert(name.to_owned(), Rc::clone(&asset));
        Ok(asset)
    }

    /// A script as it is served, and what it imports.
    fn script(&mut self, name: &str, source: &str) -> Result<(String, Vec<String>), String> {
        let mut content = String::with_capacity(source.len());
        let mut imports: Vec<String> = Vec::new();
        let mut written = 0;
        self.on_the_way.push(name.to_owned());
        for import in script::imports(source).map_err(|error| format!("assets/{name}: {error}"))? {
            let specifier = source.get(import.at.clone()).unwrap_or_default();
            let imported = self.make(&resolve(name, specifier)?)?;
            content.push_str(source.get(written..import.at.start).unwrap_or_default());
            content.push_str(&imported.path);
            written = import.at.end;
            let all = imported.imports.iter().chain([&imported.path]);
            for path in all.filter(|_| !import.dynamic) {
                if !imports.contains(path) {
                    imports.push(path.clone());
                }
            }
        }
        content.push_str(source.get(written..).unwrap_or_default());
        self.on_the_way.pop();
        Ok((content, imports))
    }
}

/// The path from `assets` of what a file at such a path imports.
pub(crate) fn resolve(importer: &str, specifier: &str) -> Result<String, String> {
    if !specifier.starts_with("./") && !specifier.starts_with("../") {
        return Err(format!("assets/{importer}: \"{specifier}\" is not a relative path"));
    }
    let mut parts: Vec<_> = importer.split('/').collect();
    parts.pop();
    for part in specifier.split('/') {
        match part {
            "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Err(format!("assets/{importer}: \"{specifier}\" is outside of assets"));
                }
            }
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    }

    fn made(files: &[(&str, &str)]) -> BTreeMap<String, Rc<Asset>> {
        let assets = bundle(&sources(files)).unwrap();
        assets.into_iter().map(|asset| (asset.source.clone(), asset)).collect()
    }

    fn refused(files: &[(&str, &str)]) -> String {
        let error = bundle(&sources(files)).unwrap_err();
        assert!(!error.contains('\n'), "{error}");
        error
    }

    #[test]
    fn imports_name_what_is_served() {
        let assets = made(&[
            (
                "page/main.js",
                "import { a } from \"./a.js\";\nimport(\"../late.js\");\n",
            ),
            (
                "page/a.js",
                "import \"./deeper/d.js\";\nimport \"../b.js\";\nexport const a = 1;\n",
            ),
            ("page/deeper/d.js", "import \"../../b.js\";\n"),
            ("b.js", "export const b = 2;\n"),
            ("late.js", "import \"./b.js\";\nimport \"./last.js\";\n"),
            ("last.js", ""),
        ]);
        let path = |name: &str| assets[name].path.clone();
        assert_eq!(
            assets["page/main.js"].content,
            format!(
                "import {{ a }} from \"{}\";\nimport(\"{}\");\n",
                path("page/a.js"),
                path("late.js")
            )
        );
        assert_eq!(
            assets["page/deeper/d.js"].content,
            format!("import \"{}\";\n", path("b.js"))
        );
        assert_eq!(
            assets["page/main.js"].imports,
            [path("b.js"), path("page/deeper/d.js"), path("page/a.js")]
        );
        assert_eq!(assets["late.js"].imports, [path("b.js"), path("last.js")]);
        assert_eq!(path("b.js"), format!("/assets/b.{}.js", assets["b.js"].hash));
    }

    #[test]
    fn a_name_changes_with_all_that_is_behind_it() {
        let with = |b: &str| {
            let assets = made(&[
                ("a.js", "import \"./b.js\";"),
                ("b.js", "import(\"./c.js\");"),
                ("c.js", b),
            ]);
            ["a.js", "b.js", "c.js"].map(|name| assets[name].path.clone())
        };
        let (one, other) = (with("1"), with("2"));
        assert_eq!(one, with("1"));
        assert!(one.iter().zip(&other).all(|(one, other)| one != other), "{one:?}");
    }

    #[test]
    fn style_sheets_are_in_one_piece() {
        let assets = made(&[
            ("a.css", "@import \"./base.css\";\na {}\n"),
            ("page/b.css", "@import \"../base.css\";\nb {}\n"),
            ("base.css", ":root {}\n"),
        ]);
        assert_eq!(assets["a.css"].content, ":root {}\na {}\n");
        assert_eq!(assets["page/b.css"].content, ":root {}\nb {}\n");
        assert!(!assets.contains_key("base.css"));
    }

    #[test]
    fn what_cannot_work_is_said_in_one_line() {
        for (files, said) in [
            (
                &[("a.js", "import \"./b.js\""), ("b.js", "import(\"./a.js\")")][..],
                "assets/a.js: imports itself, by way of a.js, b.js",
            ),
            (
                &[("p/a.js", "import \"./b.js\"")],
                "assets/p/a.js: imports assets/p/b.js, which is not there",
            ),
            (
                &[("a.js", "import \"preact\"")],
                "assets/a.js: \"preact\" is not a relative path",
            ),
            (
                &[("a.js", "import \"https://cdn.example/x.js\"")],
                "assets/a.js: \"https://cdn.example/x.js\" is not a relative path",
            ),
            (
                &[("a.js", "import \"../../x.js\"")],
                "assets/a.js: \"../../x.js\" is outside of assets",
            ),
            (&[("a.js", "const a = `")], "assets/a.js: a template without end"),
            (&[("a.css", "@import \"./b.css\";")], "assets/b.css: not there"),
            (
                &[
                    ("a.css", ""),
                    ("b.css", "@import \"./b.css\";"),
                    ("c.css", "@import \"./b.css\";"),
                ],
                "assets/b.css: imports itself",
            ),
        ] {
            assert_eq!(refused(files), said);
        }
    }
}
