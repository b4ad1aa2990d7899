//! A row's values as the members of its line.
//!
//! Common types have writers of our own, arrays and composite types too. The rest are strings in
//! JSON: what PostgreSQL's output function prints. Both ways print what `row_to_json` prints, but where
//! docs/FORMAT.md has another rule (†), and but for a cast to json that is not written in C.

use std::rc::Rc;

use ledger::{Corrupt, Unwritable, json, line, room, value};
use pgrx::pg_sys;

use super::array::Array;
use super::composite::Composite;
use super::{WriteValue, tsquery};
use crate::error::Error;
use crate::pg::function::Function;
use crate::pg::layout::Described;
use crate::pg::memory::Owned;
use crate::pg::settings::Reach;
use crate::pg::soundness::Structure;
use crate::pg::tuple::RowValues;
use crate::pg::varlena::{with_bytes, with_whole};
use crate::pg::{float, types};

/// A column that goes into the line.
pub(crate) struct Column {
    /// Its place among the table's attributes, from 0.
    index: usize,
    /// Its name, for messages.
    pub(crate) name: String,
    /// `,"name":`, in the server's encoding.
    key: line::Key,
    writer: Writer,
    reach: Reach,
}

/// How a value is written.
enum Writer {
    Int2,
    Int4,
    Int8,
    Bool,
    Float4,
    Float8,
    Numeric,
    /// Also `xml`: as it is stored, its declaration included.
    Text,
    Char,
    Json(WriteText),
    Jsonb(WriteText),
    Bytea,
    Uuid,
    Timestamp,
    TimestampTz,
    Date,
    Inet,
    Cidr,
    Money,
    Array(Box<Array<Writer>>),
    Composite(Box<Composite<Writer>>),
    /// A JSON string out of the type's output function.
    Output(Function, Option<Structure>),
    /// What its output function prints, and what that does not tell.
    Tsquery(Function),
    /// JSON out of a cast that came with the type, in C.
    Cast(Function, WriteText),
}

type WriteText = fn(&mut Vec<u8>, &[u8]) -> Result<(), Unwritable>;

/// What a value is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The row itself.
    Column,
    /// A composite value.
    Field,
    /// An array.
    Element,
}

/// A column whose value is not written, and why.
#[derive(Debug, Clone)]
pub(crate) struct Unwritten {
    pub(crate) column: String,
    pub(crate) why: Unwritable,
}

/// The columns of a table that go into its lines: all but those that are `left_out`, by name.
pub(crate) fn columns(table: &impl Described, left_out: impl Fn(&str) -> bool) -> Vec<Column> {
    let memory = Rc::new(Owned::long_lived());
    table
        .attributes()
        .enumerate()
        .filter(|(_, attribute)| !attribute.is_dropped() && !left_out(&attribute.name()))
        .map(|(index, attribute)| {
            if types::is_too_complex(attribute.kind()) {
                let kind = types::written(attribute.kind(), -1);
                Error::TypeTooComplex { column: attribute.name(), kind }.raise();
            }
            let (writer, reach) = Writer::of(attribute.kind(), Place::Column, &memory);
            let key = line::Key::of(&attribute.server_name());
            Column { index, name: attribute.name(), key, writer, reach }
        })
        .collect()
}

/// Appends the members of a row to a line that was opened. The settings must be fixed.
///
/// # Safety
/// The row is one of the table that the columns are of.
pub(crate) unsafe fn members(
    out: &mut Vec<u8>,
    columns: &[Column],
    row: RowValues<'_>,
) -> Result<(), Unwritten> {
    let present = columns.iter().filter(|column| !row.is_null(column.index));
    for column in present {
        let written = room::make(out, column.key.size()).and_then(|()| {
            line::member(out, &column.key);
            // SAFETY: by the caller's promise the value is one of the column's type.
            unsafe { column.writer.write(out, row.datum(column.index)) }
        });
        written.map_err(|why| Unwritten { column: column.name.clone(), why })?;
    }
    Ok(())
}

impl Column {
    /// Which settings its writer can see.
    pub(crate) fn reach(&self) -> Reach {
        self.reach
    }
}

impl Writer {
    /// The writer of a type, and which settings it can see.
    fn of(kind: pg_sys::Oid, place: Place, memory: &Rc<Owned>) -> (Writer, Reach) {
        let base = types::base(kind);
        let is_column = place == Place::Column;
        let own = match base {
            pg_sys::INT2OID => Writer::Int2,
            pg_sys::INT4OID => Writer::Int4,
            pg_sys::INT8OID => Writer::Int8,
            pg_sys::BOOLOID => Writer::Bool,
            pg_sys::FLOAT4OID => Writer::Float4,
            pg_sys::FLOAT8OID => Writer::Float8,
            pg_sys::NUMERICOID => Writer::Numeric,
            pg_sys::TEXTOID | pg_sys::VARCHAROID | pg_sys::BPCHAROID | pg_sys::XMLOID => {
                Writer::Text
            }
            pg_sys::CHAROID => Writer::Char,
            pg_sys::JSONOID => Writer::Json(json_text(place)),
            pg_sys::JSONBOID if is_column => Writer::Jsonb(value::jsonb),
            pg_sys::JSONBOID => Writer::Jsonb(value::jsonb_inside),
            pg_sys::BYTEAOID => Writer::Bytea,
            pg_sys::UUIDOID => Writer::Uuid,
            pg_sys::TIMESTAMPOID => Writer::Timestamp,
            pg_sys::TIMESTAMPTZOID => Writer::TimestampTz,
            pg_sys::DATEOID => Writer::Date,
            pg_sys::INETOID => Writer::Inet,
            pg_sys::CIDROID => Writer::Cidr,
            pg_sys::MONEYOID => Writer::Money,
            pg_sys::TSQUERYOID => {
                return (Writer::Tsquery(Function::output_of(base, memory)), Reach::Formats);
            }
            _ => return Writer::of_other(base, place, memory),
        };
        (own, Reach::Nothing)
    }

