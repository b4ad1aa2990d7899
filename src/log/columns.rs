//! The five stamp columns: their names, their definitions, and where a table has them.

use ledger::{Column, RowHash};
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
    /// The default as PostgreSQL writes it.
    pub(crate) default_written: &'static str,
    kind_oid: pg_sys::Oid,
}

/// The stamp columns, in the order they stand in a table.
///
/// Their defaults say that nothing was given, so they are values that no application sends: but for the time, which
/// only comes behind two others, the first bytes of the SHA-256 of the column's name, numbers as negative ones.
pub(crate) const DEFINITIONS: [Definition; 5] = [
    Definition {
        name: "audit_chain",
        kind: "pg_catalog.int4",
        default: "-1358631719",
        default_written: "'-1358631719'::integer",
        kind_oid: pg_sys::INT4OID,
    },
    Definition {
        name: "audit_seq",
        kind: "pg_catalog.int8",
        default: "-4424792970956690659",
        default_written: "'-4424792970956690659'::bigint",
        kind_oid: pg_sys::INT8OID,
    },
    Definition {
        name: "audit_at",
        kind: "pg_catalog.timestamptz",
        default: "'-infinity'",
        default_written: "'-infinity'::timestamp with time zone",
        kind_oid: pg_sys::TIMESTAMPTZOID,
    },
    Definition {
        name: "audit_session",
        kind: "pg_catalog.int8",
        default: "-7738114663614724860",
        default_written: "'-7738114663614724860'::bigint",
        kind_oid: pg_sys::INT8OID,
    },
    Definition {
        name: "audit_hash",
        kind: "pg_catalog.bytea",
        default: "pg_catalog.decode('992bcfb99ef1d6288ca080419956d99a8dae92b88e40349a1a90fbfadcfc526e', 'hex')",
        default_written: "decode('992bcfb99ef1d6288ca080419956d99a8dae92b88e40349a1a90fbfadcfc526e'::text, 'hex'::text)",
        kind_oid: pg_sys::BYTEAOID,
    },
];

pub(super) const DEFAULT_CHAIN: i32 = -1_358_631_719;
pub(super) const DEFAULT_SEQ: i64 = -4_424_792_970_956_690_659;
pub(super) const DEFAULT_AT: i64 = i64::MIN;
pub(super) const DEFAULT_SESSION: i64 = -7_738_114_663_614_724_860;
pub(super) const DEFAULT_HASH: RowHash = RowHash::from_bytes([
    0x99, 0x2b, 0xcf, 0xb9, 0x9e, 0xf1, 0xd6, 0x28, 0x8c, 0xa0, 0x80, 0x41, 0x99, 0x56, 0xd9, 0x9a,
    0x8d, 0xae, 0x92, 0xb8, 0x8e, 0x40, 0x34, 0x9a, 0x1a, 0x90, 0xfb, 0xfa, 0xdc, 0xfc, 0x52, 0x6e,
]);

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

    /// The indexes of the columns of chain and seq.
    pub(super) fn chain_and_seq(&self) -> [usize; 2] {
        [self.chain, self.seq]
    }

    /// The attribute numbers of the columns that the chains' index is over.
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
    /// Nothing: all the defaults, or NULL in all of them.
    Nothing,
    /// A value in at least this column, or a NULL beside another's default.
    Part(&'static str),
    /// A chain, a seq and a hash: a row stamped before.
    Whole,
}

/// What a row brings in one stamp column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Brought {
    Default,
    Null,
    Value,
}

impl Given {
    /// By what it brings in each column, in the order of [`DEFINITIONS`]; not all of a stamp.
    ///
    /// A row type's value, and what maps the whole table, has NULL in all. A NULL in some, and the defaults in the
    /// others, is an INSERT without a list of columns that has grown by a value: it was meant for another column.
    pub(super) fn of(brought: [Brought; 5]) -> Given {
        if brought == [Brought::Null; 5] {
            return Given::Nothing;
        }
        let place = |sought| brought.iter().position(|it| *it == sought);
        place(Brought::Value)
            .or_else(|| place(Brought::Null))
            .map_or(Given::Nothing, |column| Given::Part(DEFINITIONS[column].name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_what_their_names_hash_to() {
        let hash = |name: &str| *RowHash::of(name.as_bytes()).as_bytes();
        let four = |name| i32::from_be_bytes(hash(name)[..4].try_into().unwrap());
        let eight = |name| i64::from_be_bytes(hash(name)[..8].try_into().unwrap());
        assert_eq!(-four("audit_chain").abs(), DEFAULT_CHAIN);
        assert_eq!(-eight("audit_seq").abs(), DEFAULT_SEQ);
        assert_eq!(-eight("audit_session").abs(), DEFAULT_SESSION);
        assert_eq!(RowHash::of(b"audit_hash"), DEFAULT_HASH);
        let written = DEFINITIONS.map(|it| it.default.to_owned());
        assert_eq!(written[0], DEFAULT_CHAIN.to_string());
        assert_eq!(written[1], DEFAULT_SEQ.to_string());
        assert_eq!(written[3], DEFAULT_SESSION.to_string());
        assert!(written[4].contains(&DEFAULT_HASH.to_string()));
    }

    #[test]
    fn nothing_is_given_by_all_defaults_or_all_nulls() {
        use Brought::{Default, Null, Value};
        assert_eq!(Given::of([Default; 5]), Given::Nothing);
        assert_eq!(Given::of([Null; 5]), Given::Nothing);
        assert_eq!(
            Given::of([Null, Default, Default, Default, Default]),
            Given::Part("audit_chain")
        );
        assert_eq!(Given::of([Null, Null, Null, Null, Value]), Given::Part("audit_hash"));
        assert_eq!(Given::of([Default, Default, Value, Default, Default]), Given::Part("audit_at"));
    }
}
