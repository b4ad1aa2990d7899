//! The lines of a log, which are what is hashed: each is one line of JSON, spelled in one way.
//!
//! ```text
//! {"audit_immutable":1,"database":"…","log":"…","table":"public.audit_log","columns":[…],"opened":"…","by":"alice"}
//! {"chain":3,"seq":42,"prev":"<64 hex>","at":"…","session":17,"row":{"id":7,"actor":"alice"}}
//! ```
//!
//! In reading order: how a row's line is written, with [`open`], [`member`] and [`close`]; a [`Line`] that is
//! read; what it can be: the [`OpeningLine`] with its [`Column`]s, a [`Row`] with its [`Commitment`]s, a
//! [`Disclosure`] of those, a [`Gap`] where rows are missing, and [`Provenance`], which says where rows came from.

mod writing;

mod cursor;
mod fault;
mod read;

mod columns;
mod committed;
mod disclosure;
mod gap;
mod opening;
mod provenance;
mod row;

pub use writing::{Key, Moment, PrevAt, Stamp, close, member, open, open_with_columns};

pub use fault::{LineError, LineKind};
pub use read::Line;

pub use columns::Column;
pub use committed::Commitment;
pub use disclosure::{Disclosed, Disclosure, DisclosureError};
pub use gap::{Gap, GapKind};
pub use opening::OpeningLine;
pub use provenance::{Arrival, Provenance};
pub use row::Row;
