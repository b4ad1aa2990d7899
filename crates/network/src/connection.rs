//! What a server sees of a client.

use std::fmt;
use std::net::IpAddr;

use crate::TlsVersion;

/// The other end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// No client: a process of the server's own.
    Server,
    /// A client on the same machine, over a unix socket.
    Socket,
    /// A client with an address. One that is mapped from IPv4 counts as the IPv4 address.
    Address(IpAddr),
    /// A client whose address is of a kind that is not known here.
    Unknown,
}

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The version; None for a protocol that is not known here.
    pub version: Option<TlsVersion>,
    /// Whether the client showed a certificate.
    pub has_certificate: bool,
}

/// A connection, as far as a [`Rule`](crate::Rule) asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Who is at the other end.
    pub peer: Peer,
    /// How it is encrypted; None when it is not, or not by TLS.
    pub tls: Option<Tls>,
}

impl Peer {
    /// Whether what is sent crosses a network.
    pub fn is_remote(self) -> bool {
        match self {
            Self::Server | Self::Socket => false,
            Self::Address(address) => !address.to_canonical().is_loopback(),
            Self::Unknown => true,
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server => f.write_str("the server itself"),
            Self::Socket => f.write_str("a unix socket"),
            Self::Address(address) => address.to_canonical().fmt(f),
            Self::Unknown => f.write_str("an unknown address"),
        }
    }
}

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { peer, tls } = self;
        match tls {
            None => write!(f, "{peer}, without TLS"),
            Some(Tls { version: None, .. }) => write!(f, "{peer}, with an unknown version of TLS"),
            Some(Tls { version: Some(version), .. }) => write!(f, "{peer}, with {version}"),
        }?;
        match tls {
            Some(Tls { has_certificate: true, .. }) => f.write_str(" and a client certificate"),
            _ => Ok(()),
        }
    }
}
