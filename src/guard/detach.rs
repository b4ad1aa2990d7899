//! `audit_immutable.detach`: takes a log out of its partition tree, with the reason on record.

use pgrx::{pg_extern, pg_sys};

use super::membership::Place;
use super::{events, reason as reasons};
use crate::error::Error;
use crate::log::list;
use crate::pg::table::Open;
use crate::pg::{catalog, privilege, query, tree};
use crate::policy::exempt::{self, Deed};

/// Makes a table of its own of a leaf. It stays an audit table, with its chains.
#[pg_extern(sql = false)]
fn detach(leaf: Option<pg_sys::Oid>, reason: Option<&[u8]>) {
    let Some(leaf) = leaf else { Error::NullRelation { verb: "detach" }.raise() };
    let quoted = check(leaf);
    let reason = reasons::stated(reason);
    let no_partition = || -> ! { Error::NotPartition { table: quoted.clone() }.raise() };
    let Some(parent) = tree::parent_of(leaf) else { no_partition() };
    // What is above it stays there until the end: nobody can detach the branch that a log is on.
    let Some(place) = Place::of(leaf) else { no_partition() };
    let detach = format!("ALTER TABLE {} DETACH PARTITION {quoted}", catalog::quoted_name(parent));
    exempt::during(leaf, Deed::Detach, || query::run(&detach, &[]));
    events::detached(leaf, events::identifier(leaf), &reason, &place.left(leaf));
}

/// Raises the error that says why the caller cannot; answers the leaf's name, quoted. PostgreSQL asks for the table
/// above it itself.
fn check(leaf: pg_sys::Oid) -> String {
    let table = Open::named(leaf, pg_sys::AccessShareLock);
    if list::guarded(leaf).is_none() {
        Error::NotAuditTable { table: table.name() }.raise();
    }
    privilege::require_owner(&table);
    table.quoted()
}
