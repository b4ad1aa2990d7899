//! The triggers of a table, as its cache entry has them, and as pg_trigger has them.

use pgrx::pg_sys;

use super::catalog::{self, Entry};
use super::ffi;
use super::probe::Key;
use super::table::Table;
use crate::error::Error;

/// Whether a foreign key works by triggers. From 18 on one that is not enforced has none.
pub(crate) const FOREIGN_KEYS_HAVE_SOME: bool = cfg!(not(feature = "pg18"));

/// A trigger.
pub(crate) struct Trigger {
    pub(crate) name: String,
    pub(crate) function: pg_sys::Oid,
    /// `pg_trigger.tgtype`: when it fires, and what for.
    pub(crate) kind: u32,
    /// It fires whatever `session_replication_role` says.
    pub(crate) is_always: bool,
    /// It is the users', and has neither a condition nor a list of columns.
    pub(crate) is_plain: bool,
    pub(crate) arguments: Vec<String>,
}

impl Trigger {
    /// The triggers of a table.
    pub(crate) fn all(table: &Table) -> Vec<Trigger> {
        // SAFETY: the table is open; the relcache fills these in together.
        let triggers = unsafe {
            match (*table.raw()).trigdesc.as_ref() {
                Some(it) => std::slice::from_raw_parts(it.triggers, it.numtriggers as usize),
                None => &[],
            }
        };
        // SAFETY: triggers of an open relation.
        triggers.iter().map(|it| unsafe { Trigger::of(it) }).collect()
    }

    /// # Safety
    /// The trigger is one of an open relation.
    unsafe fn of(it: &pg_sys::Trigger) -> Trigger {
        let count = usize::from(it.tgnargs.unsigned_abs());
        // SAFETY: by the caller's promise the name is terminated, and there are as many arguments.
        let (name, arguments) = unsafe {
            let argument = |nth| ffi::text(*it.tgargs.add(nth));
            (ffi::text(it.tgname), (0..count).map(argument).collect())
        };
        Trigger {
            name,
            function: it.tgfoid,
            kind: it.tgtype.cast_unsigned().into(),
            is_always: it.tgenabled as u8 == pg_sys::TRIGGER_FIRES_ALWAYS,
            is_plain: it.tgqual.is_null() && !it.tgisinternal && it.tgnattr == 0,
            arguments,
        }
    }
}

/// What of a trigger is read from its row in pg_trigger, without opening or locking its table.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) table: pg_sys::Oid,
    pub(crate) name: String,
    pub(crate) function: pg_sys::Oid,
    pub(crate) arguments: Vec<String>,
}

impl Row {
    /// The triggers of a table.
    pub(crate) fn of_table(table: pg_sys::Oid) -> Vec<Row> {
        let by_table = pg_sys::Oid::from_u32(2701); // TriggerRelidNameIndexId
        let key = Key::is_oid(pg_sys::Anum_pg_trigger_tgrelid as i16, table);
        let mut rows = Vec::new();
        catalog::each(pg_sys::TriggerRelationId, by_table, &[key], |entry| {
            rows.push(Row::of(entry));
            true
        });
        rows
    }

    /// Hands every trigger of the database to `visit`.
    pub(crate) fn each(mut visit: impl FnMut(Row)) {
        catalog::all_of(pg_sys::TriggerRelationId, |entry| visit(Row::of(entry)));
    }

    fn of(entry: &Entry) -> Row {
        // Each argument ends with a zero byte.
        let arguments: Vec<u8> = entry.value(pg_sys::Anum_pg_trigger_tgargs).unwrap_or_default();
        let arguments = arguments
            .split_inclusive(|byte| *byte == 0)
            .map(|argument| {
                String::from_utf8_lossy(argument.strip_suffix(&[0]).unwrap_or(argument))
                    .into_owned()
            })
            .collect();
        Row {
            table: entry.oid(pg_sys::Anum_pg_trigger_tgrelid),
            name: entry.name(pg_sys::Anum_pg_trigger_tgname),
            function: entry.oid(pg_sys::Anum_pg_trigger_tgfoid),
            arguments,
        }
    }
}

/// Creates a trigger that fires whatever `session_replication_role` says, as a CREATE TRIGGER without a condition has
/// it. It is no statement: nobody's event trigger runs on the way.
pub(crate) fn create_always(table: pg_sys::Oid, statement: &str) {
    let text = ffi::c_string(statement);
    let none = pg_sys::InvalidOid;
    let always = pg_sys::TRIGGER_FIRES_ALWAYS as std::ffi::c_char;
    // SAFETY: a terminated string; the parser answers a list of its one statement, whose kind is looked at.
    unsafe {
        let list = pg_sys::pg_parse_query(text.as_ptr());
        let raw: *mut pg_sys::RawStmt = pg_sys::list_nth(list, 0).cast();
        let statement: *mut pg_sys::CreateTrigStmt = (*raw).stmt.cast();
        if (*statement).type_ != pg_sys::NodeTag::T_CreateTrigStmt {
            Error::Internal { message: "a statement creates no trigger".into() }.raise();
        }
        pg_sys::CreateTriggerFiringOn(
            statement,
            text.as_ptr(),
            table,
            none,
            none,
            none,
            none,
            none,
            std::ptr::null_mut(),
            false,
            false,
            always,
        );
        pg_sys::CommandCounterIncrement();
    }
}

/// Drops a trigger, which is there, of a table that is locked. It is no statement: nobody's event trigger runs on the way.
pub(crate) fn remove(table: pg_sys::Oid, name: &str) {
    let name = ffi::c_string(name);
    // SAFETY: a terminated name; the command counter makes the trigger's end known.
    unsafe {
        let object = pg_sys::ObjectAddress {
            classId: pg_sys::TriggerRelationId,
            objectId: pg_sys::get_trigger_oid(table, name.as_ptr(), false),
            objectSubId: 0,
        };
        pg_sys::performDeletion(&object, pg_sys::DropBehavior::DROP_RESTRICT, 0);
        pg_sys::CommandCounterIncrement();
    }
}
