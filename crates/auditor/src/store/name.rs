//! The name of an object: a relative path that means the same in a folder and in a bucket.

use std::{fmt, str::FromStr};

/// The longest name: as long as S3 takes, less room for a prefix.
const MAX_BYTES: usize = 512;

/// A relative path of one or more parts joined by `/`. Parts are made of ASCII letters, digits and
/// `. _ + -`, and none is `.` or `..`, so no name leads out of its store or needs to be escaped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What comes before the last `/`; `None` for a name of one part.
    pub fn folder(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(folder, _)| folder)
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'+' | b'-');
        let good = |part: &str| {
            !part.is_empty() && part != "." && part != ".." && part.bytes().all(allowed)
        };
        if text.len() <= MAX_BYTES && text.split('/').all(good) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError(text.to_owned()))
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl NameError {
    /// That `text` is none.
    pub(crate) fn of(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// The text is not a [`Name`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot be the name of an object in a store")]
pub struct NameError(String);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_stays_inside_its_store() {
        for good in ["checkpoint", "1/tile/0/x001/x234/067.p/255", "a/..b/.c"] {
            assert_eq!(good.parse::<Name>().unwrap().to_string(), good);
        }
        for bad in ["", "/etc/passwd", "a//b", "a/", ".", "a/../b", "a b", "ä", "a\\b", "a%2fb"] {
            assert_eq!(bad.parse::<Name>(), Err(NameError(bad.into())), "{bad}");
        }
        assert!("a".repeat(MAX_BYTES).parse::<Name>().is_ok());
        assert!("a".repeat(MAX_BYTES + 1).parse::<Name>().is_err());
    }

    #[test]
    fn the_folder_is_what_comes_before() {
        assert_eq!("a/b/c".parse::<Name>().unwrap().folder(), Some("a/b"));
        assert_eq!("a".parse::<Name>().unwrap().folder(), None);
    }

    proptest! {
        #[test]
        fn no_name_climbs(text in "[a./]{0,12}") {
            if let Ok(name) = text.parse::<Name>() {
                let parts = std::path::Path::new(name.as_str()).components();
                prop_assert!(parts.into_iter().all(|c| matches!(c, std::path::Component::Normal(_))));
            }
        }
    }
}
