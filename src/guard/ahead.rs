//! What can be done before a command takes its locks.
//!
//! `CREATE TABLE … PARTITION OF … USING audit_immutable` keeps everybody from the whole tree, as it does for a plain
//! partition, until it commits; so does `detach`. In a new session most of what the log takes to open, or to leave, is
//! plans to be made and catalogs to be read for the first time, and the session's row to be written. What PostgreSQL
//! itself reads for the first time, each partition's bound among it, can be read before, too.

use pgrx::pg_sys;

use super::description::Description;
use super::membership::Place;
use super::{copied_index, created};
use crate::log::own::{self, Own};
use crate::log::{event, opening, plan};
use crate::pg::parse_tree::{Statement, Utility};
use crate::pg::privilege;
use crate::pg::snapshot::Latest;
use crate::pg::table::Open;
use crate::stamp::session;

/// The access method's name.
const METHOD: &str = "audit_immutable";

/// Prepares for a log in a partition that the command is about to make.
pub(super) fn prepare(statement: Statement<'_>) {
    let Utility::CreateTable(create) = statement.utility() else { return };
    if !create.is_partition() || create.access_method() != METHOD || !writes() {
        return;
    }
    ready_to_write(&[Own::Opening, Own::Event]);
    created::ready();
    copied_index::ready();
    opening::ready();
    Description::ready();
    read_partitions(create.parent());
}

/// Prepares for a log to leave the table above it.
pub(super) fn prepare_to_detach(leaf: pg_sys::Oid, parent: pg_sys::Oid) {
    if writes() {
        ready_to_write(&[Own::Event]);
        created::ready();
        if let Some(place) = Place::of(leaf) {
            place.left(leaf);
        }
        read_partitions(parent);
    }
}

/// A restore is not ended by a command that may yet be refused.
fn writes() -> bool {
    own::live::is()
}

/// Has the session's row written, and what writing an event takes made ready.
fn ready_to_write(logs: &[Own]) {
    let _latest = Latest::push();
    own::acting_as_owner(session::current);
    event::ready();
    for own in logs {
        plan::of(&Open::relation(own.oid(), pg_sys::RowExclusiveLock));
    }
}

/// Of one's own table: nobody waits for a lock that somebody else's is under, before he is refused.
fn read_partitions(root: pg_sys::Oid) {
    if root != pg_sys::InvalidOid
        && privilege::owns_relation(root)
        && let Some(root) = Open::briefly(root)
    {
        root.read_partitions();
    }
}
