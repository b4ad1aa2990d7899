//! A log that gets another file, or comes back from another access method, by something that is no rewrite of
//! PostgreSQL's own: an extension that swaps storage, or `SET ACCESS METHOD` there and back while nothing looked on.
//! It is recorded at commit, by whom, whatever the statement was.

use std::cell::RefCell;
use std::collections::BTreeSet;

use pgrx::pg_sys;

use super::events;
use crate::log::list;
use crate::pg::file::{self, Stored};
use crate::pg::snapshot::Latest;
use crate::pg::{catalog, invalidation, process, xact};
use crate::policy::exempt;
use crate::storage::rewrite;

thread_local!(static CHANGED: RefCell<BTreeSet<u32>> = const { RefCell::new(BTreeSet::new()) });

/// Registers for changes of relations.
pub(super) fn init() {
    invalidation::on_relation_change(|relation| {
        CHANGED.with_borrow_mut(|all| all.insert(relation.to_u32()));
    });
}

/// The transaction is over, in one way or the other.
pub(super) fn forget() {
    CHANGED.with_borrow_mut(BTreeSet::clear);
    rewrite::forget();
}

/// Before the commit: records the swaps that it made.
pub(super) fn record() {
    if process::database() == pg_sys::InvalidOid || !xact::command_ends() {
        return;
    }
    for relation in CHANGED.take().into_iter().map(pg_sys::Oid::from) {
        let is_users = list::guarded(relation).is_some_and(|log| log.own.is_none());
        if is_users
            && !exempt::of_all()
            && let Some((before, now)) = file::change(relation)
            && !rewrite::was_rewritten(relation, now.file)
        {
            let _latest = Latest::push();
            events::swapped(relation, &detail(&before, &now));
        }
    }
}

fn detail(before: &Stored, now: &Stored) -> String {
    let one = |it: &Stored| {
        let name = catalog::access_method_name(it.access_method);
        format!("{{\"file\":{},\"access_method\":\"{name}\"}}", it.file.to_u32())
    };
    format!("{{\"before\":{},\"now\":{}}}", one(before), one(now))
}
