//! Makes what web pages load out of source files, in a build script: names that carry a hash of the content, style
//! sheets in one piece, each file compressed ahead, an import map, and a table of all that to include.
//!
//! - `bundle`: from source files to what is served, and the import map
//! - `script`, `style`: how files import each other
//! - `table`: what the build script's package includes

mod bundle;
mod script;
mod style;
mod table;

use std::{collections::BTreeMap, fs, path::Path};

/// Where all assets are served.
const ROOT: &str = "/assets/";

/// Source files by their paths from the folder of assets.
#[derive(Debug, Default)]
struct Sources {
    /// Scripts, style sheets and drawings.
    texts: BTreeMap<String, String>,
    /// Pictures, served as they are.
    pictures: BTreeMap<String, Vec<u8>>,
}

/// Writes `assets.rs`, and the files that it includes, into the folder `out`, which is `OUT_DIR` of the build script.
///
/// Each folder of sources comes with the prefix of its files' paths: empty, or a path that ends with a slash. Files of
/// a type that is not served are passed over.
///
/// What includes `assets.rs` has a type `Asset`, whose fields are these:
///
/// | field | type | content |
/// | --- | --- | --- |
/// | `path` | `&str` | where it is served |
/// | `content_type` | `&str` | |
/// | `hash` | `&str` | of the content: 64 bits in hexadecimal |
/// | `identity` | `&[u8]` | the content |
/// | `brotli`, `gzip` | `Option<&[u8]>` | where that is smaller |
/// | `imports` | `&[&str]` | where all is served that a script imports before it runs |
///
/// It gets a static for each asset (`manage/main.js` is `MANAGE_MAIN_JS`), all of them as `ALL`, the text of the
/// import map as `IMPORT_MAP`, and what allows it in a Content Security Policy as `IMPORT_MAP_SOURCE`.
///
/// # Errors
///
/// One line: a file that cannot be read or written, an import that leads nowhere.
pub fn build(folders: &[(&str, &Path)], out: &Path) -> Result<(), String> {
    let mut sources = Sources::default();
    for (prefix, folder) in folders {
        read(folder, prefix, &mut sources)?;
    }
    table::write(&bundle::bundle(&sources)?, out)
}

fn read(folder: &Path, prefix: &str, sources: &mut Sources) -> Result<(), String> {
    let failed = |path: &Path, error| format!("{}: {error}", path.display());
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, error))? {
        let entry = entry.map_err(|error| failed(folder, error))?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = format!("{prefix}{}", name.to_string_lossy());
        if path.is_dir() {
            read(&path, &format!("{name}/"), sources)?;
        } else if bundle::is_picture(&name) {
            let picture = fs::read(&path).map_err(|error| failed(&path, error))?;
            sources.pictures.insert(name, picture);
        } else if bundle::content_type(&name).is_some() {
            let text = fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
            sources.texts.insert(name, text);
        }
    }
    Ok(())
}

/// The path from the folder of assets of what a file at such a path imports.
fn resolve(importer: &str, specifier: &str) -> Result<String, String> {
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
mod tests;
