//! The event trigger that finishes `CREATE TABLE … USING audit_immutable`.

use pgrx::{pg_guard, pg_sys};

use super::finish::event;
use super::open_log::{self, Options};
use super::{copied_index, created, eligible};
use crate::log::columns::{self, Presence};
use crate::log::plan;
use crate::pg::call::Call;
use crate::pg::library::pg_function_info;
use crate::pg::parse_tree::{Statement, Utility};
use crate::pg::table::Open;

pg_function_info!(pg_finfo_audit_immutable_finish_create);

/// `audit_immutable.finish_create()`, at the end of a DDL command.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_finish_create(
    call: pg_sys::FunctionCallInfo,
) -> pg_sys::Datum {
    // SAFETY: the function manager's call.
    let call = unsafe { Call::of(call) };
    let statement = event(&call, "finish_create");
    for table in created::stored_by_us() {
        finish(table, &StampSource::of(statement));
    }
    if let Utility::CreateTable(_) = statement.utility()
        && StampSource::of(statement) == StampSource::Taken
    {
        copied_index::drop_all();
    }
    pg_sys::Datum::null()
}

/// Where a table's stamp columns come from, if it has any.
#[derive(Debug, PartialEq, Eq)]
enum StampSource {
    /// Written out in the command, as a dump does.
    Listed,
    /// Taken from another table: LIKE, PARTITION OF, inheritance.
    Taken,
    /// A query.
    Query,
    /// They were there before an ALTER TABLE.
    Altered,
}

impl StampSource {
    fn of(statement: Statement<'_>) -> StampSource {
        match statement.utility() {
            Utility::CreateTableAs => StampSource::Query,
            Utility::AlterTable(_) => StampSource::Altered,
            // By now LIKE has been replaced by the columns it stands for; those have no place in the
            // command's text.
            Utility::CreateTable(create) if lists_stamps(&create.written_columns()) => {
                StampSource::Listed
            }
            _ => StampSource::Taken,
        }
    }
}

fn lists_stamps(columns: &[String]) -> bool {
    columns.iter().filter(|name| columns::is_stamp(name)).count() == columns::DEFINITIONS.len()
}

fn check_altered(oid: pg_sys::Oid) {
    eligible::check_altered(&Open::relation(oid, pg_sys::AccessShareLock));
}

/// Opens a log in the table, unless it has one or a restore will bring it.
fn finish(oid: pg_sys::Oid, source: &StampSource) {
    let table = Open::relation(oid, pg_sys::AccessShareLock);
    // Before its columns: another kind of relation may have taken them from an audit table.
    eligible::check_kind(&table);
    let (name, presence) = (table.name(), columns::look(&*table));
    let armed = plan::of(&table).armed.is_some();
    drop(table);
    match (presence, source) {
        _ if armed => check_altered(oid),
        // A dump lists the stamps among the columns, and brings rows, index and triggers itself.
        (Presence::All(_), StampSource::Listed | StampSource::Altered) => (),
        (Presence::All(_), StampSource::Query) => open_log::clash(name, "audit_chain"),
        (Presence::Clash(column), _) => open_log::clash(name, column),
        (Presence::All(_), StampSource::Taken) | (Presence::None, _) => {
            open_log::open_log(oid, &Options::default());
        }
    }
}
