//! A store in a folder of this machine.
//!
//! An object is written to `.tmp`, synced to disk, and then linked to its name: a link never replaces
//! a file, so a name is given once whatever else runs, and after a crash it has all of the bytes
//! or is not there. `.tmp` is the only folder from which something is deleted: the others may
//! carry the file system's append-only attribute.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process,
};

use super::interface::{Page, Put, Store, StoreError};
use super::name::Name;
use crate::text::reason;

/// The folder where an object is written before it gets its name.
const DRAFTS: &str = ".tmp";
/// The file whose lock says that the folder is in use.
const LOCK: &str = ".lock";
/// Objects are for everybody to read and for nobody to write.
const FILE_MODE: u32 = 0o444;

/// A folder as a [`Store`], locked against another process for as long as it lives.
#[derive(Debug)]
pub struct FolderStore {
    root: PathBuf,
    drafts: u64,
    // Unlocked when it is closed, which the end of the process does too.
    _lock: File,
}

impl FolderStore {
    /// Opens the folder, which is created if it is not there, and removes what a crash left in it.
    ///
    /// # Errors
    /// [`FolderError::InUse`] when another process has it open; [`FolderError::Io`].
    pub fn open(root: &Path) -> Result<Self, FolderError> {
        create_folder(root)?;
        let path = root.join(LOCK);
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(failed("open", &path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(FolderError::InUse(root.to_owned())),
            Err(TryLockError::Error(source)) => return Err(failed("lock", &path)(source)),
        }
        let store = Self { root: root.to_owned(), drafts: 0, _lock: lock };
        store.clear_drafts()?;
        Ok(store)
    }

    fn clear_drafts(&self) -> Result<(), FolderError> {
        let folder = self.root.join(DRAFTS);
        create_folder(&folder)?;
        for entry in fs::read_dir(&folder).map_err(failed("list", &folder))? {
            let path = entry.map_err(failed("list", &folder))?.path();
            fs::remove_file(&path).map_err(failed("remove", &path))?;
        }
        Ok(())
    }

    fn path(&self, name: &Name) -> PathBuf {
        self.root.join(name.as_str())
    }

    /// Writes the bytes where nobody looks yet, and returns when they are on disk.
    fn draft(&mut self, bytes: &[u8]) -> Result<PathBuf, FolderError> {
        self.drafts += 1;
        let path = self.root.join(DRAFTS).join(format!("{}-{}", process::id(), self.drafts));
        let mut file = OpenOptions::new()
            .create_new(true)
            .write(true)
            .mode(FILE_MODE)
            .open(&path)
            .map_err(failed("create", &path))?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed("write", &path))?;
        Ok(path)
    }

    /// The folder an object goes to, created and synced if it was not there.
    fn folder_of(&self, name: &Name) -> Result<PathBuf, FolderError> {
        let folder = name.folder().map_or_else(|| self.root.clone(), |f| self.root.join(f));
        create_folder(&folder)?;
        Ok(folder)
    }

    fn compare(&self, name: &Name, bytes: &[u8]) -> Result<Put, StoreError> {
        let path = self.path(name);
        let there = fs::read(&path).map_err(failed("read", &path))?;
        if there == bytes { Ok(Put::AlreadyThere) } else { Err(StoreError::Conflict(name.clone())) }
    }
}

impl Store for FolderStore {
    fn put_new(&mut self, name: &Name, bytes: &[u8]) -> Result<Put, StoreError> {
        let path = self.path(name);
        if fs::exists(&path).map_err(failed("look for", &path))? {
            return self.compare(name, bytes);
        }
        let folder = self.folder_of(name)?;
        let draft = self.draft(bytes)?;
        let linked = link(&draft, &path);
        // The draft is gone already where the file system has no links.
        match fs::remove_file(&draft) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed("remove", &draft)(error).into());
            }
            _ => {}
        }
        match linked {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return self.compare(name, bytes);
            }
            Err(error) => return Err(failed("create", &path)(error).into()),
        }
        sync_folder(&folder)?;
        Ok(Put::Written)
    }

    fn read(&self, name: &Name) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", &path)(error).into()),
        }
    }

    fn list(&self, folder: &Name, after: Option<&str>) -> Result<Page, StoreError> {
        let mut names = Vec::new();
        walk(&self.path(folder), folder.as_str(), &mut names)?;
        names.retain(|name| after.is_none_or(|after| name.as_str() > after));
        names.sort_unstable();
        Ok(Page { names, more: false })
    }

    fn replace(&mut self, name: &Name, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.path(name);
        let folder = self.folder_of(name)?;
        let draft = self.draft(bytes)?;
        fs::rename(&draft, &path).map_err(failed("replace", &path))?;
        sync_folder(&folder)?;
        Ok(())
    }
}

