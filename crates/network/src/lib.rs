//! Which connections may reach an audit table, without PostgreSQL: a [`Rule`] says from which [`Networks`] and under
//! which TLS, a [`Connection`] is what a server sees of a client, and [`Rule::judge`] compares the two.

#![forbid(unsafe_code)]

mod connection;
mod networks;
mod rule;
mod tls;

pub use connection::{Connection, Peer, Tls};
pub use networks::{Networks, NetworksError};
pub use rule::{Complaint, RequireTls, RequireTlsError, Rule};
pub use tls::TlsVersion;
