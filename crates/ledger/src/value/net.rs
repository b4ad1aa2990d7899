//! `inet` and `cidr`, from their on-disk form: family, netmask bits, address in network order.

use std::ops::Range;

use super::{Corrupt, Unwritable, int32};
use crate::digits;

const IPV4: u8 = 2;
const IPV6: u8 = 3;

/// Appends an `inet`, or a `cidr`, which differs in that it always prints its netmask.
///
/// # Errors
/// [`Corrupt`] if the bytes are no address; nothing is appended then.
pub fn inet(out: &mut Vec<u8>, payload: &[u8], cidr: bool) -> Result<(), Unwritable> {
    let [family, bits, address @ ..] = payload else {
        return Err(Corrupt);
    };
    let full = match *family {
        IPV4 => 32,
        IPV6 => 128,
        _ => return Err(Corrupt),
    };
    if *bits > full {
        return Err(Corrupt);
    }
    if *family == IPV4 {
        let address = address.first_chunk().ok_or(Corrupt)?;
        out.push(b'"');
        dotted(out, address);
    } else {
        let address = address.first_chunk().ok_or(Corrupt)?;
        out.push(b'"');
        colons(out, address);
    }
    if cidr || *bits < full {
        out.push(b'/');
        int32(out, (*bits).into());
    }
    out.push(b'"');
    Ok(())
}

fn dotted(out: &mut Vec<u8>, address: &[u8; 4]) {
    for (i, byte) in address.iter().enumerate() {
        if i > 0 {
            out.push(b'.');
        }
        int32(out, (*byte).into());
    }
}

fn colons(out: &mut Vec<u8>, address: &[u8; 16]) {
    let mut words = [0; 8];
    for (word, bytes) in words.iter_mut().zip(address.as_chunks::<2>().0) {
        *word = u16::from_be_bytes(*bytes);
    }
    let zeros = longest_zeros(&words);
    let v4 = embeds_v4(&words, &zeros);
    for (i, word) in words.iter().enumerate() {
        if zeros.contains(&i) {
            if i == zeros.start {
                out.push(b':');
            }
            continue;
        }
        if i > 0 {
            out.push(b':');
        }
        if i == 6 && v4 {
            let [.., a, b, c, d] = *address;
            dotted(out, &[a, b, c, d]);
            return;
        }
        hex(out, *word);
    }
    if zeros.end == 8 {
        out.push(b':');
    }
}

/// The first of the longest runs of two or more zero words; empty if there is none.
fn longest_zeros(words: &[u16; 8]) -> Range<usize> {
    let mut best = 0..0;
    let mut start = 0;
    for (i, word) in words.iter().enumerate() {
        if *word != 0 {
            start = i + 1;
        } else if i + 1 - start > best.len().max(1) {
            best = start..i + 1;
        }
    }
    best
}

/// Whether the last two words are printed as an IPv4 address: `::1.2.3.4` and `::ffff:1.2.3.4`, but
/// `::1`. (PostgreSQL also takes seven zero words for one; then word 6 is within the run.)
fn embeds_v4(words: &[u16; 8], zeros: &Range<usize>) -> bool {
    zeros.start == 0 && (zeros.end == 6 || (zeros.end == 5 && words[5] == 0xffff))
}

/// Appends a word in hex without leading zeros.
fn hex(out: &mut Vec<u8>, word: u16) {
    let [high, low] = word.to_be_bytes().map(digits::hex);
    let leading = (word | 1).leading_zeros() as usize / 4;
    out.extend(high.into_iter().chain(low).skip(leading));
}
