//! How the columns of a tuple lie in its bytes.

use std::{fmt, ptr, slice};

use pgrx::pg_sys;

use super::attribute::Attribute;

/// What has a tuple descriptor: an open table, a composite type.
///
/// # Safety
/// The descriptor is valid as long as the value is borrowed.
pub(crate) unsafe trait Described {
    /// The descriptor.
    fn descriptor(&self) -> pg_sys::TupleDesc;

    /// How many columns it has, dropped ones included.
    fn width(&self) -> usize {
        // SAFETY: valid by the trait's promise.
        usize::try_from(unsafe { (*self.descriptor()).natts }).unwrap_or(0)
    }

    /// Its columns, dropped ones included.
    fn attributes(&self) -> impl Iterator<Item = Attribute> {
        // SAFETY: valid by the trait's promise.
        (0..).map_while(|index| unsafe { Attribute::at(self.descriptor(), index) })
    }
}

/// How tuples are laid out, column by column, dropped ones included.
#[derive(Debug, Clone)]
pub(crate) struct Layout(Vec<Column>);

impl Layout {
    /// The layout of the tuples of a table or of a composite type.
    pub(crate) fn of(described: &impl Described) -> Layout {
        Layout(described.attributes().map(|it| Column::new(it.layout())).collect())
    }

    /// Its columns.
    pub(crate) fn columns(&self) -> &[Column] {
        &self.0
    }
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

/// How one column, or an element of an array, is laid out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    length: i16,
    by_value: bool,
    align: usize,
    common: Common,
}

/// Layouts that most columns have, and that are read without a look at the rest.
#[derive(Debug, Clone, Copy)]
enum Common {
    /// Eight bytes by value.
    Eight,
    /// Four bytes by value.
    Four,
    /// Of variable length.
    Varlena,
    /// Any other.
    None,
}

impl Column {
    fn new((length, by_value, align): (i16, bool, std::ffi::c_char)) -> Column {
        let align = match align as u8 {
            b'd' => 8,
            b'i' => 4,
            b's' => 2,
            _ => 1,
        };
        let common = match (length, by_value, align) {
            (8, true, 8) => Common::Eight,
            (4, true, 4) => Common::Four,
            (-1, false, _) => Common::Varlena,
            _ => Common::None,
        };
        Column { length, by_value, align, common }
    }

    /// The layout of a type's values.
    pub(crate) fn of_type(kind: pg_sys::Oid) -> Column {
        let (mut length, mut by_value, mut align) = (0, false, 0);
        // SAFETY: the pointers are valid; the call raises for an unknown type.
        unsafe { pg_sys::get_typlenbyvalalign(kind, &mut length, &mut by_value, &mut align) };
        Column::new((length, by_value, align))
    }

    /// In bytes.
    pub(crate) fn align(&self) -> usize {
        self.align
    }

    /// Where a value that starts at `offset`, or after padding, ends; None beyond the bytes.
    pub(crate) fn end(&self, bytes: &[u8], offset: usize) -> Option<usize> {
        // SAFETY: the slice is readable to its end.
        let (at, length) = unsafe { self.locate(bytes.as_ptr(), bytes.len(), offset) }.ok()?;
        Some(at + length)
    }

    /// The value that starts at `offset`, or after padding, and where it ends; None beyond the bytes.
    pub(crate) fn value(&self, bytes: &[u8], offset: usize) -> Option<(pg_sys::Datum, usize)> {
        // SAFETY: the slice is readable to its end, and locate saw that the value lies within it.
        unsafe {
            let (at, length) = self.locate(bytes.as_ptr(), bytes.len(), offset).ok()?;
            Some((self.fetch(bytes.as_ptr().add(at)), at + length))
        }
    }

    /// The column's value, where it starts and where it ends.
    ///
    /// # Safety
    /// `size` bytes are readable at `base`.
    #[inline(always)]
    pub(super) unsafe fn read(
        &self,
        base: *const u8,
        size: usize,
        offset: usize,
    ) -> Result<(pg_sys::Datum, usize, usize), Damage> {
        // SAFETY: what is read lies within the bytes, as is seen before.
        unsafe {
            match self.common {
                Common::Eight => {
                    let at = offset.next_multiple_of(8);
                    let is_within = at + 8 <= size;
                    let value = || base.add(at).cast::<i64>().read_unaligned().into();
                    is_within.then(|| (value(), at, at + 8)).ok_or(Damage::Overrun)
                }
                Common::Four => {
                    let at = offset.next_multiple_of(4);
                    let is_within = at + 4 <= size;
                    let value = || base.add(at).cast::<i32>().read_unaligned().into();
                    is_within.then(|| (value(), at, at + 4)).ok_or(Damage::Overrun)
                }
                // With a header of one byte: its length in the upper seven bits, and never alone.
                Common::Varlena
                    if offset < size && *base.add(offset) & 1 == 1 && *base.add(offset) != 1 =>
                {
                    let end = offset + usize::from(*base.add(offset) >> 1);
                    let value = pg_sys::Datum::from(base.add(offset).cast_mut());
                    if end <= size { Ok((value, offset, end)) } else { Err(Damage::Overrun) }
                }
                Common::Varlena | Common::None => {
                    let (at, length) = self.locate(base, size, offset)?;
                    Ok((self.fetch(base.add(at)), at, at + length))
                }
            }
        }
    }

    /// Where the column's value starts and how long it is.
    ///
    /// # Safety
    /// `size` bytes are readable at `base`.
    pub(super) unsafe fn locate(
        &self,
        base: *const u8,
        size: usize,
        offset: usize,
    ) -> Result<(usize, usize), Damage> {
        // An alignment is a power of two.
        let aligned = (offset + self.align - 1) & !(self.align - 1);
        let (at, length) = match self.length {
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
                    slice::from_raw_parts(base.add(offset.min(size)), size - offset.min(size))
                };
                let end = rest.iter().position(|byte| *byte == 0).ok_or(Damage::Overrun)?;
                (offset, end + 1)
            }
            length => (aligned, usize::from(length.unsigned_abs())),
        };
        if at + length > size { Err(Damage::Overrun) } else { Ok((at, length)) }
    }

    /// # Safety
    /// The column's value lies at `at`.
    pub(super) unsafe fn fetch(&self, at: *const u8) -> pg_sys::Datum {
        if !self.by_value {
            return pg_sys::Datum::from(at.cast_mut());
        }
        // SAFETY: by the caller's promise that many bytes are there.
        unsafe {
            match self.length {
                1 => pg_sys::Datum::from(at.cast::<i8>().read_unaligned()),
                2 => pg_sys::Datum::from(at.cast::<i16>().read_unaligned()),
                4 => pg_sys::Datum::from(at.cast::<i32>().read_unaligned()),
                _ => pg_sys::Datum::from(at.cast::<i64>().read_unaligned()),
            }
        }
    }
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
