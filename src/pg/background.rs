//! Background workers: starting them, and what runs inside one.
//!
//! pgrx does what it has. Its handle of a worker is never freed, and a launcher would leak one each time; its connection cannot go into a database that allows none; its SIGTERM does not end
//! a worker that waits for a lock; and its transaction reports no statistics.

use std::ffi::{CStr, c_int};
use std::time::Duration;

use pgrx::bgworkers::{
    BackgroundWorker, BackgroundWorkerBuilder, BgWorkerStartTime, SignalWakeFlags,
};
use pgrx::{pg_guard, pg_sys};

use super::sys;

/// A worker of this library: its name and the C function it runs.
pub(crate) struct Job {
    pub(crate) name: &'static str,
    pub(crate) function: &'static str,
}

impl Job {
    fn builder(&self) -> BackgroundWorkerBuilder {
        BackgroundWorkerBuilder::new(self.name)
            .set_type(self.name)
            .set_library("audit_immutable")
            .set_function(self.function)
    }

    /// Has the postmaster run it, without a database, whenever the server takes writes; again
    /// `pause` after it ended. Only while `shared_preload_libraries` are being loaded.
    pub(crate) fn run_always(&self, pause: Duration) {
        self.builder()
            .enable_shmem_access(None)
            .set_start_time(BgWorkerStartTime::RecoveryFinished)
            .set_restart_time(Some(pause))
            .load();
    }

    /// The same, with access to the catalogs that all databases share.
    pub(crate) fn run_always_with_databases(&self, pause: Duration) {
        self.builder()
            .enable_spi_access()
            .set_start_time(BgWorkerStartTime::RecoveryFinished)
            .set_restart_time(Some(pause))
            .load();
    }

    /// Runs it once, with access to databases; None when `max_worker_processes` are running.
    pub(crate) fn run_once(&self, argument: pg_sys::Datum) -> Option<Handle> {
        // SAFETY: set once at backend start.
        let me = unsafe { pg_sys::MyProcPid };
        let builder =
            self.builder().enable_spi_access().set_argument(Some(argument)).set_notify_pid(me);
        let mut worker = pg_sys::BackgroundWorker::from(&builder);
        let mut handle = std::ptr::null_mut();
        // SAFETY: both pointers are valid; the description is copied.
        let registered =
            unsafe { pg_sys::RegisterDynamicBackgroundWorker(&mut worker, &mut handle) };
        registered.then(|| Handle(handle))
    }
}

/// A worker that was started by this process.
pub(crate) struct Handle(*mut pg_sys::BackgroundWorkerHandle);

impl Handle {
    /// Whether it runs, or is about to.
    pub(crate) fn is_alive(&self) -> bool {
        let mut pid = 0;
        // SAFETY: the handle is the server's, and freed on drop only.
        let status = unsafe { pg_sys::GetBackgroundWorkerPid(self.0, &mut pid) };
        matches!(
            status,
            pg_sys::BgwHandleStatus::BGWH_STARTED | pg_sys::BgwHandleStatus::BGWH_NOT_YET_STARTED
        )
    }
}

impl Handle {
    /// Waits for its end. A cancel is heeded; the worker goes on then.
    pub(crate) fn wait_for_end(&self) {
        // SAFETY: the handle is the server's; the worker was told to wake this process.
        unsafe { pg_sys::WaitForBackgroundWorkerShutdown(self.0) };
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: allocated for us by RegisterDynamicBackgroundWorker.
        unsafe { pg_sys::pfree(self.0.cast()) }
    }
}

/// In a worker without a database: SIGTERM makes `must_stop` true, and SIGHUP reads the settings.
pub(crate) fn begin() {
    BackgroundWorker::attach_signal_handlers(SignalWakeFlags::SIGHUP | SignalWakeFlags::SIGTERM);
}

/// In a worker that looks at shared catalogs alone.
pub(crate) fn begin_in_no_database() {
    begin();
    // SAFETY: the handlers are there; the connection is the only one of this process.
    unsafe {
        pg_sys::BackgroundWorkerInitializeConnectionByOid(
            pg_sys::InvalidOid,
            pg_sys::InvalidOid,
            0,
        );
    }
}

