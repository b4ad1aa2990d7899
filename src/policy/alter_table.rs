//! ALTER TABLE on an audit table, subcommand by subcommand. What is not listed is refused.

use pgrx::pg_sys::AlterTableType as Kind;

/// A subcommand of ALTER TABLE.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subcommand<'a> {
    pub(crate) kind: Kind::Type,
    /// The column, trigger or constraint it names; empty for none.
    pub(crate) name: &'a str,
    /// It names a stamp column.
    pub(crate) is_stamp: bool,
    /// It names a guard trigger.
    pub(crate) is_guard: bool,
    /// It has a USING clause.
    pub(crate) has_using: bool,
    /// It says CONCURRENTLY.
    pub(crate) is_concurrent: bool,
}

/// What is decided about a subcommand, and why.
pub(crate) struct Rule {
    pub(crate) kind: Kind::Type,
    /// As SQL writes it.
    pub(crate) written: &'static str,
    pub(crate) verdict: Verdict,
    /// Of a refusal, the DETAIL.
    pub(crate) why: &'static str,
}

/// Whether a subcommand is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    Refused,
    /// Refused unless the table never had a row.
    OnceUsed,
    /// Refused for a stamp column.
    UnlessStamp,
    /// Refused for a guard trigger.
    UnlessGuard,
}

use Verdict::{Allowed, OnceUsed, Refused, UnlessGuard, UnlessStamp};

const REWRITES: &str = "It would change or hide what rows already there say.";
const NO_TEXT: &str = "No row says anything else for it.";
const LATER: &str = "It concerns later rows.";
const GUARDS: &str = "The guard triggers are among them.";
const RECORDED: &str = "It is recorded in audit_immutable.event.";
const RULES_NONE: &str = "An audit table has no rules.";
const OTHER_KIND: &str = "It is for another kind of relation.";
const INHERITANCE: &str = "A log has no part in the inheritance of tables.";
const LEAVES: &str =
    "A leaf leaves its tree by audit_immutable.detach(), with the reason on record.";

/// Whether it is a subcommand that a table which never had a row may see.
pub(crate) fn is_reshaping(subcommand: &Subcommand<'_>) -> bool {
    match subcommand.kind {
        Kind::AT_DropColumn | Kind::AT_AlterColumnType => !subcommand.is_stamp,
        // In two transactions, between which rows may come.
        Kind::AT_DetachPartition => !subcommand.is_concurrent,
        _ => false,
    }
}

/// The rule for a subcommand; None for one that is not known here.
pub(crate) fn rule(kind: Kind::Type) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.kind == kind)
}

const fn line(
    kind: Kind::Type,
    written: &'static str,
    verdict: Verdict,
    why: &'static str,
) -> Rule {
    Rule { kind, written, verdict, why }
}

/// There from 17 on; before, no parse tree has it.
#[cfg(not(any(feature = "pg15", feature = "pg16")))]
const SET_EXPRESSION: Kind::Type = Kind::AT_SetExpression;
#[cfg(any(feature = "pg15", feature = "pg16"))]
const SET_EXPRESSION: Kind::Type = Kind::Type::MAX;

