//! The head of a chain: its last row, or what was its last row at some time.

use std::{error, fmt, str};

use crate::{RowHash, digits};

/// A row of a chain and its hash. It prints and parses as `CHAIN:SEQ:HASH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Head {
    /// The chain, from 1.
    pub chain: i32,
    /// The row's number in the chain, from 1.
    pub seq: i64,
    /// The row's hash.
    pub hash: RowHash,
}

impl str::FromStr for Head {
    type Err = HeadError;

    fn from_str(text: &str) -> Result<Self, HeadError> {
        parse(text).ok_or_else(|| HeadError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Head> {
    let (chain, rest) = text.split_once(':')?;
    let (seq, hash) = rest.split_once(':')?;
    let chain = i32::try_from(digits::decimal(chain)?).ok()?;
    let seq = i64::try_from(digits::decimal(seq)?).ok()?;
    let hash = hash.parse().ok()?;
    (chain > 0 && seq > 0).then_some(Head { chain, seq, hash })
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.chain, self.seq, self.hash)
    }
}

/// The text is not a [`Head`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadError(pub String);

impl fmt::Display for HeadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not CHAIN:SEQ:HASH, the hash in 64 lower-case hex digits", self.0)
    }
}

impl error::Error for HeadError {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `text` with a hash in place of `H`.
    fn with_hash(text: &str) -> String {
        text.replace('H', &"ab".repeat(32))
    }

    #[test]
    fn heads_are_read_and_nothing_else_is() {
        for good in ["3:42:H", "2147483647:9223372036854775807:H"] {
            let text = with_hash(good);
            assert_eq!(text.parse::<Head>().unwrap().to_string(), text);
        }
        for bad in [
            "",
            "1:2",
            "0:1:H",
            "1:0:H",
            "01:1:H",
            "1:01:H",
            "+1:1:H",
            "-1:1:H",
            "1:-1:H",
            " 1:1:H",
            "2147483648:1:H",
            "1:9223372036854775808:H",
            "1:1:H0",
            "1:1:H:1",
            "1:1:",
            "1:H",
            "x:1:H",
        ] {
            let text = with_hash(bad);
            assert_eq!(text.parse::<Head>(), Err(HeadError(text)), "{bad}");
        }
        assert!(with_hash("1:1:H").to_uppercase().parse::<Head>().is_err());
    }

    proptest! {
        #[test]
        fn any_head_reads_back(chain in 1..=i32::MAX, seq in 1..=i64::MAX, hash: [u8; 32]) {
            let head = Head { chain, seq, hash: RowHash::from_bytes(hash) };
            prop_assert_eq!(head.to_string().parse(), Ok(head));
        }
    }
}
