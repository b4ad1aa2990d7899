//! A heap tuple and its values, read with every bound checked: a damaged page is a finding, not a crash.

use std::marker::PhantomData;

use pgrx::pg_sys;

use super::attribute::Attribute;
use super::column::{self, Value};
use super::layout::{Damage, Described, Layout};
use super::tid::Tid;

/// A tuple where it is stored, readable as long as `'a`. Nothing in it need be sound.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tuple<'a> {
    header: pg_sys::HeapTupleHeader,
    size: usize,
    tid: Tid,
    stored: PhantomData<&'a [u8]>,
}

/// The fixed part of a tuple's header, up to its null bitmap.
pub(super) const HEADER: usize = std::mem::offset_of!(pg_sys::HeapTupleHeaderData, t_bits);

impl<'a> Tuple<'a> {
    /// # Safety
    /// `size` bytes are readable at `header`, which is MAXALIGNed, as long as `'a`.
    pub(super) unsafe fn new(header: pg_sys::HeapTupleHeader, size: usize, tid: Tid) -> Tuple<'a> {
        Tuple { header, size, tid, stored: PhantomData }
    }

    /// # Safety
    /// The tuple is valid as long as `'a`.
    pub(super) unsafe fn of(tuple: pg_sys::HeapTuple) -> Tuple<'a> {
        // SAFETY: by the caller's promise.
        unsafe { Tuple::new((*tuple).t_data, (*tuple).t_len as usize, (*tuple).t_self.into()) }
    }

    /// The value of a composite type, its header included. None for what cannot be one.
    pub(crate) fn of_composite(bytes: &'a [u8]) -> Option<Tuple<'a>> {
        let header: pg_sys::HeapTupleHeader = bytes.as_ptr().cast_mut().cast();
        let nowhere = Tid { block: pg_sys::InvalidBlockNumber, item: 0 };
        // SAFETY: the slice is readable to its end, and its alignment is looked at.
        header.is_aligned().then(|| unsafe { Tuple::new(header, bytes.len(), nowhere) })
    }

    /// The composite type it says it is of; None where it has no header.
    pub(crate) fn composite_type(&self) -> Option<pg_sys::Oid> {
        // SAFETY: the size covers the fixed part of the header.
        (self.size >= HEADER).then(|| unsafe { (*self.header).t_choice.t_datum.datum_typeid })
    }

    /// Whether the running transaction wrote it.
    pub(crate) fn is_uncommitted(&self) -> bool {
        if self.size < HEADER {
            return false;
        }
        // SAFETY: the size covers the fixed part of the header.
        unsafe {
            let header = &*self.header;
            u32::from(header.t_infomask) & pg_sys::HEAP_XMIN_COMMITTED == 0
                && pg_sys::TransactionIdIsCurrentTransactionId(header.t_choice.t_heap.t_xmin)
        }
    }

    /// Whether it was there before the running transaction, which has replaced or deleted it.
    pub(crate) fn is_replaced_by_us(&self) -> bool {
        if self.size < HEADER || self.is_uncommitted() {
            return false;
        }
        // SAFETY: the size covers the fixed part of the header.
        unsafe {
            let header = &*self.header;
            let mask = u32::from(header.t_infomask);
            let no_end = pg_sys::HEAP_XMAX_INVALID | pg_sys::HEAP_XMAX_LOCK_ONLY;
            mask & (no_end | pg_sys::HEAP_XMAX_IS_MULTI) == 0
                && pg_sys::TransactionIdIsCurrentTransactionId(header.t_choice.t_heap.t_xmax)
        }
    }

    /// Its bytes without what a transaction or VACUUM may change: the bitmap of NULLs and the values.
    pub(crate) fn data(&self) -> &'a [u8] {
        self.bytes().get(HEADER..).unwrap_or_default()
    }

    /// Where it is stored.
    pub(crate) fn tid(&self) -> Tid {
        self.tid
    }

    /// All of it, from its header on.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        // SAFETY: as many bytes are readable as long as 'a, by the constructors' promise.
        unsafe { std::slice::from_raw_parts(self.header.cast(), self.size) }
    }

    /// How many columns it is stored with.
    pub(crate) fn width(&self) -> Option<usize> {
        // SAFETY: the size covers the fixed part of the header.
        let mask = (self.size >= HEADER).then(|| unsafe { (*self.header).t_infomask2 })?;
        Some(usize::from(mask & pg_sys::HEAP_NATTS_MASK as u16))
    }

    /// The values of two columns of numbers that are stored in it, by their places from 0; None where one is NULL, or
    /// the tuple is damaged before them.
    pub(crate) fn numbers(&self, layout: &Layout, places: [usize; 2]) -> Option<[i64; 2]> {
        let stored = self.width()?;
        // SAFETY: the size covers the fixed part of the header.
        let (mask, start) =
            unsafe { ((*self.header).t_infomask, usize::from((*self.header).t_hoff)) };
        let has_nulls = mask & pg_sys::HEAP_HASNULL as u16 != 0;
        let bitmap = if has_nulls { stored.div_ceil(8) } else { 0 };
        let last = places[0].max(places[1]);
        if start % 8 != 0 || start < HEADER + bitmap || start > self.size || last >= stored {
            return None;
        }
        let bytes = self.bytes();
        let (mut offset, mut numbers) = (start, [0; 2]);
        for (place, column) in layout.columns().iter().enumerate().take(last + 1) {
            let is_null = has_nulls && bytes[HEADER + place / 8] & (1 << (place % 8)) == 0;
            if is_null && places.contains(&place) {
                return None;
            }
            if is_null {
                continue;
            }
            let (value, end) = column.value(bytes, offset)?;
            offset = end;
            for (number, _) in numbers.iter_mut().zip(places).filter(|(_, it)| *it == place) {
                *number = value.value() as i64;
            }
        }
        Some(numbers)
    }

    /// The value in a column of `described`, by its attribute number; None when it is NULL, or damaged.
    pub(crate) fn value<T: Value>(&self, described: &impl Described, number: i16) -> Option<T> {
        let mut values = Values::default();
        let row = values.read(&Layout::of(described), described, *self).ok()?;
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        // SAFETY: read as a row of it.
        unsafe { row.value(described, index) }
    }

    /// A copy, which whoever gets it frees.
    pub(super) fn copy(&self) -> pg_sys::HeapTuple {
        // SAFETY: as many bytes are readable.
        unsafe { pg_sys::heap_copytuple(&mut self.to_heap_tuple()) }
    }

    /// PostgreSQL's own form of it.
    pub(super) fn to_heap_tuple(self) -> pg_sys::HeapTupleData {
        pg_sys::HeapTupleData {
            t_len: self.size as u32,
            t_self: self.tid.to_item_pointer(),
            t_tableOid: pg_sys::InvalidOid,
            t_data: self.header,
        }
    }
}

