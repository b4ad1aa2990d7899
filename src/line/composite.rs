//! Values of composite types as JSON objects, as `row_to_json` prints them. Every bound is checked, since
//! verification reads damaged values too.

use ledger::{Corrupt, Unwritable, line, room};
use pgrx::pg_sys;

use super::{NULL, WriteValue};
use crate::pg::layout::{Described, Layout};
use crate::pg::row_type::RowType;
use crate::pg::tuple::{Tuple, Values};
use crate::pg::varlena::with_whole;

/// The writer of a composite type; each `W` writes a field.
pub(super) struct Composite<W> {
    kind: pg_sys::Oid,
    fields: Vec<Field<W>>,
    row_type: RowType,
    layout: Layout,
}

struct Field<W> {
    index: usize,
    key: line::Key,
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
                let key = line::Key::of(&attribute.server_name());
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
    ) -> Result<(), Unwritable> {
        // SAFETY: by the caller's promise a varlena; its inside is checked.
        unsafe { with_whole(datum, |bytes| self.fields(out, bytes)) }
    }

    fn fields(&self, out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), Unwritable> {
        let tuple = Tuple::of_composite(bytes).ok_or(Corrupt)?;
        let mut values = Values::default();
        let row = values.read(&self.layout, &self.row_type, tuple).map_err(|_| Corrupt)?;
        if tuple.composite_type() != Some(self.kind) {
            return Err(Corrupt);
        }
        out.push(b'{');
        for field in &self.fields {
            room::make(out, field.key.size())?;
            line::member(out, &field.key);
            if row.is_null(field.index) {
                out.extend_from_slice(NULL);
            } else {
                // SAFETY: read as a value of the field's type, with its bounds checked.
                unsafe { field.writer.write(out, row.datum(field.index))? };
            }
        }
        room::make(out, 0)?;
        out.push(b'}');
        Ok(())
    }
}
