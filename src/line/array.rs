//! Arrays as JSON arrays, as `row_to_json` prints them. Every bound is checked, since verification reads
//! damaged values too.

use ledger::{Corrupt, Unwritable, room, value};
use pgrx::pg_sys;

use super::{NULL, WriteValue};
use crate::pg::layout::Column;
use crate::pg::varlena::with_whole;

/// The writer of an array type; `W` writes its elements.
pub(super) struct Array<W> {
    kind: pg_sys::Oid,
    element: W,
    column: Column,
    /// It writes elements of another array: there the brackets alone would look like those of a dimension.
    is_element: bool,
}

impl<W: WriteValue> Array<W> {
    /// The writer of arrays of `kind`.
    pub(super) fn of(kind: pg_sys::Oid, element: W, is_element: bool) -> Array<W> {
        Array { kind, element, column: Column::of_type(kind), is_element }
    }

    /// # Safety
    /// `datum` is an array of this type.
    pub(super) unsafe fn write(
        &self,
        out: &mut Vec<u8>,
        datum: pg_sys::Datum,
    ) -> Result<(), Unwritable> {
        // SAFETY: by the caller's promise a varlena; its inside is checked.
        unsafe {
            with_whole(datum, |bytes| {
                let mut elements = Elements::of(bytes, self.kind).ok_or(Corrupt)?;
                let shows_lower = self.is_element || elements.lower.iter().any(|lower| *lower != 1);
                if shows_lower {
                    write_lower(out, &elements.lower);
                }
                match elements.lengths.len() {
                    0 => out.extend_from_slice(b"[]"),
                    _ => self.dimension(out, &mut elements, 0)?,
                }
                if shows_lower {
                    out.push(b'}');
                }
                Ok(())
            })
        }
    }

    fn dimension(
        &self,
        out: &mut Vec<u8>,
        elements: &mut Elements<'_>,
        depth: usize,
    ) -> Result<(), Unwritable> {
        room::make(out, 0)?;
        out.push(b'[');
        for index in 0..elements.lengths.get(depth).copied().unwrap_or(0) {
            pgrx::check_for_interrupts!();
            room::make(out, 0)?; // for the punctuation, or a NULL
            if index > 0 {
                out.push(b',');
            }
            if depth + 1 < elements.lengths.len() {
                self.dimension(out, elements, depth + 1)?;
                continue;
            }
            match elements.next(&self.column)? {
                // SAFETY: the value lies within the array's bytes.
                Some(value) => unsafe { self.element.write(out, value)? },
                None => out.extend_from_slice(NULL),
            }
        }
        room::make(out, 0)?;
        out.push(b']');
        Ok(())
    }
}

/// Opens the object that says where each dimension begins.
fn write_lower(out: &mut Vec<u8>, lower: &[i32]) {
    out.extend_from_slice(b"{\"lower\":[");
    for (index, lower) in lower.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        value::int32(out, *lower);
    }
    out.extend_from_slice(b"],\"array\":");
}

/// The elements of an array, one after the other.
struct Elements<'a> {
    bytes: &'a [u8],
    /// By dimension.
    lengths: Vec<usize>,
    /// By dimension.
    lower: Vec<i32>,
    /// One bit for each element that is not NULL.
    present: Option<&'a [u8]>,
    number: usize,
    at: usize,
}

impl<'a> Elements<'a> {
    /// utils/array.h: number of dimensions, offset of the data (0 without NULLs), element type,
    /// lengths, lower bounds, bitmap of what is present, data.
    fn of(bytes: &'a [u8], kind: pg_sys::Oid) -> Option<Elements<'a>> {
        let word = |at: usize| Some(i32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
        let count = usize::try_from(word(4)?).ok().filter(|count| *count <= 6)?;
        let offset = usize::try_from(word(8)?).ok()?;
        if word(12)?.cast_unsigned() != kind.to_u32() {
            return None;
        }
        let (mut lengths, mut lower) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for index in 0..count {
            lengths.push(usize::try_from(word(16 + 4 * index)?).ok()?);
            lower.push(word(16 + 4 * (count + index))?);
        }
        // An array without elements has no dimensions; an empty int2vector or oidvector has one, from 0 on.
        if lengths.contains(&0) && lower != [0] {
            return None;
        }
        let total = lengths.iter().try_fold(1usize, |total, it| total.checked_mul(*it))?;
        let header = 16 + 8 * count;
        // Every element takes a byte of the data or a bit of the bitmap.
        if total > bytes.len().checked_mul(8)? {
            return None;
        }
        let (present, at) = match offset {
            0 => (None, header.next_multiple_of(8)),
            _ => (Some(bytes.get(header..header + total.div_ceil(8))?), offset),
        };
        Some(Elements { bytes, lengths, lower, present, number: 0, at })
    }

    /// The next element; None for NULL.
    fn next(&mut self, column: &Column) -> Result<Option<pg_sys::Datum>, Unwritable> {
        let number = self.number;
        self.number += 1;
        let is_null = self.present.is_some_and(|bits| {
            bits.get(number / 8).is_some_and(|byte| byte & (1 << (number % 8)) == 0)
        });
        if is_null {
            return Ok(None);
        }
        let (value, end) = column.value(self.bytes, self.at).ok_or(Corrupt)?;
        self.at = end.next_multiple_of(column.align());
        Ok(Some(value))
    }
}
