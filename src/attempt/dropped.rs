//! How many attempts were not recorded and never will be. Lies in shared memory, calls nothing.

use pgrx::pg_sys::Oid;

/// Of how many databases it is known at once.
const ACCOUNTS: usize = 64;

#[repr(C)]
#[derive(Clone, Copy)]
struct Account {
    database: Oid,
    /// Since an attempt was recorded that reports the ones before it.
    unreported: i64,
}

#[repr(C)]
pub(super) struct Dropped {
    /// Of all databases, since the server's start.
    total: i64,
    used: usize,
    accounts: [Account; ACCOUNTS],
}

impl Dropped {
    /// Counts attempts of a database as dropped.
    pub(super) fn count(&mut self, database: Oid, count: i64) {
        self.total += count;
        self.add_unreported(database, count);
    }

    /// Of all databases, since the server's start.
    pub(super) fn total(&self) -> i64 {
        self.total
    }

    /// How many the database's next attempt has to report.
    pub(super) fn take_unreported(&mut self, database: Oid) -> i64 {
        let used = &self.accounts[..self.used];
        let Some(at) = used.iter().position(|account| account.database == database) else {
            return 0;
        };
        let unreported = used[at].unreported;
        self.used -= 1;
        self.accounts[at] = self.accounts[self.used];
        unreported
    }

    /// Leaves attempts to the database's next one to report. Of more databases than there are accounts,
    /// they are in the total alone.
    pub(super) fn add_unreported(&mut self, database: Oid, count: i64) {
        let used = &mut self.accounts[..self.used];
        if let Some(account) = used.iter_mut().find(|account| account.database == database) {
            account.unreported += count;
        } else if count > 0 && self.used < ACCOUNTS {
            self.accounts[self.used] = Account { database, unreported: count };
            self.used += 1;
        }
    }
}
