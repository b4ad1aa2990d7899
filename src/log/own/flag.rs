//! Which of the extension's own logs its running statement may insert into: one, and no other statement any.

use std::cell::Cell;

use super::Own;

thread_local!(static WRITING: Cell<Option<Own>> = const { Cell::new(None) });

/// Whether a statement of the extension's is writing this one of its own logs.
pub(crate) fn is_writing(own: Own) -> bool {
    WRITING.get() == Some(own)
}

/// Runs `work`, which may insert into this one.
pub(super) fn flagged<T>(own: Own, work: impl FnOnce() -> T) -> T {
    struct Done(Option<Own>);
    impl Drop for Done {
        fn drop(&mut self) {
            WRITING.set(self.0);
        }
    }
    let _done = Done(WRITING.replace(Some(own)));
    work()
}
