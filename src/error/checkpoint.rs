//! The errors of checkpoints and proofs.

use pgrx::PgSqlErrorCode as Code;

/// Why there is no checkpoint, proof or receipt.
#[derive(Debug, Clone)]
pub(crate) enum CheckpointError {
    /// `audit_immutable.signing_key_file` is empty.
    NoKey,
    /// The key file cannot be used; with the reason and what to do.
    KeyUnusable { path: String, why: String, hint: &'static str },
    /// `audit_immutable.origin` is empty or cannot be the name of a key.
    NoOrigin { why: String },
    /// What was signed last cannot be remembered beside the key.
    RecordUnusable { path: String, why: String },
    /// The tree was grown by another server, or in another database.
    Elsewhere { why: String },
    /// The origin is not the one the incarnation began with.
    OtherOrigin { began: String, now: String },
    /// Something signed or stored before contradicts what is here now.
    Contradiction { why: String },
    /// A standby that must hold what is signed has not flushed it yet.
    StandbyBehind { why: String },
    /// The database's encoding has no em dash, which every signed note has.
    Encoding,
    /// The server is a standby.
    Standby,
    /// No worker could be started.
    NoWorker,
    /// The worker ended without an answer.
    WorkerLost,
    /// What the worker answered.
    Worker { code: i32, message: String, detail: String, hint: String },
    /// There is no incarnation of this number, or none at all.
    NoTree { incarnation: Option<i32> },
    /// A proof was asked for about leaves that are not there.
    OutOfTree { why: String },
    /// The row is not below any checkpoint yet.
    NotYet { table: String, chain: i32, seq: i64 },
    /// The hashes of the tree are damaged.
    Damaged { why: String },
    /// The text is no signed note of a checkpoint.
    BadNote { why: String },
    /// There is nothing that a new incarnation would be for.
    NothingToBegin { why: String },
}

impl CheckpointError {
    pub(super) fn code(&self) -> Code {
        match self {
            Self::NoKey
            | Self::KeyUnusable { .. }
            | Self::NoOrigin { .. }
            | Self::RecordUnusable { .. } => Code::ERRCODE_CONFIG_FILE_ERROR,
            Self::Elsewhere { .. }
            | Self::OtherOrigin { .. }
            | Self::StandbyBehind { .. }
            | Self::NoTree { .. }
            | Self::NotYet { .. }
            | Self::NothingToBegin { .. } => Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            Self::Contradiction { .. } | Self::Damaged { .. } => Code::ERRCODE_DATA_CORRUPTED,
            Self::Encoding => Code::ERRCODE_FEATURE_NOT_SUPPORTED,
            Self::Standby => Code::ERRCODE_READ_ONLY_SQL_TRANSACTION,
            Self::NoWorker => Code::ERRCODE_INSUFFICIENT_RESOURCES,
            Self::WorkerLost => Code::ERRCODE_INTERNAL_ERROR,
            Self::Worker { code, .. } => Code::from(*code),
            Self::OutOfTree { .. } | Self::BadNote { .. } => Code::ERRCODE_INVALID_PARAMETER_VALUE,
        }
    }

    pub(super) fn texts(&self) -> (String, String, String) {
        let texts = |message: &str, detail: &str, hint: &str| {
            (message.to_owned(), detail.to_owned(), hint.to_owned())
        };
        match self {
            Self::NoKey => texts(
                "there is no key to sign checkpoints with",
                "The setting audit_immutable.signing_key_file is empty.",
                "Make a key with \"audit-immutable keygen\" outside the data directory, name its file in audit_immutable.signing_key_file, and reload the settings.",
            ),
            Self::KeyUnusable { path, why, hint } => {
                texts(&format!("the signing key in \"{path}\" cannot be used"), why, hint)
            }
            Self::NoOrigin { why } => texts(
                "checkpoints have no origin",
                why,
                "Set audit_immutable.origin to a name that is this server's alone, such as db1.example.org/ledger, and reload the settings.",
            ),
            Self::RecordUnusable { path, why } => texts(
                &format!("what was signed last cannot be kept in \"{path}\""),
                why,
                "The server's user must be able to write into the directory of the signing key: there it remembers what it signed, so that an old copy of the data cannot make it sign something else.",
            ),
            Self::Elsewhere { why } => texts(
                "this database is not where its checkpoints were signed last",
                why,
                "If that is meant (a failover, a restore, an upgrade, a copy), call audit_immutable.begin_incarnation() with the reason and the last checkpoint a witness holds.",
            ),
            Self::OtherOrigin { began, now } => texts(
                "the origin of checkpoints has changed",
                &format!(
                    "Checkpoints are signed as \"{began}\" so far, and would be as \"{now}\" now."
                ),
                "Set audit_immutable.origin back, or call audit_immutable.begin_incarnation() with the reason.",
            ),
            Self::Contradiction { why } => texts(
                "what is here contradicts an earlier checkpoint, so nothing is signed",
                why,
                "Run audit_immutable.verify(). If a backup was put back, call audit_immutable.begin_incarnation() with the reason and the last checkpoint a witness holds.",
            ),
            Self::StandbyBehind { why } => texts(
                "a standby does not hold yet what would be signed",
                why,
                "See pg_stat_replication, and the setting audit_immutable.checkpoint_waits_for.",
            ),
            Self::Encoding => texts(
                "the database's encoding cannot hold a signed note",
                "Every signature in a note begins with an em dash (U+2014), which the encoding does not have.",
                "Use a database in UTF8.",
            ),
            Self::Standby => texts(
                "cannot make a checkpoint on a standby",
                "A standby cannot write.",
                "Ask the primary; audit_immutable.latest_checkpoint() answers the last one here.",
            ),
            Self::NoWorker => texts(
                "no background worker could be started",
                "A checkpoint is made in a transaction of its own.",
                "Raise max_worker_processes, or try again later.",
            ),
            Self::WorkerLost => texts(
                "the background worker that makes the checkpoint ended without an answer",
                "",
                "The server's log says more.",
            ),
            Self::Worker { message, detail, hint, .. } => texts(message, detail, hint),
            Self::NoTree { incarnation: None } => texts(
                "this database has no checkpoint yet",
                "",
                "Make one with audit_immutable.checkpoint().",
            ),
            Self::NoTree { incarnation: Some(number) } => texts(
                &format!("there is no incarnation {number} with a checkpoint in this database"),
                "",
                "See audit_immutable.incarnation.",
            ),
            Self::OutOfTree { why } => {
                texts("there is no such proof", why, "See audit_immutable.tree_head for the sizes.")
            }
            Self::NotYet { table, chain, seq } => texts(
                &format!(
                    "row {seq} of chain {chain} of audit table \"{table}\" is below no checkpoint yet"
                ),
                "",
                "Make one with audit_immutable.checkpoint() after the row is committed.",
            ),
            Self::Damaged { why } => texts(
                "the hashes of the Merkle tree are damaged",
                why,
                "Run audit_immutable.verify().",
            ),
            Self::BadNote { why } => texts("the note is not a signed checkpoint", why, ""),
            Self::NothingToBegin { why } => {
                texts("there is no reason to begin an incarnation", why, "")
            }
        }
    }
}
