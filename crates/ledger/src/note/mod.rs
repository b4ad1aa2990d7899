//! Signed notes: what a log says of its [`tree`](crate::tree), and who has seen it.
//!
//! In reading order: a [`KeyName`]; the [`VerifierKey`] and the [`SigningKey`]; a [`Signature`] and the
//! [`Note`] it stands in (c2sp.org/signed-note); the [`Checkpoint`] (c2sp.org/tlog-checkpoint), which
//! logs sign and witnesses cosign (c2sp.org/tlog-cosignature), and its [`Origin`]; and the [`Receipt`] of a row
//! (c2sp.org/tlog-proof).

mod name;
mod signing;
mod verifier;

mod cosignature;
mod error;
mod signature;
mod signed;
mod verify;

mod checkpoint;
mod origin;
mod receipt;
mod row;

pub use name::{KeyName, KeyNameError};
pub use signing::{SignError, SigningKey, SigningKeyError};
pub use verifier::{KeyKind, VerifierKey, VkeyError};

pub use error::{MAX_SIGNATURES, NoteError};
pub use signature::Signature;
pub use signed::Note;
pub use verify::{Verified, VerifyError};

pub use checkpoint::{Checkpoint, CheckpointError};
pub use origin::{Origin, OriginError};
pub use receipt::{Receipt, ReceiptError};
pub use row::{Expected, ReceiptRow, ReceiptRowError};
