//! Runs: rows of a chain that follow each other in one block. The chains' index has an entry for the first of each.
//!
//! A row goes on with a run where its predecessor is known to stand in the same block, is there as long as the row
//! itself, and was entered or goes on itself. So what is known here is of this transaction, or the head that it took a
//! chain with, and any savepoint that is undone ends it. Where nothing is known, an entry is made: one too many does no
//! harm.

use std::cell::Cell;

use pgrx::pg_sys;

use crate::pg::table::Table;

/// A row's place in a chain.
type Place = (i32, i64);

/// A table, and the number of its file: in another one, rows stand elsewhere. Files of two tablespaces may have one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Home {
    table: pg_sys::Oid,
    file: pg_sys::Oid,
}

impl Home {
    /// Where the table's rows are now.
    pub(crate) fn of(table: &Table) -> Home {
        Home { table: table.oid(), file: table.file_number() }
    }
}

/// The row that a chain of a table ends with, as far as it is indexed.
#[derive(Clone, Copy)]
struct Entered {
    home: Home,
    place: Place,
    block: pg_sys::BlockNumber,
}

const NOWHERE: Home = Home { table: pg_sys::InvalidOid, file: pg_sys::InvalidOid };
const NONE: Entered = Entered { home: NOWHERE, place: (0, 0), block: 0 };

/// How many chains are known at a time: what a restore brings may be of several by turns.
const CHAINS: usize = 4;

thread_local! {
    static ENTERED: Cell<[Entered; CHAINS]> = const { Cell::new([NONE; CHAINS]) };
}

/// Whether a row goes on with the run of the row before it.
pub(crate) fn goes_on(home: Home, (chain, seq): Place, block: pg_sys::BlockNumber) -> bool {
    let before = (chain, seq.wrapping_sub(1));
    ENTERED.get().iter().any(|it| it.place == before && it.block == block && it.home == home)
}

/// The row is indexed, and stands in that block.
pub(crate) fn entered(home: Home, place: Place, block: pg_sys::BlockNumber) {
    let mut all = ENTERED.get();
    let its = |it: &Entered| it.place.0 == place.0 && it.home == home;
    match all.iter_mut().find(|it| its(it)) {
        Some(entered) => *entered = Entered { home, place, block },
        None => {
            all.rotate_right(1);
            all[0] = Entered { home, place, block };
        }
    }
    ENTERED.set(all);
}

/// Nothing is known any more.
pub(super) fn forget() {
    ENTERED.set([NONE; CHAINS]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(number: u32) -> Home {
        of_table(1, number)
    }

    fn of_table(table: u32, file: u32) -> Home {
        Home { table: table.into(), file: file.into() }
    }

    #[test]
    fn a_row_goes_on_behind_its_predecessor_in_the_same_block_of_the_same_file() {
        forget();
        assert!(!goes_on(file(7), (1, 1), 0));
        entered(file(7), (1, 5), 3);
        assert!(goes_on(file(7), (1, 6), 3));
        assert!(!goes_on(file(7), (1, 6), 4));
        assert!(!goes_on(file(7), (1, 7), 3));
        assert!(!goes_on(file(7), (2, 6), 3));
        assert!(!goes_on(file(8), (1, 6), 3));
        assert!(!goes_on(of_table(2, 7), (1, 6), 3));
        forget();
        assert!(!goes_on(file(7), (1, 6), 3));
    }

    #[test]
    fn a_few_chains_are_known_by_turns() {
        forget();
        for seq in 1..=9 {
            for chain in 1..=4 {
                assert_eq!(goes_on(file(7), (chain, seq), 0), seq > 1);
                entered(file(7), (chain, seq), 0);
            }
        }
        entered(file(7), (5, 1), 0);
        assert!(!goes_on(file(7), (1, 10), 0));
        assert!(goes_on(file(7), (4, 10), 0));
    }
}