/// Room for the values of a tuple, to be used again.
#[derive(Debug, Default)]
pub(crate) struct Values {
    values: Vec<pg_sys::Datum>,
    nulls: Vec<bool>,
    offsets: Vec<usize>,
}

/// A tuple's values in attribute order, dropped columns included. Those by reference point to where they
/// were read from, and can be read as long as `'a`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowValues<'a> {
    pub(super) values: &'a [pg_sys::Datum],
    pub(super) nulls: &'a [bool],
}

impl<'a> RowValues<'a> {
    /// The value in a column, by its place from 0; not to be looked at where it is NULL.
    pub(crate) fn datum(&self, index: usize) -> pg_sys::Datum {
        self.values[index]
    }

    /// Whether the value in a column is NULL.
    pub(crate) fn is_null(&self, index: usize) -> bool {
        self.nulls[index]
    }

    /// All values, and which of them are NULL.
    pub(crate) fn all(&self) -> (&'a [pg_sys::Datum], &'a [bool]) {
        (self.values, self.nulls)
    }

    /// The value in a column, by its place from 0; None when it is NULL.
    ///
    /// # Safety
    /// The row is one of `described`.
    pub(crate) unsafe fn value<T: Value>(
        &self,
        described: &impl Described,
        index: usize,
    ) -> Option<T> {
        let (value, is_null) = (*self.values.get(index)?, *self.nulls.get(index)?);
        // SAFETY: by the caller's promise a value of the column's type, with its bounds checked.
        unsafe {
            let kind = Attribute::kind_at(described.descriptor(), index)?;
            column::from_datum(value, is_null, kind)
        }
    }
}

