//! Which tables can hold audit rows.

use pgrx::PgSqlErrorCode as Code;
use pgrx::pg_sys;

use crate::error::Error;
use crate::log::columns;
use crate::pg::layout::Described;
use crate::pg::query::{Sql, statement};
use crate::pg::snapshot::Latest;
use crate::pg::table::{Open, Table};
use crate::pg::{lock, privilege, query, tree, trigger, types};

/// Raises the error that says why the table cannot, if it cannot.
pub(super) fn check(table: &Table) {
    check_kind(table);
    privilege::require_owner(table);
    check_types(table);
    if let Some(Problem { code, detail, hint }) = problem(table) {
        let table = table.name();
        Error::NotEligible { table, code, detail, hint }.raise();
    }
}

/// Keeps the types that the table's columns hold, at any depth, from being changed until the transaction is over: from
/// then on the log is seen by those who would.
pub(super) fn lock_types(table: &Table) {
    for attribute in table.attributes().filter(|attribute| !attribute.is_dropped()) {
        types::parts(attribute.kind(), &mut |part| {
            if part.to_u32() >= pg_sys::FirstNormalObjectId {
                lock::lock_type_in_use(part);
            }
        });
    }
}

/// Raises the error that says why an audit table cannot have been altered as it was.
pub(super) fn check_altered(table: &Table) {
    check_types(table);
    if let Some(Problem { detail, hint, .. }) = problem(table).or_else(|| filled_column(table)) {
        let table = table.name();
        Error::NotAlterable { table, detail, hint }.raise();
    }
}

/// Raises the error for a column whose type is nested too deep, before anything looks into it.
fn check_types(table: &Table) {
    let mut columns = table.attributes().filter(|attribute| !attribute.is_dropped());
    if let Some(column) = columns.find(|column| types::is_too_complex(column.kind())) {
        let kind = types::written(column.kind(), -1);
        Error::TypeTooComplex { column: column.name(), kind }.raise();
    }
}

/// What has come to stand around an audit table that could change or hide its rows, in a sentence.
pub(crate) fn trouble(table: &Table) -> Option<String> {
    problem(table).map(|problem| problem.detail)
}

/// Raises the error for a relation the caller may not protect, before it is locked.
pub(super) fn check_before_lock(oid: pg_sys::Oid) {
    let table = Open::named(oid, pg_sys::AccessShareLock);
    check_kind(&table);
    privilege::require_owner(&table);
}

/// A property of the table that stands in the way.
struct Problem {
    code: Code,
    detail: String,
    hint: &'static str,
}

fn problem(table: &Table) -> Option<Problem> {
    unfit_column(table).or_else(|| virtual_column(table)).or_else(|| surroundings(table))
}

/// Raises the error for a relation of another kind than a table, and for a table that does not last.
pub(super) fn check_kind(table: &Table) {
    let wrong = |kind, hint| Error::WrongKind { table: table.name(), kind, hint }.raise();
    match table.kind() {
        pg_sys::RELKIND_RELATION => (),
        pg_sys::RELKIND_PARTITIONED_TABLE => wrong(
            "a partitioned table, which holds no rows itself",
            "Protect its leaf partitions, or create them with USING audit_immutable.",
        ),
        pg_sys::RELKIND_VIEW => wrong("a view", "Protect the tables the view reads."),
        pg_sys::RELKIND_MATVIEW => wrong(
            "a materialized view",
            "A materialized view is rewritten on REFRESH: create it USING heap, where default_table_access_method says otherwise, or use a table.",
        ),
        pg_sys::RELKIND_FOREIGN_TABLE => {
            wrong("a foreign table", "Protect the table on the server that stores it.")
        }
        _ => wrong("not a table", "Name a table."),
    }
    if table.oid().to_u32() < pg_sys::FirstNormalObjectId {
        wrong("a system catalog", "Only tables of users can be audit tables.");
    }
    match table.persistence() {
        pg_sys::RELPERSISTENCE_PERMANENT => (),
        pg_sys::RELPERSISTENCE_TEMP => wrong(
            "a temporary table, whose rows end with the session",
            "Create a permanent table, or create this one with USING heap.",
        ),
        _ => wrong(
            "an unlogged table, whose rows a crash would empty",
            "Run ALTER TABLE ... SET LOGGED first, or create this one with USING heap.",
        ),
    }
}

