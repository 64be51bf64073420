//! The files that keep the state.

use std::{
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
};

/// A file is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("{} is damaged ({reason})", path.display())]
pub struct Damaged {
    /// The file.
    pub path: PathBuf,
    /// What is wrong, in one line.
    pub reason: String,
}

impl Damaged {
    /// Without a path, of what is kept in memory. SQLite says in lines what is wrong.
    pub fn new(path: Option<&Path>, reason: impl std::fmt::Display) -> Self {
        let reason = reason.to_string();
        Self {
            path: path.unwrap_or(Path::new(":memory:")).to_owned(),
            reason: reason.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }
}

/// Writes a file, readable by its owner only, so that it is there whole or as it was before.
///
/// # Errors
/// When it cannot be written.
pub fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&new)?.write_all(content)?;
    std::fs::rename(&new, path)
}
