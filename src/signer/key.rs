//! The signing key: a file outside the data directory that nobody but the server's user can read.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use ledger::note::{KeyKind, KeyName, SigningKey, VerifierKey};

use super::{former_keys, settings};
use crate::error::EvidenceError;
use crate::pg::server;

/// A key file is some hundred bytes.
const MAX_FILE_BYTES: u64 = 16 * 1024;

const PERMISSIONS: &str = "Make it the server's user's own, with mode 0600.";
const MAKE: &str = "Make a key with \"audit-immutable keygen\".";
const PLACE: &str =
    "Keep the key where neither a base backup nor a client of the database can reach it.";

/// Where the key is, by the settings.
pub(crate) fn path() -> Result<PathBuf, EvidenceError> {
    settings::signing_key_file().map(PathBuf::from).ok_or(EvidenceError::NoKey)
}

/// The key that signs under `origin`.
pub(crate) fn signing(origin: &str) -> Result<SigningKey, EvidenceError> {
    let name = origin
        .parse::<KeyName>()
        .map_err(|error| EvidenceError::NoOrigin { why: format!("\"{origin}\": {error}.") })?;
    let path = path()?;
    let refused = |why: String, hint| EvidenceError::KeyUnusable {
        path: path.display().to_string(),
        why,
        hint,
    };
    check_place(&path).map_err(|why| refused(why, PLACE))?;
    let pem = read(&path).map_err(|(why, hint)| refused(why, hint))?;
    SigningKey::from_pem(name, KeyKind::Ed25519, &pem)
        .map_err(|error| refused(format!("It holds no Ed25519 key in PKCS#8 PEM: {error}."), MAKE))
}

/// The keys that check what was signed under `origin`: today's, then those before it. None where the signing key is
/// not at hand.
pub(crate) fn verifiers(origin: &str) -> Option<Vec<VerifierKey>> {
    let signing = signing(origin).ok()?;
    let today = signing.verifier();
    Some([vec![today.clone()], former_keys::under(today.name())].concat())
}

fn check_place(path: &Path) -> Result<(), String> {
    if !path.is_absolute() {
        return Err("Its path is not absolute.".into());
    }
    let real = fs::canonicalize(path).map_err(|error| format!("{}.", plainly(&error)))?;
    let data = fs::canonicalize(server::data_directory()).unwrap_or_default();
    if !data.as_os_str().is_empty() && real.starts_with(&data) {
        return Err("It is in the data directory, and so in every backup of it.".into());
    }
    Ok(())
}

/// Checks and reads one and the same file: the path may come to mean another meanwhile.
fn read(path: &Path) -> Result<String, (String, &'static str)> {
    let io = |error: std::io::Error| (format!("{}.", plainly(&error)), MAKE);
    let mut file = File::open(path).map_err(io)?;
    let meta = file.metadata().map_err(io)?;
    if !meta.is_file() {
        return Err(("It is no regular file.".into(), MAKE));
    }
    let mode = meta.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let why = format!("Others than its owner can read or write it: its mode is {mode:04o}.");
        return Err((why, PERMISSIONS));
    }
    if Some(meta.uid()) != server::user() {
        return Err(("It does not belong to the server's user.".into(), PERMISSIONS));
    }
    if meta.len() > MAX_FILE_BYTES {
        return Err((format!("It has {} bytes.", meta.len()), MAKE));
    }
    let mut pem = String::new();
    file.read_to_string(&mut pem).map_err(io)?;
    Ok(pem)
}

/// What went wrong with a file, in the system's words.
pub(crate) fn plainly(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}
