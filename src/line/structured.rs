//! Values that hold values: arrays as JSON arrays, composite types as JSON objects, as `row_to_json`
//! prints them. Every bound is checked, since verification reads damaged values too.

use std::ptr::NonNull;

use ledger::{Corrupt, line};
use pgrx::pg_sys;

use crate::pg::memory::Owned;
use crate::pg::relation;
use crate::pg::tuple::{self, Layout, Values};
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
    column: tuple::Column,
}

impl<W: WriteValue> Array<W> {
    /// The writer of arrays of `kind`.
    pub(super) fn of(kind: pg_sys::Oid, element: W) -> Array<W> {
        Array { kind, element, column: tuple::Column::of_type(kind) }
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
    layout: Layout,
    /// In the plan's memory.
    descriptor: NonNull<pg_sys::TupleDescData>,
}

struct Field<W> {
    index: usize,
    key: Vec<u8>,
    writer: W,
}

impl<W: WriteValue> Composite<W> {
    /// The writer of a composite type, out of those of its fields' types.
    pub(super) fn of(
        kind: pg_sys::Oid,
        memory: &Owned,
        mut writer: impl FnMut(pg_sys::Oid) -> W,
    ) -> Composite<W> {
        // SAFETY: the call raises for a type that is not composite; the copy lives in the plan's
        // memory, as long as this.
        let descriptor = unsafe {
            let before = pg_sys::MemoryContextSwitchTo(memory.raw());
            let descriptor = pg_sys::lookup_rowtype_tupdesc_copy(kind, -1);
            pg_sys::MemoryContextSwitchTo(before);
            NonNull::new_unchecked(descriptor)
        };
        // SAFETY: as above.
        let described = unsafe { descriptor.as_ref() };
        let fields = relation::described(described)
            .enumerate()
            .filter(|(_, attribute)| !attribute.attisdropped)
            .map(|(index, attribute)| {
                // SAFETY: a NameData is terminated.
                let name = unsafe { std::ffi::CStr::from_ptr(attribute.attname.data.as_ptr()) };
                let key = line::escaped_key(name.to_bytes());
                Field { index, key, writer: writer(attribute.atttypid) }
            })
            .collect();
        let layout = Layout::of_descriptor(described);
        Composite { kind, fields, layout, descriptor }
    }

    /// # Safety
    /// `datum` is a value of this type.
    pub(super) unsafe fn write(
        &self,
        out: &mut Vec<u8>,
        datum: pg_sys::Datum,
    ) -> Result<(), Corrupt> {
        // SAFETY: by the caller's promise a varlena; its inside is checked.
        unsafe {
            with_whole(datum, |bytes| {
                let header: pg_sys::HeapTupleHeader = bytes.as_ptr().cast_mut().cast();
                let mut values = Values::default();
                let descriptor = self.descriptor.as_ptr();
                values.read(&self.layout, descriptor, header, bytes.len()).map_err(|_| Corrupt)?;
                if (*header).t_choice.t_datum.datum_typeid != self.kind {
                    return Err(Corrupt);
                }
                out.push(b'{');
                for field in &self.fields {
                    line::member(out, &field.key);
                    if values.nulls[field.index] {
                        out.extend_from_slice(NULL);
                    } else {
                        field.writer.write(out, values.values[field.index])?;
                    }
                }
                out.push(b'}');
                Ok(())
            })
        }
    }
}
