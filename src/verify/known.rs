//! What is looked up once for all the logs that a call verifies.

use crate::guard::installation::Installation;
use crate::signer::contradiction::Checkpoints;

/// The state of the extension itself, and the checkpoints that rows are compared with.
pub(super) struct Known {
    pub(super) installation: Installation,
    pub(super) checkpoints: Checkpoints,
}

impl Known {
    /// Looks at the catalog; at the checkpoints when the first log needs them.
    pub(super) fn look() -> Known {
        Known { installation: Installation::inspect(), checkpoints: Checkpoints::default() }
    }
}
