//! The parts of a cosignature v1 (c2sp.org/tlog-cosignature, with Ed25519).

/// What is signed: a header, the time, and the text of the checkpoint. `None` when the time does not fit
/// in 63 bits.
pub(super) fn message(text: &str, unix_seconds: u64) -> Option<String> {
    i64::try_from(unix_seconds).ok()?;
    Some(format!("cosignature/v1\ntime {unix_seconds}\n{text}"))
}

/// The bytes of the signature: the time, big-endian, and what the key made.
pub(super) fn to_bytes(unix_seconds: u64, signature: &[u8; 64]) -> Vec<u8> {
    [&unix_seconds.to_be_bytes(), signature.as_slice()].concat()
}

/// Takes the bytes of a signature apart; `None` when they have another length.
pub(super) fn parse(bytes: &[u8]) -> Option<(u64, &[u8; 64])> {
    let (time, signature) = bytes.split_first_chunk()?;
    Some((u64::from_be_bytes(*time), signature.try_into().ok()?))
}
