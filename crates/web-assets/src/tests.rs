//! From source files to assets.

use std::{collections::BTreeMap, fs};

use super::{
    Sources, build,
    bundle::{Asset, Bundle, bundle},
};

fn made(files: &[(&str, &str)]) -> Result<Bundle, String> {
    let texts = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    bundle(&Sources {
        texts: texts.collect(),
        ..Sources::default()
    })
}

fn assets(files: &[(&str, &str)]) -> BTreeMap<String, Asset> {
    let assets = made(files).unwrap().assets;
    assets.into_iter().map(|asset| (asset.source.clone(), asset)).collect()
}

#[test]
fn scripts_stay_as_written_and_the_map_leads_to_what_is_served() {
    let files = [
        (
            "page/main.js",
            "import { a } from \"./a.js\";\nimport(\"../late.js\");\n",
        ),
        ("page/a.js", "import \"./deeper/d.js\";\nimport \"../b.js\";\n"),
        ("page/deeper/d.js", "import \"../../b.js\";\n"),
        ("b.js", "export const b = 2;\n"),
        ("late.js", "import \"./b.js\";\n"),
        ("page.css", ""),
    ];
    let assets = assets(&files);
    let path = |name: &str| assets[name].path.clone();
    for (name, source) in files {
        assert_eq!(assets[name].content, source.as_bytes(), "{name}");
    }
    assert_eq!(path("b.js"), format!("/assets/b.{}.js", assets["b.js"].hash));
    let map: serde_json::Value = serde_json::from_str(&made(&files).unwrap().import_map).unwrap();
    assert_eq!(
        map,
        serde_json::json!({ "imports": {
            "/assets/b.js": path("b.js"),
            "/assets/late.js": path("late.js"),
            "/assets/page/a.js": path("page/a.js"),
            "/assets/page/deeper/d.js": path("page/deeper/d.js"),
            "/assets/page/main.js": path("page/main.js"),
        } })
    );
    assert_eq!(
        assets["page/main.js"].imports,
        [path("b.js"), path("page/deeper/d.js"), path("page/a.js")]
    );
    assert_eq!(assets["late.js"].imports, [path("b.js")]);
}

#[test]
fn a_name_changes_with_its_own_content_only() {
    let with = |b: &str| {
        let assets = assets(&[("a.js", "import \"./b.js\";"), ("b.js", b)]);
        ["a.js", "b.js"].map(|name| assets[name].path.clone())
    };
    let ([a, b], [same, other]) = (with("1"), with("2"));
    assert_eq!(a, same);
    assert_ne!(b, other);
}

#[test]
fn scripts_may_import_each_other() {
    let assets = assets(&[("a.js", "import \"./b.js\";"), ("b.js", "import \"./a.js\";")]);
    assert_eq!(assets["a.js"].imports, [assets["b.js"].path.clone()]);
    assert_eq!(assets["b.js"].imports, [assets["a.js"].path.clone()]);
}

#[test]
fn style_sheets_are_in_one_piece() {
    let assets = assets(&[
        ("a.css", "@import \"./base.css\";\na {}\n"),
        ("page/b.css", "@import \"../base.css\";\nb {}\n"),
        ("base.css", ":root {}\n"),
    ]);
    assert_eq!(assets["a.css"].content, b":root {}\na {}\n");
    assert_eq!(assets["page/b.css"].content, b":root {}\nb {}\n");
    assert!(!assets.contains_key("base.css"));
}

#[test]
fn what_cannot_work_is_said_in_one_line() {
    for (files, said) in [
        (
            &[("p/a.js", "import \"./b.js\"")][..],
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
        assert_eq!(made(files).unwrap_err(), said);
    }
}

#[test]
fn folders_become_a_table_and_files() {
    let (sources, more, out) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let script = "export default 1;\n".repeat(50);
    fs::create_dir(sources.path().join("page")).unwrap();
    fs::write(sources.path().join("page/main.js"), &script).unwrap();
    fs::write(sources.path().join("README.md"), "not served").unwrap();
    fs::write(more.path().join("en.js"), "1").unwrap();

    build(&[("", sources.path()), ("texts/", more.path())], out.path()).unwrap();

    let table = fs::read_to_string(out.path().join("assets.rs")).unwrap();
    for said in [
        "static PAGE_MAIN_JS: Asset",
        "static TEXTS_EN_JS: Asset",
        "content_type: \"text/javascript; charset=utf-8\"",
        "static IMPORT_MAP: &str",
        "static IMPORT_MAP_SOURCE: &str = \"'sha256-",
    ] {
        assert!(table.contains(said), "{said}\n{table}");
    }
    assert!(!table.contains("README"), "{table}");
    let of_texts = table.split("static TEXTS_EN_JS").nth(1).unwrap();
    assert!(
        of_texts.contains("brotli: None"),
        "one byte gets no smaller: {of_texts}"
    );
    for entry in fs::read_dir(out.path()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("PAGE_MAIN_JS") && !name.ends_with(".br") && !name.ends_with(".gz") {
            assert_eq!(fs::read_to_string(entry.path()).unwrap(), script);
        }
    }
    assert!(table.contains("brotli: Some(include_bytes!"), "{table}");
}
