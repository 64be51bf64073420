//! Makes functions and scripts out of `texts/*.ftl`.
//!
//! - `parse`: the messages of a file, as much of Fluent as is supported
//! - `check`: whether every language has every message
//! - `rust`, `script`: what is generated

mod check;
mod parse;
mod rust;
mod script;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use check::Language;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=texts");
    println!("cargo::rerun-if-changed=build");
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(errors) => {
            for error in errors {
                println!("cargo::error={error}");
            }
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), Vec<String>> {
    let folder = |name: &str| {
        let set = env::var_os(name).map(PathBuf::from);
        set.ok_or_else(|| vec![format!("{name} is not set")])
    };
    let languages = read(&folder("CARGO_MANIFEST_DIR")?.join("texts"))?;
    let texts = check::check(&languages)?;
    let out = folder("OUT_DIR")?;
    write(&out.join("texts.rs"), &rust::methods(&texts))?;
    // One folder, so that whoever takes the scripts need not know the languages.
    let scripts = out.join("scripts");
    fs::create_dir_all(&scripts).map_err(|error| failed(&scripts, &error))?;
    for language in &languages {
        let module = script::module(&texts, &language.tag);
        write(&scripts.join(format!("{}.js", language.tag)), &module)?;
    }
    println!("cargo::metadata=scripts={}", scripts.display());
    Ok(())
}

/// Reads the files of all languages, in the order of their tags.
fn read(folder: &Path) -> Result<Vec<Language>, Vec<String>> {
    let files = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    let mut paths = Vec::new();
    for file in files {
        paths.push(file.map_err(|error| failed(folder, &error))?.path());
    }
    paths.sort();
    let (mut languages, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(tag) = name.strip_suffix(".ftl") else {
            faults.push(format!("texts/{name}: not a language's file, LANGUAGE.ftl"));
            continue;
        };
        let source = fs::read_to_string(&path).map_err(|error| failed(&path, &error))?;
        let file = format!("texts/{name}");
        match parse::parse(&file, &source) {
            Ok(messages) => languages.push(Language {
                tag: tag.to_owned(),
                file,
                messages,
            }),
            Err(more) => faults.extend(more),
        }
    }
    if faults.is_empty() { Ok(languages) } else { Err(faults) }
}

fn write(path: &Path, content: &str) -> Result<(), Vec<String>> {
    fs::write(path, content).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> Vec<String> {
    vec![format!("{}: {error}", path.display())]
}
