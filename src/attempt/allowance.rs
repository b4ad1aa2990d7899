//! How many attempts a session user may leave on record: a stock that is used up by a loop and comes back with time.
//! Lies in shared memory, calls nothing.

use pgrx::pg_sys::{Oid, TimestampTz};

use super::entry::Name;

/// Of how many users it is known at once. One more takes the place of the user who has tried least lately.
const USERS: usize = 128;

/// So many attempts at once; more than the queue has places, so that it is the queue that runs full first where
/// nobody empties it.
const STOCK: i64 = 1200;

/// One more after each such time, in microseconds: 10 s, or 8,640 a day.
const REFILL: i64 = 10_000_000;

#[repr(C)]
#[derive(Clone, Copy)]
struct User {
    database: Oid,
    name: Name,
    /// When the stock will be full again, if nothing more is taken from it.
    full_at: TimestampTz,
}

#[repr(C)]
pub(super) struct Allowance {
    used: usize,
    users: [User; USERS],
}

impl Allowance {
    /// Takes one from a user's stock; false when there is none.
    pub(super) fn take(&mut self, database: Oid, name: &Name, now: TimestampTz) -> bool {
        let user = self.user(database, name, now);
        let full_at = user.full_at.max(now).saturating_add(REFILL);
        if full_at.saturating_sub(now) > STOCK * REFILL {
            return false;
        }
        user.full_at = full_at;
        true
    }

    fn user(&mut self, database: Oid, name: &Name, now: TimestampTz) -> &mut User {
        let used = &self.users[..self.used];
        let known = used.iter().position(|it| it.database == database && it.name == *name);
        let place = known.unwrap_or_else(|| {
            let new = User { database, name: *name, full_at: now };
            let place = if self.used < USERS {
                self.used += 1;
                self.used - 1
            } else {
                let fullest = (0..USERS).min_by_key(|place| self.users[*place].full_at);
                fullest.unwrap_or(0)
            };
            self.users[place] = new;
            place
        });
        &mut self.users[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> Allowance {
        let none = User { database: Oid::INVALID, name: Name::fitting(b""), full_at: 0 };
        Allowance { used: 0, users: [none; USERS] }
    }

    #[test]
    fn a_loop_uses_the_stock_up_and_time_brings_it_back() {
        let (mut allowance, database) = (empty(), Oid::from_u32(5));
        let (mallory, alice) = (Name::fitting(b"mallory"), Name::fitting(b"alice"));
        let taken = (0..5000).filter(|_| allowance.take(database, &mallory, 0)).count();
        assert_eq!(taken as i64, STOCK);
        assert!(allowance.take(database, &alice, 0), "another user has a stock of his own");
        assert!(allowance.take(Oid::from_u32(6), &mallory, 0), "and so has another database");
        assert!(!allowance.take(database, &mallory, REFILL - 1));
        assert!(allowance.take(database, &mallory, REFILL));
        assert!(!allowance.take(database, &mallory, REFILL));
        let later = (0..5000).filter(|_| allowance.take(database, &mallory, i64::MAX / 2)).count();
        assert_eq!(later as i64, STOCK);
    }

    #[test]
    fn whoever_tries_most_keeps_his_place() {
        let (mut allowance, database) = (empty(), Oid::from_u32(5));
        let mallory = Name::fitting(b"mallory");
        while allowance.take(database, &mallory, 0) {}
        for number in 0..USERS * 3 {
            let other = Name::fitting(format!("user {number}").as_bytes());
            assert!(allowance.take(database, &other, 1));
        }
        assert!(!allowance.take(database, &mallory, 1));
    }
}
