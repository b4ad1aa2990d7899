//! The settings of checkpoints. All are read from the server's configuration alone: no session can
//! point the server at another key.

use std::ffi::CString;
use std::time::Duration;

use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting};

static SIGNING_KEY_FILE: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(None);
static ORIGIN: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(None);
static WAITS_FOR: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(None);
static INTERVAL: GucSetting<i32> = GucSetting::<i32>::new(10);

/// Declares the settings.
pub(super) fn declare() {
    let string = |name, short, long, setting, flags| {
        GucRegistry::define_string_guc(name, short, long, setting, GucContext::Sighup, flags);
    };
    string(
        c"audit_immutable.signing_key_file",
        c"File with the key that signs checkpoints.",
        c"An Ed25519 key in PKCS#8 PEM, outside the data directory, readable by the server's user alone.",
        &SIGNING_KEY_FILE,
        GucFlags::SUPERUSER_ONLY,
    );
    string(
        c"audit_immutable.origin",
        c"Name of this server in the origin of its checkpoints.",
        c"The origin is this name, the database and the number of the incarnation, with slashes between.",
        &ORIGIN,
        GucFlags::default(),
    );
    string(
        c"audit_immutable.checkpoint_waits_for",
        c"Standbys that must have flushed what is signed.",
        c"Names as in application_name, with commas between; empty: none.",
        &WAITS_FOR,
        GucFlags::default(),
    );
    GucRegistry::define_int_guc(
        c"audit_immutable.checkpoint_interval",
        c"Time between automatic checkpoints.",
        c"Zero makes none. Only where the library is in shared_preload_libraries.",
        &INTERVAL,
        0,
        86_400,
        GucContext::Sighup,
        GucFlags::UNIT_S,
    );
}

/// The file with the signing key.
pub(crate) fn signing_key_file() -> Option<String> {
    text(&SIGNING_KEY_FILE)
}

/// The server's name in origins.
pub(crate) fn origin() -> Option<String> {
    text(&ORIGIN)
}

/// The standbys that must have flushed what is signed.
pub(crate) fn waits_for() -> Vec<String> {
    let names = text(&WAITS_FOR).unwrap_or_default();
    names.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// The time between automatic checkpoints; None when there are none.
pub(crate) fn interval() -> Option<Duration> {
    u64::try_from(INTERVAL.get()).ok().filter(|seconds| *seconds > 0).map(Duration::from_secs)
}

fn text(setting: &GucSetting<Option<CString>>) -> Option<String> {
    let value = setting.get()?.to_string_lossy().trim().to_owned();
    (!value.is_empty()).then_some(value)
}
