//! What every store of evidence does.

use std::error::Error;

use super::name::{Name, NameError};

/// A store of small objects under names, which only grows.
pub trait Store {
    /// Writes an object that is to stay as it is, and makes sure that it is safe.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when other bytes are there already, which are left alone; or the
    /// store's own failure, after which the name holds nothing or all of the bytes.
    fn put_new(&mut self, name: &Name, bytes: &[u8]) -> Result<Put, StoreError>;

    /// The bytes under a name; `None` when there is nothing.
    ///
    /// # Errors
    /// The store's own failure.
    fn read(&self, name: &Name) -> Result<Option<Vec<u8>>, StoreError>;

    /// Some of the names in `folder` and its subfolders in the order of their bytes, from the
    /// first that comes after `after`: all there are, or as many as the store returns at once.
    ///
    /// # Errors
    /// The store's own failure.
    fn list(&self, folder: &Name, after: Option<&str>) -> Result<Page, StoreError>;

    /// Writes an object that is replaced from time to time, which only the `checkpoint` of a published
    /// tree is. A reader sees the bytes before or those after, and nothing in between.
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
    /// The same bytes were there already.
    AlreadyThere,
}

/// What [`Store::list`] returns at once.
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
    Conflict(Name),
    /// The name is none that a store can hold.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A failure of the folder or the bucket.
    #[error(transparent)]
    Failed(Box<dyn Error + Send + Sync>),
}
