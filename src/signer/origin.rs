//! The origin of checkpoints: the server's name, the database and the incarnation, `NAME/DATABASE/N`.

use super::settings;
use crate::error::EvidenceError;

/// The origin of an incarnation of this database's tree, by the settings.
pub(crate) fn of(database: &str, incarnation: i32) -> Result<String, EvidenceError> {
    let server = settings::origin().ok_or_else(|| EvidenceError::NoOrigin {
        why: "The setting audit_immutable.origin is empty.".into(),
    })?;
    Ok(format!("{server}/{}/{incarnation}", escaped(database)))
}

/// The number at the end of an origin.
pub(crate) fn incarnation(origin: &str) -> Option<i32> {
    origin.rsplit('/').next()?.parse().ok()
}

/// A database's name with what cannot be in the name of a key, a path or a file as %XX.
pub(crate) fn escaped(database: &str) -> String {
    let mut out = String::with_capacity(database.len());
    for byte in database.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'.' => out.push(byte.into()),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
