//! The origin: the first line of a checkpoint, which names the log and the incarnation of its tree.

use std::{error, fmt, str};

use crate::digits;

/// Whose checkpoint it is. It prints and parses as `NAME/DATABASE/N`: the server's name, in which there may be
/// slashes, the database and the number of the incarnation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// `NAME/DATABASE`: what all incarnations of the log have in common.
    pub log: String,
    /// The number of the incarnation, from 1.
    pub incarnation: u32,
}

impl str::FromStr for Origin {
    type Err = OriginError;

    fn from_str(line: &str) -> Result<Self, OriginError> {
        parse(line).ok_or_else(|| OriginError(line.to_owned()))
    }
}

fn parse(line: &str) -> Option<Origin> {
    let (log, number) = line.rsplit_once('/')?;
    let (name, database) = log.rsplit_once('/')?;
    // Other spellings of the number would be other origins.
    let incarnation = u32::try_from(digits::decimal(number)?).ok()?;
    (!name.is_empty() && !database.is_empty() && incarnation > 0)
        .then(|| Origin { log: log.to_owned(), incarnation })
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.log, self.incarnation)
    }
}

/// The line is not an [`Origin`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginError(pub String);

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not an origin NAME/DATABASE/N, N being 1, 2 and so on", self.0)
    }
}

impl error::Error for OriginError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_origin_names_log_and_incarnation() {
        for (line, log, incarnation) in [
            ("db.example.com/shop/12", "db.example.com/shop", 12),
            ("example.com/eu/shop/1", "example.com/eu/shop", 1),
            ("db/12/4294967295", "db/12", u32::MAX),
        ] {
            let origin = Origin { log: log.into(), incarnation };
            assert_eq!(line.parse(), Ok(origin.clone()));
            assert_eq!(origin.to_string(), line);
        }
    }

    #[test]
    fn nothing_else_is_an_origin() {
        for bad in [
            "",
            "12",
            "/12",
            "//12",
            "db/12",
            "db//12",
            "/shop/12",
            "db/shop",
            "db/shop/",
            "db/shop/0",
            "db/shop/01",
            "db/shop/+1",
            "db/shop/1 ",
            "db/shop/4294967296",
        ] {
            assert_eq!(bad.parse::<Origin>(), Err(OriginError(bad.into())), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_back(line in "[a-z/0-9]{0,8}") {
            if let Ok(origin) = line.parse::<Origin>() {
                prop_assert_eq!(origin.to_string(), line);
            }
        }
    }
}
