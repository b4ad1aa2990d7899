//! The guard triggers' function: the friendly early error, before storage would refuse.

use pgrx::{pg_guard, pg_sys};

use super::{refuse_at, skip_replicated};
use crate::error::{Change, Error};
use crate::log::own::Own;
use crate::pg::call::Call;
use crate::pg::error_fields::named;
use crate::pg::heap;
use crate::pg::library::pg_function_info;
use crate::pg::table::Table;
use crate::policy;

pg_function_info!(pg_finfo_audit_immutable_guard);

/// `audit_immutable.guard()`: refuses what it is called for, unless it is called for a statement that has no row to
/// change; for a row to insert, leaves out what a publisher sends.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_guard(call: pg_sys::FunctionCallInfo) -> pg_sys::Datum {
    // SAFETY: the function manager's call.
    let call = unsafe { Call::of(call) };
    let Some(trigger) = call.trigger() else {
        Error::NotATrigger { function: "guard", caller: "a trigger" }.raise()
    };
    if let Some(row) = call.row_to_insert() {
        let is_left_out = skip_replicated::is_from_publisher(trigger.table);
        return if is_left_out { pg_sys::Datum::null() } else { row };
    }
    let change = match trigger.event & pg_sys::TRIGGER_EVENT_OPMASK {
        pg_sys::TRIGGER_EVENT_UPDATE => Change::Update,
        pg_sys::TRIGGER_EVENT_TRUNCATE => Change::Truncate,
        _ => Change::Delete,
    };
    if !trigger.is_for_row() && may_find_no_row(change, trigger.table) {
        return pg_sys::Datum::null();
    }
    named(|| policy::refuse_change(trigger.table.name(), change))
}

/// Whether a statement may go on until it finds a row. None that is not the extension's has business with one of its
/// own logs.
fn may_find_no_row(change: Change, table: &Table) -> bool {
    if Own::of(table).is_some() {
        return false;
    }
    match change {
        Change::Truncate => heap::pages(table) == 0,
        Change::Update | Change::Delete => !refuse_at::statement(),
    }
}
