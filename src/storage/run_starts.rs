//! Of the rows that a scan hands over, those that begin a run: whose predecessor is not in the same block.

use std::ffi::c_void;
use std::ptr;

use pgrx::pg_sys;

/// The rows of a block, until all of them are known.
pub(super) struct RunStarts {
    callback: pg_sys::IndexBuildCallback,
    state: *mut c_void,
    block: pg_sys::BlockNumber,
    count: usize,
    /// On the stack: an ERROR passes through without a destructor.
    rows: [Row; MAX_ROWS],
}

/// A row: chain, seq, and the number of its line pointer.
type Row = (i32, i64, pg_sys::OffsetNumber);

/// The most rows of a block: MaxHeapTuplesPerPage.
const MAX_ROWS: usize = (pg_sys::BLCKSZ as usize - 24) / (24 + 4);

impl RunStarts {
    /// Hands what begins a run to PostgreSQL's callback for rows.
    pub(super) fn handed_to(callback: pg_sys::IndexBuildCallback, state: *mut c_void) -> RunStarts {
        RunStarts { callback, state, block: 0, count: 0, rows: [(0, 0, 0); MAX_ROWS] }
    }

    /// The callback that takes all rows.
    pub(super) fn callback(&mut self) -> (pg_sys::IndexBuildCallback, *mut c_void) {
        (Some(take), ptr::from_mut(self).cast())
    }

    /// All rows of the block are there.
    ///
    /// # Safety
    /// `index` is the open index that the callback is for.
    pub(super) unsafe fn end_block(&mut self, index: pg_sys::Relation) {
        let rows = &mut self.rows[..self.count];
        rows.sort_unstable();
        let rows = &self.rows[..self.count];
        for (chain, seq, item) in rows {
            if follows(rows, *chain, *seq) {
                continue;
            }
            let mut tid = pg_sys::ItemPointerData::default();
            pgrx::itemptr::item_pointer_set_all(&mut tid, self.block, *item);
            let (mut values, mut nulls) = ([(*chain).into(), (*seq).into()], [false; 2]);
            // SAFETY: by the caller's promise.
            unsafe { self.pass(index, &mut tid, values.as_mut_ptr(), nulls.as_mut_ptr(), true) };
        }
        self.count = 0;
    }

    /// # Safety
    /// As the callback's own arguments.
    unsafe fn pass(
        &self,
        index: pg_sys::Relation,
        tid: pg_sys::ItemPointer,
        values: *mut pg_sys::Datum,
        nulls: *mut bool,
        is_alive: bool,
    ) {
        if let Some(callback) = self.callback {
            // SAFETY: by the caller's promise.
            unsafe { callback(index, tid, values, nulls, is_alive, self.state) }
        }
    }
}

/// Whether a row goes on with a run of these rows, which are in order.
fn follows(rows: &[Row], chain: i32, seq: i64) -> bool {
    let before = (chain, seq.wrapping_sub(1));
    rows.binary_search_by(|(chain, seq, _)| (*chain, *seq).cmp(&before)).is_ok()
}

/// A row of the scan. The rows of a block come one after the other. What somebody took away is passed on as it is.
unsafe extern "C-unwind" fn take(
    index: pg_sys::Relation,
    tid: pg_sys::ItemPointer,
    values: *mut pg_sys::Datum,
    nulls: *mut bool,
    is_alive: bool,
    state: *mut c_void,
) {
    // SAFETY: the state is ours, all else is PostgreSQL's; the index has two columns of numbers.
    unsafe {
        let starts = &mut *state.cast::<RunStarts>();
        if !is_alive || *nulls || *nulls.add(1) {
            return starts.pass(index, tid, values, nulls, is_alive);
        }
        let (block, item) = pgrx::itemptr::item_pointer_get_both(*tid);
        if block != starts.block || starts.count == MAX_ROWS {
            starts.end_block(index);
            starts.block = block;
        }
        let row = ((*values).value() as i32, (*values.add(1)).value() as i64, item);
        starts.rows[starts.count] = row;
        starts.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a scan hands over, by chain and seq with their blocks, and what is passed on.
    fn passed(scanned: &[(u32, i32, i64)]) -> Vec<(u32, i32, i64)> {
        let mut passed: Vec<(u32, i32, i64)> = Vec::new();
        let mut starts = RunStarts::handed_to(Some(note), ptr::from_mut(&mut passed).cast());
        let (callback, state) = starts.callback();
        let index = ptr::null_mut();
        for (item, (block, chain, seq)) in (1..).zip(scanned) {
            let mut tid = pg_sys::ItemPointerData::default();
            pgrx::itemptr::item_pointer_set_all(&mut tid, *block, item);
            let (mut values, mut nulls) = ([(*chain).into(), (*seq).into()], [false; 2]);
            let (values, nulls) = (values.as_mut_ptr(), nulls.as_mut_ptr());
            // SAFETY: the callback's own state, two values, and an index that nobody looks at.
            unsafe { callback.unwrap()(index, &mut tid, values, nulls, true, state) };
        }
        // SAFETY: as above.
        unsafe { starts.end_block(index) };
        passed
    }

    unsafe extern "C-unwind" fn note(
        _index: pg_sys::Relation,
        tid: pg_sys::ItemPointer,
        values: *mut pg_sys::Datum,
        _nulls: *mut bool,
        _is_alive: bool,
        state: *mut c_void,
    ) {
        // SAFETY: the state is the list of `passed`, and there are two values.
        let (passed, values, tid) = unsafe {
            let values = std::slice::from_raw_parts(values, 2);
            (&mut *state.cast::<Vec<(u32, i32, i64)>>(), values, *tid)
        };
        let (block, _) = pgrx::itemptr::item_pointer_get_both(tid);
        passed.push((block, values[0].value() as i32, values[1].value() as i64));
    }

    #[test]
    fn the_first_row_of_each_run_is_passed_on() {
        let rows = [(0, 1, 1), (0, 1, 2), (0, 2, 1), (0, 1, 3), (1, 1, 4), (1, 1, 5), (1, 2, 2)];
        assert_eq!(passed(&rows), [(0, 1, 1), (0, 2, 1), (1, 1, 4), (1, 2, 2)]);
    }

    #[test]
    fn a_predecessor_counts_wherever_it_is_in_the_block() {
        assert_eq!(passed(&[(0, 1, 3), (0, 1, 2), (0, 1, 1), (0, 1, 7)]), [(0, 1, 1), (0, 1, 7)]);
        assert_eq!(passed(&[(5, 1, 9), (3, 1, 8)]), [(5, 1, 9), (3, 1, 8)]);
    }

    #[test]
    fn more_rows_than_a_block_can_have_are_not_lost() {
        let rows: Vec<_> = (1..=1000).map(|seq| (0, 1, seq)).collect();
        let passed = passed(&rows);
        assert!(passed.first() == Some(&(0, 1, 1)) && passed.len() < 5);
    }
}
