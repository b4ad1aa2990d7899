//! UUIDs, which name logs and trees.
//!
//! The crate `uuid` reads several spellings. A log has one, since its opening line is hashed: lower case with
//! hyphens.

use std::{error, fmt, str};

/// A UUID. It prints and parses as 36 lower-case characters with hyphens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid(uuid::Uuid);

impl Uuid {
    /// A UUID from its 16 bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(uuid::Uuid::from_bytes(bytes))
    }

    /// The 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl str::FromStr for Uuid {
    type Err = UuidError;

    fn from_str(text: &str) -> Result<Self, UuidError> {
        let uuid = uuid::Uuid::try_parse(text).map(Self).map_err(|_| UuidError)?;
        if uuid.to_string() == text { Ok(uuid) } else { Err(UuidError) }
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::LowerHex::fmt(self.0.as_hyphenated(), f)
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a [`Uuid`] in its one spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UuidError;

impl fmt::Display for UuidError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a UUID is written in lower case with hyphens")
    }
}

impl error::Error for UuidError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "0c4ef7d8-2f7b-4a52-9a0c-93b0b7a1d3f5";

    #[test]
    fn a_uuid_has_one_spelling() {
        assert_eq!(TEXT.parse::<Uuid>().map(|uuid| uuid.to_string()), Ok(TEXT.to_owned()));
        for bad in [
            String::new(),
            TEXT.to_uppercase(),
            TEXT.replace('-', ""),
            format!("{{{TEXT}}}"),
            format!("urn:uuid:{TEXT}"),
            format!("{TEXT} "),
            TEXT.replacen('-', "0", 1),
            TEXT.replacen('0', "g", 1),
            TEXT[1..].to_owned(),
        ] {
            assert_eq!(bad.parse::<Uuid>(), Err(UuidError), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_uuid_reads_back(bytes: [u8; 16]) {
            let uuid = Uuid::from_bytes(bytes);
            prop_assert_eq!(uuid.as_bytes(), &bytes);
            prop_assert_eq!(uuid.to_string().parse(), Ok(uuid));
        }
    }
}