/// Gives the draft its name unless something has it. Where there are no hard links, it is renamed after a
/// look: the folder is locked, so no other process of this command comes between.
fn link(draft: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(draft, path) {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied
            ) =>
        {
            if fs::exists(path)? {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            fs::rename(draft, path)
        }
        done => done,
    }
}

/// Creates a folder and those above it, and syncs each to disk.
fn create_folder(folder: &Path) -> Result<(), FolderError> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        create_folder(above)?;
    }
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(failed("create", folder)(error));
        }
        _ => {}
    }
    sync_folder(above.unwrap_or(Path::new(".")))
}

/// Syncs the names in a folder to disk.
fn sync_folder(folder: &Path) -> Result<(), FolderError> {
    File::open(folder).and_then(|file| file.sync_all()).map_err(failed("sync", folder))
}

/// The files under a folder, named from the store's root. A folder that is not there has none.
fn walk(path: &Path, name: &str, names: &mut Vec<String>) -> Result<(), FolderError> {
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed("list", path))?,
    };
    for entry in entries {
        let entry = entry.map_err(failed("list", path))?;
        // A store's names are ASCII.
        let Some(part) = entry.file_name().to_str().map(str::to_owned) else { continue };
        let name = format!("{name}/{part}");
        if entry.file_type().map_err(failed("look at", &entry.path()))?.is_dir() {
            walk(&entry.path(), &name, names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |source| FolderError::Io { action, path, source }
}

/// Why a folder did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another process writes to the folder.
    #[error("{} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// The operating system refused.
    #[error("cannot {action} {}: {}", path.display(), reason(source))]
    Io {
        /// What was tried.
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl From<FolderError> for StoreError {
    fn from(error: FolderError) -> Self {
        Self::Failed(error.into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    #[test]
    fn a_name_is_given_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = FolderStore::open(&folder.path().join("new/store")).unwrap();
        assert_eq!(store.read(&name("a/b")).unwrap(), None);
        assert_eq!(store.put_new(&name("a/b"), b"one").unwrap(), Put::Written);
        assert_eq!(store.put_new(&name("a/b"), b"one").unwrap(), Put::AlreadyThere);
        let refused = store.put_new(&name("a/b"), b"two").unwrap_err();
        assert_eq!(
            refused.to_string(),
            "a/b is in the store already with other content, and is left as it is"
        );
        assert_eq!(store.read(&name("a/b")).unwrap().unwrap(), b"one");
        assert!(fs::metadata(store.path(&name("a/b"))).unwrap().permissions().readonly());
    }

    #[test]
    fn a_name_that_appears_meanwhile_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let draft = folder.path().join("draft");
        let path = folder.path().join("a");
        fs::write(&draft, "two").unwrap();
        fs::write(&path, "one").unwrap();
        assert_eq!(link(&draft, &path).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
    }

    #[test]
    fn the_pointer_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = FolderStore::open(folder.path()).unwrap();
        for bytes in [&b"one"[..], b"two"] {
            store.replace(&name("1/checkpoint"), bytes).unwrap();
            assert_eq!(store.read(&name("1/checkpoint")).unwrap().unwrap(), bytes);
        }
        assert_eq!(fs::read_dir(folder.path().join(DRAFTS)).unwrap().count(), 0);
    }

    #[test]
    fn names_are_listed_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = FolderStore::open(folder.path()).unwrap();
        assert_eq!(store.list(&name("n"), None).unwrap(), Page { names: vec![], more: false });
        for path in ["n/2/a", "n/1/b", "n/1/a", "other/x"] {
            store.put_new(&name(path), b"").unwrap();
        }
        assert_eq!(store.list(&name("n"), None).unwrap().names, ["n/1/a", "n/1/b", "n/2/a"]);
        assert_eq!(store.list(&name("n"), Some("n/1/a")).unwrap().names, ["n/1/b", "n/2/a"]);
        assert_eq!(store.list(&name("n"), Some("n/1/~")).unwrap().names, ["n/2/a"]);
    }

    #[test]
    fn a_crash_before_the_name_is_given_leaves_a_usable_store() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = FolderStore::open(folder.path()).unwrap();
        store.put_new(&name("n/1"), b"one").unwrap();
        let draft = store.draft(b"tw").unwrap();
        drop(store);
        assert!(draft.exists());
        let mut store = FolderStore::open(folder.path()).unwrap();
        assert!(!draft.exists());
        assert_eq!(store.list(&name("n"), None).unwrap().names, ["n/1"]);
        assert_eq!(store.put_new(&name("n/2"), b"two").unwrap(), Put::Written);
    }

    #[test]
    fn a_folder_has_one_process_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let store = FolderStore::open(folder.path()).unwrap();
        let refused = FolderStore::open(folder.path()).unwrap_err();
        assert!(matches!(refused, FolderError::InUse(_)), "{refused}");
        drop(store);
        FolderStore::open(folder.path()).unwrap();
    }
}
