//! The guard triggers' function: the friendly early error, before storage would refuse.

use pgrx::{pg_guard, pg_sys};

use crate::error::{Change, Error};
use crate::pg::call::Call;
use crate::pg::library::pg_function_info;
use crate::policy;

pg_function_info!(pg_finfo_audit_immutable_guard);

/// `audit_immutable.guard()`: refuses whatever it is called for.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_guard(call: pg_sys::FunctionCallInfo) -> pg_sys::Datum {
    // SAFETY: the function manager's call.
    let call = unsafe { Call::of(call) };
    let Some(trigger) = call.trigger() else {
        Error::NotATrigger { function: "guard", caller: "a trigger" }.raise()
    };
    let change = match trigger.event & pg_sys::TRIGGER_EVENT_OPMASK {
        pg_sys::TRIGGER_EVENT_UPDATE => Change::Update,
        pg_sys::TRIGGER_EVENT_TRUNCATE => Change::Truncate,
        _ => Change::Delete,
    };
    policy::refuse_change(trigger.table.name(), change)
}
