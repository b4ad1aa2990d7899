//! A heap tuple's values, read with every bound checked: a damaged page is a finding, not a crash.

use std::{fmt, ptr};

use pgrx::pg_sys;

use super::relation;

/// How one column, or an element of an array, is laid out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    length: i16,
    by_value: bool,
    align: usize,
}

impl Column {
    fn new(length: i16, by_value: bool, align: std::ffi::c_char) -> Column {
        let align = match align as u8 {
            b'd' => 8,
            b'i' => 4,
            b's' => 2,
            _ => 1,
        };
        Column { length, by_value, align }
    }

    /// The layout of a type's values.
    pub(crate) fn of_type(kind: pg_sys::Oid) -> Column {
        let (mut length, mut by_value, mut align) = (0, false, 0);
        // SAFETY: the pointers are valid; the call raises for an unknown type.
        unsafe { pg_sys::get_typlenbyvalalign(kind, &mut length, &mut by_value, &mut align) };
        Column::new(length, by_value, align)
    }

    /// In bytes.
    pub(crate) fn align(&self) -> usize {
        self.align
    }

    /// Where a value that starts at `offset`, or after padding, ends; None beyond the bytes.
    pub(crate) fn end(&self, bytes: &[u8], offset: usize) -> Option<usize> {
        // SAFETY: the slice is readable to its end.
        let (at, length) = unsafe { locate(bytes.as_ptr(), bytes.len(), offset, self) }.ok()?;
        Some(at + length)
    }

    /// The value that starts at `offset`, or after padding, and where it ends; None beyond the bytes.
    pub(crate) fn value(&self, bytes: &[u8], offset: usize) -> Option<(pg_sys::Datum, usize)> {
        // SAFETY: the slice is readable to its end, and locate saw that the value lies within it.
        unsafe {
            let (at, length) = locate(bytes.as_ptr(), bytes.len(), offset, self).ok()?;
            Some((fetch(bytes.as_ptr().add(at), self), at + length))
        }
    }
}

/// How a table's tuples are laid out.
#[derive(Debug, Clone)]
pub(crate) struct Layout(Vec<Column>);

/// A tuple's values in attribute order, dropped columns included.
#[derive(Debug, Default)]
pub(crate) struct Values {
    /// The values; those by reference point into the tuple.
    pub(crate) values: Vec<pg_sys::Datum>,
    /// Which of them are NULL.
    pub(crate) nulls: Vec<bool>,
    /// Where each starts, in bytes from the tuple's header; 0 for a value that is not stored.
    pub(crate) offsets: Vec<usize>,
}

/// Why a tuple cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damage {
    /// The header's counts or offsets contradict the tuple's length.
    Header,
    /// A value would reach past the tuple's end.
    Overrun,
    /// The values end before the tuple does.
    Leftover,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Damage::Header => "the row's header does not fit the row",
            Damage::Overrun => "a value reaches past the end of the row",
            Damage::Leftover => "the row is longer than its values",
        })
    }
}

impl Layout {
    /// The layout of an open relation.
    ///
    /// # Safety
    /// `relation` is open.
    pub(crate) unsafe fn of(relation: pg_sys::Relation) -> Layout {
        // SAFETY: by the caller's promise.
        Layout(unsafe { relation::attributes(relation) }.map(Layout::column).collect())
    }

    /// The layout of a composite type's values.
    pub(crate) fn of_descriptor(descriptor: &pg_sys::TupleDescData) -> Layout {
        Layout(relation::described(descriptor).map(Layout::column).collect())
    }

    fn column(attribute: &pg_sys::FormData_pg_attribute) -> Column {
        Column::new(attribute.attlen, attribute.attbyval, attribute.attalign)
    }

    /// How many columns there are, dropped ones included.
    pub(crate) fn columns(&self) -> usize {
        self.0.len()
    }
}

