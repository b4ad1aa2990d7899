//! `numeric`, from its on-disk form: a header of two or four bytes and digits in base 10,000.

use super::{Corrupt, Unwritable, or_nothing};
use crate::{room, short};

const KIND: u16 = 0xC000;
const SHORT: u16 = 0x8000;
const SPECIAL: u16 = 0xC000;
const NEGATIVE: u16 = 0x4000;
const SPECIAL_KIND: u16 = 0xF000;

/// Appends a `numeric`. NaN and the infinities, which JSON has no numbers for, are quoted.
///
/// # Errors
/// [`Corrupt`] if the bytes are no numeric; nothing is appended then.
#[inline]
pub fn numeric(out: &mut Vec<u8>, payload: &[u8]) -> Result<(), Unwritable> {
    match Numeric::read(payload)? {
        Numeric::Number(number) => or_nothing(out, |out| number.write(out)),
        Numeric::Special(name) => {
            out.push(b'"');
            out.extend_from_slice(name.as_bytes());
            out.push(b'"');
            Ok(())
        }
    }
}

/// Appends a numeric that must be a number, as inside a `jsonb`.
pub(super) fn number(out: &mut Vec<u8>, payload: &[u8]) -> Result<(), Unwritable> {
    match Numeric::read(payload)? {
        Numeric::Number(number) => number.write(out),
        Numeric::Special(_) => Err(Corrupt),
    }
}

enum Numeric<'a> {
    Number(Number<'a>),
    Special(&'static str),
}

struct Number<'a> {
    negative: bool,
    /// Decimal digits behind the point.
    scale: usize,
    /// The first digit counts 10,000 to this power.
    weight: i32,
    digits: &'a [[u8; 2]],
}

impl<'a> Numeric<'a> {
    fn read(payload: &'a [u8]) -> Result<Self, Unwritable> {
        let (words, []) = payload.as_chunks::<2>() else {
            return Err(Corrupt);
        };
        let (&head, rest) = words.split_first().ok_or(Corrupt)?;
        let head = u16::from_ne_bytes(head);
        let number = match head & KIND {
            SPECIAL => {
                return match head & SPECIAL_KIND {
                    0xC000 => Ok(Self::Special("NaN")),
                    0xD000 => Ok(Self::Special("Infinity")),
                    0xF000 => Ok(Self::Special("-Infinity")),
                    _ => Err(Corrupt),
                };
            }
            // Sign, six bits of scale, seven bits of weight in two's complement.
            SHORT => Number {
                negative: head & 0x2000 != 0,
                scale: usize::from((head & 0x1F80) >> 7),
                weight: i32::from(head & 0x3F) - i32::from(head & 0x40),
                digits: rest,
            },
            sign => {
                let (&weight, digits) = rest.split_first().ok_or(Corrupt)?;
                Number {
                    negative: sign == NEGATIVE,
                    scale: usize::from(head & 0x3FFF),
                    weight: i16::from_ne_bytes(weight).into(),
                    digits,
                }
            }
        };
        Ok(Self::Number(number))
    }
}

impl Number<'_> {
    fn write(&self, out: &mut Vec<u8>) -> Result<(), Unwritable> {
        // Two stored bytes may say how many zeros follow.
        let whole = usize::try_from(self.weight + 1).unwrap_or(0);
        room::make(out, 4 * whole + self.scale)?;
        if self.negative {
            out.push(b'-');
        }
        if self.weight < 0 {
            out.push(b'0');
        }
        for place in 0..=self.weight {
            let digit = self.digit(place)?;
            if place == 0 {
                let digits = decimals(digit);
                let zeros = digits[..3].iter().take_while(|digit| **digit == b'0').count();
                short::append(out, &digits[zeros..]);
            } else {
                out.extend_from_slice(&decimals(digit));
            }
        }
        if self.scale > 0 {
            out.push(b'.');
            // Whole groups of four, then what is beyond the scale is cut off.
            let end = out.len() + self.scale;
            let mut place = self.weight + 1;
            while out.len() < end {
                out.extend_from_slice(&decimals(self.digit(place)?));
                place += 1;
            }
            out.truncate(end);
        }
        Ok(())
    }

    /// The digit at `place`, counted from the first stored one; those not stored are zero.
    #[inline]
    fn digit(&self, place: i32) -> Result<u16, Unwritable> {
        let stored = usize::try_from(place).ok().and_then(|place| self.digits.get(place));
        match stored.map_or(0, |bytes| u16::from_ne_bytes(*bytes)) {
            digit @ 0..10_000 => Ok(digit),
            _ => Err(Corrupt),
        }
    }
}

/// A number below 10,000 in four digits.
#[inline]
fn decimals(digit: u16) -> [u8; 4] {
    [1000, 100, 10, 1].map(|place| b'0' + (digit / place % 10) as u8)
}
