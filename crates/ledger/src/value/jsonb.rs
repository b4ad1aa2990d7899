//! `jsonb`, from its on-disk form: a tree of containers, each a header, an array of entries and the
//! entries' data.
//!
//! Nesting is walked with an explicit stack, so no depth overflows the thread's.

use super::{Corrupt, Unwritable, boolean, numeric, or_nothing};
use crate::{json, room};

/// Appends a `jsonb` as PostgreSQL prints it: `{"k": 1, "b": [1, 2]}`.
///
/// # Errors
/// [`Corrupt`] if the bytes are no jsonb; nothing is appended then.
pub fn jsonb(out: &mut Vec<u8>, payload: &[u8]) -> Result<(), Unwritable> {
    or_nothing(out, |out| write(out, payload))
}

/// Appends a `jsonb` inside an array or a composite value: its text as a string, so that its `null` is not
/// a NULL and its arrays are no dimensions.
///
/// # Errors
/// [`Corrupt`] if the bytes are no jsonb; nothing is appended then.
pub fn jsonb_inside(out: &mut Vec<u8>, payload: &[u8]) -> Result<(), Unwritable> {
    let start = out.len();
    jsonb(out, payload)?;
    let quoted = json::quote(out, start);
    if quoted.is_err() {
        out.truncate(start);
    }
    quoted
}

fn write(out: &mut Vec<u8>, payload: &[u8]) -> Result<(), Unwritable> {
    let mut container = Container::read(payload)?;
    container.shape.open(out);
    // Most have no container in them, and take no memory here.
    let mut around = Vec::new();
    loop {
        // For the punctuation of this round, and for a value that is small.
        room::make(out, 0)?;
        let Some(value) = container.next(out)? else {
            container.shape.close(out);
            match around.pop() {
                Some(outer) => container = outer,
                None => return Ok(()),
            }
            continue;
        };
        match value {
            Value::Null => out.extend_from_slice(b"null"),
            Value::Boolean(value) => boolean(out, value),
            Value::String(text) => json::bounded_string(out, text)?,
            Value::Number(payload) => numeric::number(out, payload)?,
            Value::Container(_) if container.shape == Shape::Scalar => return Err(Corrupt),
            Value::Container(payload) => {
                let inner = Container::read(payload)?;
                inner.shape.open(out);
                room::asking(|| around.try_reserve(1)).map_err(|_| Unwritable::NoMemory)?;
                around.push(std::mem::replace(&mut container, inner));
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Array,
    Object,
    /// A bare scalar: an array of one that shows no brackets.
    Scalar,
}

impl Shape {
    fn open(self, out: &mut Vec<u8>) {
        out.extend_from_slice(match self {
            Self::Array => b"[",
            Self::Object => b"{",
            Self::Scalar => b"",
        });
    }

    fn close(self, out: &mut Vec<u8>) {
        out.extend_from_slice(match self {
            Self::Array => b"]",
            Self::Object => b"}",
            Self::Scalar => b"",
        });
    }
}

enum Value<'a> {
    Null,
    Boolean(bool),
    String(&'a [u8]),
    Number(&'a [u8]),
    Container(&'a [u8]),
}

/// A container being written.
struct Container<'a> {
    shape: Shape,
    /// Entries of the keys of an object; all of them stand before the values, as does their data.
    keys: Entries<'a>,
    values: Entries<'a>,
    data: &'a [u8],
    first: bool,
}

impl<'a> Container<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Unwritable> {
        const COUNT: u32 = 0x0FFF_FFFF;
        const SCALAR: u32 = 0x1000_0000;
        const OBJECT: u32 = 0x2000_0000;
        const ARRAY: u32 = 0x4000_0000;

        let (head, rest) = bytes.split_first_chunk().ok_or(Corrupt)?;
        let head = u32::from_ne_bytes(*head);
        let count = (head & COUNT) as usize;
        let (shape, keys) = match head & (OBJECT | ARRAY) {
            ARRAY if head & SCALAR == 0 => (Shape::Array, 0),
            ARRAY if count == 1 => (Shape::Scalar, 0),
            OBJECT => (Shape::Object, count),
            _ => return Err(Corrupt),
        };
        let (entries, data) = rest.split_at_checked(4 * (keys + count)).ok_or(Corrupt)?;
        let (keys, values) = entries.as_chunks().0.split_at(keys);
        let keys = Entries { left: keys, offset: 0 };
        let values = Entries { left: values, offset: keys.end(data)? };
        Ok(Self { shape, keys, values, data, first: true })
    }

    /// The next value, after its comma and key have been written; none at the end.
    fn next(&mut self, out: &mut Vec<u8>) -> Result<Option<Value<'a>>, Unwritable> {
        let Some(value) = self.values.next(self.data)? else {
            return Ok(None);
        };
        if !self.first {
            out.extend_from_slice(b", ");
        }
        self.first = false;
        if self.shape == Shape::Object {
            let Some(Value::String(key)) = self.keys.next(self.data)? else {
                return Err(Corrupt);
            };
            json::bounded_string(out, key)?;
            out.extend_from_slice(b": ");
        }
        Ok(Some(value))
    }
}

/// Entries still to be read and where the data of the next one begins.
struct Entries<'a> {
    left: &'a [[u8; 4]],
    offset: usize,
}

