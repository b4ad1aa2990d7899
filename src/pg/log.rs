//! The server's log.

use std::ffi::{CString, c_int};

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgLogLevel, PgSqlErrorCode, function_name, pg_sys};

use super::ffi::guarded;
use super::sys;

/// A SQLSTATE, or what one is packed into.
pub(crate) type State = [u8; 5];

/// Writes a line of level LOG that no client gets. `message` is in the server's encoding; a NUL
/// inside ends it.
pub(crate) fn server_only(state: State, message: &[u8]) {
    let end = message.iter().position(|byte| *byte == 0).unwrap_or(message.len());
    let message = CString::new(&message[..end]).unwrap_or_default();
    let (message, state) = (message.as_ptr(), pack(state));
    // SAFETY: the order that ereport() keeps; terminated strings, and nothing to drop inside.
    unsafe {
        guarded(|| {
            if sys::errstart(pg_sys::LOG_SERVER_ONLY as c_int, std::ptr::null()) {
                sys::errcode(state);
                sys::errmsg_internal(c"%s".as_ptr(), message);
                sys::errfinish(c"log.rs".as_ptr(), line!() as c_int, c"server_only".as_ptr());
            }
        });
    }
}

/// A warning, to the client if there is one; of a background worker only the server's log hears.
pub(crate) fn warning(message: String, detail: &str) {
    let [message, detail] = [message, detail.to_owned()].map(crate::error::in_any_encoding);
    ErrorReport::new(PgSqlErrorCode::ERRCODE_WARNING, message, function_name!())
        .set_detail(detail)
        .report(PgLogLevel::WARNING);
}

/// A notice, to the client alone.
pub(crate) fn notice(message: String) {
    let message = crate::error::in_any_encoding(message);
    let state = PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION;
    ErrorReport::new(state, message, function_name!()).report(PgLogLevel::NOTICE);
}

/// MAKE_SQLSTATE
pub(super) fn pack(state: State) -> c_int {
    state.iter().rev().fold(0, |packed, byte| packed << 6 | c_int::from((byte - b'0') & 0x3f))
}

/// The five characters of a packed SQLSTATE.
pub(crate) fn unpack(packed: c_int) -> State {
    std::array::from_fn(|place| ((packed >> (6 * place)) & 0x3f) as u8 + b'0')
}
