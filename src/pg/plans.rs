//! The plans of our own statements, kept for the session: to parse and plan one takes longer than to run it.
//!
//! PostgreSQL makes a plan anew when what it stands on has changed.

use std::cell::RefCell;
use std::collections::HashMap;

use pgrx::pg_sys;

use super::ffi::c_string;
use crate::error::Error;

/// A plan, and the types of its parameters.
struct Kept {
    kinds: Vec<pg_sys::Oid>,
    plan: pg_sys::SPIPlanPtr,
}

thread_local! {
    /// By the address of the statement's text, which is a constant of the library.
    static KEPT: RefCell<HashMap<*const u8, Vec<Kept>>> = RefCell::new(HashMap::new());
}

/// The plan of a statement of ours. SPI is connected.
pub(super) fn kept(text: &'static str, kinds: &[pg_sys::Oid]) -> pg_sys::SPIPlanPtr {
    let found = KEPT.with_borrow(|all| {
        let it = all.get(&text.as_ptr())?.iter().find(|it| it.kinds == kinds)?;
        Some(it.plan)
    });
    found.unwrap_or_else(|| {
        // One plan for whatever values: ours look up by keys, and to plan for the values at hand takes longer.
        let plan = prepared(text, kinds, pg_sys::CURSOR_OPT_GENERIC_PLAN);
        // SAFETY: just prepared; from here on it lives as long as the session.
        unsafe { pg_sys::SPI_keepplan(plan) };
        let kept = Kept { kinds: kinds.to_vec(), plan };
        KEPT.with_borrow_mut(|all| all.entry(text.as_ptr()).or_default().push(kept));
        plan
    })
}

/// Has the plan of a statement of ours made, if it has none. SPI is connected.
pub(super) fn ready(text: &'static str, kinds: &[pg_sys::Oid]) {
    let plan = kept(text, kinds);
    // SAFETY: a plan that is kept; what is handed out is given back to the owner it was counted for.
    unsafe {
        let made = pg_sys::SPI_plan_get_cached_plan(plan);
        if !made.is_null() {
            pg_sys::ReleaseCachedPlan(made, pg_sys::CurrentResourceOwner);
        }
    }
}

/// A plan that lives until SPI is disconnected; of a large table, one that several processes can run.
pub(super) fn made(text: &str, kinds: &[pg_sys::Oid]) -> pg_sys::SPIPlanPtr {
    prepared(text, kinds, pg_sys::CURSOR_OPT_PARALLEL_OK)
}

fn prepared(text: &str, kinds: &[pg_sys::Oid], options: u32) -> pg_sys::SPIPlanPtr {
    let (sql, mut kinds) = (c_string(text), kinds.to_vec());
    let (count, options) = (kinds.len() as i32, options as i32);
    // SAFETY: a terminated string, and an array of as many types as said.
    let plan =
        unsafe { pg_sys::SPI_prepare_cursor(sql.as_ptr(), count, kinds.as_mut_ptr(), options) };
    if plan.is_null() {
        // SAFETY: a variable.
        let status = unsafe { pg_sys::SPI_result };
        Error::Internal { message: format!("SPI answered {status} to \"{text}\"") }.raise();
    }
    plan
}
