//! From what the command line says to a store.

use std::{path::PathBuf, str::FromStr};

use url::Url;

use super::{FileStore, Mode, Name, Retention, S3Error, S3Store, Store, StoreError};
use crate::{net::Roots, outcome::Failure};

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

/// The store, as the command line names it.
#[derive(Clone, Debug, clap::Args)]
pub struct StoreArgs {
    /// Where to write: a folder, or s3://BUCKET/PREFIX with credentials from $AWS_ACCESS_KEY_ID,
    /// $AWS_SECRET_ACCESS_KEY and, if there is one, $AWS_SESSION_TOKEN
    #[arg(long, value_name = "DIR|s3://BUCKET/PREFIX")]
    to: Place,

    /// The service to use instead of Amazon's
    #[arg(long, value_name = "URL")]
    s3_endpoint: Option<Url>,

    /// The bucket's region, if not $AWS_REGION or us-east-1
    #[arg(long, value_name = "REGION")]
    s3_region: Option<String>,

    /// Lock each object in the bucket against deletion (Object Lock); this is compliance or governance
    #[arg(long, value_name = "MODE", requires = "retain_days")]
    retain_mode: Option<Mode>,

    /// For so many days
    #[arg(long, value_name = "N", requires = "retain_mode")]
    retain_days: Option<u32>,
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

impl StoreArgs {
    /// Opens the store.
    ///
    /// # Errors
    /// If the command line makes no sense for such a store, or the store cannot be opened.
    pub fn open(&self, roots: &Roots) -> Result<Box<dyn Store>, Failure> {
        self.try_open(roots).map_err(|error| match error {
            StoreError::Retention | StoreError::S3(S3Error::Days(_) | S3Error::PlainText(_)) => {
                Failure::Usage(error.to_string())
            }
            _ => Failure::Unreadable(error.to_string()),
        })
    }

    fn try_open(&self, roots: &Roots) -> Result<Box<dyn Store>, StoreError> {
        let retention = match (self.retain_mode, self.retain_days) {
            (Some(mode), Some(days)) => Some(Retention::new(mode, days)?),
            _ => None,
        };
        Ok(match &self.to {
            Place::Folder(_) if retention.is_some() => return Err(StoreError::Retention),
            Place::Folder(folder) => Box::new(FileStore::open(folder)?),
            Place::Bucket { bucket, prefix } => {
                let (endpoint, region) = (self.s3_endpoint.clone(), self.s3_region.clone());
                let options = S3Options { endpoint, region, retention };
                Box::new(S3Store::open(bucket, prefix.clone(), &options, roots)?)
            }
        })
    }
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
