//! Which tables say they are which log's, kept for the session. A restore asks once for each log that it brings: to look
//! at all of them each time would take the longer the more there are.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use pgrx::pg_sys;

use super::{list, triggers};
use crate::pg::invalidation;

thread_local! {
    static KNOWN: Cell<Option<Known>> = const { Cell::new(None) };
    static CHANGED: RefCell<Changed> = RefCell::default();
}

/// The tables that have all guard triggers.
#[derive(Default)]
struct Known {
    logs: HashMap<pg_sys::Oid, String>,
    tables: HashMap<String, Vec<pg_sys::Oid>>,
}

/// What may not hold any more.
#[derive(Default)]
enum Changed {
    #[default]
    Anything,
    Tables(HashSet<pg_sys::Oid>),
}

/// More than so many are looked at anew together with all others.
const MOST: usize = 10_000;

/// Registers for changes of tables.
pub(super) fn init() {
    invalidation::on_relation_change(|relation| {
        CHANGED.with_borrow_mut(|changed| match changed {
            Changed::Tables(some) if relation != pg_sys::InvalidOid && some.len() < MOST => {
                some.insert(relation);
            }
            _ => *changed = Changed::Anything,
        });
    });
}

/// Another table that says it is this log's.
pub(crate) fn other_of(log: &str, table: pg_sys::Oid) -> Option<pg_sys::Oid> {
    let known = current();
    let other = known.tables.get(log).and_then(|all| all.iter().find(|it| **it != table).copied());
    KNOWN.set(Some(known));
    other
}

/// What is known, as the catalog has it now. It is nobody's meanwhile: an ERROR on the way leaves nothing known.
fn current() -> Known {
    let changed = CHANGED.replace(Changed::Tables(HashSet::new()));
    match (KNOWN.take(), changed) {
        (Some(mut known), Changed::Tables(some)) => {
            some.into_iter().for_each(|table| known.look_at(table));
            known
        }
        _ => {
            let mut known = Known::default();
            list::present().into_iter().for_each(|(table, log)| known.add(table, log));
            known
        }
    }
}

impl Known {
    fn add(&mut self, table: pg_sys::Oid, log: String) {
        self.tables.entry(log.clone()).or_default().push(table);
        self.logs.insert(table, log);
    }

    fn look_at(&mut self, table: pg_sys::Oid) {
        if let Some(before) = self.logs.remove(&table)
            && let Some(tables) = self.tables.get_mut(&before)
        {
            tables.retain(|it| *it != table);
        }
        if list::is_stored_by_us(table)
            && let Some(log) = triggers::log_of(table)
        {
            self.add(table, log);
        }
    }
}
