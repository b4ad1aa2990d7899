//! Appending what is short: keys, numbers, words.

/// Appends the bytes; a few of them without a call, which takes longer than they do.
#[inline]
pub(crate) fn short(out: &mut Vec<u8>, bytes: &[u8]) {
    match bytes.len() {
        17..=32 => twice::<16>(out, bytes),
        8..=16 => twice::<8>(out, bytes),
        4..=7 => twice::<4>(out, bytes),
        2..=3 => twice::<2>(out, bytes),
        _ => out.extend_from_slice(bytes),
    }
}

/// Appends the first N bytes and the last N, which overlap.
#[inline]
fn twice<const N: usize>(out: &mut Vec<u8>, bytes: &[u8]) {
    let end = out.len() + bytes.len();
    if let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) {
        out.extend_from_slice(first);
        out.truncate(end - N);
        out.extend_from_slice(last);
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn as_many_bytes_as_there_are() {
        let bytes: Vec<u8> = (0..100).collect();
        for from in 0..4 {
            for to in from..=bytes.len() {
                let mut out = b"before".to_vec();
                short(&mut out, &bytes[from..to]);
                assert_eq!(out, [b"before", &bytes[from..to]].concat());
            }
        }
    }
}