/// A column that is in no row, and so in no hash.
fn virtual_column(table: &Table) -> Option<Problem> {
    let mut columns = table.attributes().filter(|attribute| !attribute.is_dropped());
    let column = columns.find(|attribute| attribute.is_virtual())?.name();
    Some(Problem {
        code: Code::ERRCODE_FEATURE_NOT_SUPPORTED,
        detail: format!(
            "Column \"{column}\" is a virtual generated column: it is stored in no row, and so hashed in none."
        ),
        hint: "Declare it GENERATED ALWAYS AS (...) STORED.",
    })
}

/// A column whose text says too little: it can change while the row does not, or be that of two values.
fn unfit_column(table: &Table) -> Option<Problem> {
    table.attributes().filter(|attribute| !attribute.is_dropped()).find_map(|attribute| {
        let mut found = None;
        types::parts(attribute.kind(), &mut |part| {
            let why = if types::follows_catalog(part) {
                Some((
                    "whose text follows the catalog and can change while the row does not",
                    TEXT_OR_OID,
                ))
            } else if types::has_ambiguous_text(part) {
                Some(("of which two values can have one text", OTHER_TYPE))
            } else {
                None
            };
            found = found.take().or(why.map(|why| (part, why)));
        });
        let (kind, (why, hint)) = found?;
        let (column, kind) = (attribute.name(), types::written(kind, -1));
        Some(Problem {
            code: Code::ERRCODE_DATATYPE_MISMATCH,
            detail: format!("Column \"{column}\" holds {kind}, {why}."),
            hint,
        })
    })
}

const TEXT_OR_OID: &str = "Store the name as text, or the number as oid.";
const OTHER_TYPE: &str = "Use a column for each bound of a range, or text.";

/// Whether a column was added with a value for the rows already there.
pub(super) fn has_filled_column(table: &Table) -> bool {
    filled_column(table).is_some()
}

/// A column that was added with a value for the rows already there.
fn filled_column(table: &Table) -> Option<Problem> {
    let column = table
        .attributes()
        .filter(|attribute| !attribute.is_dropped() && attribute.has_missing_value())
        .map(|attribute| attribute.name())
        .find(|name| !columns::is_stamp(name))?;
    Some(Problem {
        code: Code::ERRCODE_FEATURE_NOT_SUPPORTED,
        detail: format!(
            "The default of column \"{column}\" would give the rows already there a value that was not hashed."
        ),
        hint: "Add the column without a default, and set the default afterwards: ALTER TABLE ... ALTER COLUMN ... SET DEFAULT.",
    })
}

/// What around the table could change its rows or hide them: inheritance, rules, foreign keys.
fn surroundings(table: &Table) -> Option<Problem> {
    let (oid, class) = (table.oid(), table.class());
    let _latest = Latest::push();
    let has_rules = || query::one::<bool>(HAS_RULES, &[oid.into()]).unwrap_or(false);
    let standing = |detail: &str, hint| {
        let code = Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE;
        Some(Problem { code, detail: detail.into(), hint })
    };
    if class.relhasrules && has_rules() {
        return standing(
            "It has rules, which could rewrite an INSERT into something else.",
            "Drop the rules first.",
        );
    }
    if !class.relispartition && tree::parent_of(oid).is_some() {
        return standing(
            "It inherits from another table.",
            "Run ALTER TABLE ... NO INHERIT first.",
        );
    }
    if class.relispartition && tree::levels_above(oid, MOST_ABOVE) > MOST_ABOVE {
        return standing(
            "More than 100 tables of its partition tree are above it, and each is on record.",
            "Let it be a partition of a table that is higher up.",
        );
    }
    if tree::has_children(oid) {
        return standing(
            "Other tables inherit from it.",
            "Run ALTER TABLE ... NO INHERIT on them first.",
        );
    }
    if trigger::FOREIGN_KEYS_HAVE_SOME && !class.relhastriggers {
        return None;
    }
    let name = query::one_text(statement!("guard/changing_foreign_key"), &[oid.into()])?;
    Some(Problem {
        code: Code::ERRCODE_INVALID_FOREIGN_KEY,
        detail: format!(
            "Its foreign key \"{name}\" has an action (CASCADE, SET NULL or SET DEFAULT) that would change or delete rows."
        ),
        hint: "Create the foreign key with NO ACTION or RESTRICT.",
    })
}

/// What `guard/place` and `guard/description` read.
const MOST_ABOVE: usize = 100;

const HAS_RULES: Sql<'static> = Sql::Kept(
    "SELECT EXISTS (SELECT FROM pg_catalog.pg_rewrite WHERE ev_class OPERATOR(pg_catalog.=) $1)",
);