impl Values {
    /// Reads a tuple. Columns added after it was stored get their missing value from `described`.
    pub(crate) fn read<'a>(
        &'a mut self,
        layout: &Layout,
        described: &impl Described,
        tuple: Tuple<'a>,
    ) -> Result<RowValues<'a>, Damage> {
        let columns = layout.columns();
        let (header, size) = (tuple.header, tuple.size);
        if size < HEADER {
            return Err(Damage::Header);
        }
        // SAFETY: size covers the fixed part of the header.
        let (mask, mask2, start) =
            unsafe { ((*header).t_infomask, (*header).t_infomask2, usize::from((*header).t_hoff)) };
        let stored = usize::from(mask2 & pg_sys::HEAP_NATTS_MASK as u16);
        let has_nulls = mask & pg_sys::HEAP_HASNULL as u16 != 0;
        let bitmap = if has_nulls { stored.div_ceil(8) } else { 0 };
        if start % 8 != 0 || start < HEADER + bitmap || start > size || stored > columns.len() {
            return Err(Damage::Header);
        }
        let base = header.cast::<u8>().cast_const();
        self.make_room(columns.len());
        let mut offset = start;
        let (here, added) = columns.split_at(stored);
        let places = self.values.iter_mut().zip(&mut self.nulls).zip(&mut self.offsets);
        for ((index, column), ((value, null), place)) in here.iter().enumerate().zip(places) {
            // SAFETY: the bitmap lies between the header and `start`.
            *null = has_nulls && unsafe { *base.add(HEADER + index / 8) } & (1 << (index % 8)) == 0;
            if *null {
                (*value, *place) = (pg_sys::Datum::null(), 0);
                continue;
            }
            // SAFETY: the tuple's bytes are readable.
            (*value, *place, offset) = unsafe { column.read(base, size, offset)? };
        }
        if !added.is_empty() {
            self.add_missing(described, stored, columns.len())?;
        } else if offset != size {
            return Err(Damage::Leftover);
        }
        Ok(RowValues { values: &self.values, nulls: &self.nulls })
    }

    /// Where each value of the tuple read last starts, in bytes from its header; 0 for a value that is
    /// not stored.
    pub(crate) fn offsets(&self) -> &[usize] {
        &self.offsets
    }

    fn make_room(&mut self, columns: usize) {
        self.values.resize(columns, pg_sys::Datum::null());
        self.nulls.resize(columns, true);
        self.offsets.resize(columns, 0);
    }

    /// The columns from `stored` on were added after the tuple was stored.
    fn add_missing(
        &mut self,
        described: &impl Described,
        stored: usize,
        columns: usize,
    ) -> Result<(), Damage> {
        if described.width() < columns {
            return Err(Damage::Header);
        }
        for index in stored..columns {
            // SAFETY: index is below the descriptor's natts.
            self.values[index] = unsafe {
                let (descriptor, number) = (described.descriptor(), index as i32 + 1);
                pg_sys::getmissingattr(descriptor, number, &mut self.nulls[index])
            };
            self.offsets[index] = 0;
        }
        Ok(())
    }
}
