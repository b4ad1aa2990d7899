//! What the processor at hand can do more than others.

use ledger::many::{self, HashMany};

/// The fastest way to hash many lines.
pub(crate) fn hash_many() -> HashMany {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") {
        // SAFETY: the processor has what the function is compiled for.
        return |lines| unsafe { many::with_avx512(lines) };
    }
    many::one_by_one
}
