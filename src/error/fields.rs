//! The fields by which a program tells a refusal from a missing GRANT, whose SQLSTATE is the same: the constraint's
//! name, and the table as schema, table and column.

use std::cell::RefCell;

use super::Error;

/// The constraint that every refusal names.
const CONSTRAINT: &str = "audit_immutable";

/// The fields of an error, for the report that goes to the client.
#[derive(Default)]
pub(crate) struct Fields {
    /// The error's message.
    message: String,
    pub(crate) schema: Option<String>,
    pub(crate) table: Option<String>,
    pub(crate) column: Option<String>,
    pub(crate) constraint: &'static str,
}

thread_local!(static LAST: RefCell<Option<Fields>> = const { RefCell::new(None) });

impl Fields {
    /// Those of a refusal.
    fn of(error: &Error) -> Fields {
        // A name is not quoted: where it has more dots than one, nothing says which is in between; and what is no table
        // is described in words.
        let is_table = |name: &&str| name.matches('.').count() == 1 && !name.contains(' ');
        let table = error.refused_object().filter(is_table);
        let (schema, table) = table.and_then(|name| name.split_once('.')).unzip();
        let column = match error {
            Error::StampSupplied { column, .. } => Some((*column).into()),
            _ => None,
        };
        Fields {
            message: error.said().message,
            schema: schema.map(String::from),
            table: table.map(String::from),
            column,
            constraint: CONSTRAINT,
        }
    }

    /// Keeps those of a refusal that is about to be raised.
    pub(super) fn keep(error: &Error) {
        LAST.set(error.is_refusal().then(|| Fields::of(error)));
    }

    /// Those of the error with this message, if it was the last to be raised.
    pub(crate) fn take(message: &str) -> Option<Fields> {
        LAST.take().filter(|it| super::in_any_encoding(it.message.clone()) == message)
    }
}
