//! Where the server listens, and which networks it trusts.

use network::{Listening, Networks, Severity, listening};

use super::finding::Finding;
use crate::connection;
use crate::pg::query::{self, statement};

/// The entries of `listen_addresses` that are not plainly inside.
pub(super) fn listen() -> Vec<Finding> {
    let list = query::one_text(statement!("posture/listen_addresses"), &[]).unwrap_or_default();
    let (wrong, mut right) = listening(&list, &connection::rule().networks);
    right.extend(wrong.iter().filter(|(_, what)| *what == Listening::Name).map(|(name, _)| name));
    let better = if right.is_empty() { "localhost".into() } else { right.join(", ") };
    let remedy = format!("ALTER SYSTEM SET listen_addresses = '{better}'");
    let finding = |(entry, what): (&str, Listening)| {
        let (severity, finding, remedy) = match what {
            Listening::Everywhere => {
                (Severity::High, "the server listens on every interface the machine has", &*remedy)
            }
            Listening::Outside => (
                Severity::High,
                "the server listens on an address outside the trusted networks",
                &*remedy,
            ),
            Listening::Name => (
                Severity::Info,
                "where the server listens is for the name service to say, at each start",
                "Write the address in place of the name.",
            ),
        };
        Finding {
            severity,
            setting: Some("listen_addresses".into()),
            value: Some(entry.into()),
            finding: finding.into(),
            remedy: Some(remedy.into()),
        }
    };
    wrong.into_iter().map(finding).collect()
}

/// Whether everybody is trusted.
pub(super) fn trusted() -> Vec<Finding> {
    let trusted = connection::rule().networks;
    let covered = |range: &&str| range.parse().is_ok_and(|range| trusted.cover(range));
    ["0.0.0.0/0", "::/0"]
        .into_iter()
        .filter(covered)
        .map(|range| everybody(range, &trusted))
        .collect()
}

fn everybody(range: &str, trusted: &Networks) -> Finding {
    Finding {
        severity: Severity::High,
        setting: Some("audit_immutable.trusted_networks".into()),
        value: Some(trusted.to_string()),
        finding: format!("every address of {range} may reach audit tables"),
        remedy: Some(
            "ALTER SYSTEM SET audit_immutable.trusted_networks = 'local, loopback, private'".into(),
        ),
    }
}
