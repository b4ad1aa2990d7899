//! What is hashed and how it is proved, without PostgreSQL: a row becomes one line of JSON, the
//! line's SHA-256 is the row's hash, the hash is a member of the next line, and a pass over the
//! rows in any order says whether the chain still holds. The hashes are leaves of a Merkle tree, whose
//! root is signed: so nobody can cut a chain off, or make all of it anew, without contradicting what
//! was said before.
//!
//! In reading order: a [`RowHash`], the [`Head`] of a chain and the [`Uuid`] of a log; [`json`] and
//! [`value`], which write what PostgreSQL's `row_to_json` would; the audit [`line`](mod@line)s, among them
//! the [`OpeningLine`] every chain starts from; a [`Finding`]; and [`Chains`], which finds them. Then the
//! [`tree`] and what is proved of it, and the signed [`note`]s: checkpoints and receipts.

#![forbid(unsafe_code)]

mod digits;
mod hash;
mod head;
pub mod json;
pub mod many;
pub mod room;
mod short;
mod uuid;
pub mod value;

pub mod line;

mod chains;
mod finding;

pub mod tree;

pub mod note;

pub use self::uuid::{Uuid, UuidError};
pub use hash::{HashError, RowHash};
pub use head::{Head, HeadError};
pub use value::{Corrupt, Unwritable};

pub use line::{Column, Line, LineError, OpeningLine, PrevAt, Stamp};

pub use chains::{Chains, Keep, Print, Report, Scar, StateError};
pub use finding::{Finding, FindingKind};
