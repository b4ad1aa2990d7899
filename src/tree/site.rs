//! Where a tree is grown: which server, on which timeline, and which of its databases.

use crate::pg::{process, query, server};

/// Where checkpoints are signed. Another site must not sign for the same incarnation unless an
/// administrator says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Site {
    pub(crate) database: String,
    pub(crate) database_oid: u32,
    pub(crate) system_identifier: u64,
    pub(crate) timeline: u32,
}

impl Site {
    /// This site. Not on a standby, which has no timeline of its own.
    pub(crate) fn here() -> Site {
        Site {
            database: query::one_text(DATABASE, &[]).unwrap_or_default(),
            database_oid: process::database().to_u32(),
            system_identifier: server::system_identifier(),
            timeline: server::timeline(),
        }
    }

    /// How this site differs from another, in a sentence; None when it does not.
    pub(crate) fn difference(&self, before: &Site) -> Option<String> {
        if self.system_identifier != before.system_identifier {
            return Some(format!(
                "Its checkpoints were signed on the server with system identifier {}; this one has {}.",
                before.system_identifier, self.system_identifier
            ));
        }
        if self.database_oid != before.database_oid || self.database != before.database {
            return Some(format!(
                "Its checkpoints were signed in database \"{}\" with oid {}; this is \"{}\" with oid {}.",
                before.database, before.database_oid, self.database, self.database_oid
            ));
        }
        (self.timeline != before.timeline).then(|| {
            format!(
                "Its checkpoints were signed on timeline {}; the server is on timeline {} now, after a promotion or a recovery to a point in time.",
                before.timeline, self.timeline
            )
        })
    }
}

const DATABASE: &str = "SELECT pg_catalog.current_database()::pg_catalog.text";
