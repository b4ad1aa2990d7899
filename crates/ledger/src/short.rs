//! Appending a few bytes: most pieces of a line have less than sixteen, and a call costs more than to copy them.

/// Appends `bytes`.
#[inline]
pub(crate) fn append(out: &mut Vec<u8>, bytes: &[u8]) {
    match bytes.len() {
        0..4 => bytes.iter().for_each(|byte| out.push(*byte)),
        4..8 => ends::<4>(out, bytes),
        8..=16 => ends::<8>(out, bytes),
        _ => out.extend_from_slice(bytes),
    }
}

/// Appends N to 2N bytes: the first N of them, then the last N, which the first may overlap.
#[inline]
fn ends<const N: usize>(out: &mut Vec<u8>, bytes: &[u8]) {
    let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) else {
        return;
    };
    let end = out.len() + bytes.len();
    out.extend_from_slice(first);
    out.truncate(end - N);
    out.extend_from_slice(last);
}

/// Whether `holds` of each byte of N to 2N bytes, told of eight at a time; 4 to 16 bytes, or the answer is false.
#[inline]
pub(crate) fn all(bytes: &[u8], holds: impl Fn(u64) -> bool) -> bool {
    let both = |first: u64, last: u64| holds(first) && holds(last);
    match (bytes.first_chunk(), bytes.last_chunk(), bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last), ..) if bytes.len() <= 16 => {
            both(u64::from_ne_bytes(*first), u64::from_ne_bytes(*last))
        }
        (.., Some(first), Some(last)) if bytes.len() < 8 => {
            let (first, last) = (u32::from_ne_bytes(*first), u32::from_ne_bytes(*last));
            holds(u64::from(first) | u64::from(last) << 32)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_bytes_are_appended_and_all_are_looked_at() {
        let bytes: Vec<u8> = (1..=40).collect();
        for length in 0..=bytes.len() {
            let (bytes, mut out) = (&bytes[..length], b"before".to_vec());
            append(&mut out, bytes);
            assert_eq!(out, [b"before".as_slice(), bytes].concat());
            for place in 0..length {
                let is_other = |word: u64| !word.to_ne_bytes().contains(&bytes[place]);
                assert!(!all(bytes, is_other), "byte {place} of {length}");
            }
            assert_eq!(all(bytes, |_| true), (4..=16).contains(&length));
        }
    }
}
