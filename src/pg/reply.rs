//! The answer of a background worker to the session that waits for it, through a segment of shared memory.

use std::panic::AssertUnwindSafe;

use pgrx::pg_sys::panic::{CaughtError, ErrorReportWithLevel};
use pgrx::{PgTryBuilder, pg_sys};

/// The handle of no memory at all.
pub(crate) const NOBODY: u32 = 0;

/// The longest text that comes back, in bytes.
const MAX_TEXT_BYTES: usize = 2048;

/// An error that ended a worker.
pub(crate) struct WorkerError {
    /// The SQLSTATE, packed.
    pub(crate) code: i32,
    pub(crate) message: String,
    pub(crate) detail: String,
    pub(crate) hint: String,
}

/// What lies in the memory. All zeros: no answer yet.
#[repr(C)]
struct Block {
    state: u32,
    code: i32,
    message: Text,
    detail: Text,
    hint: Text,
}

const DONE: u32 = 1;
const FAILED: u32 = 2;

#[repr(C)]
struct Text {
    length: u32,
    bytes: [u8; MAX_TEXT_BYTES],
}

/// A place for an answer; gone when dropped, or at the end of the transaction.
pub(crate) struct Reply(*mut pg_sys::dsm_segment);

impl Reply {
    /// An empty place.
    pub(crate) fn new() -> Reply {
        // SAFETY: within a transaction, whose end gives the memory back at the latest.
        unsafe {
            let segment = pg_sys::dsm_create(size_of::<Block>(), 0);
            pg_sys::dsm_segment_address(segment).cast::<Block>().write_bytes(0, 1);
            Reply(segment)
        }
    }

    /// What the worker finds it by.
    pub(crate) fn handle(&self) -> u32 {
        // SAFETY: the segment is attached.
        unsafe { pg_sys::dsm_segment_handle(self.0) }
    }

    /// The answer, with what the worker has to say; None when it ended without one. Only after its end.
    pub(crate) fn answer(&self) -> Option<Result<String, WorkerError>> {
        // SAFETY: a Block by `new`; nobody writes it any more.
        let block = unsafe { &*pg_sys::dsm_segment_address(self.0).cast::<Block>() };
        match block.state {
            DONE => Some(Ok(block.message.read())),
            FAILED => Some(Err(WorkerError {
                code: block.code,
                message: block.message.read(),
                detail: block.detail.read(),
                hint: block.hint.read(),
            })),
            _ => None,
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return; // the end of the transaction detaches it
        }
        // SAFETY: attached by `new`.
        unsafe { pg_sys::dsm_detach(self.0) }
    }
}

/// In a worker: runs `work` and answers how it went, with what `work` says. An ERROR goes on, and ends the process.
pub(crate) fn to(handle: u32, work: impl FnOnce() -> String) {
    if handle == NOBODY {
        work();
        return;
    }
    // SAFETY: outside any transaction, so it stays attached to the end of this process. Null when
    // whoever asked is gone.
    let segment = unsafe { pg_sys::dsm_attach(handle) };
    if segment.is_null() {
        return;
    }
    #[allow(clippy::result_large_err, reason = "made once, and only to be taken apart")]
    let outcome = PgTryBuilder::new(AssertUnwindSafe(|| Ok(work())))
        .catch_others(Err)
        .catch_rust_panic(Err)
        .execute();
    // SAFETY: a Block by `new`, which nobody else touches before this process ends.
    let block = unsafe { &mut *pg_sys::dsm_segment_address(segment).cast::<Block>() };
    match outcome {
        Ok(said) => {
            block.message.write(&said);
            block.state = DONE;
        }
        Err(caught) => {
            block.fail(&caught);
            caught.rethrow()
        }
    }
}

impl Block {
    fn fail(&mut self, caught: &CaughtError) {
        let report: &ErrorReportWithLevel = match caught {
            CaughtError::PostgresError(report)
            | CaughtError::ErrorReport(report)
            | CaughtError::RustPanic { ereport: report, .. } => report,
        };
        self.code = report.sql_error_code() as i32;
        self.message.write(report.message());
        self.detail.write(report.detail().unwrap_or_default());
        self.hint.write(report.hint().unwrap_or_default());
        self.state = FAILED;
    }
}

impl Text {
    fn write(&mut self, text: &str) {
        let end = text.floor_char_boundary(MAX_TEXT_BYTES);
        self.bytes[..end].copy_from_slice(&text.as_bytes()[..end]);
        self.length = end as u32;
    }

    fn read(&self) -> String {
        let length = (self.length as usize).min(MAX_TEXT_BYTES);
        String::from_utf8_lossy(&self.bytes[..length]).into_owned()
    }
}
