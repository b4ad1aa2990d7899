//! The errors of checkpoints and proofs.

use pgrx::PgSqlErrorCode;

use super::define::{Said, errors};

errors! {
    /// Why there is no checkpoint, proof or receipt.
    #[derive(Debug, Clone)]
    pub(crate) enum EvidenceError {
        /// `audit_immutable.signing_key_file` is empty.
        NoKey:
            Code::ERRCODE_CONFIG_FILE_ERROR,
            "there is no key to sign checkpoints with",
            detail "The setting audit_immutable.signing_key_file is empty.",
            hint "Make a key with \"audit-immutable keygen\" outside the data directory, name its file in audit_immutable.signing_key_file, and reload the settings.";

        /// The key file cannot be used; with the reason and what to do.
        KeyUnusable { path: String, why: String, hint: &'static str }:
            Code::ERRCODE_CONFIG_FILE_ERROR,
            "the signing key in \"{path}\" cannot be used",
            detail "{why}",
            hint "{hint}";

        /// `audit_immutable.origin` is empty or cannot be the name of a key.
        NoOrigin { why: String }:
            Code::ERRCODE_CONFIG_FILE_ERROR,
            "checkpoints have no origin",
            detail "{why}",
            hint "Set audit_immutable.origin to a name that is this server's alone, such as db1.example.org/ledger, and reload the settings.";

        /// What was signed last cannot be remembered beside the key.
        RecordUnusable { path: String, why: String }:
            Code::ERRCODE_CONFIG_FILE_ERROR,
            "what was signed last cannot be kept in \"{path}\"",
            detail "{why}",
            hint "The server's user must be able to write into the directory of the signing key: there it remembers what it signed, so that an old copy of the data cannot make it sign something else.";

        /// The tree was grown by another server, or in another database.
        Elsewhere { why: String }:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "this database is not where its checkpoints were signed last",
            detail "{why}",
            hint "If that is meant (a failover, a restore, an upgrade, a copy), call audit_immutable.begin_incarnation() with the reason and the last checkpoint a witness holds.";

        /// The origin is not the one the incarnation began with.
        OtherOrigin { began: String, now: String }:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "the origin of checkpoints has changed",
            detail "Checkpoints are signed as \"{began}\" so far, and would be as \"{now}\" now.",
            hint "Set audit_immutable.origin back, or call audit_immutable.begin_incarnation() with the reason.";

        /// Something signed or stored before contradicts what is here now.
        Contradiction { why: String }:
            Code::ERRCODE_DATA_CORRUPTED,
            "what is here contradicts an earlier checkpoint, so nothing is signed",
            detail "{why}",
            hint "Run audit_immutable.verify(). If a backup was put back, call audit_immutable.begin_incarnation() with the reason and the last checkpoint a witness holds.";

        /// Two tables say they are the table of one log.
        SharedLog { log: String, one: String, other: String }:
            Code::ERRCODE_DATA_CORRUPTED,
            "\"{one}\" and \"{other}\" are both the audit table of log {log}",
            detail "The guard triggers of both name it, so that a leaf of the Merkle tree could be a row of either.",
            hint "Run audit_immutable.verify(), and find out which of them the log was opened for.";

        /// A standby that must hold what is signed has not flushed it yet.
        StandbyBehind { why: String }:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "a standby does not hold yet what would be signed",
            detail "{why}",
            hint "See pg_stat_replication, and the setting audit_immutable.checkpoint_waits_for.";

        /// The database's encoding has no em dash, which every signed note has.
        Encoding:
            Code::ERRCODE_FEATURE_NOT_SUPPORTED,
            "the database's encoding cannot hold a signed note",
            detail "Every signature in a note begins with an em dash (U+2014), which the encoding does not have.",
            hint "Use a database in UTF8.";

        /// The server is a standby.
        Standby:
            Code::ERRCODE_READ_ONLY_SQL_TRANSACTION,
            "cannot make a checkpoint on a standby",
            detail "A standby cannot write.",
            hint "Ask the primary; audit_immutable.latest_checkpoint() answers the last one here.";

        /// No worker could be started.
        NoWorker:
            Code::ERRCODE_INSUFFICIENT_RESOURCES,
            "no background worker could be started",
            detail "A checkpoint is made in a transaction of its own.",
            hint "Raise max_worker_processes, or try again later.";

        /// The worker ended without an answer.
        WorkerLost:
            Code::ERRCODE_INTERNAL_ERROR,
            "the background worker that makes the checkpoint ended without an answer",
            hint "The server's log says more.";

        /// What the worker answered.
        Worker { code: i32, message: String, detail: String, hint: String }:
            PgSqlErrorCode::from(*code),
            "{message}",
            detail "{detail}",
            hint "{hint}";

        /// There is no incarnation yet.
        NoTree:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "this database has no checkpoint yet",
            hint "Make one with audit_immutable.checkpoint().";

        /// Rows of a restore may come still.
        Awaiting:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "this database has stamped no row yet",
            detail "Until then the rows of a dump may come, and a checkpoint would commit to what is not whole.",
            hint "Finish the restore, if there is one; then the first audit row, or audit_immutable.begin_incarnation(), ends it.";

        /// There is no incarnation of this number.
        NoIncarnation { number: i32 }:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "there is no incarnation {number} with a checkpoint in this database",
            hint "See audit_immutable.incarnation.";

        /// A proof was asked for about leaves that are not there.
        OutOfTree { why: String }:
            Code::ERRCODE_INVALID_PARAMETER_VALUE,
            "there is no such proof",
            detail "{why}",
            hint "See audit_immutable.tree_head for the sizes.";

        /// The row is not below any checkpoint yet.
        NotYet { table: String, chain: i32, seq: i64 }:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "row {seq} of chain {chain} of audit table \"{table}\" is below no checkpoint yet",
            hint "Make one with audit_immutable.checkpoint() after the row is committed.";

        /// The hashes of the tree are damaged.
        Damaged { why: String }:
            Code::ERRCODE_DATA_CORRUPTED,
            "the hashes of the Merkle tree are damaged",
            detail "{why}",
            hint "Run audit_immutable.verify().";

        /// The text is no signed note of a checkpoint.
        BadNote { why: String }:
            Code::ERRCODE_INVALID_PARAMETER_VALUE,
            "the note is not a signed checkpoint",
            detail "{why}",
            hint "Pass it whole, as audit_immutable.checkpoint() returned it, with its line breaks.";

        /// There is nothing that a new incarnation would be for.
        NothingToBegin { why: String }:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "there is no reason to begin an incarnation",
            detail "{why}";
    }
}
