//! The reasons that callers give for what goes on record for good.

use crate::error::Error;
use crate::pg::encoding;

/// In bytes: a page of text.
const LONGEST: usize = 4000;

/// The reason a caller gave. Raises the error for none, and for one that is too long.
pub(crate) fn stated(reason: Option<&[u8]>) -> String {
    let reason = reason.unwrap_or_default();
    if reason.len() > LONGEST {
        Error::LongReason { length: reason.len() }.raise();
    }
    let reason = String::from_utf8_lossy(&encoding::from_server(reason)).trim().to_owned();
    if reason.is_empty() {
        Error::NoReason.raise();
    }
    reason
}