impl Values {
    /// Reads the tuple at `header`, `size` bytes long, into `self`. Columns added after the tuple
    /// was written get their missing value from `descriptor`.
    ///
    /// # Safety
    /// `size` bytes are readable at `header`, which is MAXALIGNed; `layout` and `descriptor` are of
    /// the tuple's table.
    pub(crate) unsafe fn read(
        &mut self,
        layout: &Layout,
        descriptor: pg_sys::TupleDesc,
        header: pg_sys::HeapTupleHeader,
        size: usize,
    ) -> Result<(), Damage> {
        if size < HEADER {
            return Err(Damage::Header);
        }
        // SAFETY: size covers the fixed part of the header.
        let (mask, mask2, start) =
            unsafe { ((*header).t_infomask, (*header).t_infomask2, usize::from((*header).t_hoff)) };
        let stored = usize::from(mask2 & pg_sys::HEAP_NATTS_MASK as u16);
        let has_nulls = mask & pg_sys::HEAP_HASNULL as u16 != 0;
        let bitmap = if has_nulls { stored.div_ceil(8) } else { 0 };
        if start % 8 != 0 || start < HEADER + bitmap || start > size || stored > layout.0.len() {
            return Err(Damage::Header);
        }
        let base = header.cast::<u8>().cast_const();
        self.make_room(layout.0.len());
        let mut offset = start;
        let (here, added) = layout.0.split_at(stored);
        let places = self.values.iter_mut().zip(&mut self.nulls).zip(&mut self.offsets);
        for ((index, column), ((value, null), place)) in here.iter().enumerate().zip(places) {
            // SAFETY: the bitmap lies between the header and `start`.
            *null = has_nulls && unsafe { *base.add(HEADER + index / 8) } & (1 << (index % 8)) == 0;
            if *null {
                (*value, *place) = (pg_sys::Datum::null(), 0);
                continue;
            }
            // SAFETY: base and size by the caller's promise; locate sees that the value lies within
            // the tuple.
            unsafe {
                let (at, length) = locate(base, size, offset, column)?;
                (*value, *place) = (fetch(base.add(at), column), at);
                offset = at + length;
            }
        }
        for index in stored..stored + added.len() {
            // SAFETY: index is below the descriptor's natts.
            self.values[index] = unsafe {
                pg_sys::getmissingattr(descriptor, index as i32 + 1, &mut self.nulls[index])
            };
            self.offsets[index] = 0;
        }
        if added.is_empty() && offset != size { Err(Damage::Leftover) } else { Ok(()) }
    }

    fn make_room(&mut self, columns: usize) {
        self.values.resize(columns, pg_sys::Datum::null());
        self.nulls.resize(columns, true);
        self.offsets.resize(columns, 0);
    }
}

/// The fixed part of a tuple's header, up to its null bitmap.
const HEADER: usize = std::mem::offset_of!(pg_sys::HeapTupleHeaderData, t_bits);

/// Where the column's value starts and how long it is.
///
/// # Safety
/// `size` bytes are readable at `base`.
unsafe fn locate(
    base: *const u8,
    size: usize,
    offset: usize,
    column: &Column,
) -> Result<(usize, usize), Damage> {
    // An alignment is a power of two.
    let aligned = (offset + column.align - 1) & !(column.align - 1);
    let (at, length) = match column.length {
        -1 => {
            // SAFETY: offset is checked against size first.
            let short = offset < size && unsafe { *base.add(offset) } != 0;
            let at = if short { offset } else { aligned };
            // SAFETY: by the caller's promise.
            (at, unsafe { varlena_length(base, size, at)? })
        }
        -2 => {
            // SAFETY: the slice ends with the tuple.
            let rest = unsafe {
                std::slice::from_raw_parts(base.add(offset.min(size)), size - offset.min(size))
            };
            let end = rest.iter().position(|byte| *byte == 0).ok_or(Damage::Overrun)?;
            (offset, end + 1)
        }
        length => (aligned, usize::from(length.unsigned_abs())),
    };
    if at + length > size { Err(Damage::Overrun) } else { Ok((at, length)) }
}

/// # Safety
/// `size` bytes are readable at `base`.
unsafe fn varlena_length(base: *const u8, size: usize, at: usize) -> Result<usize, Damage> {
    if at >= size {
        return Err(Damage::Overrun);
    }
    // SAFETY: at lies within the tuple.
    let first = unsafe { *base.add(at) };
    if first == 1 {
        let on_disk = 2 + size_of::<pg_sys::varatt_external>();
        // SAFETY: checked against size first.
        let known = at + 1 < size
            && u32::from(unsafe { *base.add(at + 1) }) == pg_sys::vartag_external::VARTAG_ONDISK;
        return if known { Ok(on_disk) } else { Err(Damage::Overrun) };
    }
    if first & 1 == 1 {
        return Ok(usize::from(first >> 1));
    }
    if at + 4 > size {
        return Err(Damage::Overrun);
    }
    // SAFETY: four bytes are there.
    let word = unsafe { ptr::read_unaligned(base.add(at).cast::<u32>()) };
    let length = (word >> 2) as usize;
    let least = if word & 2 == 2 { 8 } else { 4 };
    if length < least { Err(Damage::Overrun) } else { Ok(length) }
}

/// # Safety
/// The column's value lies at `at`.
unsafe fn fetch(at: *const u8, column: &Column) -> pg_sys::Datum {
    if !column.by_value {
        return pg_sys::Datum::from(at.cast_mut());
    }
    // SAFETY: by the caller's promise that many bytes are there.
    unsafe {
        match column.length {
            1 => pg_sys::Datum::from(at.cast::<i8>().read_unaligned()),
            2 => pg_sys::Datum::from(at.cast::<i16>().read_unaligned()),
            4 => pg_sys::Datum::from(at.cast::<i32>().read_unaligned()),
            _ => pg_sys::Datum::from(at.cast::<i64>().read_unaligned()),
        }
    }
}
