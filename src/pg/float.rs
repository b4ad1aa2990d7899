//! Floats in PostgreSQL's shortest form (`extra_float_digits` 1): its own routine, no allocation.

use super::{ffi::guarded, sys};

/// Appends `float8` as JSON: a number, or `"NaN"`, `"Infinity"`, `"-Infinity"`.
pub(crate) fn float8(out: &mut Vec<u8>, value: f64) {
    let mut digits = [0u8; 32];
    // SAFETY: the routine writes at most 25 bytes.
    let length = unsafe {
        guarded(|| sys::double_to_shortest_decimal_buf(value, digits.as_mut_ptr().cast()))
    };
    append(out, &digits, length, value.is_finite());
}

/// Appends `float4` as JSON: a number, or `"NaN"`, `"Infinity"`, `"-Infinity"`.
pub(crate) fn float4(out: &mut Vec<u8>, value: f32) {
    let mut digits = [0u8; 32];
    // SAFETY: the routine writes at most 16 bytes.
    let length = unsafe {
        guarded(|| sys::float_to_shortest_decimal_buf(value, digits.as_mut_ptr().cast()))
    };
    append(out, &digits, length, value.is_finite());
}

fn append(out: &mut Vec<u8>, digits: &[u8; 32], length: i32, number: bool) {
    let length = usize::try_from(length).unwrap_or(0).min(digits.len());
    if number {
        out.extend_from_slice(&digits[..length]);
    } else {
        out.push(b'"');
        out.extend_from_slice(&digits[..length]);
        out.push(b'"');
    }
}
