//! `audit_immutable.detach`: takes a log out of its partition tree, with the reason on record.

use pgrx::{pg_extern, pg_sys};

use super::membership::Place;
use super::{ahead, events, reason as reasons};
use crate::connection;
use crate::error::Error;
use crate::log::list;
use crate::pg::table::{Open, Table};
use crate::pg::{privilege, query, tree};
use crate::policy::exempt::{self, Deed};

/// Makes a table of its own of a leaf. It stays an audit table, with its chains.
#[pg_extern(sql = false)]
fn detach(leaf: Option<pg_sys::Oid>, reason: Option<&[u8]>) {
    let Some(leaf) = leaf else { Error::NullRelation { verb: "detach" }.raise() };
    // No lock is kept of this look: two who both wait for a stronger one would wait for each other.
    let quoted = check(&Open::briefly(leaf).unwrap_or_else(|| no_relation(leaf)));
    let reason = reasons::stated(reason);
    let no_partition = || -> ! { Error::NotPartition { table: quoted.clone() }.raise() };
    let Some(parent) = tree::parent_of(leaf) else { no_partition() };
    ahead::prepare_to_detach(leaf, parent);
    let parent = lock(parent);
    check(&Open::named(leaf, pg_sys::AccessExclusiveLock));
    // What is above it stays there until the end: nobody can detach the branch that a log is on.
    let Some(place) = Place::of(leaf) else { no_partition() };
    let detach = format!("ALTER TABLE {parent} DETACH PARTITION {quoted}");
    exempt::during(leaf, Deed::Detach, || query::run(&detach, &[]));
    // The names were looked up once more.
    if tree::parent_of(leaf).is_some() {
        no_partition();
    }
    events::detached(leaf, events::identifier(leaf), &reason, &place.left(leaf));
}

/// Locks the table above as DETACH does, for its owner alone; answers its name, quoted. What waited for the lock may find
/// another table under that name.
fn lock(parent: pg_sys::Oid) -> String {
    if let Some(table) = Open::briefly(parent) {
        privilege::require_owner(&table);
    }
    Open::named(parent, pg_sys::AccessExclusiveLock).quoted()
}

/// Raises the error that says why the caller cannot; answers the leaf's name, quoted.
fn check(leaf: &Table) -> String {
    if list::guarded(leaf.oid()).is_none() {
        Error::NotAuditTable { table: leaf.name() }.raise();
    }
    connection::admit(leaf);
    privilege::require_owner(leaf);
    leaf.check_not_in_use(c"audit_immutable.detach");
    leaf.quoted()
}

fn no_relation(oid: pg_sys::Oid) -> ! {
    Error::NoSuchRelation { oid: oid.to_u32() }.raise()
}
