//! A column of an audit table gets another type, and every row keeps its line.
//!
//! Which types may become which is the policy's to say. Where PostgreSQL rewrites the table, what came out is compared
//! with the hashes of the rows, and with how far each chain had come before: then they are the same rows, whoever's
//! function ran meanwhile.

use ledger::{Head, RowHash};
use pgrx::pg_sys;

use super::{eligible, events};
use crate::error::Error;
use crate::log::being_retyped::{self, Retyped};
use crate::log::columns::is_stamp;
use crate::log::list::Log;
use crate::log::plan::{self, Plan};
use crate::log::scars::Scars;
use crate::log::walk::Walk;
use crate::pg::catalog::Entry;
use crate::pg::snapshot::Latest;
use crate::pg::table::{Open, Table};
use crate::pg::{scan, types};
use crate::policy::may_become;
use crate::storage::rewrite;

/// Takes note of a column's new type, in the middle of the command; false where the policy has it refused. For
/// PostgreSQL in this process the table is still what it was, so this is when its heads can be read.
pub(super) fn note(log: &Log, before: &Entry, now: &Entry) -> bool {
    let kind = |row: &Entry| row.oid(pg_sys::Anum_pg_attribute_atttypid);
    let name = before.name(pg_sys::Anum_pg_attribute_attname);
    if log.own.is_some() || is_stamp(&name) || !may_become(kind(before), kind(now)) {
        return false;
    }
    let [from, to] = [before, now].map(written);
    being_retyped::note(log.oid, [name, from, to], || {
        let table = Open::locked(log.oid);
        (table.file_number(), Walk::over_newest(&table, &plan::of(&table)).heads())
    });
    true
}

fn written(row: &Entry) -> String {
    let modifier = row.value(pg_sys::Anum_pg_attribute_atttypmod).unwrap_or(-1);
    types::written(row.oid(pg_sys::Anum_pg_attribute_atttypid), modifier)
}

/// Looks at the tables whose command, at `depth` or within one there, is done, refuses one with other rows than it had, and answers the rest.
pub(super) fn check(depth: usize) -> Vec<Retyped> {
    let file_of = |table| Open::relation(table, pg_sys::AccessShareLock).file_number();
    let done = being_retyped::done(depth, file_of);
    for retyped in &done {
        let table = Open::relation(retyped.table, pg_sys::AccessShareLock);
        eligible::check_altered(&table);
        if retyped.is_rewritten() {
            check_rows(&table, retyped);
            rewrite::remember(table.oid(), table.file_number());
        }
        being_retyped::end(retyped.table);
    }
    done
}

/// Records what was checked.
pub(super) fn record(all: &[Retyped]) {
    all.iter().for_each(|it| events::retyped(it.table, &it.changes));
}

fn check_rows(table: &Table, before: &Retyped) {
    let plan = plan::of(table);
    let refuse = |detail: String| {
        let hint = "Add another column of the new type.";
        Error::NotAlterable { table: plan.name.clone(), detail, hint }.raise()
    };
    let Some(opening) = plan.armed.as_ref().and_then(|armed| armed.opening()) else {
        refuse("Its opening line is not in this database.".into())
    };
    let walk = Walk::over_newest(table, &plan);
    if walk.heads() != before.heads {
        refuse("While it was rewritten, rows were added to it.".into());
    }
    // Damage that was acknowledged stays what it was, to the hash.
    let scars = plan.armed.as_ref().map(|armed| Scars::of(&armed.log)).unwrap_or_default();
    for head in &before.heads {
        if let Some(seq) = first_other_line(&walk, *head, opening, &scars) {
            refuse(format!("Row {seq} of chain {} would have another line.", head.chain));
        }
    }
    if rows(table) != before.heads.iter().map(|head| head.seq - gone(*head, &scars)).sum::<i64>() {
        refuse("While it was rewritten, rows were added to it, or got lost.".into());
    }
}

/// The first row of a chain whose line has not the hash that is stored with it, or that is not there; in a scar, that is
/// not what was left of it.
fn first_other_line(walk: &Walk<'_>, head: Head, opening: RowHash, scars: &Scars) -> Option<i64> {
    let (mut seq, mut prev, mut line) = (1, opening, Vec::new());
    walk.rows_from(head.chain, 1, |found| {
        pgrx::check_for_interrupts!();
        if let Some(scar) = scars.at(head.chain, found.seq) {
            return scar.rows.get(&found.seq) == found.print(&mut line).as_ref();
        }
        while let Some(scar) = scars.at(head.chain, seq) {
            (seq, prev) = (scar.last + 1, scar.hash);
        }
        let is_same = found.seq == seq && found.is_sound(&mut line, &prev);
        if is_same {
            (seq, prev) = (seq + 1, found.hash);
        }
        is_same
    });
    while let Some(scar) = scars.at(head.chain, seq) {
        seq = scar.last + 1;
    }
    (seq <= head.seq).then_some(seq)
}

/// How many rows up to a head are gone, as it is on record.
fn gone(head: Head, scars: &Scars) -> i64 {
    let scars = scars.of_chain(head.chain).iter().filter(|scar| scar.first <= head.seq);
    scars.map(|it| it.last.min(head.seq) - it.first + 1 - it.rows.len() as i64).sum()
}

fn rows(table: &Table) -> i64 {
    let _latest = Latest::push();
    let mut rows = 0;
    scan::each(table, |_| {
        rows += 1;
        true
    });
    rows
}

/// Lets PostgreSQL rewrite the table, if it does so for a type that was taken note of and for nothing else.
pub(super) fn lets_rewrite(plan: &Plan, reason: u32) -> bool {
    reason == pg_sys::AT_REWRITE_COLUMN_REWRITE && being_retyped::let_rewrite(plan.relation)
}
