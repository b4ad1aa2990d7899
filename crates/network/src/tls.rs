//! Versions of TLS, as PostgreSQL writes them.

use std::fmt;

/// A version of TLS. Later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// TLS 1.0 (RFC 2246).
    V1,
    /// TLS 1.1 (RFC 4346).
    V1_1,
    /// TLS 1.2 (RFC 5246).
    V1_2,
    /// TLS 1.3 (RFC 8446).
    V1_3,
}

impl TlsVersion {
    /// The version that PostgreSQL, or OpenSSL, calls `name`; None for another protocol.
    pub fn named(name: &str) -> Option<Self> {
        [Self::V1, Self::V1_1, Self::V1_2, Self::V1_3].into_iter().find(|it| it.name() == name)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::V1 => "TLSv1",
            Self::V1_1 => "TLSv1.1",
            Self::V1_2 => "TLSv1.2",
            Self::V1_3 => "TLSv1.3",
        }
    }
}

impl fmt::Display for TlsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
