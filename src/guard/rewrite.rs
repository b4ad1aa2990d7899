//! The event trigger that refuses an ALTER TABLE that would rewrite the rows: with values that
//! were not hashed, or into other storage. Under another type that leaves every line what it was, they may be.

use pgrx::{pg_guard, pg_sys};

use super::finish::event;
use super::{retype, unused};
use crate::error::Error;
use crate::log::own::access_method;
use crate::log::plan;
use crate::pg::call::Call;
use crate::pg::error_fields::named;
use crate::pg::library::pg_function_info;
use crate::pg::query;
use crate::pg::query::statement;
use crate::pg::table::Open;

pg_function_info!(pg_finfo_audit_immutable_refuse_rewrite);

/// `audit_immutable.refuse_rewrite()`, before a table is rewritten by DDL.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_refuse_rewrite(
    call: pg_sys::FunctionCallInfo,
) -> pg_sys::Datum {
    // SAFETY: the function manager's call.
    let call = unsafe { Call::of(call) };
    event(&call, "refuse_rewrite");
    named(check_rewrite);
    pg_sys::Datum::null()
}

fn check_rewrite() {
    query::read(statement!("guard/rewrite_under_way"), &[], |row| {
        if let (Some(oid), Some(reason)) = (row.value(1), row.value::<i32>(2)) {
            refuse_if_armed(oid, reason.cast_unsigned());
        }
    });
}

fn refuse_if_armed(oid: pg_sys::Oid, reason: u32) {
    let table = Open::relation(oid, pg_sys::AccessShareLock);
    if table.access_method() != access_method() {
        return;
    }
    let plan = plan::of(&table);
    // Other storage that is not permanent is refused by our own, in its own words.
    let is_known = plan.armed.is_none()
        || retype::lets_rewrite(&plan, reason)
        || unused::lets_rewrite(&table, reason);
    if !is_known && reason != pg_sys::AT_REWRITE_ALTER_PERSISTENCE {
        let (detail, hint) = explained(reason);
        Error::NotAlterable { table: table.name(), detail: detail.into(), hint }.raise();
    }
}

fn explained(reason: u32) -> (&'static str, &'static str) {
    if reason & pg_sys::AT_REWRITE_ACCESS_METHOD != 0 {
        return (
            "Its rows would go into storage where they can be changed.",
            "Copy the rows into another table: CREATE TABLE ... AS SELECT.",
        );
    }
    if reason == pg_sys::AT_REWRITE_COLUMN_REWRITE {
        return (
            "The type of a column would change, and with it the text of rows that were hashed.",
            "Add another column of the new type.",
        );
    }
    (
        "The rows already there would get values that were not hashed.",
        "Add the column as a plain one. A default for later rows, nextval() of a sequence too, can be set afterwards: ALTER TABLE ... ALTER COLUMN ... SET DEFAULT. What is generated from other columns can be computed in a view.",
    )
}
