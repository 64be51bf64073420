//! Makes the assets of `assets/`, and of the texts of the Manage Contacts page: a module a language, which the build
//! script of contacts-texts has made.

use std::{env, path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
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
    let assets = folder("CARGO_MANIFEST_DIR")?.join("assets");
    let texts = folder("DEP_CONTACTS_TEXTS_SCRIPTS")?;
    for folder in [&assets, &texts] {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    web_assets::build(&[("", &assets), ("manage/texts/", &texts)], &folder("OUT_DIR")?)
}
