//! Which table is which log's, by one look at the catalog for a whole call: there may be thousands.

use std::collections::HashMap;

use pgrx::pg_sys;

use crate::guard::events;
use crate::log::list;
use crate::tree::log_text;

/// The tables of the logs that are there.
pub(super) struct Tables(HashMap<String, pg_sys::Oid>);

impl Tables {
    /// As the catalog has them now.
    pub(super) fn look() -> Tables {
        let mut tables = HashMap::new();
        for (table, log) in list::present() {
            tables.entry(log).or_insert(table);
        }
        Tables(tables)
    }

    /// The table of a log, one that was retired included.
    pub(super) fn of(&self, log: &[u8; 16]) -> Option<pg_sys::Oid> {
        let log = log_text(log);
        self.0.get(&log).copied().or_else(|| events::retired_table(&log))
    }
}
