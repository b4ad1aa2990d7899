//! Where evidence is kept: a folder of files, or a bucket of S3's kind. Both take a name once and
//! never let other bytes stand under it.

mod file;
#[cfg(test)]
pub(crate) mod memory;
mod name;
mod open;
mod s3;

pub use file::{FileError, FileStore};
pub use name::{Name, NameError};
pub use open::{Place, PlaceError, S3Options, StoreArgs};
pub use s3::{Mode, Retention, S3Error, S3Store};

/// A store of small objects under names, which only grows.
pub trait Store {
    /// Writes an object that is to stay as it is, and makes sure that it is safe.
    ///
    /// # Errors
    /// [`StoreError::Other`] when other bytes are there already, which are left alone; or the
    /// store's own failure, after which the name holds nothing or all of the bytes.
    fn put_new(&mut self, name: &Name, bytes: &[u8]) -> Result<Put, StoreError>;

    /// The bytes under a name; `None` when there is nothing.
    ///
    /// # Errors
    /// The store's own failure.
    fn read(&self, name: &Name) -> Result<Option<Vec<u8>>, StoreError>;

    /// Some of the names in `folder` and its subfolders in the order of their bytes, from the
    /// first that comes after `after`: all there are, or as many as the store likes to answer
    /// at once.
    ///
    /// # Errors
    /// The store's own failure.
    fn list(&self, folder: &Name, after: Option<&str>) -> Result<Page, StoreError>;

    /// Writes the one kind of object that is replaced in time, the `checkpoint` of a published
    /// tree. A reader sees the bytes before or those after, and nothing in between.
    ///
    /// # Errors
    /// The store's own failure, after which the name holds either.
    fn replace(&mut self, name: &Name, bytes: &[u8]) -> Result<(), StoreError>;
}

/// What [`Store::put_new`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// The object is new.
    Written,
    /// The same bytes were there.
    Kept,
}

/// An answer of [`Store::list`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Names in the order of their bytes.
    pub names: Vec<String>,
    /// There may be more after the last of them.
    pub more: bool,
}

/// Why a store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Other bytes are under this name, which is never written twice.
    #[error("{0} is in the store already with other content, and is left as it is")]
    Other(Name),
    /// The name is none this store can hold.
    #[error(transparent)]
    Name(#[from] NameError),
    /// Retention is asked for, and the store is a folder.
    #[error(
        "--retain-mode is for buckets: nothing keeps the owner of a folder from deleting in it"
    )]
    Retention,
    /// A folder's own failure.
    #[error(transparent)]
    File(#[from] FileError),
    /// A bucket's own failure.
    #[error(transparent)]
    S3(#[from] S3Error),
}
