//! A chain's lock: a heavyweight lock of a class of our own, held to the end of the transaction.

use pgrx::pg_sys;

/// Advisory locks by user call carry 1 or 2 here; ours can never meet them.
const CHAIN_CLASS: u16 = 0xA1;

/// Takes the chain's lock if nobody holds it. Never waits.
pub(crate) fn try_chain(relation: pg_sys::Oid, chain: i32) -> bool {
    acquire(relation, chain, true)
}

/// Takes the chain's lock, waiting for whoever holds it.
pub(crate) fn wait_for_chain(relation: pg_sys::Oid, chain: i32) {
    acquire(relation, chain, false);
}

fn acquire(relation: pg_sys::Oid, chain: i32, conditional: bool) -> bool {
    let tag = pg_sys::LOCKTAG {
        // SAFETY: set once at backend start.
        locktag_field1: unsafe { pg_sys::MyDatabaseId }.to_u32(),
        locktag_field2: relation.to_u32(),
        locktag_field3: chain.cast_unsigned(),
        locktag_field4: CHAIN_CLASS,
        locktag_type: pg_sys::LockTagType::LOCKTAG_ADVISORY as u8,
        locktag_lockmethodid: pg_sys::USER_LOCKMETHOD as u8,
    };
    let mode = pg_sys::ExclusiveLock as pg_sys::LOCKMODE;
    // SAFETY: the tag outlives the call; not a session lock, so the transaction's end releases it.
    let result = unsafe { pg_sys::LockAcquire(&tag, mode, false, conditional) };
    result != pg_sys::LockAcquireResult::LOCKACQUIRE_NOT_AVAIL
}
