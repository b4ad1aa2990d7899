//! Who writes: one row of `audit_immutable.session` for each connection identity.

use std::cell::{Cell, RefCell};

use pgrx::{datum::TimestampWithTimeZone, pg_sys};

use crate::log::columns::{self, Presence};
use crate::log::event;
use crate::log::own::{self, Own, Watched};
use crate::pg::probe::{self, End, Key};
use crate::pg::query::{Argument, statement};
use crate::pg::snapshot::Snapshot;
use crate::pg::table::Open;
use crate::pg::{authentication, client, index, invalidation, process, random, role, unguarded};

/// What makes two writes come from the same identity, within one backend.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Identity {
    session_user: pg_sys::Oid,
    current_user: pg_sys::Oid,
    application: Vec<u8>,
}

/// How many identities a backend remembers.
const MAX_IDENTITIES: usize = 64;

/// An identity that has its row.
struct Known {
    identity: Identity,
    id: i64,
    /// The nesting level that wrote the row; 0 once it is committed.
    level: i32,
}

thread_local! {
    /// Most recently used last.
    static KNOWN: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
    /// The identity whose row is being written: that row's own session.
    static WRITING: Cell<Option<i64>> = const { Cell::new(None) };
    /// Whether this process writes as the server itself.
    static IS_SERVER: Cell<bool> = const { Cell::new(false) };
    static TABLE: Watched = const { Watched::new(Own::Session) };
}

/// Registers for changes of roles and of the session table.
pub(super) fn init() {
    invalidation::on_relation_change(|relation| TABLE.with(|table| table.changed(relation)));
    // A role may have been renamed, or dropped and its oid given again.
    invalidation::on_change(pg_sys::SysCacheIdentifier::AUTHOID, || {
        KNOWN.with_borrow_mut(Vec::clear);
    });
}

/// The session of what the server itself writes: no connection's.
pub(crate) const SERVER: i64 = 0;

/// From now on this process writes as the server itself, and leaves no row of its own in the session
/// table: else every checkpoint would leave rows for the next.
pub(crate) fn act_as_server() {
    IS_SERVER.set(true);
}

/// Whether this process writes as the server itself.
pub(crate) fn is_server() -> bool {
    IS_SERVER.get()
}

/// The session of the row about to be stamped; writes the session's row first if it has none.
pub(crate) fn current() -> i64 {
    if IS_SERVER.get() {
        return SERVER;
    }
    if let Some(id) = WRITING.get() {
        return id;
    }
    if TABLE.with(Watched::is_another) {
        KNOWN.with_borrow_mut(Vec::clear);
    }
    let known = KNOWN.with_borrow_mut(|all| {
        let at = all.iter().rposition(|known| is_me(&known.identity))?;
        let last = all.len() - 1;
        all.swap(at, last);
        Some(all[last].id)
    });
    known.unwrap_or_else(register)
}

/// The transaction is over. A prepared one may yet be rolled back, so its rows do not count.
pub(crate) fn transaction_ended(committed: bool) {
    WRITING.set(None);
    KNOWN.with_borrow_mut(|all| {
        if committed {
            all.iter_mut().for_each(|known| known.level = 0);
        } else {
            all.retain(|known| known.level == 0);
        }
    });
}

/// The subtransaction at `level` has become part of its parent.
pub(crate) fn subtransaction_committed(level: i32) {
    KNOWN.with_borrow_mut(|all| {
        for known in all.iter_mut().filter(|known| known.level >= level) {
            known.level = level - 1;
        }
    });
}

/// The subtransaction at `level` is undone, with the rows it wrote.
pub(crate) fn subtransaction_aborted(level: i32) {
    WRITING.set(None);
    KNOWN.with_borrow_mut(|all| all.retain(|known| known.level < level));
}

fn is_me(identity: &Identity) -> bool {
    identity.current_user == role::current()
        && identity.session_user == role::session()
        && client::with_application(|application| identity.application == application)
}

/// Writes the row, as the owner of the table. Its number is random: nobody can use up what nobody counts.
fn register() -> i64 {
    let identity = Identity {
        session_user: role::session(),
        current_user: role::current(),
        application: client::with_application(<[u8]>::to_vec),
    };
    let id = new_id();
    let session_user = role::name(identity.session_user);
    let current_user = role::name(identity.current_user);
    WRITING.set(Some(id));
    own::write(
        Own::Session,
        statement!("stamp/insert_session"),
        &[
            id.into(),
            start().into(),
            Argument::text(&session_user),
            Argument::text(&current_user),
            number(identity.session_user).into(),
            number(identity.current_user).into(),
            Argument::optional_text(authentication::name().as_deref()),
            number(authentication::role()).into(),
            Argument::optional_text(authentication::identity().as_deref()),
        ],
    );
    WRITING.set(None);
    let level = unguarded::GetCurrentTransactionNestLevel();
    KNOWN.with_borrow_mut(|all| {
        // A client that puts a number of its requests into application_name must not fill the memory. The
        // identity used longest ago gets another row should it come back.
        if all.len() >= MAX_IDENTITIES {
            all.remove(0);
        }
        all.push(Known { identity, id, level });
    });
    event::note_preload();
    id
}

fn number(role: pg_sys::Oid) -> i64 {
    role.to_u32().into()
}

/// A number that no session has.
fn new_id() -> i64 {
    loop {
        let id = random::positive();
        if !matches!(written(id), Written::At(_)) {
            return id;
        }
    }
}

/// When the row of a session was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    At(i64),
    /// There is no such row.
    Nowhere,
    /// The table cannot be looked at.
    Unknown,
}

/// When the row of this session was written.
pub(crate) fn written(id: i64) -> Written {
    let Some(table) = Open::existing(Own::Session.oid(), pg_sys::AccessShareLock) else {
        return Written::Unknown;
    };
    let (Presence::All(stamps), Some(index)) =
        (columns::look(&*table), index::unique_index(&table, &[ID]))
    else {
        return Written::Unknown;
    };
    let [_, _, at, ..] = stamps.indexes();
    let from = Key::from(ID, id);
    let found = probe::one(&table, index, &[from], Snapshot::Newest, End::First, |tuple| {
        let at = tuple.value::<TimestampWithTimeZone>(&*table, at as i16 + 1);
        (tuple.value::<i64>(&*table, ID), at.map(i64::from))
    });
    match found {
        Some((Some(first), at)) if first == id => at.map_or(Written::Unknown, Written::At),
        _ => Written::Nowhere,
    }
}

/// The attribute number of `id`.
const ID: i16 = 1;

fn start() -> TimestampWithTimeZone {
    TimestampWithTimeZone::try_from(process::start())
        .unwrap_or(TimestampWithTimeZone::positive_infinity())
}
