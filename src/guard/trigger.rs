//! The guard triggers' function: the friendly early error, before storage would refuse.

use pgrx::{pg_guard, pg_sys};

use crate::error::{Change, Error};
use crate::pg::library::pg_function_info;
use crate::pg::table::Table;
use crate::policy;

pg_function_info!(pg_finfo_audit_immutable_guard);

/// `audit_immutable.guard()`: refuses whatever it is called for.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_guard(call: pg_sys::FunctionCallInfo) -> pg_sys::Datum {
    // SAFETY: PostgreSQL's call; the context says whether a trigger is running.
    unsafe {
        let context = (*call).context;
        if context.is_null() || (*context).type_ != pg_sys::NodeTag::T_TriggerData {
            Error::NotATrigger { function: "guard", caller: "a trigger" }.raise();
        }
        let data = &*context.cast::<pg_sys::TriggerData>();
        let change = match data.tg_event & pg_sys::TRIGGER_EVENT_OPMASK {
            pg_sys::TRIGGER_EVENT_UPDATE => Change::Update,
            pg_sys::TRIGGER_EVENT_TRUNCATE => Change::Truncate,
            _ => Change::Delete,
        };
        policy::refuse_change(Table::of(data.tg_relation).name(), change)
    }
}
