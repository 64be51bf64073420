//! The data folder: which files are in it, and the lock that gives it to one process.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use local_aws::file::{Damaged, replace};

use super::start_error::{Holder, StartError};

/// A locked data folder; unlocked when dropped, or when the process ends in whatever way.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    lock: File,
    fresh: bool,
}

impl Folder {
    /// Makes the folder if need be, and locks it.
    ///
    /// # Errors
    /// `FolderHeld` with the holder when another process has it; `Folder` when it cannot be used.
    pub fn open(path: &Path) -> Result<Self, StartError> {
        let unusable = |source| StartError::Folder {
            path: path.to_owned(),
            source,
        };
        std::fs::create_dir_all(path).map_err(unusable)?;
        let lock_path = path.join("lock");
        let lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&lock_path);
        let mut lock = lock.map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let holder = lock
                    .read_to_string(&mut text)
                    .ok()
                    .and_then(|_| serde_json::from_str(&text).ok());
                return Err(StartError::FolderHeld {
                    path: path.to_owned(),
                    holder,
                });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        let mut folder = Self {
            path: path.to_owned(),
            lock,
            fresh: false,
        };
        folder.fresh = !folder.database().exists();
        folder.announce(None).map_err(unusable)?;
        folder.refuse_emptied()?;
        Ok(folder)
    }

    /// An empty file is a new database to SQLite. The key is made after both databases: without it, the folder's
    /// first start was cut short, and they may be empty.
    fn refuse_emptied(&self) -> Result<(), StartError> {
        if !self.signing_key().exists() {
            return Ok(());
        }
        for path in [self.database(), self.mail()] {
            if path.metadata().is_ok_and(|file| file.len() == 0) {
                return Err(Damaged::new(Some(&path), "it is empty").into());
            }
        }
        Ok(())
    }

    /// Writes into the lock who holds it, for a second process to name.
    ///
    /// # Errors
    /// When the lock file cannot be written.
    pub fn announce(&mut self, port: Option<u16>) -> std::io::Result<()> {
        let holder = Holder {
            pid: std::process::id(),
            port,
        };
        self.lock.set_len(0)?;
        self.lock.rewind()?;
        self.lock.write_all(serde_json::to_string(&holder)?.as_bytes())
    }

    /// True when the folder had no table yet.
    pub fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// The engine's file.
    pub fn database(&self) -> PathBuf {
        self.path.join("contacts.sqlite")
    }

    /// The captured mail.
    pub fn mail(&self) -> PathBuf {
        self.path.join("mail.sqlite")
    }

    /// Which of the demo data are made; there while some are missing.
    pub fn demo_data(&self) -> PathBuf {
        self.path.join("demo-data")
    }

    /// How far the clock was moved.
    pub fn clock(&self) -> PathBuf {
        self.path.join("clock")
    }

    /// How far the stream was read.
    pub fn checkpoint(&self) -> PathBuf {
        self.path.join("stream-checkpoint")
    }

    /// The development issuer's private key.
    pub fn signing_key(&self) -> PathBuf {
        self.path.join("signing-key.der")
    }
}

/// Reads a secret file, or makes it, readable by its owner only.
///
/// # Errors
/// When it can be neither read nor made.
pub fn secret_file(path: &Path, make: impl FnOnce() -> Vec<u8>) -> std::io::Result<Vec<u8>> {
    match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        read => return read,
    }
    let secret = make();
    replace(path, &secret)?;
    Ok(secret)
}
