//! How long a line may be, and room for what comes next in it.
//!
//! Whoever can insert a row decides how large its values are, so a line's memory is asked for before it is
//! written to, in a way that may be refused: each writer of something large [`make`]s room first.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::Unwritable;

/// The longest line of a row in bytes: 256 MiB.
///
/// What hands a line out must be able to: PostgreSQL's texts end at 1 GiB, COPY doubles what it escapes, a receipt is
/// base64 of the line, and a client's memory holds more than one copy.
pub const MAX_LINE: usize = 256 << 20;

/// What [`make`] leaves beside what was asked for: enough for a number, a time or an address, and for the
/// punctuation around it.
pub const SLACK: usize = 128;

/// Makes room for `more` bytes and for what is small.
///
/// # Errors
/// [`Unwritable::TooLong`] when the line would get too long, [`Unwritable::NoMemory`] when there is no memory.
#[inline]
pub fn make(out: &mut Vec<u8>, more: usize) -> Result<(), Unwritable> {
    let needed = more.saturating_add(SLACK);
    if out.capacity() - out.len() >= needed { Ok(()) } else { grow(out, needed) }
}

#[cold]
fn grow(out: &mut Vec<u8>, needed: usize) -> Result<(), Unwritable> {
    let length = out.len().saturating_add(needed);
    if length > MAX_LINE + SLACK {
        return Err(Unwritable::TooLong);
    }
    // As a vector grows by itself, but never beyond what a line can need.
    let capacity = length.max((2 * out.capacity()).min(MAX_LINE + SLACK));
    asking(|| out.try_reserve_exact(capacity - out.len())).map_err(|_| Unwritable::NoMemory)
}

static ASKS: AtomicBool = AtomicBool::new(false);

/// Whether memory is being asked for by who can do without it. An allocator that ends the process otherwise answers
/// null then. It is one answer for all threads: for processes that have but one.
pub fn is_asking() -> bool {
    ASKS.load(Ordering::Relaxed)
}

/// Runs `work`, which asks for memory and can do without it.
pub(crate) fn asking<T>(work: impl FnOnce() -> T) -> T {
    ASKS.store(true, Ordering::Relaxed);
    let answer = work();
    ASKS.store(false, Ordering::Relaxed);
    answer
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn room_is_made_up_to_the_bound_and_no_further() {
        let mut out = Vec::new();
        make(&mut out, 10).unwrap();
        assert!(out.capacity() >= 10 + SLACK && out.capacity() < 1000);
        assert_eq!(make(&mut out, MAX_LINE + 1), Err(Unwritable::TooLong));
        assert_eq!(make(&mut out, usize::MAX), Err(Unwritable::TooLong));
        assert!(out.capacity() < 1000, "what is refused takes no memory");
        make(&mut out, MAX_LINE / 2 + 1).unwrap();
        out.resize(MAX_LINE / 2 + 1, b'x');
        make(&mut out, MAX_LINE / 2 - 1).unwrap();
        assert!(out.capacity() <= MAX_LINE + SLACK);
        assert_eq!(make(&mut out, MAX_LINE / 2), Err(Unwritable::TooLong));
    }
}
