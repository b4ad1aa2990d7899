//! A command is done: what it altered of audit tables is looked at as a whole, and recorded.

use pgrx::{pg_guard, pg_sys};

use super::events;
use super::object::judged;
use super::touched::{self, Aspect};
use super::{ahead, eligible, rearmed, retype, statement, swapped, unused};
use crate::error::Error;
use crate::log::being_retyped;
use crate::log::list::{self, Log};
use crate::log::own::Own;
use crate::log::{plan, tables, triggers};
use crate::pg::call::Call;
use crate::pg::command;
use crate::pg::error_fields::named;
use crate::pg::library::pg_function_info;
use crate::pg::parse_tree::Statement;
use crate::pg::snapshot::Latest;
use crate::pg::table::{Open, Table};
use crate::pg::xact;
use crate::policy::exempt;

pg_function_info!(pg_finfo_audit_immutable_check);
pg_function_info!(pg_finfo_audit_immutable_finish);

/// Registers for the ends of transactions and subtransactions.
pub(super) fn init() {
    xact::on_end(|event| match event {
        // The command that had the library loaded may be one that no event trigger fires for.
        pg_sys::XactEvent::XACT_EVENT_PRE_COMMIT | pg_sys::XactEvent::XACT_EVENT_PRE_PREPARE => {
            if touched::any() || being_retyped::any() {
                // The command's own snapshot is gone by now.
                let _latest = Latest::push();
                look(ALL);
            }
            swapped::record();
        }
        _ => {
            touched::forget();
            swapped::forget();
        }
    });
    xact::on_subtransaction_end(|event, level| match event {
        pg_sys::SubXactEvent::SUBXACT_EVENT_COMMIT_SUB => touched::savepoint_released(level),
        pg_sys::SubXactEvent::SUBXACT_EVENT_ABORT_SUB => touched::savepoint_undone(level),
        _ => (),
    });
}

/// `audit_immutable.check()`, at the start of every DDL command.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_check(call: pg_sys::FunctionCallInfo) -> pg_sys::Datum {
    // SAFETY: the function manager's call.
    let call = unsafe { Call::of(call) };
    named(|| {
        let statement = event(&call, "check");
        command::begins();
        statement::check(statement);
        ahead::prepare(statement);
    });
    pg_sys::Datum::null()
}

/// `audit_immutable.finish()`, at the end of every DDL command.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_finish(
    call: pg_sys::FunctionCallInfo,
) -> pg_sys::Datum {
    // SAFETY: the function manager's call.
    let call = unsafe { Call::of(call) };
    named(|| {
        event(&call, "finish");
        touched_tables();
        command::ends();
    });
    pg_sys::Datum::null()
}

/// The command that an event trigger is called for. Raises the error for a call by hand.
pub(super) fn event<'a>(call: &'a Call, function: &'static str) -> Statement<'a> {
    call.event_trigger()
        .unwrap_or_else(|| Error::NotATrigger { function, caller: "an event trigger" }.raise())
}

/// Looks at what the innermost command that is under way touched, which is done, and records it. Nothing of it was
/// refused for what it is; it may be for what has become of the table.
pub(super) fn touched_tables() {
    look(command::depth());
}

/// Where no command is under way.
const ALL: usize = 0;

fn look(depth: usize) {
    let retyped = retype::check(depth);
    let touched = touched::take(depth);
    for (oid, aspect) in &touched {
        unused(*oid, aspect);
    }
    for (oid, aspect) in touched {
        let Some(log) = judged(oid).filter(|_| !exempt::of_all()) else { continue };
        match aspect {
            Aspect::Armed => {
                check_only_one(&log);
                eligible::lock_types(&Open::relation(oid, pg_sys::AccessShareLock));
                rearmed::check_and_record(&log);
            }
            Aspect::Columns | Aspect::Constraints | Aspect::Parents => {
                let table = Open::relation(oid, pg_sys::AccessShareLock);
                eligible::check_altered(&table);
                eligible::lock_types(&table);
                check_index(&log, &table);
            }
            _ => (),
        }
        if log.own.is_none() {
            events::altered(&log, &aspect);
        }
    }
    // A column that the same command added is recorded by now.
    retype::record(&retyped);
}

/// What was done to a table because it never had a row.
fn unused(oid: pg_sys::Oid, aspect: &Aspect) {
    match aspect {
        Aspect::Dropped { log, name, quoted } => unused::dropped(oid, log, name, quoted),
        Aspect::Reshaped => {
            judged(oid).iter().for_each(unused::reshaped);
        }
        Aspect::Columns => {
            let log = judged(oid).filter(|log| log.own.is_none());
            log.filter(|_| unused::takes_default(oid)).iter().for_each(unused::reshaped);
        }
        _ => (),
    }
}

/// What was done to the chains' index may have made it unfit.
fn check_index(log: &Log, table: &Table) {
    if plan::of(table).index.is_none() {
        Error::NotAlterable {
            table: log.name.clone(),
            detail: "Its index of the chains would not serve them any more.".into(),
            hint: "Leave the index as it is.",
        }
        .raise();
    }
}

/// A log has one table, and a log of ours has ours.
fn check_only_one(log: &Log) {
    let Some(identifier) = triggers::log_of(log.oid) else { return };
    let taken = match Own::by_log(&identifier) {
        Some(own) if log.own == Some(own) => None,
        Some(own) => Some(format!("audit_immutable.{}", own.table())),
        None => tables::other_of(&identifier, log.oid).and_then(list::guarded).map(|it| it.name),
    };
    if let Some(other) = taken {
        Error::Forbidden {
            object: log.name.clone(),
            action: format!("make \"{}\" the audit table of log {identifier}", log.name),
            detail: format!("That log is the one of audit table \"{other}\"."),
            hint: "Restore a log into a database that does not have it.",
        }
        .raise();
    }
}
