//! The roles of this session, and acting as another role for a moment.

use std::ffi::CStr;

use pgrx::pg_sys;

use super::{ffi, unguarded};

/// Runs `work` as `role`, as a SECURITY DEFINER function would, and steps back whatever happens.
pub(crate) fn acting_as<T>(role: pg_sys::Oid, work: impl FnOnce() -> T) -> T {
    acting(role, pg_sys::SECURITY_LOCAL_USERID_CHANGE, work)
}

/// The same, and what `role` may have attached to its tables can do nothing that outlasts `work`,
/// such as a trigger that is deferred until the caller's transaction commits.
pub(crate) fn confined_to<T>(role: pg_sys::Oid, work: impl FnOnce() -> T) -> T {
    let flags = pg_sys::SECURITY_LOCAL_USERID_CHANGE | pg_sys::SECURITY_RESTRICTED_OPERATION;
    acting(role, flags, work)
}

fn acting<T>(role: pg_sys::Oid, flags: u32, work: impl FnOnce() -> T) -> T {
    struct Back(pg_sys::Oid, i32);
    impl Drop for Back {
        fn drop(&mut self) {
            if std::thread::panicking() {
                return; // the end of the (sub)transaction restores the role
            }
            // SAFETY: the pair was read from GetUserIdAndSecContext.
            unsafe { pg_sys::SetUserIdAndSecContext(self.0, self.1) }
        }
    }
    let (mut user, mut context) = (pg_sys::InvalidOid, 0);
    // SAFETY: both pointers are valid; the role exists, being an owner read from the catalog.
    unsafe {
        pg_sys::GetUserIdAndSecContext(&mut user, &mut context);
        pg_sys::SetUserIdAndSecContext(role, context | flags as i32);
    }
    let back = Back(user, context);
    let result = work();
    drop(back);
    result
}

/// The role whose privileges apply.
pub(crate) fn current() -> pg_sys::Oid {
    unguarded::GetUserId()
}

/// The role that connected.
pub(crate) fn session() -> pg_sys::Oid {
    unguarded::GetSessionUserId()
}

/// The role's name; empty when it was dropped meanwhile.
pub(crate) fn name(role: pg_sys::Oid) -> String {
    // SAFETY: a look-up that answers null for an unknown role; the result is terminated.
    unsafe { ffi::text(pg_sys::GetUserNameFromId(role, true)) }
}

/// The same as it is stored: in the encoding of whichever database the role was created in.
pub(crate) fn stored_name(role: pg_sys::Oid) -> Vec<u8> {
    // SAFETY: a look-up that answers null for an unknown role; the result is terminated.
    unsafe {
        let name = pg_sys::GetUserNameFromId(role, true);
        if name.is_null() { Vec::new() } else { CStr::from_ptr(name).to_bytes().to_vec() }
    }
}

/// Whether a role is a superuser.
pub(crate) fn is_superuser_role(role: pg_sys::Oid) -> bool {
    // SAFETY: a look-up.
    unsafe { pg_sys::superuser_arg(role) }
}

/// Whether the current role has what members of `pg_monitor` have.
pub(crate) fn watches_the_server() -> bool {
    // SAFETY: a look-up.
    unsafe { pg_sys::has_privs_of_role(current(), pg_sys::Oid::from(pg_sys::ROLE_PG_MONITOR)) }
}

/// Whether the current role is a superuser.
pub(crate) fn is_superuser() -> bool {
    // SAFETY: a look-up.
    unsafe { pg_sys::superuser() }
}
