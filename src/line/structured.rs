//! Values that hold values: arrays as JSON arrays, composite types as JSON objects, as `row_to_json`
//! prints them. Every bound is checked, since verification reads damaged values too.

use ledger::{Corrupt, line};
use pgrx::pg_sys;

use crate::pg::layout::{Column, Described, Layout};
use crate::pg::row_type::RowType;
use crate::pg::tuple::{Tuple, Values};
use crate::pg::varlena::with_whole;

const NULL: &[u8] = b"null";

/// What writes the values of one type.
pub(super) trait WriteValue {
    /// # Safety
    /// `datum` is a value of the type, not NULL.
    unsafe fn write(&self, out: &mut Vec<u8>, datum: pg_sys::Datum) -> Result<(), Corrupt>;
}

/// The writer of an array type; `W` writes its elements.
pub(super) struct Array<W> {
    kind: pg_sys::Oid,
    element: W,
    column: Column,
}

impl<W: WriteValue> Array<W> {
    /// The writer of arrays of `kind`.
    pub(super) fn of(kind: pg_sys::Oid, element: W) -> Array<W> {
        Array { kind, element, column: Column::of_type(kind) }
    }

    /// # Safety
    /// `datum` is an array of this type.
    pub(super) unsafe fn write(
        &self,
        out: &mut Vec<u8>,
        datum: pg_sys::Datum,
    ) -> Result<(), Corrupt> {
        // SAFETY: by the caller's promise a varlena; its inside is checked.
        unsafe {
            with_whole(datum, |bytes| {
                let mut elements = Elements::of(bytes, self.kind).ok_or(Corrupt)?;
                if elements.dimensions.is_empty() {
                    out.extend_from_slice(b"[]");
                    return Ok(());
                }
                self.dimension(out, &mut elements, 0)
            })
        }
    }

    fn dimension(
        &self,
        out: &mut Vec<u8>,
        elements: &mut Elements<'_>,
        depth: usize,
    ) -> Result<(), Corrupt> {
        out.push(b'[');
        let length = elements.dimensions.get(depth).copied().unwrap_or(0);
        for index in 0..length {
            if index > 0 {
                out.push(b',');
            }
            if depth + 1 < elements.dimensions.len() {
                self.dimension(out, elements, depth + 1)?;
            } else if elements.next_is_null() {
                out.extend_from_slice(NULL);
            } else {
                let (value, end) = self.column.value(elements.bytes, elements.at).ok_or(Corrupt)?;
                elements.at = end.next_multiple_of(self.column.align());
                // SAFETY: the value lies within the array's bytes.
                unsafe { self.element.write(out, value)? };
            }
        }
        out.push(b']');
        Ok(())
    }
}

/// The elements of an array, one after the other.
struct Elements<'a> {
    bytes: &'a [u8],
    dimensions: Vec<usize>,
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
        let mut dimensions = Vec::with_capacity(count);
        for index in 0..count {
            dimensions.push(usize::try_from(word(16 + 4 * index)?).ok()?);
        }
        let total = dimensions.iter().try_fold(1usize, |total, it| total.checked_mul(*it))?;
        let header = 16 + 8 * count;
        // Every element takes a byte of the data or a bit of the bitmap.
        if total > bytes.len().checked_mul(8)? {
            return None;
        }
        let (present, at) = match offset {
            0 => (None, header.next_multiple_of(8)),
            _ => (Some(bytes.get(header..header + total.div_ceil(8))?), offset),
        };
        Some(Elements { bytes, dimensions, present, number: 0, at })
    }

    fn next_is_null(&mut self) -> bool {
        let number = self.number;
        self.number += 1;
        self.present.is_some_and(|bits| {
            bits.get(number / 8).is_some_and(|byte| byte & (1 << (number % 8)) == 0)
        })
    }
}

/// The writer of a composite type; each `W` writes a field.
pub(super) struct Composite<W> {
    kind: pg_sys::Oid,
    fields: Vec<Field<W>>,
    row_type: RowType,
    layout: Layout,
}

struct Field<W> {
    index: usize,
    key: Vec<u8>,
    writer: W,
}

impl<W: WriteValue> Composite<W> {
    /// The writer of a composite type, out of those of its fields' types.
    pub(super) fn of(kind: pg_sys::Oid, mut writer: impl FnMut(pg_sys::Oid) -> W) -> Composite<W> {
        let row_type = RowType::of(kind);
        let fields = row_type
            .attributes()
            .enumerate()
            .filter(|(_, attribute)| !attribute.is_dropped())
            .map(|(index, attribute)| {
                let key = line::escaped_key(&attribute.server_name());
                Field { index, key, writer: writer(attribute.kind()) }
            })
            .collect();
        let layout = Layout::of(&row_type);
        Composite { kind, fields, row_type, layout }
    }

    /// # Safety
    /// `datum` is a value of this type.
    pub(super) unsafe fn write(
        &self,
        out: &mut Vec<u8>,
        datum: pg_sys::Datum,
    ) -> Result<(), Corrupt> {
        // SAFETY: by the caller's promise a varlena; its inside is checked.
        unsafe { with_whole(datum, |bytes| self.fields(out, bytes)) }
    }

    fn fields(&self, out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), Corrupt> {
        let tuple = Tuple::of_composite(bytes).ok_or(Corrupt)?;
        let mut values = Values::default();
        let row = values.read(&self.layout, &self.row_type, tuple).map_err(|_| Corrupt)?;
        if tuple.composite_type() != Some(self.kind) {
            return Err(Corrupt);
        }
        out.push(b'{');
        for field in &self.fields {
            line::member(out, &field.key);
            if row.nulls[field.index] {
                out.extend_from_slice(NULL);
            } else {
                // SAFETY: read as a value of the field's type, with its bounds checked.
                unsafe { field.writer.write(out, row.values[field.index])? };
            }
        }
        out.push(b'}');
        Ok(())
    }
}
