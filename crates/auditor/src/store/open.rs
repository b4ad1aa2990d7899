//! From what the command line says to a store.

use std::{path::PathBuf, str::FromStr};

use url::Url;

use super::{FileStore, Name, Retention, S3Store, Store, StoreError};
use crate::net::Roots;

/// Where a store is: `--to DIR` or `--to s3://bucket/prefix`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket, and what all names in it begin with.
    Bucket {
        /// The bucket's name.
        bucket: String,
        /// The folder in it, if not the whole bucket.
        prefix: Option<Name>,
    },
}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let Some(address) = text.strip_prefix("s3://") else {
            return match text {
                "" => Err(PlaceError::Empty),
                other => Ok(Self::Folder(other.into())),
            };
        };
        let (bucket, prefix) = address.split_once('/').unwrap_or((address, ""));
        // Bucket names: 3 to 63 of these, see "General purpose bucket naming rules".
        let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-');
        if !(3..=63).contains(&bucket.len()) || !bucket.bytes().all(good) {
            return Err(PlaceError::Bucket(bucket.to_owned()));
        }
        let prefix = match prefix.trim_end_matches('/') {
            "" => None,
            prefix => Some(prefix.parse().map_err(|_| PlaceError::Prefix(prefix.to_owned()))?),
        };
        Ok(Self::Bucket { bucket: bucket.to_owned(), prefix })
    }
}

/// Why text is no [`Place`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// There is no text.
    #[error("the store's place is empty")]
    Empty,
    /// Buckets have no such names.
    #[error("{0:?} is no bucket's name")]
    Bucket(String),
    /// It cannot stand before names in a bucket.
    #[error("{0:?} cannot stand before names in a bucket: use letters, digits, . _ - and /")]
    Prefix(String),
}

/// How a bucket is reached, and what is asked of it; of no use for a folder.
#[derive(Clone, Debug, Default)]
pub struct S3Options {
    /// Where the service is; without it, Amazon's.
    pub endpoint: Option<Url>,
    /// The region; without it, the environment's, or `us-east-1`.
    pub region: Option<String>,
    /// How long objects are to be kept from being deleted.
    pub retention: Option<Retention>,
}

/// Opens the store.
///
/// # Errors
/// The folder's or the bucket's own failure.
pub fn open(
    place: &Place,
    options: &S3Options,
    roots: &Roots,
) -> Result<Box<dyn Store>, StoreError> {
    Ok(match place {
        Place::Folder(folder) => Box::new(FileStore::open(folder)?),
        Place::Bucket { bucket, prefix } => {
            Box::new(S3Store::open(bucket, prefix.clone(), options, roots)?)
        }
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        let place = |text: &str| text.parse::<Place>();
        assert_eq!(place("/srv/audit"), Ok(Place::Folder("/srv/audit".into())));
        let bucket = |prefix: Option<&str>| {
            let prefix = prefix.map(|prefix| prefix.parse().unwrap());
            Ok(Place::Bucket { bucket: "audit-evidence".into(), prefix })
        };
        assert_eq!(place("s3://audit-evidence"), bucket(None));
        assert_eq!(place("s3://audit-evidence/"), bucket(None));
        assert_eq!(place("s3://audit-evidence/a/b/"), bucket(Some("a/b")));
        assert_eq!(place(""), Err(PlaceError::Empty));
        assert_eq!(place("s3://UPPER/x"), Err(PlaceError::Bucket("UPPER".into())));
        assert_eq!(place("s3:///x"), Err(PlaceError::Bucket("".into())));
        assert_eq!(place("s3://audit/a//b"), Err(PlaceError::Prefix("a//b".into())));
    }
}
