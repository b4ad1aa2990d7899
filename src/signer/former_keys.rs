//! Keys that this server signed with before: what they signed is genuine still.

use std::ffi::CString;

use ledger::note::{KeyKind, KeyName, VerifierKey};
use pgrx::guc::GucSetting;

use crate::pg::setting_check::{self, Accepts};

/// As many keys as a server may have had.
const MAX_KEYS: usize = 100;

static FORMER_KEYS: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(None);

/// The value of the setting: verifier keys with spaces between, as `audit-immutable vkey` prints them.
struct Keys;

/// Declares the setting.
pub(super) fn declare() {
    setting_check::define::<Keys>(
        c"audit_immutable.former_keys",
        c"Verifier keys of former signing keys.",
        c"As audit-immutable vkey prints them, with spaces between; each counts for every origin of this server.",
        &FORMER_KEYS,
    );
}

/// The former keys, as they signed under `origin`. Who holds the key of one database held the others' too: it was
/// the server's.
pub(super) fn under(origin: &KeyName) -> Vec<VerifierKey> {
    let setting = FORMER_KEYS.get().map(|it| it.to_string_lossy().into_owned());
    let keys = parse(&setting.unwrap_or_default()).unwrap_or_default();
    let renamed = |key: VerifierKey| {
        VerifierKey::new(origin.clone(), KeyKind::Ed25519, key.public_bytes()).ok()
    };
    keys.into_iter().filter_map(renamed).collect()
}

impl Accepts for Keys {
    fn check(value: &str) -> Result<(), String> {
        parse(value).map(|_| ())
    }
}

fn parse(value: &str) -> Result<Vec<VerifierKey>, String> {
    let words: Vec<_> = value.split_whitespace().collect();
    if words.len() > MAX_KEYS {
        return Err(format!(
            "There are {} keys, and at most {MAX_KEYS} can be given.",
            words.len()
        ));
    }
    words.into_iter().map(former).collect()
}

fn former(word: &str) -> Result<VerifierKey, String> {
    let key: VerifierKey = word.parse().map_err(|error| format!("\"{word}\": {error}."))?;
    match key.kind() {
        KeyKind::Ed25519 => Ok(key),
        KeyKind::CosignatureV1 => Err(format!("\"{word}\" is the key of a witness.")),
    }
}
