//! Where Rust's memory comes from, and what happens when there is none.
//!
//! Rust would abort the process, and a backend that dies so takes the whole server down with it. What a user can make
//! large is asked for in a way that can be refused (`ledger::room`); for all the rest, out of memory ends the session,
//! as PostgreSQL ends one: its locks and buffers are given back, and nobody else notices.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::c_int;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

use ledger::room;
use pgrx::pg_sys;

use super::{log, sys};

/// The system's allocator, with an end that a server survives.
struct Allocator;

// The tests' own program is no server, and has nothing that the end of a session calls.
#[cfg_attr(not(test), global_allocator)]
#[cfg_attr(test, expect(dead_code, reason = "its tests run in a server, which loads the library"))]
static ALLOCATOR: Allocator = Allocator;

// SAFETY: all of it is the system's; where that answers null, the process ends, or gets the null.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: by the caller's promise.
        unsafe { or_end(System.alloc(layout)) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: by the caller's promise.
        unsafe { or_end(System.alloc_zeroed(layout)) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: by the caller's promise.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: by the caller's promise.
        unsafe { or_end(System.realloc(memory, layout, size)) }
    }
}

#[inline]
fn or_end(memory: *mut u8) -> *mut u8 {
    if memory.is_null() && !room::is_asking() {
        end_session();
    }
    memory
}

/// Ends the session as PostgreSQL does; comes back only where that is under way already, or there is no session.
#[cold]
fn end_session() {
    static IS_ENDING: AtomicBool = AtomicBool::new(false);
    // SAFETY: set in every process of a server.
    let is_session = unsafe { !pg_sys::MyProc.is_null() };
    if !is_session || IS_ENDING.swap(true, Ordering::Relaxed) {
        return;
    }
    // SAFETY: the order that ereport() keeps; terminated strings. FATAL does not unwind: errfinish ends the process by
    // the server's own way out, and the memory it needs was set aside when the process began.
    unsafe {
        if sys::errstart(pg_sys::FATAL as c_int, ptr::null()) {
            sys::errcode(log::pack(*b"53200"));
            sys::errmsg_internal(c"out of memory".as_ptr());
            sys::errfinish(c"allocator.rs".as_ptr(), line!() as c_int, c"end_session".as_ptr());
        }
    }
}
