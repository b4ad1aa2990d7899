//! What a check finds.

use network::Severity;

/// As many findings as one check answers; how many more there are is said.
pub(super) const MAX_FINDINGS: usize = 100;

/// Something that is not as it should be.
pub(super) struct Finding {
    pub(super) severity: Severity,
    pub(super) setting: Option<String>,
    pub(super) value: Option<String>,
    pub(super) finding: String,
    pub(super) remedy: Option<String>,
}

/// What a check found: at most so many findings, the worst first, and how many there are in all.
pub(super) struct Found {
    pub(super) findings: Vec<Finding>,
    pub(super) count: i64,
}
