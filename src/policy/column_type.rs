//! Which types a column may change between. What the rows say stays the same text, or the rewrite is refused: it is
//! compared row by row.

use pgrx::pg_sys;

/// Built-in types whose values have the same text in each other, or none at all. Where PostgreSQL does not rewrite the
/// table, a value keeps its bytes, and the types of a family print the same bytes alike. So `timestamp` is not with
/// `timestamptz`, nor `cidr` with `inet`.
const FAMILIES: [&[pg_sys::Oid]; 8] = [
    &[pg_sys::INT2OID, pg_sys::INT4OID, pg_sys::INT8OID, pg_sys::NUMERICOID],
    &[pg_sys::TEXTOID, pg_sys::VARCHAROID, pg_sys::BPCHAROID, pg_sys::NAMEOID],
    &[pg_sys::BITOID, pg_sys::VARBITOID],
    &[pg_sys::TIMESTAMPOID],
    &[pg_sys::TIMESTAMPTZOID],
    &[pg_sys::TIMEOID],
    &[pg_sys::TIMETZOID],
    &[pg_sys::INTERVALOID],
];

/// Whether a column of one type may become one of the other, or get another length, precision or collation. All of
/// it is PostgreSQL's own: no cast and no domain of a user's is among them.
pub(crate) fn may_become(from: pg_sys::Oid, to: pg_sys::Oid) -> bool {
    let is_to_text = [pg_sys::TEXTOID, pg_sys::VARCHAROID].contains(&to);
    (from == pg_sys::UUIDOID && is_to_text)
        || FAMILIES.iter().any(|family| family.contains(&from) && family.contains(&to))
}
