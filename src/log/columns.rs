//! The five stamp columns: their names, their definitions, and where a table has them.

use ledger::Column;
use pgrx::pg_sys;

use crate::pg::layout::Described;
use crate::pg::types;

/// A stamp column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    /// The type in SQL.
    pub(crate) kind: &'static str,
    /// A constant of the stamp's size, so that a stamp can be set in a row already formed.
    pub(crate) default: &'static str,
    kind_oid: pg_sys::Oid,
}

/// The stamp columns, in the order they stand in a table.
pub(crate) const DEFINITIONS: [Definition; 5] = [
    Definition {
        name: "audit_chain",
        kind: "pg_catalog.int4",
        default: "0",
        kind_oid: pg_sys::INT4OID,
    },
    Definition {
        name: "audit_seq",
        kind: "pg_catalog.int8",
        default: "0",
        kind_oid: pg_sys::INT8OID,
    },
    Definition {
        name: "audit_at",
        kind: "pg_catalog.timestamptz",
        default: "'-infinity'",
        kind_oid: pg_sys::TIMESTAMPTZOID,
    },
    Definition {
        name: "audit_session",
        kind: "pg_catalog.int8",
        default: "0",
        kind_oid: pg_sys::INT8OID,
    },
    Definition {
        name: "audit_hash",
        kind: "pg_catalog.bytea",
        default: "pg_catalog.decode(pg_catalog.repeat('00', 32), 'hex')",
        kind_oid: pg_sys::BYTEAOID,
    },
];

/// Where a table has its stamp columns: indexes from 0 into its attributes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamps {
    pub(super) chain: usize,
    pub(super) seq: usize,
    pub(super) at: usize,
    pub(super) session: usize,
    pub(super) hash: usize,
}

impl Stamps {
    /// The indexes of the columns, in the order of [`DEFINITIONS`].
    pub(crate) fn indexes(&self) -> [usize; 5] {
        [self.chain, self.seq, self.at, self.session, self.hash]
    }

    /// The attribute numbers of the columns that the chains' unique index is over.
    pub(crate) fn index_columns(&self) -> [i16; 2] {
        [self.chain as i16 + 1, self.seq as i16 + 1]
    }
}

/// A table's columns without the stamps, with their types as SQL writes them where only pg_catalog
/// is searched: as an opening line lists them.
pub(crate) fn described(table: &impl Described) -> Vec<Column> {
    table
        .attributes()
        .filter(|attribute| !attribute.is_dropped())
        .map(|it| Column::new(it.name(), types::written(it.kind(), it.modifier())))
        .filter(|column| !is_stamp(&column.name))
        .collect()
}

/// Whether a column is named like a stamp.
pub(crate) fn is_stamp(name: &str) -> bool {
    DEFINITIONS.iter().any(|definition| definition.name == name)
}

/// What a table has of the stamp columns.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Presence {
    None,
    /// A column is named like a stamp, but not all five are there with their types.
    Clash(&'static str),
    All(Stamps),
}

/// Looks for the stamp columns in a table.
pub(crate) fn look(table: &impl Described) -> Presence {
    let mut found = [None; 5];
    let mut clash = None;
    for (index, attribute) in table.attributes().enumerate() {
        if attribute.is_dropped() {
            continue;
        }
        let name = attribute.name();
        for (found, definition) in found.iter_mut().zip(&DEFINITIONS) {
            if name == definition.name {
                clash = clash.or(Some(definition.name));
                if attribute.kind() == definition.kind_oid {
                    *found = Some(index);
                }
            }
        }
    }
    match (found, clash) {
        ([Some(chain), Some(seq), Some(at), Some(session), Some(hash)], _) => {
            Presence::All(Stamps { chain, seq, at, session, hash })
        }
        (_, Some(name)) => Presence::Clash(name),
        (_, None) => Presence::None,
    }
}

/// What a row brings in its stamp columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Given {
    /// Nothing: the defaults, or NULL.
    Nothing,
    /// A value in at least this column.
    Part(&'static str),
    /// A chain, a seq and a hash: a row stamped before.
    Whole,
}

impl Given {
    /// Whether it brings a value in each column, in the order of [`DEFINITIONS`]; not all of a stamp.
    pub(super) fn of(supplied: [bool; 5]) -> Given {
        let names = DEFINITIONS.iter().map(|definition| definition.name);
        names
            .zip(supplied)
            .find_map(|(name, supplied)| supplied.then_some(Given::Part(name)))
            .unwrap_or(Given::Nothing)
    }
}
