//! A chain's lock: a heavyweight lock of a class of our own, held to the end of the transaction.

use pgrx::pg_sys;

/// Advisory locks by user call carry 1 or 2 here; ours can never meet them.
const CHAIN_CLASS: u16 = 0xA1;

/// Takes the chain's lock if nobody holds it. Never waits.
pub(crate) fn try_chain(relation: pg_sys::Oid, chain: i32) -> bool {
    acquire(relation, chain, pg_sys::ExclusiveLock, true)
}

/// Takes the chain's lock, waiting for whoever holds it.
pub(crate) fn wait_for_chain(relation: pg_sys::Oid, chain: i32) {
    acquire(relation, chain, pg_sys::ExclusiveLock, false);
}

/// Takes the chain's lock together with others who share it, waiting for whoever holds it alone.
pub(crate) fn share_chain(relation: pg_sys::Oid, chain: i32) {
    acquire(relation, chain, pg_sys::ShareLock, false);
}

/// Locks a relation to the end of the transaction.
pub(crate) fn relation(relation: pg_sys::Oid, mode: u32) {
    // SAFETY: within a transaction; an oid that is no relation any more can be locked too.
    unsafe { pg_sys::LockRelationOid(relation, mode as pg_sys::LOCKMODE) }
}

/// Locks a type, to the end of the transaction, against those who [change](lock_type_to_change) it.
pub(crate) fn lock_type_in_use(kind: pg_sys::Oid) {
    lock_type(kind, pg_sys::ShareLock);
}

/// Locks a type, to the end of the transaction, against those who begin to [use](lock_type_in_use) it: waits until they
/// are done.
pub(crate) fn lock_type_to_change(kind: pg_sys::Oid) {
    lock_type(kind, pg_sys::ExclusiveLock);
}

fn lock_type(kind: pg_sys::Oid, mode: u32) {
    // SAFETY: within a transaction; an oid that is no type any more can be locked too.
    unsafe { pg_sys::LockDatabaseObject(pg_sys::TypeRelationId, kind, 0, mode as pg_sys::LOCKMODE) }
}

/// Whether this process holds a lock on a relation of its database, in just that mode.
pub(crate) fn is_held(relation: pg_sys::Oid, mode: u32) -> bool {
    let tag = pg_sys::LOCKTAG {
        // SAFETY: set once at backend start.
        locktag_field1: unsafe { pg_sys::MyDatabaseId }.to_u32(),
        locktag_field2: relation.to_u32(),
        locktag_field3: 0,
        locktag_field4: 0,
        locktag_type: pg_sys::LockTagType::LOCKTAG_RELATION as u8,
        locktag_lockmethodid: pg_sys::DEFAULT_LOCKMETHOD as u8,
    };
    let mode = mode as pg_sys::LOCKMODE;
    // SAFETY: the tag outlives the call, which looks into this process's own table.
    unsafe {
        #[cfg(any(feature = "pg15", feature = "pg16"))]
        return pg_sys::LockHeldByMe(&tag, mode);
        #[cfg(not(any(feature = "pg15", feature = "pg16")))]
        return pg_sys::LockHeldByMe(&tag, mode, false);
    }
}

fn acquire(relation: pg_sys::Oid, chain: i32, mode: u32, conditional: bool) -> bool {
    let tag = pg_sys::LOCKTAG {
        // SAFETY: set once at backend start.
        locktag_field1: unsafe { pg_sys::MyDatabaseId }.to_u32(),
        locktag_field2: relation.to_u32(),
        locktag_field3: chain.cast_unsigned(),
        locktag_field4: CHAIN_CLASS,
        locktag_type: pg_sys::LockTagType::LOCKTAG_ADVISORY as u8,
        locktag_lockmethodid: pg_sys::USER_LOCKMETHOD as u8,
    };
    let mode = mode as pg_sys::LOCKMODE;
    // A cursor's resources may outlive or predecease the (sub)transaction that wrote the row. The
    // lock must end with the row, so it belongs to the (sub)transaction.
    let owner = Owner::switch_to_transaction();
    // SAFETY: the tag outlives the call; not a session lock, so the transaction's end releases it.
    let result = unsafe { pg_sys::LockAcquire(&tag, mode, false, conditional) };
    drop(owner);
    result != pg_sys::LockAcquireResult::LOCKACQUIRE_NOT_AVAIL
}

/// The current resource owner of before.
struct Owner(pg_sys::ResourceOwner);

impl Owner {
    fn switch_to_transaction() -> Owner {
        // SAFETY: plain variables; within a transaction.
        unsafe {
            let before = pg_sys::CurrentResourceOwner;
            pg_sys::CurrentResourceOwner = pg_sys::CurTransactionResourceOwner;
            Owner(before)
        }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // SAFETY: a plain variable; calls nothing.
        unsafe { pg_sys::CurrentResourceOwner = self.0 }
    }
}
