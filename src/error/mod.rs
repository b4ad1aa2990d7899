//! Every error the extension raises: its SQLSTATE, message, DETAIL and HINT, said in one place.

mod define;
mod evidence;
mod fields;
mod kinds;

use std::sync::OnceLock;

pub(crate) use evidence::EvidenceError;
pub(crate) use fields::Fields;
pub(crate) use kinds::{Change, Error};

use define::Said;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgLogLevel, PgSqlErrorCode, function_name, pg_sys};

/// What is called for refused attempts.
static NOTE: OnceLock<fn(&Error)> = OnceLock::new();

/// Has `note` called for every refused attempt, before its error is raised.
pub(crate) fn on_refusal(note: fn(&Error)) {
    NOTE.get_or_init(|| note);
}

impl Error {
    /// The SQLSTATE of this error.
    pub(crate) fn code(&self) -> PgSqlErrorCode {
        self.said().code
    }

    /// The report PostgreSQL shows: message, DETAIL and HINT.
    pub(crate) fn report(&self) -> ErrorReport {
        let Said { code, message, detail, hint } = self.said();
        let [message, detail, hint] = [message, detail, hint].map(in_any_encoding);
        let mut report = ErrorReport::new(code, message, function_name!());
        if !detail.is_empty() {
            report = report.set_detail(detail);
        }
        if !hint.is_empty() {
            report = report.set_hint(hint);
        }
        report
    }

    /// Whether the statement attempted what audit tables are there to prevent: such an attempt is noted.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(
            self,
            Error::Refused { .. }
                | Error::StampSupplied { .. }
                | Error::NotAlterable { .. }
                | Error::Forbidden { .. }
                | Error::OutOfReach { .. }
        )
    }

    /// What a refused attempt was made on, if the error knows.
    pub(crate) fn refused_object(&self) -> Option<&str> {
        match self {
            Error::Refused { table, .. }
            | Error::StampSupplied { table, .. }
            | Error::NotAlterable { table, .. }
            | Error::OutOfReach { table, .. }
            | Error::Forbidden { object: table, .. } => Some(table),
            _ => None,
        }
    }

    /// Has a refused attempt remembered.
    pub(crate) fn note(&self) {
        if self.is_refusal()
            && let Some(note) = NOTE.get()
        {
            note(self);
        }
    }

    /// Ends the statement with this error.
    pub(crate) fn raise(self) -> ! {
        self.note();
        Fields::keep(&self);
        self.report().report(PgLogLevel::ERROR);
        unreachable!("an ERROR does not return")
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

impl From<Error> for ErrorReport {
    fn from(error: Error) -> ErrorReport {
        error.report()
    }
}
