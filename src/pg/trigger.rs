//! The triggers of a table, as its cache entry has them.

use pgrx::pg_sys;

use super::ffi;
use super::table::Table;

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
