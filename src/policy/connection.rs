//! Which connection may reach an audit table.

use network::{Complaint, Connection, Rule};

use crate::error::Error;

/// Whose rule a connection has to satisfy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The server's, in its configuration.
    Server,
    /// The table's own, which its owner made.
    Table,
}

/// Whether the connection may reach audit table `table`; the error says why not.
pub(crate) fn may_reach(
    table: &str,
    connection: &Connection,
    rule: &Rule,
    whose: Whose,
) -> Result<(), Error> {
    let Some(complaint) = rule.judge(connection) else { return Ok(()) };
    let wanted = match complaint {
        Complaint::Network => "The client's network is not one of those that may reach it.",
        Complaint::NotEncrypted => "Such a connection must be encrypted by TLS.",
        Complaint::OldTls => "Its version of TLS is older than the oldest that may be used.",
        Complaint::NoCertificate => "The client must show a certificate.",
    };
    let hint = match (whose, complaint) {
        (Whose::Table, _) => {
            "The table was restricted by audit_immutable.restrict(), for good: connect as its events in audit_immutable.event say."
        }
        (Whose::Server, Complaint::Network) => {
            "Connect from a trusted network, or have an administrator add this one to audit_immutable.trusted_networks."
        }
        (Whose::Server, Complaint::NotEncrypted) => {
            "Connect with sslmode=verify-full; the setting is audit_immutable.require_tls."
        }
        (Whose::Server, Complaint::OldTls) => {
            "Connect with a newer version; the setting is audit_immutable.min_tls_version."
        }
        (Whose::Server, Complaint::NoCertificate) => {
            "Connect with sslcert and sslkey, by a line of pg_hba.conf that asks for them (clientcert); the setting is audit_immutable.require_client_cert."
        }
    };
    Err(Error::OutOfReach { table: table.into(), client: connection.to_string(), wanted, hint })
}
