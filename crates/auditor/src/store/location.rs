//! Where a store is, as the command line has it.

use std::{path::PathBuf, str::FromStr};

use super::name::Name;

/// Where a store is: `--to DIR` or `--to s3://bucket/prefix`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
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

impl FromStr for Location {
    type Err = LocationError;

    fn from_str(text: &str) -> Result<Self, LocationError> {
        let Some(address) = text.strip_prefix("s3://") else {
            return match text {
                "" => Err(LocationError::Empty),
                other => Ok(Self::Folder(other.into())),
            };
        };
        let (bucket, prefix) = address.split_once('/').unwrap_or((address, ""));
        // Bucket names: 3 to 63 of these, see "General purpose bucket naming rules".
        let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-');
        if !(3..=63).contains(&bucket.len()) || !bucket.bytes().all(good) {
            return Err(LocationError::Bucket(bucket.to_owned()));
        }
        let prefix = match prefix.trim_end_matches('/') {
            "" => None,
            prefix => Some(prefix.parse().map_err(|_| LocationError::Prefix(prefix.to_owned()))?),
        };
        Ok(Self::Bucket { bucket: bucket.to_owned(), prefix })
    }
}

/// Why text is no [`Location`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// The text is empty.
    #[error("the store's location is empty")]
    Empty,
    /// No bucket can have this name.
    #[error("{0:?} is no bucket's name")]
    Bucket(String),
    /// Names in a bucket cannot begin with this.
    #[error("{0:?} cannot stand before names in a bucket: use letters, digits, . _ - and /")]
    Prefix(String),
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_folder_or_a_bucket() {
        let location = |text: &str| text.parse::<Location>();
        assert_eq!(location("/srv/audit"), Ok(Location::Folder("/srv/audit".into())));
        let bucket = |prefix: Option<&str>| {
            let prefix = prefix.map(|prefix| prefix.parse().unwrap());
            Ok(Location::Bucket { bucket: "audit-evidence".into(), prefix })
        };
        assert_eq!(location("s3://audit-evidence"), bucket(None));
        assert_eq!(location("s3://audit-evidence/"), bucket(None));
        assert_eq!(location("s3://audit-evidence/a/b/"), bucket(Some("a/b")));
        assert_eq!(location(""), Err(LocationError::Empty));
        assert_eq!(location("s3://UPPER/x"), Err(LocationError::Bucket("UPPER".into())));
        assert_eq!(location("s3:///x"), Err(LocationError::Bucket("".into())));
        assert_eq!(location("s3://audit/a//b"), Err(LocationError::Prefix("a//b".into())));
    }
}
