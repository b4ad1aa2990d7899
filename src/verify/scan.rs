//! Verification of one log: its rows, its catalog entries, and the end of its index.

use ledger::{Finding, FindingKind, Keep, Report};
use pgrx::pg_sys;

use super::known::Known;
use super::pass::{Pass, Seen, finding};
use super::since::Since;
use super::{access, careful, catalog, checkpoint, index, progress, since, tail};
use crate::guard::installation::Installation;
use crate::log::plan;
use crate::pg::query::statement;
use crate::pg::subxact::{attempt, carefully};
use crate::pg::table::Table;
use crate::pg::{heap, owner, query};

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

/// So few pages are read before a query of them is planned: with many small logs that took a third of the time.
const FEW: u32 = 16;

/// The table's rows, by a query that may run in parallel. To plan it, PostgreSQL evaluates what stands in indexes and
/// statistics. Where that has code of a user's in it, which may never come back, they are read without a query; also
/// where the owner, as whom the query runs, does not read all rows, or damage keeps PostgreSQL from scanning the table
/// to its end.
pub(super) fn rows(table: &Table, keep: Keep, installation: &Installation) -> Seen {
    if !installation.has_aggregate {
        return careful::scan(table, keep); // other functions could make anything of our state
    }
    let alone = || careful::rows(table, keep);
    if heap::pages(table) <= FEW || has_code_of_users(table) || !owner::reads_all(table) {
        return alone();
    }
    let (oid, all, rows) = (table.oid(), keep == Keep::All, stretches(table));
    let sql = format!(
        "SELECT audit_immutable.check_rows({oid}::pg_catalog.oid, ctid, {all}) FROM ({rows}) AS rows"
    );
    let pass = || owner::acting(table.owner(), || query::one_by_many::<Vec<u8>>(&sql, &[]));
    match carefully(pass) {
        Ok(Some(bytes)) => Seen::from_bytes(&bytes),
        Ok(None) => Pass::new(&plan::of(table), keep).seen(),
        Err(_) => along_chains(table, keep).unwrap_or_else(alone),
    }
}

/// In how many stretches a table is read at most, and how many pages one has at least.
const STRETCHES: u32 = 32;
const STRETCH: u32 = 1024;

/// A query for the ctids of the table's rows, stretch by stretch: each is for one process. Where PostgreSQL itself
/// divides a table among processes it does so in thousands of pieces, and of each piece the first line of every chain
/// has to be kept until the rows before it come.
fn stretches(table: &Table) -> String {
    let (pages, quoted) = (heap::pages(table), table.quoted());
    let pages_of_one = pages.div_ceil(STRETCHES).max(STRETCH);
    let starts: Vec<u32> = (0..pages.max(1)).step_by(pages_of_one as usize).collect();
    let stretch = |(number, start): (usize, &u32)| {
        // The table may grow meanwhile: the last one has no end.
        let end = starts.get(number + 1).map(|end| format!(" AND ctid < '({end},0)'"));
        format!(
            "SELECT ctid FROM ONLY {quoted} WHERE ctid >= '({start},0)'{}",
            end.unwrap_or_default()
        )
    };
    match starts.len() {
        1 => format!("SELECT ctid FROM ONLY {quoted}"),
        _ => starts.iter().enumerate().map(stretch).collect::<Vec<_>>().join(" UNION ALL "),
    }
}

/// The table's rows along its chains, of which nothing has to be kept, whatever order they are stored in. None where
/// they cannot be read so, or where the index does not know all rows. Its query runs as the owner, as the one above.
fn along_chains(table: &Table, keep: Keep) -> Option<Seen> {
    let seen = carefully(|| since::rows(table, keep, &[])).ok()?;
    // No index has the ctid: the rows of the table are counted.
    let sql = format!("SELECT count(ctid) FROM ONLY {}", table.quoted());
    let rows = || owner::acting(table.owner(), || query::one_by_many::<i64>(&sql, &[]));
    let count = carefully(rows).ok()?;
    (count.map(i64::cast_unsigned) == Some(seen.chains.rows())).then_some(seen)
}

fn has_code_of_users(table: &Table) -> bool {
    query::one(statement!("verify/has_code_of_users"), &[table.oid().into()]).unwrap_or(true)
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
