//! One pass over a table's rows: each is read, written as its line, hashed and compared.

use ledger::{Chains, Finding, FindingKind, Keep, RowHash};
use pgrx::pg_sys;

use super::{progress, retired, trailing};
use crate::log::columns::Stamps;
use crate::log::opening;
use crate::log::plan::{self, Plan};
use crate::log::{Row, lines};
use crate::pg::page::{self, Place, Recent};
use crate::pg::tuple::Values;

/// The state of a pass.
pub(super) struct Pass {
    /// The table it is over.
    pub(super) relation: pg_sys::Oid,
    pub(super) chains: Chains,
    line: Vec<u8>,
    values: Values,
    recent: Recent,
}

impl Pass {
    /// A pass over a table that starts from its opening line, as far as this database knows it.
    pub(super) fn new(plan: &Plan, keep: Keep) -> Pass {
        let opening = plan
            .armed
            .as_ref()
            .and_then(|armed| armed.opening)
            .or_else(|| retired::opening(plan).map(|line| RowHash::of(line.as_bytes())))
            .or_else(|| opening::of_table(&plan.quoted).map(|line| line.hash()))
            .unwrap_or(RowHash::ZERO);
        Pass::with(plan.relation, Chains::new(opening, keep))
    }

    /// A pass that goes on from what others have seen.
    pub(super) fn with(relation: pg_sys::Oid, chains: Chains) -> Pass {
        let (values, recent) = (Values::default(), Recent::default());
        Pass { relation, chains, line: Vec::new(), values, recent }
    }

    /// Takes the row at `tid`, which is visible to the snapshot the caller holds.
    ///
    /// # Safety
    /// `table` is open, `tid` is of one of its pages.
    pub(super) unsafe fn row_at(&mut self, table: pg_sys::Relation, tid: &pg_sys::ItemPointerData) {
        let mut recent = std::mem::take(&mut self.recent);
        // SAFETY: by the caller's promise.
        unsafe {
            let plan = plan::of(table);
            page::with_tuple(table, tid, &mut recent, |place| match place {
                Some(place) => self.row(table, &plan, place, tid),
                None => self.chains.unstamped_row(finding(
                    FindingKind::Modified,
                    None,
                    format!("The row at {} lies outside its page.", page::written(tid)),
                )),
            });
        }
        self.recent = recent;
    }

    /// Takes a row where it lies.
    ///
    /// # Safety
    /// `plan` is the plan of the open `table`; the place is readable.
    pub(super) unsafe fn row(
        &mut self,
        table: pg_sys::Relation,
        plan: &Plan,
        place: Place,
        tid: &pg_sys::ItemPointerData,
    ) {
        progress::row();
        let Some(stamps) = &plan.stamps else {
            return self.chains.unstamped_row(finding(
                FindingKind::Unstamped,
                None,
                format!("The row at {} has no stamp columns.", page::written(tid)),
            ));
        };
        // SAFETY: by the caller's promise.
        let read =
            unsafe { self.values.read(&plan.layout, (*table).rd_att, place.header, place.size) };
        match read {
            // SAFETY: by the caller's promise.
            Ok(()) => unsafe { self.readable(plan, stamps, tid) },
            // SAFETY: by the caller's promise.
            Err(damage) => unsafe {
                self.damaged(plan, stamps, place, tid, &format!("{damage}"));
            },
        }
    }

    /// Takes a row that could not be read, for the reason given. Its stamps may still be readable.
    ///
    /// # Safety
    /// As [`row`](Self::row).
    pub(super) unsafe fn damaged(
        &mut self,
        plan: &Plan,
        stamps: &Stamps,
        place: Place,
        tid: &pg_sys::ItemPointerData,
        why: &str,
    ) {
        // SAFETY: by the caller's promise.
        let stamped = unsafe { trailing::stamps(plan, stamps, place) };
        let detail = format!("The row at {} cannot be read: {why}.", page::written(tid));
        match stamped {
            Some((chain, seq, stored)) => {
                let finding = finding(FindingKind::Modified, Some((chain, seq)), detail);
                self.chains.damaged_row(chain, seq, stored, finding);
            }
            None => self.chains.unstamped_row(finding(FindingKind::Modified, None, detail)),
        }
    }

    /// # Safety
    /// `self.values` hold a row of the plan's table.
    unsafe fn readable(&mut self, plan: &Plan, stamps: &Stamps, tid: &pg_sys::ItemPointerData) {
        let row = Row { values: &self.values.values, nulls: &self.values.nulls };
        let (chain, seq) = stamps.place(row.values, row.nulls);
        // SAFETY: by the caller's promise.
        let Some(stored) = (unsafe { stamps.hash(row.values, row.nulls) }) else {
            return self.chains.unstamped_row(finding(
                FindingKind::Unstamped,
                (chain > 0 && seq > 0).then_some((chain, seq)),
                format!("The row at {} has no hash of 32 bytes.", page::written(tid)),
            ));
        };
        let stored = RowHash::from_bytes(stored);
        let prev = self.chains.prev_of(chain, seq).unwrap_or(RowHash::ZERO);
        // SAFETY: by the caller's promise.
        match unsafe { lines::of_stored(&mut self.line, plan, stamps, &row, prev) } {
            Ok(prev_at) => self.chains.row(chain, seq, stored, &mut self.line, prev_at),
            Err(unreadable) => {
                let detail = format!(
                    "Column \"{}\" of the row at {} cannot be read: {}.",
                    unreadable.column,
                    page::written(tid),
                    unreadable.why
                );
                let finding = finding(FindingKind::Modified, Some((chain, seq)), detail);
                self.chains.damaged_row(chain, seq, stored, finding);
            }
        }
    }
}

/// A finding without expected and actual values.
pub(super) fn finding(kind: FindingKind, place: Option<(i32, i64)>, detail: String) -> Finding {
    Finding {
        chain: place.map(|(chain, _)| chain),
        seq: place.map(|(_, seq)| seq),
        kind,
        detail,
        expected: None,
        actual: None,
    }
}
