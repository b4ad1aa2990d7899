//! Every error but those of checkpoints.

use std::fmt;

use pgrx::PgSqlErrorCode;

use super::EvidenceError;
use super::define::{Said, errors};

/// A change of rows that are there for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Update,
    Delete,
    Truncate,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Change::Update => "update",
            Change::Delete => "delete from",
            Change::Truncate => "truncate",
        })
    }
}

errors! {
    /// An error with everything a DBA needs to act on it. `table` is schema-qualified throughout.
    #[derive(Debug, Clone)]
    pub(crate) enum Error {
        /// UPDATE, DELETE or TRUNCATE of an audit table.
        Refused { change: Change, table: String }:
            Code::ERRCODE_INSUFFICIENT_PRIVILEGE,
            "cannot {change} audit table \"{table}\"",
            detail "Rows of an audit table can be added and read, and nothing else.",
            hint "To correct an entry, insert a further row that says so.";

        /// A rewrite to UNLOGGED or TEMPORARY storage.
        NotPermanent { table: String }:
            Code::ERRCODE_FEATURE_NOT_SUPPORTED,
            "audit table \"{table}\" cannot be unlogged or temporary",
            detail "Its rows must survive a crash and the end of the session.",
            hint "Create the table without UNLOGGED or TEMPORARY, or with another access method (USING heap).";

        /// A table was created, or stored as an audit table, where no event trigger makes a log of it.
        EventTriggersOff { table: String }:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "cannot create audit table \"{table}\" while event_triggers is off",
            detail "An event trigger of the extension makes a log of it.",
            hint "SET event_triggers = on first.";

        /// The client sent a value for a stamp column.
        StampSupplied { table: String, column: &'static str }:
            Code::ERRCODE_GENERATED_ALWAYS,
            "cannot insert a value into column \"{column}\" of audit table \"{table}\"",
            detail "Column \"{column}\" is a stamp that is always computed on insert.",
            hint "Name the columns in the INSERT, or in COPY, and leave out the audit_* ones: columns added to the table later stand behind those. In place of OLD.* list the columns of OLD.";

        /// The session's connection may not reach the table.
        OutOfReach { table: String, client: String, wanted: &'static str, hint: &'static str }:
            Code::ERRCODE_INSUFFICIENT_PRIVILEGE,
            "cannot reach audit table \"{table}\" over this connection",
            detail "The client is {client}. {wanted}",
            hint "{hint}";

        /// `restrict` was given something that restricts to nothing sensible.
        NotRestriction { table: String, detail: String, hint: &'static str }:
            Code::ERRCODE_INVALID_PARAMETER_VALUE,
            "cannot restrict audit table \"{table}\" so",
            detail "{detail}",
            hint "{hint}";

        /// `restrict` would shut out its caller, and nothing widens a restriction.
        RestrictsCaller { table: String, client: String }:
            Code::ERRCODE_INVALID_PARAMETER_VALUE,
            "restriction of audit table \"{table}\" would shut out this connection itself",
            detail "The client is {client}, and a restriction can never be widened.",
            hint "Restrict the table over a connection that may go on reaching it.";

        /// A row arrived at a table whose guard triggers are not there.
        NotArmed { table: String }:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "audit table \"{table}\" is not armed",
            detail "Its guard triggers are not there, so a new row could not be stamped.",
            hint "Finish the restore that creates the triggers, or run audit_immutable.protect() on the table while it is empty.";

        /// The guard triggers name a log whose opening line is not in this database.
        OpeningMissing { table: String, log: String }:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "audit table \"{table}\" has no opening line in this database",
            detail "Its guard triggers name log {log}, which audit_immutable.opening does not have.",
            hint "Restore the data of the extension's tables too, have audit_immutable.import() take the log over, or run audit_immutable.protect() on the table while it is empty.";

        /// The index of the chains is gone or not yet valid.
        IndexMissing { table: String }:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "audit table \"{table}\" has no valid index of its chains",
            detail "The head of a chain is read from this index.",
            hint "Create it again: CREATE INDEX ON the table USING audit_chain (audit_chain, audit_seq).";

        /// An index of our access method over something else.
        NotChains { table: String }:
            Code::ERRCODE_FEATURE_NOT_SUPPORTED,
            "access method \"audit_chain\" cannot index this of \"{table}\"",
            detail "It finds the rows of an audit table's chains: it is over (audit_chain, audit_seq), in this order, with its own operator classes and without a condition.",
            hint "Use a B-tree.";

        /// A stored value cannot be read as its type.
        Unreadable { table: String, column: String, why: String }:
            Code::ERRCODE_DATA_CORRUPTED,
            "column \"{column}\" of a row of audit table \"{table}\" cannot be read",
            detail "{why}.",
            hint "Run audit_immutable.findings() on the table to see which rows are damaged.";

        /// A row's line would be longer than what can be handed out.
        LineTooLong { table: String, column: String }:
            Code::ERRCODE_PROGRAM_LIMIT_EXCEEDED,
            "a row of audit table \"{table}\" is too long",
            detail "With column \"{column}\" its line, which is hashed and handed out, would be longer than 256 MB. Control characters take six bytes in it, and each byte of a bytea two.",
            hint "Keep what is large elsewhere, and insert its SHA-256.";

        /// A pass over rows in no order would keep too much; verify goes along the chains then.
        OutOfOrder { table: String }:
            Code::ERRCODE_PROGRAM_LIMIT_EXCEEDED,
            "the rows of audit table \"{table}\" are not stored in the order of their chains",
            detail "To check them as they are stored would take more than 64 MB for rows whose predecessors come later.",
            hint "Call audit_immutable.verify(), which reads along the chains then.";

        /// A column's type is nested too deep, or made of too many types.
        TypeTooComplex { column: String, kind: String }:
            Code::ERRCODE_STATEMENT_TOO_COMPLEX,
            "the type of column \"{column}\" is too complex for an audit table",
            detail "{kind} is nested more than 100 deep, or made of more than 10,000 types.",
            hint "Use a column of type jsonb.";

        /// Whoever verifies the row has PostgreSQL print the value, by recursion.
        ValueTooDeep { table: String, column: String }:
            Code::ERRCODE_STATEMENT_TOO_COMPLEX,
            "a value of audit table \"{table}\" is nested too deep",
            detail "Column \"{column}\" would hold a tsquery of more than 8,000 operators, one within the other: not everybody could read it.",
            hint "Keep the query as text.";

        /// There is no memory to write a row's line.
        NoMemory { table: String }:
            Code::ERRCODE_OUT_OF_MEMORY,
            "out of memory",
            detail "There is none for the line of a row of audit table \"{table}\".",
            hint "Insert shorter values, or have the server given more memory.";

        /// In UTF-8 a row's line would be that of another row as well.
        Ambiguous { table: String, column: String, encoding: String }:
            Code::ERRCODE_UNTRANSLATABLE_CHARACTER,
            "a character in column \"{column}\" of audit table \"{table}\" has more than one spelling",
            detail "A row is hashed in UTF-8, which has one character where {encoding} has two, and converts back to the other one.",
            hint "Insert the other spelling: convert_from(convert_to(value, 'UTF8'), 'UTF8').";

        /// A stamp that no row has.
        NoSuchStamp { table: String, why: &'static str }:
            Code::ERRCODE_DATA_CORRUPTED,
            "a row of audit table \"{table}\" cannot have such a stamp",
            detail "{why}",
            hint "Run audit_immutable.findings() on the table to see which rows are damaged.";

        /// The extension's tables have rows, but not the one that says which database this is.
        NoIdentity { table: &'static str }:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "it is not known which database this is",
            detail "audit_immutable.{table} has rows, and audit_immutable.database has none.",
            hint "Finish the restore that brought the rows: it brings the identity too.";

        /// A chain's memory and its table disagree.
        ChainBroken { table: String, detail: String }:
            Code::ERRCODE_DATA_CORRUPTED,
            "a chain of audit table \"{table}\" cannot be continued",
            detail "{detail}",
            hint "Run audit_immutable.findings() on the table.";

        /// A row that is not the one a checkpoint commits to, or cannot be shown to be.
        NotProvable { table: String, chain: i32, seq: i64 }:
            Code::ERRCODE_DATA_CORRUPTED,
            "row {seq} of chain {chain} of audit table \"{table}\" cannot be proved",
            detail "Its line is not what its leaf commits to: the row or its hash was changed, or the row before it is gone.",
            hint "Run audit_immutable.findings() on the table.";

        /// The relation is of a kind that cannot hold audit rows.
        WrongKind { table: String, kind: &'static str, hint: &'static str }:
            Code::ERRCODE_WRONG_OBJECT_TYPE,
            "cannot make an audit table of \"{table}\"",
            detail "It is {kind}.",
            hint "{hint}";

        /// A property of the table stands in the way of protecting it.
        NotEligible { table: String, code: PgSqlErrorCode, detail: String, hint: &'static str }:
            *code,
            "cannot make an audit table of \"{table}\"",
            detail "{detail}",
            hint "{hint}";

        /// `protect` of a table that is an audit table already.
        AlreadyProtected { table: String }:
            Code::ERRCODE_DUPLICATE_OBJECT,
            "\"{table}\" is an audit table already",
            hint "See audit_immutable.log for the protected tables of this database.";

        /// `import` of a table whose log cannot be taken over.
        NotImportable { table: String, detail: String, hint: &'static str }:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "cannot import the log of \"{table}\"",
            detail "{detail}",
            hint "{hint}";

        /// The relation named is no audit table.
        NotAuditTable { table: String }:
            Code::ERRCODE_WRONG_OBJECT_TYPE,
            "\"{table}\" is not an audit table",
            detail "Its access method is not audit_immutable.",
            hint "SELECT audit_immutable.protect('the table') makes one of a table; audit_immutable.log shows those that there are. Of a partitioned table, name a leaf partition.";

        /// `acknowledge` of a table of the extension's own.
        NotDescribed { table: String }:
            Code::ERRCODE_WRONG_OBJECT_TYPE,
            "\"{table}\" is a table of extension audit_immutable",
            detail "No event describes it, so there is nothing about it to acknowledge.",
            hint "SELECT * FROM audit_immutable.findings('the table') says what is wrong with it. A loss that an incarnation was begun over is acknowledged for audit_immutable.incarnation.";

        /// `detach` was called for a table that is no partition.
        NotPartition { table: String }:
            Code::ERRCODE_WRONG_OBJECT_TYPE,
            "audit table \"{table}\" is not a partition",
            detail "No partitioned table is above it.";

        /// `order_by` or `chains` of `protect` cannot be used.
        BadParameter { message: String, detail: String }:
            Code::ERRCODE_INVALID_PARAMETER_VALUE,
            "{message}",
            detail "{detail}";

        /// Row level security would hide rows from this reader.
        RowsHidden { table: String }:
            Code::ERRCODE_INSUFFICIENT_PRIVILEGE,
            "row level security would hide rows of audit table \"{table}\" from you",
            detail "A verdict over some of the rows could not be trusted.",
            hint "Ask as a role with BYPASSRLS, or as the table's owner where row level security is not forced.";

        /// So many rows are damaged that an event would grow without a bound.
        TooMuchDamage { table: String }:
            Code::ERRCODE_PROGRAM_LIMIT_EXCEEDED,
            "too much of audit table \"{table}\" is damaged to be acknowledged",
            detail "More than 1000 of its rows are damaged, or gaps in its chains.",
            hint "audit_immutable.findings() lists them; audit_immutable.retire() ends the protection of the table.";

        /// Every session that works with the log keeps all that its columns ever were.
        TooManyChanges { table: String }:
            Code::ERRCODE_PROGRAM_LIMIT_EXCEEDED,
            "the columns of audit table \"{table}\" have changed too often",
            detail "A log has 1000 lists of columns at most, of 32 MB together.",
            hint "Add several columns in one ALTER TABLE, or go on in another audit table.";

        /// A dumped row of the extension's own tables cannot be taken back.
        NotRestorable { table: String, detail: String, hint: &'static str }:
            Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "cannot restore rows of \"{table}\"",
            detail "{detail}",
            hint "{hint}";

        /// The caller named a relation that does not exist.
        NoSuchRelation { oid: u32 }:
            Code::ERRCODE_UNDEFINED_TABLE,
            "relation with oid {oid} does not exist";

        /// The caller passed NULL where a relation must be named.
        NullRelation { verb: &'static str }:
            Code::ERRCODE_NULL_VALUE_NOT_ALLOWED,
            "the relation to {verb} cannot be null",
            hint "Name a table, for example audit_immutable.{verb}('public.payments').";

        /// A function that triggers or event triggers call was called by hand: the function, and by what it is
        /// called.
        NotATrigger { function: &'static str, caller: &'static str }:
            Code::ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED,
            "function audit_immutable.{function}() was not called by {caller}";

        /// What the policy does not allow. `action` goes after "cannot".
        Forbidden { object: String, action: String, detail: String, hint: &'static str }:
            Code::ERRCODE_INSUFFICIENT_PRIVILEGE,
            "cannot {action}",
            detail "{detail}",
            hint "{hint}";

        /// `retire` or `acknowledge` was called without a reason.
        NoReason:
            Code::ERRCODE_INVALID_PARAMETER_VALUE,
            "the reason cannot be null or empty",
            detail "It goes into audit_immutable.event, for good.",
            hint "Say why in a few words that will still be understood in years.";

        /// A reason is longer than what is kept for good.
        LongReason { length: usize }:
            Code::ERRCODE_STRING_DATA_RIGHT_TRUNCATION,
            "the reason is too long",
            detail "It has {length} bytes, and may have 4,000: it is on record for good.",
            hint "Say it in a few words, and where more can be read.";

        /// An ALTER TABLE that would change what rows already there say.
        NotAlterable { table: String, detail: String, hint: &'static str }:
            Code::ERRCODE_INSUFFICIENT_PRIVILEGE,
            "cannot alter audit table \"{table}\" in this way",
            detail "{detail}",
            hint "{hint}";

        /// `line` was asked for a row that is not there.
        NoSuchRow { table: String, chain: i32, seq: i64 }:
            Code::ERRCODE_NO_DATA_FOUND,
            "audit table \"{table}\" has no row {seq} in chain {chain}";

        /// Something PostgreSQL should never answer.
        Internal { message: String }:
            Code::ERRCODE_INTERNAL_ERROR,
            "{message}";

        /// A checkpoint or a proof cannot be had.
        Evidence { code: PgSqlErrorCode, message: String, detail: String, hint: String }:
            *code,
            "{message}",
            detail "{detail}",
            hint "{hint}";
    }
}

impl From<EvidenceError> for Error {
    fn from(error: EvidenceError) -> Error {
        let Said { code, message, detail, hint } = error.said();
        Error::Evidence { code, message, detail, hint }
    }
}
