//! Which connections may reach an audit table, without PostgreSQL: a [`Rule`] says from which [`Networks`] and under
//! which TLS, a [`Connection`] is what a server sees of a client, and [`Rule::judge`] compares the two.
//! Beside it, how a server is set up around them: the [`Flaw`]s of a line of pg_hba.conf, and where it is [`listening`].

#![forbid(unsafe_code)]

mod connection;
mod coverage;
mod hba;
mod listening;
mod networks;
mod rule;
mod severity;
mod tls;

pub use connection::{Connection, Peer, Tls};
pub use hba::{Flaw, HbaRule, Site};
pub use listening::{Listening, listening};
pub use networks::{Networks, NetworksError};
pub use rule::{Complaint, RequireTls, RequireTlsError, Rule};
pub use severity::Severity;
pub use tls::TlsVersion;
