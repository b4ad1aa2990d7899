//! Whether a value's structure lies within its bytes, before PostgreSQL's own output function, which
//! trusts it, is let at it.

use pgrx::pg_sys;

use super::layout::Column;
use super::types;

/// A type whose values have a structure to check.
pub(crate) enum Structure {
    Range { kind: pg_sys::Oid, bound: Column },
    Multirange { kind: pg_sys::Oid, bound: Column },
    Bits,
    Path,
    Polygon,
    Tsvector,
}

impl Structure {
    /// The structure of a type that PostgreSQL writes, if there is one to check.
    pub(crate) fn of(kind: pg_sys::Oid) -> Option<Structure> {
        if let Some(bound) = types::range_bound(kind) {
            return Some(Structure::Range { kind, bound: Column::of_type(bound) });
        }
        if let Some(bound) = types::range(kind).and_then(types::range_bound) {
            return Some(Structure::Multirange { kind, bound: Column::of_type(bound) });
        }
        match kind {
            pg_sys::BITOID | pg_sys::VARBITOID => Some(Structure::Bits),
            pg_sys::PATHOID => Some(Structure::Path),
            pg_sys::POLYGONOID => Some(Structure::Polygon),
            pg_sys::TSVECTOROID => Some(Structure::Tsvector),
            _ => None,
        }
    }

    /// Whether the value, its header of four bytes included, is sound.
    pub(crate) fn holds(&self, value: &[u8]) -> bool {
        match self {
            Structure::Range { kind, bound } => range(value, *kind, bound).is_some(),
            Structure::Multirange { kind, bound } => multirange(value, *kind, bound).is_some(),
            Structure::Bits => bits(value).is_some(),
            Structure::Path => points(value, 4, 16).is_some(),
            Structure::Polygon => points(value, 4, 40).is_some(),
            Structure::Tsvector => tsvector(value).is_some(),
        }
    }
}

fn word(value: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*value.get(at..)?.first_chunk()?))
}

fn same_type(value: &[u8], kind: pg_sys::Oid) -> Option<()> {
    (word(value, 4)? == kind.to_u32()).then_some(())
}

/// rangetypes.h: the type, the bounds, and flags in the last byte.
fn range(value: &[u8], kind: pg_sys::Oid, bound: &Column) -> Option<()> {
    same_type(value, kind)?;
    let (flags, body) = value.split_last()?;
    bounds(body, 8, *flags, bound).map(|_| ())
}

/// Passes over the bounds that `flags` says are there; answers where they end.
fn bounds(value: &[u8], mut at: usize, flags: u8, bound: &Column) -> Option<usize> {
    const EMPTY: u8 = 0x01;
    const NO_LOWER: u8 = EMPTY | 0x08 | 0x20;
    const NO_UPPER: u8 = EMPTY | 0x10 | 0x40;
    for absent in [NO_LOWER, NO_UPPER] {
        if flags & absent == 0 {
            at = bound.end(value, at)?;
        }
    }
    Some(at)
}

/// multirangetypes.c: the type, a count, lengths or offsets of all ranges but the first, a byte of
/// flags for each, and the bounds.
fn multirange(value: &[u8], kind: pg_sys::Oid, bound: &Column) -> Option<()> {
    const IS_OFFSET: u32 = 0x8000_0000;
    same_type(value, kind)?;
    let count = word(value, 8)? as usize;
    if count == 0 {
        return Some(());
    }
    let flags_at = 12 + 4 * count.checked_sub(1)?;
    let data_at = (flags_at.checked_add(count)?).next_multiple_of(bound.align());
    let mut begin = data_at;
    for index in 0..count {
        if index > 0 {
            let item = word(value, 12 + 4 * (index - 1))?;
            let distance = (item & !IS_OFFSET) as usize;
            begin = if item & IS_OFFSET != 0 { data_at } else { begin }.checked_add(distance)?;
        }
        bounds(value, begin, *value.get(flags_at + index)?, bound)?;
    }
    Some(())
}

/// varbit.h: the number of bits, then the bits.
fn bits(value: &[u8]) -> Option<()> {
    let bits = word(value, 4)? as usize;
    (bits.div_ceil(8) + 8 == value.len()).then_some(())
}

/// geo_decls.h: a count at `at`, and as many points of 16 bytes after a header of `header`.
fn points(value: &[u8], at: usize, header: usize) -> Option<()> {
    let count = word(value, at)? as usize;
    (count.checked_mul(16)?.checked_add(header)? == value.len()).then_some(())
}

/// ts_type.h: a count, entries of four bytes, then the lexemes, each with its positions.
fn tsvector(value: &[u8]) -> Option<()> {
    let count = word(value, 4)? as usize;
    let lexemes = 8usize.checked_add(count.checked_mul(4)?)?;
    if lexemes > value.len() {
        return None;
    }
    for index in 0..count {
        let entry = word(value, 8 + 4 * index)?;
        let (has_positions, length, at) = (entry & 1, (entry >> 1) & 0x7ff, entry >> 12);
        let mut end = lexemes + at as usize + length as usize;
        if has_positions != 0 {
            end = (end - lexemes).next_multiple_of(2) + lexemes;
            let positions = u16::from_le_bytes(*value.get(end..)?.first_chunk()?);
            end += 2 + 2 * usize::from(positions);
        }
        value.get(..end)?;
    }
    Some(())
}
