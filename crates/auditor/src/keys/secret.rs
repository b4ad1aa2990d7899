//! Secret keys, as keygen writes them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use ledger::note::{KeyKind, KeyName, SigningKey};
use zeroize::Zeroizing;

use crate::files;
use crate::outcome::Failure;

/// More bytes than a file with one key has.
const MAX_BYTES: u64 = 1 << 16;

/// The key in a file, with the name that it signs under, which is not in the file.
///
/// # Errors
/// [`Failure::Unreadable`] if the file cannot be read or is no secret key.
pub fn read_secret_key(path: &Path, name: KeyName, kind: KeyKind) -> Result<SigningKey, Failure> {
    let pem = Zeroizing::new(files::read_text(path, MAX_BYTES)?);
    SigningKey::from_pem(name, kind, &pem)
        .map_err(|error| files::unreadable(path, &format_args!("it is {error}")))
}

/// Whether a file has any of these permission bits. Something else than a file, such as a pipe, has none.
pub fn is_accessible_to(path: &Path, bits: u32) -> bool {
    fs::metadata(path).is_ok_and(|about| about.is_file() && about.permissions().mode() & bits != 0)
}