impl<'a> Entries<'a> {
    fn next(&mut self, data: &'a [u8]) -> Result<Option<Value<'a>>, Unwritable> {
        let Some((entry, left)) = self.left.split_first() else {
            return Ok(None);
        };
        let entry = u32::from_ne_bytes(*entry);
        let (start, end) = (self.offset, end_of(entry, self.offset, data)?);
        (self.left, self.offset) = (left, end);
        let aligned = || data.get(start.next_multiple_of(4)..end).ok_or(Corrupt);
        Ok(Some(match entry >> 28 & 7 {
            0 => Value::String(data.get(start..end).ok_or(Corrupt)?),
            1 => Value::Number(without_header(aligned()?)?),
            2 => Value::Boolean(false),
            3 => Value::Boolean(true),
            4 => Value::Null,
            5 => Value::Container(aligned()?),
            _ => return Err(Corrupt),
        }))
    }

    /// Where the data of the last entry ends.
    fn end(&self, data: &[u8]) -> Result<usize, Unwritable> {
        self.left
            .iter()
            .try_fold(self.offset, |offset, entry| end_of(u32::from_ne_bytes(*entry), offset, data))
    }
}

/// Where the data of an entry ends: it says either that, or how long the data is. Never before its
/// start, so that no data is printed twice and damage cannot multiply the output.
fn end_of(entry: u32, start: usize, data: &[u8]) -> Result<usize, Unwritable> {
    const HAS_OFFSET: u32 = 0x8000_0000;
    let field = (entry & 0x0FFF_FFFF) as usize;
    let end = if entry & HAS_OFFSET != 0 { field } else { start + field };
    if (start..=data.len()).contains(&end) { Ok(end) } else { Err(Corrupt) }
}

/// The payload of a numeric behind its varlena header, of four bytes or of one.
fn without_header(varlena: &[u8]) -> Result<&[u8], Unwritable> {
    let little = cfg!(target_endian = "little");
    let first = *varlena.first().ok_or(Corrupt)?;
    let short = if little { first & 1 == 1 } else { first & 0x80 != 0 };
    let (header, length) = if short {
        (1, usize::from(if little { first >> 1 } else { first & 0x7F }))
    } else {
        let word = u32::from_ne_bytes(*varlena.first_chunk().ok_or(Corrupt)?);
        // The two bits that are not length say "compressed"; a numeric in a jsonb never is.
        let (length, flags) =
            if little { (word >> 2, word & 3) } else { (word & !(3 << 30), word >> 30) };
        if flags != 0 {
            return Err(Corrupt);
        }
        (4, length as usize)
    };
    varlena.get(header..length).ok_or(Corrupt)
}
