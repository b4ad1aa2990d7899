//! What is allowed with an audit table, and with the extension itself.
//!
//! The rings (storage and guard triggers; event triggers and the object access hook; the hooks on
//! statements) know who is about to do what to which object. Whether it may be done is decided here
//! and nowhere else, in the same words for all of them.

mod alter_table;
mod column_type;
mod connection;
pub(crate) mod exempt;

use crate::error::{Change, Error};
pub(crate) use alter_table::{RULES, Subcommand, Verdict, is_reshaping};
pub(crate) use column_type::may_become;
pub(crate) use connection::{Whose, may_reach};

/// What something is about to be done to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject<'a> {
    /// An audit table, as `schema.table`.
    Log(&'a str),
    /// An audit table of the extension's own, as `schema.table`.
    Own(&'a str, Need),
    /// Another object of the extension, in PostgreSQL's words.
    Part(&'a str, Need),
    /// A partitioned table that makes its new leaves audit tables, and has some.
    Root(&'a str),
    /// A type that a column of an audit table holds: the type, then the audit table.
    Type(&'a str, &'a str),
    /// A schema that holds an audit table: the schema, then the audit table.
    Schema(&'a str, &'a str),
    /// The extension, while there are audit tables: those.
    Extension(&'a str),
    /// A system catalog of a database that has the extension.
    Catalog(&'a str),
}

/// Whether audit tables of the users rely on the extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// There are some.
    Relied,
    /// There are none: the extension may be dropped, and its parts only ever go with it.
    Spare,
}

/// What is about to be done.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Operation<'a> {
    /// Rows would change or go.
    Change(Change),
    /// A row would be added by a statement that is not the extension's.
    Insert,
    Drop,
    Rename,
    Move,
    /// Anything else that alters the object.
    Alter,
    AlterTable(Subcommand<'a>),
    DropColumn(&'a str),
    AlterColumn(&'a str),
    DropIndex(&'a str),
    DropTrigger(&'a str),
    AlterTrigger(&'a str),
    /// A rule would be created.
    CreateRule,
    /// Something else on a table would be created: a trigger, index, policy, constraint or column.
    Create(&'a str),
    /// It would have a part in the inheritance of tables; or it is on a branch that joins or leaves a partition tree.
    Inherit,
    /// It would become a partition.
    Attach,
    /// It would be a partition no more.
    Detach,
}

/// Whether the operation may be done; the error says why not.
pub(crate) fn decide(subject: Subject<'_>, operation: Operation<'_>) -> Result<(), Error> {
    match subject {
        Subject::Log(table) => log(table, operation),
        Subject::Own(table, need) => own(table, need, operation),
        Subject::Part(object, need) => part(object, need, operation),
        Subject::Root(root) => Err(Error::Forbidden {
            object: root.into(),
            action: format!("change the access method of partitioned table \"{root}\""),
            detail: "Its leaves are audit tables, and later ones would not be.".into(),
            hint: "A single leaf can be created USING heap.",
        }),
        Subject::Type(kind, table) => Err(Error::Forbidden {
            object: table.into(),
            action: format!("alter type \"{kind}\" in this way"),
            detail: format!(
                "A column of audit table \"{table}\" holds it, and rows were hashed with its text."
            ),
            hint: "Create another type, and add a column of that type.",
        }),
        Subject::Schema(schema, table) => Err(Error::Forbidden {
            object: table.into(),
            action: format!("rename schema \"{schema}\""),
            detail: format!("It holds audit table \"{table}\" or its types."),
            hint: "Create a schema of the other name, with views.",
        }),
        Subject::Extension(tables) => Err(Error::Forbidden {
            object: "extension audit_immutable".into(),
            action: "drop extension audit_immutable while there are audit tables".into(),
            detail: format!("Audit tables: {tables}."),
            hint: "End their protection first, with the reason on record: SELECT audit_immutable.retire('the table', 'the reason').",
        }),
        Subject::Catalog(catalog) => Err(Error::Forbidden {
            object: format!("pg_catalog.{catalog}"),
            action: format!("edit system catalog \"{catalog}\" by hand"),
            detail: "This database has audit tables, and an edit could unmake their guards.".into(),
            hint: "Use the commands made for it. Where a catalog must be mended, start the server without audit_immutable in shared_preload_libraries; audit_immutable.verify() then tells what was touched.",
        }),
    }
}

/// As [`decide`], ending the statement where it may not be done.
pub(crate) fn enforce(subject: Subject<'_>, operation: Operation<'_>) {
    if let Err(error) = decide(subject, operation) {
        error.raise();
    }
}

/// No row of an audit table is changed or deleted, by no role and in no state of its guards.
pub(crate) fn refuse_change(table: String, change: Change) -> ! {
    Error::Refused { change, table }.raise()
}

fn log(table: &str, operation: Operation<'_>) -> Result<(), Error> {
    let refuse = |action: String, detail: &str, hint| {
        Err(Error::Forbidden { object: table.into(), action, detail: detail.into(), hint })
    };
    match operation {
        Operation::Insert | Operation::Create(_) | Operation::Attach => Ok(()),
        Operation::CreateRule => refuse(
            format!("create a rule on audit table \"{table}\""),
            "A rule could rewrite an INSERT into something else.",
            "Create the rule on a view.",
        ),
        Operation::Change(change) => Err(Error::Refused { change, table: table.into() }),
        Operation::AlterTable(subcommand) => alter_table(table, subcommand),
        Operation::Drop => {
            refuse(format!("drop audit table \"{table}\""), "Its rows are there for good.", RETIRE)
        }
        Operation::Rename => refuse(
            format!("rename audit table \"{table}\""),
            "It is known by the name its log was opened under.",
            "Create a view under the other name.",
        ),
        Operation::Move => refuse(
            format!("move audit table \"{table}\" to another schema"),
            "It is known by the name its log was opened under.",
            "Create a view in the other schema.",
        ),
        Operation::Alter => refuse(
            format!("alter audit table \"{table}\" in this way"),
            "It would unmake what guards its rows.",
            RETIRE,
        ),
        Operation::DropColumn(column) => refuse(
            format!("drop column \"{column}\" of audit table \"{table}\""),
            "Rows were hashed with it.",
            "Leave the column, and leave it out of new rows.",
        ),
        Operation::AlterColumn(column) => refuse(
            format!("rename or retype column \"{column}\" of audit table \"{table}\""),
            "Rows were hashed with its name and its text.",
            "Add another column, or create a view.",
        ),
        Operation::DropIndex(index) => refuse(
            format!("drop index \"{index}\" of audit table \"{table}\""),
            "The heads of the chains are read from it.",
            RETIRE,
        ),
        Operation::DropTrigger(trigger) => refuse(
            format!("drop trigger \"{trigger}\" of audit table \"{table}\""),
            "It guards the rows of the table.",
            RETIRE,
        ),
        Operation::AlterTrigger(trigger) => refuse(
            format!("alter trigger \"{trigger}\" of audit table \"{table}\""),
            "It guards the rows of the table.",
            RETIRE,
        ),
        Operation::Inherit => refuse(
            format!("change the inheritance of audit table \"{table}\""),
            "A log has no part in the inheritance of tables, and a branch with audit tables stays where it is.",
            "A log is a leaf of a partition tree: CREATE TABLE ... PARTITION OF ... USING audit_immutable, or ATTACH PARTITION.",
        ),
        Operation::Detach => refuse(
            format!("detach audit table \"{table}\""),
            "It would leave its partition tree without a reason on record.",
            DETACH,
        ),
    }
}

fn own(table: &str, need: Need, operation: Operation<'_>) -> Result<(), Error> {
    let action = match operation {
        Operation::Drop
        | Operation::DropColumn(_)
        | Operation::DropIndex(_)
        | Operation::DropTrigger(_)
            if need == Need::Spare =>
        {
            return Ok(());
        }
        Operation::Change(change) => return Err(Error::Refused { change, table: table.into() }),
        Operation::AlterTable(subcommand) if alter_table::UPKEEP.contains(&subcommand.kind) => {
            return Ok(());
        }
        Operation::AlterTable(subcommand) => match alter_table::rule(subcommand.kind) {
            Some(rule) => format!("use ALTER TABLE ... {} on \"{table}\"", rule.written),
            None => format!("alter \"{table}\" in this way"),
        },
        Operation::Insert => format!("insert into \"{table}\""),
        Operation::Drop => format!("drop \"{table}\""),
        Operation::CreateRule => format!("create a rule on \"{table}\""),
        Operation::Create(what) => format!("create {what} on \"{table}\""),
        _ => format!("alter \"{table}\""),
    };
    Err(Error::Forbidden {
        object: table.into(),
        action,
        detail: "It is a table of extension audit_immutable, which alone writes and shapes it."
            .into(),
        hint: "",
    })
}

fn part(object: &str, need: Need, operation: Operation<'_>) -> Result<(), Error> {
    let verb = match operation {
        Operation::Create(what) => &format!("create {what} in"),
        Operation::Drop if need == Need::Spare => return Ok(()),
        Operation::Drop => "drop",
        _ => "alter",
    };
    Err(Error::Forbidden {
        object: object.into(),
        action: format!("{verb} {object}"),
        detail: "It is a part of extension audit_immutable, on which the audit tables of this database rely.".into(),
        hint: "To change the extension, use ALTER EXTENSION audit_immutable UPDATE.",
    })
}

fn alter_table(table: &str, subcommand: Subcommand<'_>) -> Result<(), Error> {
    let refused = |written: &str, detail: String| {
        Err(Error::Forbidden {
            object: table.into(),
            action: format!("use ALTER TABLE ... {written} on audit table \"{table}\""),
            detail,
            hint: match written.strip_prefix("DETACH PARTITION") {
                Some(_) => DETACH,
                None => POLICY,
            },
        })
    };
    let Some(rule) = alter_table::rule(subcommand.kind) else {
        return refused("(an unknown subcommand)", "What is not known is refused.".into());
    };
    let name = subcommand.name;
    match rule.verdict {
        Verdict::Refused | Verdict::OnceUsed => refused(rule.written, rule.why.into()),
        Verdict::UnlessStamp if subcommand.is_stamp => {
            refused(rule.written, format!("Column \"{name}\" is a stamp."))
        }
        _ if subcommand.has_using => {
            refused(rule.written, "A USING clause could change what the rows there say.".into())
        }
        Verdict::UnlessGuard if subcommand.is_guard => {
            refused(rule.written, format!("Trigger \"{name}\" guards the rows of the table."))
        }
        Verdict::Allowed | Verdict::UnlessStamp | Verdict::UnlessGuard => Ok(()),
    }
}

const POLICY: &str =
    "SELECT * FROM audit_immutable.policy() shows what may be done to an audit table.";
const DETACH: &str =
    "Detach it with the reason on record: SELECT audit_immutable.detach('the leaf', 'the reason').";
const RETIRE: &str =
    "To end its protection, with the reason on record, use audit_immutable.retire().";
