//! Makes what the pages load out of `assets/`: style sheets in one piece, names that carry a hash of the content,
//! each file compressed ahead, and a table of all that for `src/assets.rs`.
//!
//! - `bundle`: from source files to what is served; `script`, `style`: how they import each other
//! - `table`: what `src/assets.rs` includes

mod bundle;
mod script;
mod style;
mod table;

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=assets");
    println!("cargo:rerun-if-changed=build");
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    let folder = |name: &str| env::var_os(name).map(PathBuf::from).ok_or(format!("{name} is not set"));
    let mut sources = BTreeMap::new();
    read(&folder("CARGO_MANIFEST_DIR")?.join("assets"), "", &mut sources)?;
    // The texts of the Manage Contacts page, a module a language: made by the build script of contacts-texts.
    let texts = folder("DEP_CONTACTS_TEXTS_SCRIPTS")?;
    println!("cargo:rerun-if-changed={}", texts.display());
    read(&texts, "manage/texts/", &mut sources)?;
    table::write(&bundle::bundle(&sources)?, &folder("OUT_DIR")?)
}

/// Reads the files of a folder that are served, by their paths from `assets`.
fn read(folder: &Path, prefix: &str, sources: &mut BTreeMap<String, String>) -> Result<(), String> {
    let failed = |path: &Path, error| format!("{}: {error}", path.display());
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, error))? {
        let entry = entry.map_err(|error| failed(folder, error))?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = format!("{prefix}{}", name.to_string_lossy());
        if path.is_dir() {
            read(&path, &format!("{name}/"), sources)?;
        } else if bundle::content_type(&name).is_some() {
            let text = fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
            sources.insert(name, text);
        }
    }
    Ok(())
}