/// Every subcommand that a parse tree can hold.
#[rustfmt::skip]
pub(crate) const RULES: &[Rule] = &[
    line(Kind::AT_AddColumn, "ADD COLUMN", Allowed, "It is recorded. A default that would reach the rows already there is refused, as is a type whose text can change."),
    line(Kind::AT_DropColumn, "DROP COLUMN", OnceUsed, REWRITES),
    line(Kind::AT_AlterColumnType, "ALTER COLUMN TYPE", UnlessStamp, "It is recorded. Refused are types under which a row says something else, and USING but with the column's cast to the type."),
    line(Kind::AT_ColumnDefault, "ALTER COLUMN SET DEFAULT, DROP DEFAULT", UnlessStamp, LATER),
    line(Kind::AT_SetNotNull, "ALTER COLUMN SET NOT NULL", Allowed, LATER),
    line(Kind::AT_DropNotNull, "ALTER COLUMN DROP NOT NULL", Allowed, LATER),
    line(Kind::AT_DropExpression, "ALTER COLUMN DROP EXPRESSION", Allowed, LATER),
    line(SET_EXPRESSION, "ALTER COLUMN SET EXPRESSION", Refused, REWRITES),
    line(Kind::AT_AddIdentity, "ALTER COLUMN ADD GENERATED", UnlessStamp, LATER),
    line(Kind::AT_SetIdentity, "ALTER COLUMN SET GENERATED", Allowed, LATER),
    line(Kind::AT_DropIdentity, "ALTER COLUMN DROP IDENTITY", Allowed, LATER),
    line(Kind::AT_SetStatistics, "ALTER COLUMN SET STATISTICS", Allowed, NO_TEXT),
    line(Kind::AT_SetOptions, "ALTER COLUMN SET (...)", Allowed, NO_TEXT),
    line(Kind::AT_ResetOptions, "ALTER COLUMN RESET (...)", Allowed, NO_TEXT),
    line(Kind::AT_SetStorage, "ALTER COLUMN SET STORAGE", Allowed, NO_TEXT),
    line(Kind::AT_SetCompression, "ALTER COLUMN SET COMPRESSION", Allowed, NO_TEXT),
    line(Kind::AT_AlterColumnGenericOptions, "ALTER COLUMN OPTIONS (...)", Refused, OTHER_KIND),
    line(Kind::AT_AddConstraint, "ADD CONSTRAINT", Allowed, "A foreign key that would change or delete rows (CASCADE, SET NULL, SET DEFAULT) is refused."),
    line(Kind::AT_AddIndexConstraint, "ADD CONSTRAINT USING INDEX", Allowed, LATER),
    line(Kind::AT_AlterConstraint, "ALTER CONSTRAINT", Allowed, LATER),
    line(Kind::AT_ValidateConstraint, "VALIDATE CONSTRAINT", Allowed, NO_TEXT),
    line(Kind::AT_DropConstraint, "DROP CONSTRAINT", Allowed, "The chains' index cannot go with it."),
    line(Kind::AT_ChangeOwner, "OWNER TO", Allowed, RECORDED),
    line(Kind::AT_ClusterOn, "CLUSTER ON", Allowed, NO_TEXT),
    line(Kind::AT_DropCluster, "SET WITHOUT CLUSTER", Allowed, NO_TEXT),
    line(Kind::AT_SetLogged, "SET LOGGED", Allowed, "It is logged already."),
    line(Kind::AT_SetUnLogged, "SET UNLOGGED", Refused, "Its rows must survive a crash."),
    line(Kind::AT_DropOids, "SET WITHOUT OIDS", Allowed, "It does nothing."),
    line(Kind::AT_SetAccessMethod, "SET ACCESS METHOD", Refused, "Its rows would go into storage where they can be changed."),
    line(Kind::AT_SetTableSpace, "SET TABLESPACE", Allowed, NO_TEXT),
    line(Kind::AT_SetRelOptions, "SET (...)", Allowed, NO_TEXT),
    line(Kind::AT_ResetRelOptions, "RESET (...)", Allowed, NO_TEXT),
    line(Kind::AT_EnableAlwaysTrig, "ENABLE ALWAYS TRIGGER", Allowed, "It is how the guard triggers are. Of another trigger it is recorded."),
    line(Kind::AT_EnableTrig, "ENABLE TRIGGER", UnlessGuard, RECORDED),
    line(Kind::AT_EnableReplicaTrig, "ENABLE REPLICA TRIGGER", UnlessGuard, RECORDED),
    line(Kind::AT_DisableTrig, "DISABLE TRIGGER", UnlessGuard, RECORDED),
    line(Kind::AT_EnableTrigAll, "ENABLE TRIGGER ALL", Refused, GUARDS),
    line(Kind::AT_DisableTrigAll, "DISABLE TRIGGER ALL", Refused, GUARDS),
    line(Kind::AT_EnableTrigUser, "ENABLE TRIGGER USER", Refused, GUARDS),
    line(Kind::AT_DisableTrigUser, "DISABLE TRIGGER USER", Refused, GUARDS),
    line(Kind::AT_EnableRule, "ENABLE RULE", Refused, RULES_NONE),
    line(Kind::AT_EnableAlwaysRule, "ENABLE ALWAYS RULE", Refused, RULES_NONE),
    line(Kind::AT_EnableReplicaRule, "ENABLE REPLICA RULE", Refused, RULES_NONE),
    line(Kind::AT_DisableRule, "DISABLE RULE", Refused, RULES_NONE),
    line(Kind::AT_AddInherit, "INHERIT", Refused, INHERITANCE),
    line(Kind::AT_DropInherit, "NO INHERIT", Refused, INHERITANCE),
    line(Kind::AT_AttachPartition, "ATTACH PARTITION", Allowed, "It is recorded, with the rows that it brings. A branch with audit tables is refused."),
    line(Kind::AT_DetachPartition, "DETACH PARTITION", OnceUsed, LEAVES),
    line(Kind::AT_DetachPartitionFinalize, "DETACH PARTITION FINALIZE", Refused, LEAVES),
    line(Kind::AT_AddOf, "OF", Refused, "Its columns are its own."),
    line(Kind::AT_DropOf, "NOT OF", Refused, "Its columns are its own."),
    line(Kind::AT_ReplicaIdentity, "REPLICA IDENTITY", Allowed, NO_TEXT),
    line(Kind::AT_EnableRowSecurity, "ENABLE ROW LEVEL SECURITY", Allowed, "It is recorded. The reading functions refuse whom it would hide rows from."),
    line(Kind::AT_DisableRowSecurity, "DISABLE ROW LEVEL SECURITY", Allowed, RECORDED),
    line(Kind::AT_ForceRowSecurity, "FORCE ROW LEVEL SECURITY", Allowed, RECORDED),
    line(Kind::AT_NoForceRowSecurity, "NO FORCE ROW LEVEL SECURITY", Allowed, RECORDED),
    line(Kind::AT_GenericOptions, "OPTIONS (...)", Refused, OTHER_KIND),
    line(Kind::AT_AddIndex, "ADD INDEX", Allowed, NO_TEXT),
];

/// What may be done to the extension's own tables: upkeep.
pub(crate) const UPKEEP: [Kind::Type; 7] = [
    Kind::AT_SetRelOptions,
    Kind::AT_ResetRelOptions,
    Kind::AT_SetTableSpace,
    Kind::AT_ClusterOn,
    Kind::AT_DropCluster,
    Kind::AT_SetStatistics,
    // Only a superuser can come to own one: the object access hook sees to that.
    Kind::AT_ChangeOwner,
];
