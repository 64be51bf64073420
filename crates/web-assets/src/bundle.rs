//! From source files to what is served.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::{ROOT, Sources, resolve, script, style};

/// All that is served, and the map by which scripts find each other.
#[derive(Debug)]
pub(crate) struct Bundle {
    pub(crate) assets: Vec<Asset>,
    /// JSON: from where the imports of scripts point to, as they are written, to where the scripts are served. So a
    /// script's name depends on its own content only.
    pub(crate) import_map: String,
}

/// A file to be served.
#[derive(Debug)]
pub(crate) struct Asset {
    /// Its path from the folder of assets.
    pub(crate) source: String,
    /// Where it is served.
    pub(crate) path: String,
    pub(crate) hash: String,
    pub(crate) content_type: &'static str,
    pub(crate) content: Vec<u8>,
    /// Where all that it imports is served, and what that imports, without what waits for an `import()`.
    pub(crate) imports: Vec<String>,
}

/// The type of a file that is served; `None` for one that is not.
pub(crate) fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        _ => None,
    }
}

/// Whether a file is no text.
pub(crate) fn is_picture(name: &str) -> bool {
    content_type(name) == Some("image/png")
}

/// Makes the assets of source files.
pub(crate) fn bundle(sources: &Sources) -> Result<Bundle, String> {
    let mut parts = BTreeSet::new();
    for (name, source) in sources.texts.iter().filter(|(name, _)| name.ends_with(".css")) {
        for (_, imported) in style::imports(source) {
            parts.insert(resolve(name, imported)?);
        }
    }
    let mut assets = Vec::new();
    // What is part of another style sheet is not served by itself.
    for (name, source) in sources.texts.iter().filter(|(name, _)| !parts.contains(*name)) {
        let content = if name.ends_with(".css") {
            style::inline(name, sources, &[])?
        } else {
            source.to_owned()
        };
        assets.push(asset(name, content.into_bytes())?);
    }
    for (name, picture) in &sources.pictures {
        assets.push(asset(name, picture.clone())?);
    }
    let paths: BTreeMap<String, String> = assets
        .iter()
        .map(|asset| (asset.source.clone(), asset.path.clone()))
        .collect();
    for asset in assets.iter_mut().filter(|asset| asset.source.ends_with(".js")) {
        let imported = script::all_imports(&asset.source, sources)?;
        asset.imports = imported.iter().filter_map(|name| paths.get(name).cloned()).collect();
    }
    let scripts = paths.iter().filter(|(name, _)| name.ends_with(".js"));
    let imports: BTreeMap<_, _> = scripts.map(|(name, path)| (format!("{ROOT}{name}"), path)).collect();
    Ok(Bundle {
        import_map: serde_json::json!({ "imports": imports }).to_string(),
        assets,
    })
}

fn asset(name: &str, content: Vec<u8>) -> Result<Asset, String> {
    let content_type = content_type(name).ok_or_else(|| format!("assets/{name}: of no type that is served"))?;
    let hash: String = Sha256::digest(&content)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    Ok(Asset {
        source: name.to_owned(),
        path: format!("{ROOT}{stem}.{hash}.{extension}"),
        hash,
        content_type,
        content,
        imports: Vec::new(),
    })
}
