//! `tsquery`: what its output leaves out, read from its stored form.
//!
//! `a & (b & c)` and `(a & b) & c` print alike, so the line also has what `tsquerysend` answers. That is made
//! here: PostgreSQL's own function trusts the value's structure, and answers in the client's encoding.

use ledger::Unwritable::{self, Corrupt, TooDeep};

use crate::pg::encoding;

/// A header of eight bytes: the varlena's, and how many items there are.
const HEADER: usize = 8;
/// ts_type.h: a QueryItem.
const ITEM: usize = 12;

const OPERAND: u8 = 1;
const OPERATOR: u8 = 2;

/// PostgreSQL prints operators within operators by recursion: so deep takes half of the stack that it has by default.
/// A session with more of it must not store what others cannot print.
const MOST: usize = 8000;

const NOT: u8 = 1;
const PHRASE: u8 = 4;

/// What `tsquerysend` answers, with texts in UTF-8, to bytes, header included.
pub(super) fn sent(value: &[u8]) -> Result<Vec<u8>, Unwritable> {
    let query = Query::of(value).ok_or(Corrupt)?;
    if query.depth().ok_or(Corrupt)? > MOST {
        return Err(TooDeep);
    }
    query.sent().ok_or(Corrupt)
}

/// A tsquery taken apart: items in prefix order, a right operand before the left one, and their texts.
struct Query<'a> {
    items: &'a [[u8; ITEM]],
    texts: &'a [u8],
}

impl<'a> Query<'a> {
    fn of(value: &'a [u8]) -> Option<Query<'a>> {
        let count = u32::from_le_bytes(*value.get(4..)?.first_chunk()?) as usize;
        let (items, texts) = value.get(HEADER..)?.split_at_checked(count.checked_mul(ITEM)?)?;
        Some(Query { items: items.as_chunks().0, texts })
    }

    fn sent(&self) -> Option<Vec<u8>> {
        let mut out = u32::try_from(self.items.len()).ok()?.to_be_bytes().to_vec();
        for item in self.items {
            out.push(item[0]);
            match item[0] {
                OPERAND => {
                    out.extend_from_slice(&item[1..3]); // weight, prefix
                    out.extend_from_slice(&encoding::from_server(self.text(item)?));
                    out.push(0);
                }
                _ => {
                    out.push(item[1]);
                    if item[1] == PHRASE {
                        out.extend_from_slice(&distance(item).to_be_bytes());
                    }
                }
            }
        }
        Some(out)
    }

    /// The text of an operand, if it is the one its length and checksum speak of.
    fn text(&self, item: &[u8; ITEM]) -> Option<&'a [u8]> {
        let [checksum, place] = words(item);
        let (length, start) = ((place & 0xfff) as usize, (place >> 12) as usize);
        let text = self.texts.get(start..start.checked_add(length)?)?;
        let ends = self.texts.get(start + length) == Some(&0) && !text.contains(&0);
        (ends && legacy_crc(text) == checksum).then_some(text)
    }

    /// How many operators are within each other; None where the items are not one expression, the left operand of each
    /// operator where it says.
    fn depth(&self) -> Option<usize> {
        // Operands still to come: of a left one the index it must have, and how deep it is. A query of stop words has no
        // item.
        let mut awaited = if self.items.is_empty() { vec![] } else { vec![(None, 0)] };
        let mut deepest = 0;
        for (index, item) in self.items.iter().enumerate() {
            let (expected, depth) = awaited.pop()?;
            if expected.is_some_and(|expected| expected != index) {
                return None;
            }
            deepest = deepest.max(depth);
            match item[..2] {
                [OPERAND, _] if item[2] <= 1 => {
                    self.text(item)?;
                }
                // Its operand is the next item; of what the operator !! made, its own word does not say so.
                [OPERATOR, NOT] => awaited.push((Some(index + 1), depth + 1)),
                [OPERATOR, NOT..=PHRASE] => {
                    awaited.extend([(Some(left(index, item)?), depth + 1), (None, depth + 1)]);
                }
                _ => return None,
            }
        }
        awaited.is_empty().then_some(deepest)
    }
}

/// The two words behind the first: of an operand the checksum of its text, then where that is; of an operator
/// where its left operand is, then nothing.
fn words(item: &[u8; ITEM]) -> [u32; 2] {
    let word = |at: usize| item[at..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
    [word(4), word(8)]
}

fn left(index: usize, item: &[u8; ITEM]) -> Option<usize> {
    index.checked_add(words(item)[0] as usize)
}

/// How far apart the operands of a phrase operator are.
fn distance(item: &[u8; ITEM]) -> i16 {
    i16::from_le_bytes([item[2], item[3]])
}

/// pg_crc.h: COMP_LEGACY_CRC32, with the table of the usual CRC-32 and the wrong shift.
fn legacy_crc(text: &[u8]) -> u32 {
    let entry = |index: u32| {
        (0..8).fold(index, |it, _| if it & 1 == 1 { (it >> 1) ^ 0xedb8_8320 } else { it >> 1 })
    };
    let crc = text
        .iter()
        .fold(u32::MAX, |crc, byte| entry(((crc >> 24) ^ u32::from(*byte)) & 0xff) ^ (crc << 8));
    !crc
}
