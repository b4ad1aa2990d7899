//! How many attempts were not recorded and never will be. Lies in shared memory, calls nothing.

use pgrx::pg_sys::Oid;

/// Of how many databases it is known at once.
const ACCOUNTS: usize = 64;

#[repr(C)]
#[derive(Clone, Copy)]
struct Account {
    database: Oid,
    /// Since the last attempt that told of it.
    untold: i64,
}

#[repr(C)]
pub(super) struct Dropped {
    /// Of all databases, since the server's start.
    total: i64,
    used: usize,
    accounts: [Account; ACCOUNTS],
}

impl Dropped {
    /// So many were dropped.
    pub(super) fn count(&mut self, database: Oid, count: i64) {
        self.total += count;
        self.untell(database, count);
    }

    /// Of all databases, since the server's start.
    pub(super) fn total(&self) -> i64 {
        self.total
    }

    /// What the database's next attempt has to tell.
    pub(super) fn tell(&mut self, database: Oid) -> i64 {
        let used = &self.accounts[..self.used];
        let Some(at) = used.iter().position(|account| account.database == database) else {
            return 0;
        };
        let untold = used[at].untold;
        self.used -= 1;
        self.accounts[at] = self.accounts[self.used];
        untold
    }

    /// The attempt that had so many to tell of is dropped itself: the next one has to. Of more
    /// databases than there are accounts, only the total tells.
    pub(super) fn untell(&mut self, database: Oid, count: i64) {
        let used = &mut self.accounts[..self.used];
        if let Some(account) = used.iter_mut().find(|account| account.database == database) {
            account.untold += count;
        } else if count > 0 && self.used < ACCOUNTS {
            self.accounts[self.used] = Account { database, untold: count };
            self.used += 1;
        }
    }
}
