//! The five stamp columns: their names, their definitions, and where a table has them.

use pgrx::pg_sys;

use crate::pg::relation::{self, Open};
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
    pub(crate) chain: usize,
    pub(crate) seq: usize,
    pub(crate) at: usize,
    pub(crate) session: usize,
    pub(crate) hash: usize,
}

/// A table's columns without the stamps, with their types as SQL writes them where only pg_catalog
/// is searched.
pub(crate) fn described(table: &Open) -> Vec<(String, String)> {
    // SAFETY: the table is open.
    unsafe { relation::attributes(table.raw()) }
        .filter(|attribute| !attribute.attisdropped)
        .map(|attribute| {
            let kind = types::written(attribute.atttypid, attribute.atttypmod);
            (relation::attribute_name(attribute), kind)
        })
        .filter(|(name, _)| !is_stamp(name))
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

/// Looks for the stamp columns in an open relation.
///
/// # Safety
/// `relation` is open.
pub(crate) unsafe fn look(relation: pg_sys::Relation) -> Presence {
    let mut places = [None; 5];
    let mut clash = None;
    // SAFETY: by the caller's promise.
    for (index, attribute) in unsafe { relation::attributes(relation) }.enumerate() {
        if attribute.attisdropped {
            continue;
        }
        let name = relation::attribute_name(attribute);
        for (place, definition) in places.iter_mut().zip(&DEFINITIONS) {
            if name == definition.name {
                clash = clash.or(Some(definition.name));
                if attribute.atttypid == definition.kind_oid {
                    *place = Some(index);
                }
            }
        }
    }
    match (places, clash) {
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

impl Stamps {
    /// The attribute numbers of the columns that the chains' unique index is over.
    pub(crate) fn index_columns(&self) -> [i16; 2] {
        [self.chain as i16 + 1, self.seq as i16 + 1]
    }

    /// What a row brings.
    ///
    /// # Safety
    /// The slices hold a row of the table the stamps were found in.
    pub(crate) unsafe fn given(&self, values: &[pg_sys::Datum], nulls: &[bool]) -> Given {
        let int = |index: usize| {
            if nulls[index] { 0 } else { values[index].value() as i64 }
        };
        let chain = int(self.chain) as i32;
        let seq = int(self.seq);
        // SAFETY: a bytea, by the caller's promise.
        let hash = unsafe { self.hash(values, nulls) };
        if chain > 0 && seq > 0 && hash.is_some_and(|hash| hash != [0; 32]) {
            return Given::Whole;
        }
        let at = if nulls[self.at] { i64::MIN } else { int(self.at) };
        let names = DEFINITIONS.map(|definition| definition.name);
        let supplied = [
            chain != 0,
            seq != 0,
            at != i64::MIN,
            int(self.session) != 0,
            !nulls[self.hash] && hash != Some([0; 32]),
        ];
        names
            .into_iter()
            .zip(supplied)
            .find_map(|(name, supplied)| supplied.then_some(Given::Part(name)))
            .unwrap_or(Given::Nothing)
    }

    /// The row's `audit_hash`, when it is one: 32 bytes.
    ///
    /// # Safety
    /// The slices hold a row of the table the stamps were found in.
    pub(crate) unsafe fn hash(&self, values: &[pg_sys::Datum], nulls: &[bool]) -> Option<[u8; 32]> {
        if nulls[self.hash] {
            return None;
        }
        // SAFETY: a bytea, by the caller's promise.
        unsafe {
            crate::pg::varlena::with_bytes(values[self.hash], |bytes| {
                <[u8; 32]>::try_from(bytes).ok()
            })
        }
    }

    /// The row's `audit_chain` and `audit_seq`; 0 for NULL.
    pub(crate) fn place(&self, values: &[pg_sys::Datum], nulls: &[bool]) -> (i32, i64) {
        let int = |index: usize| {
            if nulls[index] { 0 } else { values[index].value() as i64 }
        };
        (int(self.chain) as i32, int(self.seq))
    }
}
