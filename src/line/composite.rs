//! Values of composite types as JSON objects, as `row_to_json` prints them. Every bound is checked, since
//! verification reads damaged values too.

use std::ptr::NonNull;

use ledger::{Corrupt, line};
use pgrx::pg_sys;

use super::{NULL, WriteValue};
use crate::pg::memory::Owned;
use crate::pg::relation;
use crate::pg::tuple::{Layout, Values};
use crate::pg::varlena::with_whole;

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
