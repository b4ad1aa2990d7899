//! Lines to take away: `line`, `opening_line` and `export`.

use std::collections::VecDeque;

use ledger::RowHash;
use pgrx::iter::SetOfIterator;
use pgrx::{pg_extern, pg_sys};

use super::access;
use super::pass::written;
use crate::error::Error;
use crate::pg::page::{self, Recent};
use crate::pg::relation::{self, Open};
use crate::pg::tuple::Values;
use crate::pg::{encoding, query};
use crate::stamp::columns::Stamps;
use crate::stamp::plan::{self, Plan};
use crate::stamp::{Row, lines, opening};

/// How many lines are read at a time.
const BATCH: i64 = 500;

/// The exact bytes whose SHA-256 is the row's hash.
#[pg_extern(sql = false)]
fn line(relation: pg_sys::Oid, chain: i32, seq: i64) -> Vec<u8> {
    let table = access::open(relation);
    // SAFETY: the table is open.
    let quoted = unsafe { relation::quoted(table.raw()) };
    let prev = if seq == 1 {
        opening_of(&table).map(|line| RowHash::of(line.as_bytes()))
    } else {
        let sql = format!(
            "SELECT audit_hash FROM ONLY {quoted} WHERE audit_chain = $1 AND audit_seq = $2"
        );
        query::one::<Vec<u8>>(&sql, &[chain.into(), (seq - 1).into()])
            .and_then(|bytes| RowHash::try_from(bytes.as_slice()).ok())
    };
    let sql = format!("SELECT ctid FROM ONLY {quoted} WHERE audit_chain = $1 AND audit_seq = $2");
    let Some(tid) = query::one::<pg_sys::ItemPointerData>(&sql, &[chain.into(), seq.into()]) else {
        // SAFETY: the table is open.
        Error::NoSuchRow { table: unsafe { relation::name(table.raw()) }, chain, seq }.raise()
    };
    encoding::result(&Reader::default().line(&table, &tid, |_, _| prev).text)
}

/// The line every chain of the log starts from; NULL when this database does not have it.
#[pg_extern(sql = false)]
fn opening_line(relation: pg_sys::Oid) -> Option<Vec<u8>> {
    let table = access::open_unread(relation);
    opening_of(&table).as_deref().map(encoding::result)
}

fn opening_of(table: &Open) -> Option<String> {
    // SAFETY: the table is open.
    let plan = unsafe { plan::of(table.raw()) };
    opening::text(&plan.armed.as_ref()?.log)
}

/// The opening line, then every line, chain by chain. Reads a batch at a time.
#[pg_extern(sql = false)]
fn export(relation: pg_sys::Oid) -> SetOfIterator<'static, Vec<u8>> {
    let table = access::open(relation);
    let opening = opening_of(&table);
    let export = Export {
        relation,
        opening: opening.as_ref().map_or(RowHash::ZERO, |line| RowHash::of(line.as_bytes())),
        last: None,
        waiting: opening.into_iter().collect(),
        reader: Reader::default(),
    };
    SetOfIterator::new(export)
}

/// An export under way.
struct Export {
    relation: pg_sys::Oid,
    opening: RowHash,
    /// The row the last batch ended with.
    last: Option<Line>,
    waiting: VecDeque<String>,
    reader: Reader,
}

impl Iterator for Export {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        if self.waiting.is_empty() {
            self.refill();
        }
        self.waiting.pop_front().as_deref().map(encoding::result)
    }
}

impl Export {
    fn refill(&mut self) {
        let table = Open::relation(self.relation, pg_sys::AccessShareLock);
        // SAFETY: the table is open.
        let quoted = unsafe { relation::quoted(table.raw()) };
        let (after, arguments) = match &self.last {
            None => ("", Vec::new()),
            Some(last) => (
                "WHERE (audit_chain, audit_seq, ctid) > ($1, $2, $3)",
                vec![last.chain.into(), last.seq.into(), last.tid.into()],
            ),
        };
        let sql = format!(
            "SELECT ctid FROM ONLY {quoted} {after} ORDER BY audit_chain, audit_seq, ctid LIMIT {BATCH}"
        );
        let mut tids = Vec::new();
        query::read(&sql, &arguments, |row| tids.extend(row.value::<pg_sys::ItemPointerData>(1)));
        for tid in tids {
            let (last, opening) = (self.last.take(), self.opening);
            let mut line = self.reader.line(&table, &tid, |chain, seq| match last {
                _ if seq == 1 => Some(opening),
                Some(last) if last.chain == chain && last.seq + 1 == seq => Some(last.hash),
                _ => None,
            });
            self.waiting.push_back(std::mem::take(&mut line.text));
            self.last = Some(line);
        }
    }
}

/// A line and the row it is of.
struct Line {
    text: String,
    chain: i32,
    seq: i64,
    hash: RowHash,
    tid: pg_sys::ItemPointerData,
}

/// What reading lines keeps between them.
#[derive(Default)]
struct Reader {
    values: Values,
    line: Vec<u8>,
    recent: Recent,
}

impl Reader {
    /// The line of the row at `tid`. `prev` answers the hash its predecessor has; where the
    /// predecessor is missing, zeros stand in its place.
    fn line(
        &mut self,
        table: &Open,
        tid: &pg_sys::ItemPointerData,
        prev: impl FnOnce(i32, i64) -> Option<RowHash>,
    ) -> Line {
        // SAFETY: the table is open; the tid comes from a query under the active snapshot.
        unsafe {
            let plan = plan::of(table.raw());
            let Some(stamps) = &plan.stamps else { unreadable(&plan, tid, "it has no stamps") };
            let mut recent = std::mem::take(&mut self.recent);
            let line = page::with_tuple(table.raw(), tid, &mut recent, |place| {
                let Some(place) = place else { unreadable(&plan, tid, "it is not in its page") };
                let descriptor = (*table.raw()).rd_att;
                match self.values.read(&plan.layout, descriptor, place.header, place.size) {
                    Ok(()) => self.write(&plan, stamps, tid, prev),
                    Err(damage) => unreadable(&plan, tid, &damage.to_string()),
                }
            });
            self.recent = recent;
            line
        }
    }

    /// # Safety
    /// `self.values` hold a row of the plan's table.
    unsafe fn write(
        &mut self,
        plan: &Plan,
        stamps: &Stamps,
        tid: &pg_sys::ItemPointerData,
        prev: impl FnOnce(i32, i64) -> Option<RowHash>,
    ) -> Line {
        let row = Row { values: &self.values.values, nulls: &self.values.nulls };
        let (chain, seq) = stamps.place(row.values, row.nulls);
        let prev = prev(chain, seq).unwrap_or(RowHash::ZERO);
        // SAFETY: by the caller's promise.
        unsafe {
            let hash =
                stamps.hash(row.values, row.nulls).map_or(RowHash::ZERO, RowHash::from_bytes);
            if let Err(it) = lines::of_stored(&mut self.line, plan, stamps, &row, prev) {
                Error::Unreadable { table: plan.name.clone(), column: it.column, why: it.why }
                    .raise();
            }
            let text = String::from_utf8_lossy(&self.line).into_owned();
            Line { text, chain, seq, hash, tid: *tid }
        }
    }
}

fn unreadable(plan: &Plan, tid: &pg_sys::ItemPointerData, why: &str) -> ! {
    Error::ChainBroken {
        table: plan.name.clone(),
        detail: format!("The row at {} cannot be read: {why}.", written(tid)),
    }
    .raise()
}
