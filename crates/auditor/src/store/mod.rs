//! Where evidence is kept: a folder of files, or a bucket of an S3 service. Both take each name once and never
//! put other bytes under it.
//!
//! In reading order: the [`Name`] of an object; what every [`Store`] does; the [`FolderStore`] and the [`S3Store`];
//! and the [`Location`] on the command line that says which of them it is.

mod interface;
mod name;

mod folder;
mod s3;

mod location;

#[cfg(test)]
pub(crate) mod memory;

pub use interface::{Page, Put, Store, StoreError};
pub use name::{Name, NameError};

pub use folder::{FolderError, FolderStore};
pub use s3::{Mode, Retention, S3Error, S3Options, S3Store};

pub use location::{Location, LocationError};
