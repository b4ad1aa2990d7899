//! PostgreSQL's own functions, as its program has them and as pg_proc has them.
//!
//! A call by oid goes to the program whatever pg_proc says; but a function that pg_proc says is in SQL is put in the
//! place of its call when a plan is made. So whoever replaces one has it answer in our own queries.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::slice;

use pgrx::pg_sys;

use super::catalog;

/// The schema pg_catalog, which cannot be another.
pub(crate) const SCHEMA: pg_sys::Oid = pg_sys::Oid::from_u32(11); // PG_CATALOG_NAMESPACE

/// The language of functions that are in the program.
const INTERNAL: pg_sys::Oid = pg_sys::Oid::from_u32(12); // INTERNALlanguageId

/// `FmgrBuiltin` of utils/fmgrtab.h.
#[repr(C)]
struct Builtin {
    function: pg_sys::Oid, // foid
    arguments: i16,        // nargs
    is_strict: bool,       // strict
    returns_set: bool,     // retset
    name: *const c_char,   // funcName
    code: *const c_void,   // func
}

unsafe extern "C" {
    /// In order of their oids.
    #[link_name = "fmgr_builtins"]
    static BUILTINS: [Builtin; 0];
    #[link_name = "fmgr_nbuiltins"]
    static COUNT: c_int;
}

/// The names of the functions in the program that pg_proc has otherwise: in another language, with another body, or
/// with settings of their own.
pub(crate) fn replaced() -> Vec<String> {
    // SAFETY: a constant table of the program, and its length.
    let all =
        unsafe { slice::from_raw_parts((&raw const BUILTINS).cast::<Builtin>(), COUNT as usize) };
    let mut found = Vec::new();
    catalog::all_of(pg_sys::ProcedureRelationId, |row| {
        let oid = row.oid(pg_sys::Anum_pg_proc_oid);
        let Ok(at) = all.binary_search_by_key(&oid.to_u32(), |it| it.function.to_u32()) else {
            return;
        };
        // SAFETY: a terminated constant.
        let name = unsafe { CStr::from_ptr(all[at].name) }.to_bytes();
        let source: Option<Vec<u8>> = row.value(pg_sys::Anum_pg_proc_prosrc);
        let is_whole = row.oid(pg_sys::Anum_pg_proc_prolang) == INTERNAL
            && source.as_deref() == Some(name)
            && row.oid(pg_sys::Anum_pg_proc_pronamespace) == SCHEMA
            && row.value(pg_sys::Anum_pg_proc_prosecdef) == Some(false)
            && row.is_null(pg_sys::Anum_pg_proc_proconfig);
        if !is_whole {
            found.push(row.name(pg_sys::Anum_pg_proc_proname));
        }
    });
    found
}
