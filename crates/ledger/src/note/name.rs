//! The name of a key.

use std::{error, fmt, str};

/// The name of a key, as it stands in a signature line: not empty, without spaces of any kind, plus signs
/// and control characters. A log's key has the log's origin as its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

impl KeyName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl str::FromStr for KeyName {
    type Err = KeyNameError;

    fn from_str(name: &str) -> Result<Self, KeyNameError> {
        if name.is_empty() {
            return Err(KeyNameError::Empty);
        }
        match name.chars().find(|c| c.is_whitespace() || *c == '+' || *c < ' ') {
            Some(other) => Err(KeyNameError::Character(other)),
            None => Ok(Self(name.to_owned())),
        }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why text is not a [`KeyName`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyNameError {
    /// It is empty.
    Empty,
    /// It has this character: a space, a plus sign or a control character.
    Character(char),
}

impl fmt::Display for KeyNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the name of a key is not empty"),
            Self::Character(c) => write!(f, "the name of a key cannot have the character {c:?}"),
        }
    }
}

impl error::Error for KeyNameError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_the_specification_allows() {
        for good in ["x", "example.com/foo", "grüße/漢字", "a\u{7f}"] {
            assert_eq!(good.parse::<KeyName>().map(|name| name.to_string()), Ok(good.to_owned()));
        }
        assert_eq!("".parse::<KeyName>(), Err(KeyNameError::Empty));
        for bad in [' ', '\n', '\t', '\u{85}', '\u{a0}', '\u{2003}', '\u{3000}', '+', '\0', '\x1f']
        {
            let name = format!("example.com{bad}foo");
            assert_eq!(name.parse::<KeyName>(), Err(KeyNameError::Character(bad)));
        }
    }
}