/// In a worker: connects to the database as the bootstrap superuser. SIGTERM ends the process, whatever
/// it waits for.
pub(crate) fn begin_in(database: pg_sys::Oid) {
    #[cfg(not(feature = "pg18"))]
    use pg_sys::pqsignal;
    #[cfg(feature = "pg18")]
    use pg_sys::pqsignal_be as pqsignal;
    // SAFETY: one of the server's own handlers; the connection is the first and only one of this process.
    unsafe {
        pqsignal(pg_sys::SIGTERM as c_int, Some(sys::die));
        pg_sys::BackgroundWorkerUnblockSignals();
        pg_sys::BackgroundWorkerInitializeConnectionByOid(
            database,
            pg_sys::InvalidOid,
            pg_sys::BGWORKER_BYPASS_ALLOWCONN,
        );
    }
    leave_no_audit_trail();
}

/// Has pgaudit, where it is loaded, log nothing for this process: what the extension does is nobody's statement.
fn leave_no_audit_trail() {
    let (log, role) = (c"pgaudit.log", c"pgaudit.role");
    // SAFETY: a terminated name; answers null for a setting that is not there.
    let is_loaded = unsafe { !pg_sys::GetConfigOption(log.as_ptr(), true, false).is_null() };
    if is_loaded {
        set(log, c"none");
        set(role, c"");
    }
}

/// Has `last` called when this process ends, while it still has the memory that all share. Who registered
/// last is called first.
pub(crate) fn before_end(last: fn()) {
    let last = pg_sys::Datum::from(last as *mut std::ffi::c_void);
    // SAFETY: the callback gets back the function it casts to, which lives as long as the library.
    unsafe { pg_sys::before_shmem_exit(Some(ending), last) }
}

#[pg_guard]
unsafe extern "C-unwind" fn ending(_code: c_int, last: pg_sys::Datum) {
    // SAFETY: before_end made the value out of such a function.
    let last = unsafe { std::mem::transmute::<usize, fn()>(last.value()) };
    last();
}

/// Sets a setting for this process, above what the database, the role or the file say.
pub(crate) fn set(name: &CStr, value: &CStr) {
    // SAFETY: terminated strings.
    unsafe {
        pg_sys::SetConfigOption(
            name.as_ptr(),
            value.as_ptr(),
            pg_sys::GucContext::PGC_SUSET,
            pg_sys::GucSource::PGC_S_OVERRIDE,
        );
    }
}

/// Waits until the latch is set or the time is over; ends the process with the postmaster.
pub(crate) fn wait(limit: Option<Duration>) {
    // False for a SIGTERM, of which must_stop knows too, and for the postmaster's end.
    if !BackgroundWorker::wait_latch(limit) && !must_stop() {
        stop();
    }
    if BackgroundWorker::sighup_received() {
        // SAFETY: in a background worker, between two steps of its work.
        unsafe { pg_sys::ProcessConfigFile(pg_sys::GucContext::PGC_SIGHUP) };
    }
}

/// Whether SIGTERM has come, in a worker without a database.
pub(crate) fn must_stop() -> bool {
    // SAFETY: a variable that a signal handler sets.
    unsafe { (&raw const pg_sys::ShutdownRequestPending).read_volatile() != 0 }
}

/// Ends the process in a way that the postmaster takes for a reason to start it again.
pub(crate) fn stop() -> ! {
    // SAFETY: runs the exit callbacks; nothing of ours needs a drop.
    unsafe { pg_sys::proc_exit(1) };
    // The binding of 18 does not say that it never returns.
    #[cfg(feature = "pg18")]
    std::process::exit(1)
}

/// Runs `work` in a transaction and commits it. An ERROR ends the process.
pub(crate) fn transaction<T>(work: impl FnOnce() -> T) -> T {
    // SAFETY: in a worker that is connected, outside any transaction; each call has its counterpart.
    unsafe {
        pg_sys::SetCurrentStatementStartTimestamp();
        pg_sys::StartTransactionCommand();
        pg_sys::PushActiveSnapshot(pg_sys::GetTransactionSnapshot());
        let result = work();
        pg_sys::PopActiveSnapshot();
        pg_sys::CommitTransactionCommand();
        pg_sys::pgstat_report_stat(true);
        result
    }
}
