//! Every error the extension raises: its SQLSTATE, message, DETAIL and HINT, in one place.

mod checkpoint;

use std::fmt;
use std::sync::OnceLock;

pub(crate) use checkpoint::CheckpointError;

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgLogLevel, PgSqlErrorCode as Code, function_name, pg_sys};

/// What somebody tried to do to rows that are there for good.
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

/// An error with everything a DBA needs to act on it. `table` is schema-qualified throughout.
#[derive(Debug, Clone)]
pub(crate) enum Error {
    /// UPDATE, DELETE or TRUNCATE of an audit table.
    Refused { change: Change, table: String },
    /// A rewrite to UNLOGGED or TEMPORARY storage.
    NotPermanent { table: String },
    /// The client sent a value for a stamp column.
    StampSupplied { table: String, column: &'static str },
    /// A row arrived at a table whose guard triggers are not there.
    NotArmed { table: String },
    /// The guard triggers name a log whose opening line is not in this database.
    OpeningMissing { table: String, log: String },
    /// The unique index over (audit_chain, audit_seq) is gone or not yet valid.
    IndexMissing { table: String },
    /// A stored value cannot be read as its type.
    Unreadable { table: String, column: String, why: String },
    /// A chain's memory and its table disagree.
    ChainBroken { table: String, detail: String },
    /// The relation is of a kind that cannot hold audit rows.
    WrongKind { table: String, kind: &'static str, hint: &'static str },
    /// A property of the table stands in the way of protecting it.
    NotEligible { table: String, code: Code, detail: String, hint: &'static str },
    /// `protect` of a table that is an audit table already.
    AlreadyProtected { table: String },
    /// The relation named is no audit table.
    NotAuditTable { table: String },
    /// `order_by` or `chains` of `protect` cannot be used.
    BadParameter { message: String, detail: String },
    /// Row level security would hide rows from this reader.
    RowsHidden { table: String },
    /// A dumped row of the extension's own tables cannot be taken back.
    NotRestorable { table: String, detail: String, hint: &'static str },
    /// The caller named a relation that does not exist.
    NoSuchRelation { oid: pg_sys::Oid },
    /// The caller passed NULL where a relation must be named.
    NullRelation { verb: &'static str },
    /// A function that triggers or event triggers call was called by hand: the function, and by what
    /// it is called.
    NotATrigger { function: &'static str, caller: &'static str },
    /// What the policy does not allow. `deed` goes after "cannot".
    Forbidden { object: String, deed: String, detail: String, hint: &'static str },
    /// `retire` or `acknowledge` was called without a reason.
    NoReason,
    /// An ALTER TABLE that would change what rows already there say.
    NotAlterable { table: String, detail: String, hint: &'static str },
    /// `line` was asked for a row that is not there.
    NoSuchRow { table: String, chain: i32, seq: i64 },
    /// A checkpoint or a proof cannot be had.
    Checkpoint(CheckpointError),
    /// Something PostgreSQL should never answer.
    Internal { message: String },
}

/// Who is told of refused attempts.
static NOTE: OnceLock<fn(&Error)> = OnceLock::new();

/// Has `note` called for every refused attempt, before its error is raised.
pub(crate) fn on_refusal(note: fn(&Error)) {
    NOTE.get_or_init(|| note);
}

impl Error {
    /// The SQLSTATE of this error.
    pub(crate) fn code(&self) -> Code {
        match self {
            Error::Refused { .. } => Code::ERRCODE_INSUFFICIENT_PRIVILEGE,
            Error::NotPermanent { .. } => Code::ERRCODE_FEATURE_NOT_SUPPORTED,
            Error::StampSupplied { .. } => Code::ERRCODE_GENERATED_ALWAYS,
            Error::NotArmed { .. } | Error::OpeningMissing { .. } | Error::IndexMissing { .. } => {
                Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE
            }
            Error::Unreadable { .. } | Error::ChainBroken { .. } => Code::ERRCODE_DATA_CORRUPTED,
            Error::WrongKind { .. } | Error::NotAuditTable { .. } => {
                Code::ERRCODE_WRONG_OBJECT_TYPE
            }
            Error::NotEligible { code, .. } => *code,
            Error::AlreadyProtected { .. } => Code::ERRCODE_DUPLICATE_OBJECT,
            Error::BadParameter { .. } => Code::ERRCODE_INVALID_PARAMETER_VALUE,
            Error::RowsHidden { .. } => Code::ERRCODE_INSUFFICIENT_PRIVILEGE,
            Error::NotRestorable { .. } => Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            Error::NoSuchRow { .. } => Code::ERRCODE_NO_DATA_FOUND,
            Error::NoSuchRelation { .. } => Code::ERRCODE_UNDEFINED_TABLE,
            Error::NullRelation { .. } => Code::ERRCODE_NULL_VALUE_NOT_ALLOWED,
            Error::NotATrigger { .. } => Code::ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED,
            Error::NotAlterable { .. } | Error::Forbidden { .. } => {
                Code::ERRCODE_INSUFFICIENT_PRIVILEGE
            }
            Error::NoReason => Code::ERRCODE_INVALID_PARAMETER_VALUE,
            Error::Checkpoint(error) => error.code(),
            Error::Internal { .. } => Code::ERRCODE_INTERNAL_ERROR,
        }
    }

    /// The report PostgreSQL shows: message, DETAIL and HINT.
    pub(crate) fn report(&self) -> ErrorReport {
        let (message, detail, hint) = self.texts();
        let [message, detail, hint] = [message, detail, hint].map(in_any_encoding);
        let mut report = ErrorReport::new(self.code(), message, function_name!());
        if !detail.is_empty() {
            report = report.set_detail(detail);
        }
        if !hint.is_empty() {
            report = report.set_hint(hint);
        }
        report
    }

    /// Whether somebody tried what audit tables are there to prevent: such an attempt is noted.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(
            self,
            Error::Refused { .. }
                | Error::StampSupplied { .. }
                | Error::NotAlterable { .. }
                | Error::Forbidden { .. }
        )
    }

    /// What a refused attempt was made on, if the error knows.
    pub(crate) fn refused_object(&self) -> Option<&str> {
        match self {
            Error::Refused { table, .. }
            | Error::StampSupplied { table, .. }
            | Error::NotAlterable { table, .. }
            | Error::Forbidden { object: table, .. } => Some(table),
            _ => None,
        }
    }

    /// Ends the statement with this error.
    pub(crate) fn raise(self) -> ! {
        if self.is_refusal()
            && let Some(note) = NOTE.get()
        {
            note(&self);
        }
        self.report().report(PgLogLevel::ERROR);
        unreachable!("an ERROR does not return")
    }

    fn texts(&self) -> (String, String, String) {
        match self {
            Error::Refused { change, table } => (
                format!("cannot {change} audit table \"{table}\""),
                "Rows of an audit table can be added and read, and nothing else.".into(),
                "To correct an entry, insert a further row that says so.".into(),
            ),
            Error::NotPermanent { table } => (
                format!("audit table \"{table}\" cannot be unlogged or temporary"),
                "Its rows must survive a crash and the end of the session.".into(),
                "Create the table without UNLOGGED or TEMPORARY, or with another access method (USING heap)."
                    .into(),
            ),
            Error::StampSupplied { table, column } => (
                format!("cannot insert a value into column \"{column}\" of audit table \"{table}\""),
                format!("Column \"{column}\" is a stamp that is always computed on insert."),
                "Leave the audit_* columns out of the column list, or use DEFAULT.".into(),
            ),
            Error::NotArmed { table } => (
                format!("audit table \"{table}\" is not armed"),
                "Its guard triggers are not there, so a new row could not be stamped.".into(),
                "Finish the restore that creates the triggers, or run audit_immutable.protect() on the table while it is empty."
                    .into(),
            ),
            Error::OpeningMissing { table, log } => (
                format!("audit table \"{table}\" has no opening line in this database"),
                format!("Its guard triggers name log {log}, which audit_immutable.opening does not have."),
                "Restore the data of the extension's tables too, or run audit_immutable.protect() on the table while it is empty."
                    .into(),
            ),
            Error::IndexMissing { table } => (
                format!("audit table \"{table}\" has no valid unique index on (audit_chain, audit_seq)"),
                "The head of a chain is read from this index.".into(),
                "Create it again: CREATE UNIQUE INDEX ON the table (audit_chain, audit_seq).".into(),
            ),
            Error::Unreadable { table, column, why } => (
                format!("column \"{column}\" of a row of audit table \"{table}\" cannot be read"),
                format!("{why}."),
                "Run audit_immutable.findings() on the table to see which rows are damaged.".into(),
            ),
            Error::ChainBroken { table, detail } => (
                format!("a chain of audit table \"{table}\" cannot be continued"),
                detail.clone(),
                "Run audit_immutable.findings() on the table.".into(),
            ),
            Error::WrongKind { table, kind, hint } => (
                format!("cannot make an audit table of \"{table}\""),
                format!("It is {kind}."),
                (*hint).into(),
            ),
            Error::NotEligible { table, detail, hint, .. } => (
                format!("cannot make an audit table of \"{table}\""),
                detail.clone(),
                (*hint).into(),
            ),
            Error::AlreadyProtected { table } => (
                format!("\"{table}\" is an audit table already"),
                String::new(),
                "See audit_immutable.log for the protected tables of this database.".into(),
            ),
            Error::NotAuditTable { table } => (
                format!("\"{table}\" is not an audit table"),
                "Its access method is not audit_immutable.".into(),
                "See audit_immutable.log for the protected tables of this database. Of a partitioned table, name a leaf partition."
                    .into(),
            ),
            Error::BadParameter { message, detail } => {
                (message.clone(), detail.clone(), String::new())
            }
            Error::RowsHidden { table } => (
                format!("row level security would hide rows of audit table \"{table}\" from you"),
                "A verdict over some of the rows could not be trusted.".into(),
                "Ask as a role with BYPASSRLS, or as the table's owner where row level security is not forced."
                    .into(),
            ),
            Error::NotRestorable { table, detail, hint } => (
                format!("cannot restore rows of \"{table}\""),
                detail.clone(),
                (*hint).into(),
            ),
            Error::NoSuchRow { table, chain, seq } => (
                format!("audit table \"{table}\" has no row {seq} in chain {chain}"),
                String::new(),
                String::new(),
            ),
            Error::NoSuchRelation { oid } => (
                format!("relation with oid {oid} does not exist", oid = oid.to_u32()),
                String::new(),
                String::new(),
            ),
            Error::NullRelation { verb } => (
                format!("the relation to {verb} cannot be null"),
                String::new(),
                format!("Name a table, for example audit_immutable.{verb}('public.payments')."),
            ),
            Error::NotATrigger { function, caller } => (
                format!("function audit_immutable.{function}() was not called by {caller}"),
                String::new(),
                String::new(),
            ),
            Error::NotAlterable { table, detail, hint } => (
                format!("cannot alter audit table \"{table}\" in this way"),
                detail.clone(),
                (*hint).into(),
            ),
            Error::Forbidden { deed, detail, hint, .. } => {
                (format!("cannot {deed}"), detail.clone(), (*hint).into())
            }
            Error::NoReason => (
                "the reason cannot be null or empty".into(),
                "It goes into audit_immutable.event, for good.".into(),
                "Say why in a few words that will still be understood in years.".into(),
            ),
            Error::Checkpoint(error) => error.texts(),
            Error::Internal { message } => (message.clone(), String::new(), String::new()),
        }
    }
}

/// PostgreSQL takes messages in the database's encoding. Where that is not UTF-8, names are shown
/// with question marks for what is not ASCII.
pub(crate) fn in_any_encoding(text: String) -> String {
    // SAFETY: reads a variable.
    if unsafe { pg_sys::GetDatabaseEncoding() } == pg_sys::pg_enc::PG_UTF8 as i32 {
        return text;
    }
    text.chars().map(|character| if character.is_ascii() { character } else { '?' }).collect()
}

impl From<CheckpointError> for Error {
    fn from(error: CheckpointError) -> Error {
        Error::Checkpoint(error)
    }
}

impl From<Error> for ErrorReport {
    fn from(error: Error) -> ErrorReport {
        error.report()
    }
}
