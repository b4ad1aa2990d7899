//! Verification of one log: its rows, its catalog entries, and the end of its index.

use ledger::{Finding, FindingKind, Keep, Report};
use pgrx::pg_sys;

use super::known::Known;
use super::pass::{Seen, finding};
use super::since::Since;
use super::{access, careful, catalog, checkpoint, index, progress, since, tail};
use crate::guard::installation::Installation;
use crate::pg::subxact::{attempt, carefully};
use crate::pg::table::Table;
use crate::pg::{heap, query, scan};

/// Verifies everything that can be known of a log here; with `since`, of its rows those behind.
pub(super) fn log(oid: pg_sys::Oid, keep: Keep, known: &Known, since: &Since) -> Report {
    let table = access::open(oid);
    // What cannot be read along the chains is looked for in the whole table.
    progress::begin(&table);
    let since = since.positions(&table);
    let is_whole = since.is_none();
    let new = since.and_then(|since| carefully(|| since::rows(&table, keep, &since)).ok());
    let Seen { mut chains, starts } =
        new.unwrap_or_else(|| rows(&table, keep, &known.installation));
    progress::end();
    for finding in catalog::findings(&table, &known.installation) {
        chains.finding(finding);
    }
    let mut report = chains.finish();
    let index = attempt(|| {
        let found = is_whole.then(|| index::finding_of(&table, &report, starts)).flatten();
        tail::findings(&table, &report.heads).into_iter().chain(found).collect()
    });
    let index = index.unwrap_or_else(|why| {
        let detail = format!("The index of the chains cannot be read: {why}.");
        vec![finding(FindingKind::GuardMissing, None, detail)]
    });
    let contradictions = carefully(|| checkpoint::findings(&table, &known.checkpoints))
        .unwrap_or_else(|why| {
            let detail = format!("The rows cannot be compared with the last checkpoint: {why}.");
            vec![finding(FindingKind::CheckpointMismatch, None, detail)]
        });
    for finding in index.into_iter().chain(contradictions) {
        enter(&mut report, keep, finding);
    }
    report
}

/// The table's rows, in stretches that PostgreSQL may deal out to several processes; the query names no table, so that
/// nothing of what hangs on one is evaluated. Along the chains, or one by one, where damage, or an order in which too
/// much would have to be kept, does not let them be read so.
pub(super) fn rows(table: &Table, keep: Keep, installation: &Installation) -> Seen {
    if !installation.has_aggregate {
        return careful::scan(table, keep); // other functions could make anything of our state
    }
    let starts: Vec<u32> = stretches(heap::pages(table)).collect();
    let pass = || match starts.len() {
        0 | 1 => Some(careful::bounded(table, keep)),
        _ => query::one_by_many::<Vec<u8>>(&by_stretches(table, &starts, keep), &[])
            .map(|bytes| Seen::from_bytes(&bytes)),
    };
    match carefully(pass) {
        Ok(Some(seen)) => seen,
        _ => along_chains(table, keep).unwrap_or_else(|| careful::rows(table, keep)),
    }
}

/// In how many stretches a table is read at most, and how many pages one has at least: of each, a process keeps the first
/// line of every chain until the rows before it come.
const STRETCHES: u32 = 32;
const STRETCH: u32 = 1024;

/// Where each stretch of so many pages begins.
fn stretches(pages: u32) -> impl Iterator<Item = u32> {
    (0..pages).step_by(pages.div_ceil(STRETCHES).max(STRETCH) as usize)
}

fn by_stretches(table: &Table, starts: &[u32], keep: Keep) -> String {
    let (oid, all) = (table.oid(), keep == Keep::All);
    // The table may grow meanwhile: the last one has no end.
    let ends = starts.iter().skip(1).chain([&u32::MAX]);
    // PostgreSQL rounds how many of one row would be a process's share, and with one worker would see nothing to share
    // out. A second row, which the aggregate passes over, makes it one.
    let stretch = |(start, end)| {
        format!("VALUES ({start}::pg_catalog.int8, {end}::pg_catalog.int8), (NULL, NULL)")
    };
    let stretches: Vec<String> = starts.iter().zip(ends).map(stretch).collect();
    format!(
        "SELECT audit_immutable.check_rows({oid}::pg_catalog.oid, s.first, s.until, {all}) FROM ({}) AS s (first, until)",
        stretches.join(" UNION ALL ")
    )
}

/// The table's rows along its chains, of which nothing has to be kept, whatever order they are stored in. None where
/// they cannot be read so, or where the index does not know all rows.
fn along_chains(table: &Table, keep: Keep) -> Option<Seen> {
    let seen = carefully(|| since::rows(table, keep, &[])).ok()?;
    let count = carefully(|| scan::count(table)).ok()?;
    (count == seen.chains.rows()).then_some(seen)
}

fn enter(report: &mut Report, keep: Keep, finding: Finding) {
    report.count += 1;
    if report.first.as_ref().is_none_or(|first| finding < *first) {
        report.first = Some(finding.clone());
    }
    if keep == Keep::All {
        report.findings.push(finding);
        report.findings.sort();
    }
}