    fn of_other(base: pg_sys::Oid, place: Place, memory: &Rc<Owned>) -> (Writer, Reach) {
        if let Some(element) = types::element(base) {
            let (writer, reach) = Writer::of(element, Place::Element, memory);
            let array = Array::of(element, writer, place == Place::Element);
            return (Writer::Array(Box::new(array)), reach);
        }
        if types::is_row(base) {
            let mut reach = Reach::Nothing;
            let composite = Composite::of(base, |kind| {
                let (writer, sees) = Writer::of(kind, Place::Field, memory);
                reach = reach.max(sees);
                writer
            });
            return (Writer::Composite(Box::new(composite)), reach);
        }
        if let Some(function) = json_cast(base) {
            let cast = Writer::Cast(Function::of(function, memory), json_text(place));
            return (cast, Reach::Everything);
        }
        (Writer::Output(Function::output_of(base, memory), Structure::of(base)), reach(base))
    }
}

impl WriteValue for Writer {
    unsafe fn write(&self, out: &mut Vec<u8>, datum: pg_sys::Datum) -> Result<(), Unwritable> {
        let word = datum.value() as u64;
        // SAFETY: by the caller's promise the datum is of the type the writer is for.
        unsafe {
            match self {
                Writer::Int2 => value::int16(out, word as i16),
                Writer::Int4 => value::int32(out, word as i32),
                Writer::Int8 => value::int64(out, word as i64),
                Writer::Bool => match word & 0xff {
                    bit @ (0 | 1) => value::boolean(out, bit == 1),
                    _ => return Err(Corrupt),
                },
                Writer::Float4 => float::float4(out, f32::from_bits(word as u32)),
                Writer::Float8 => float::float8(out, f64::from_bits(word)),
                Writer::Text => {
                    return with_bytes(datum, |bytes| json::bounded_string(out, bytes));
                }
                Writer::Char => value::char(out, word as u8),
                Writer::Json(write) | Writer::Jsonb(write) => {
                    return with_bytes(datum, |bytes| write(out, bytes));
                }
                Writer::Bytea => return with_bytes(datum, |bytes| value::bytea(out, bytes)),
                Writer::Uuid => value::uuid(out, &*datum.cast_mut_ptr::<[u8; 16]>()),
                Writer::Timestamp => value::timestamp(out, word as i64),
                Writer::TimestampTz => value::timestamptz(out, word as i64),
                Writer::Date => value::date(out, word as i32),
                Writer::Money => value::money(out, word as i64),
                Writer::Numeric => return with_bytes(datum, |bytes| value::numeric(out, bytes)),
                Writer::Inet => return with_bytes(datum, |bytes| value::inet(out, bytes, false)),
                Writer::Cidr => return with_bytes(datum, |bytes| value::inet(out, bytes, true)),
                Writer::Array(array) => return array.write(out, datum),
                Writer::Composite(composite) => return composite.write(out, datum),
                Writer::Cast(function, write) => {
                    return function
                        .call(datum, |json| with_bytes(json, |bytes| write(out, bytes)));
                }
                Writer::Tsquery(function) => {
                    let sent = with_whole(datum, tsquery::sent)?;
                    return function.print(datum, |text| value::tsquery(out, text, &sent));
                }
                Writer::Output(function, structure) => {
                    if let Some(structure) = structure
                        && !with_whole(datum, |value| structure.holds(value))
                    {
                        return Err(Corrupt);
                    }
                    return function.print(datum, |text| json::bounded_string(out, text));
                }
            }
        }
        Ok(())
    }
}

/// How JSON text is written: inside other values as a string, so that its `null` is no NULL and its
/// brackets are no dimension.
fn json_text(place: Place) -> WriteText {
    if place == Place::Column { value::json } else { value::json_inside }
}

/// Which settings a type that goes through PostgreSQL can see.
fn reach(base: pg_sys::Oid) -> Reach {
    let mut reach = Reach::Formats;
    types::parts(base, &mut |part| {
        let foreign = !types::is_built_in(part) && types::is_plain(part);
        if part == pg_sys::MONEYOID || foreign {
            reach = Reach::Everything;
        }
    });
    reach
}

/// A function in C that casts the type to json. Casts in other languages are passed over: any user can
/// create and change them, and they would run with the privileges of the role that verifies.
fn json_cast(kind: pg_sys::Oid) -> Option<pg_sys::Oid> {
    if types::is_built_in(kind) {
        return None;
    }
    types::json_cast(kind).filter(|function| types::is_in_c(*function))
}
