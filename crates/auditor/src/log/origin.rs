//! The origin: the first line of a checkpoint, which names the log and the incarnation of its tree.

use std::{fmt, str};

/// `<origin>/<database>/<incarnation>`, of which the part before the last slash names the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The log: what all its incarnations have in common.
    pub log: String,
    /// The incarnation, from 1.
    pub incarnation: u32,
}

impl str::FromStr for Origin {
    type Err = OriginError;

    fn from_str(line: &str) -> Result<Self, OriginError> {
        let (log, number) = line.rsplit_once('/').unwrap_or(("", line));
        let origin =
            number.parse().ok().map(|incarnation| Self { log: log.to_owned(), incarnation });
        // Other spellings of the number would be other origins.
        match origin {
            Some(origin)
                if origin.incarnation > 0
                    && !origin.log.is_empty()
                    && origin.to_string() == line =>
            {
                Ok(origin)
            }
            _ => Err(OriginError(line.to_owned())),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.log, self.incarnation)
    }
}

/// The line does not name a log and an incarnation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the origin {0:?} is not that of an audit_immutable log, which ends in /1, /2 and so on")]
pub struct OriginError(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_names_log_and_incarnation() {
        let origin = Origin { log: "db.example.com/shop".into(), incarnation: 12 };
        assert_eq!("db.example.com/shop/12".parse(), Ok(origin.clone()));
        assert_eq!(origin.to_string(), "db.example.com/shop/12");
        for bad in [
            "",
            "12",
            "/12",
            "db/shop",
            "db/shop/",
            "db/shop/0",
            "db/shop/01",
            "db/shop/+1",
            "a/4294967296",
        ] {
            assert_eq!(bad.parse::<Origin>(), Err(OriginError(bad.into())), "{bad}");
        }
    }
}
