//! What the installation script makes: the one list of the extension's own objects.
//!
//! It is read from the script itself, which the library carries, so that what `verify` looks for is what
//! CREATE EXTENSION made. The script's statements follow one style, which the tests below hold it to.

/// The script's parts, in their order.
const PARTS: [&str; 5] = [
    include_str!("../../sql/1_access_method.sql"),
    include_str!("../../sql/2_logs.sql"),
    include_str!("../../sql/3_tree.sql"),
    include_str!("../../sql/4_evidence.sql"),
    include_str!("../../sql/5_event_triggers.sql"),
];

/// What a C function of ours is: its name, and its symbol in the library.
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) symbol: &'static str,
}

/// An event trigger of ours.
pub(super) struct EventTrigger {
    pub(super) name: &'static str,
    pub(super) event: &'static str,
    pub(super) function: &'static str,
    /// The commands it fires for, as the text of an array; empty for all.
    pub(super) tags: String,
}

/// The functions in C, without those that serve the script alone.
pub(super) fn functions() -> impl Iterator<Item = Function> {
    let dropped: Vec<_> = statements("DROP FUNCTION audit_immutable.")
        .filter_map(|rest| rest.split('(').next())
        .collect();
    statements("CREATE FUNCTION audit_immutable.").filter_map(move |rest| {
        let (name, rest) = rest.split_once('(').filter(|(name, _)| !dropped.contains(name))?;
        let (_, symbol) = rest.split_once("'MODULE_PATHNAME', '")?;
        Some(Function { name, symbol: symbol.split_once('\'')?.0 })
    })
}

/// The tables, all of them logs.
pub(super) fn tables() -> impl Iterator<Item = &'static str> {
    statements("CREATE TABLE audit_immutable.").filter_map(first_word)
}

/// The unique indexes that the script names; each table has one over its chains besides.
pub(super) fn unique_indexes() -> impl Iterator<Item = &'static str> {
    statements("CREATE UNIQUE INDEX ").filter_map(first_word)
}

/// All indexes that the script names.
pub(super) fn indexes() -> impl Iterator<Item = &'static str> {
    unique_indexes().chain(statements("CREATE INDEX ").filter_map(first_word))
}

/// The event triggers.
pub(super) fn event_triggers() -> impl Iterator<Item = EventTrigger> {
    statements("CREATE EVENT TRIGGER ").filter_map(|rest| {
        let (name, rest) = rest.split_once(" ON ")?;
        let event = first_word(rest)?;
        let (condition, function) = rest.split_once("EXECUTE FUNCTION audit_immutable.")?;
        let tags = condition.split_once("WHEN TAG IN (").and_then(|(_, tags)| tags.split_once(')'));
        let tags =
            tags.map(|(tags, _)| format!("{{{}}}", tags.replace('\'', "").replace(", ", ",")));
        let function = function.split_once("()")?.0;
        Some(EventTrigger { name, event, function, tags: tags.unwrap_or_default() })
    })
}

/// What follows `beginning` in each statement that begins so, up to its end.
fn statements(beginning: &'static str) -> impl Iterator<Item = &'static str> {
    PARTS.into_iter().flat_map(move |part| {
        part.match_indices(beginning)
            .filter(|(at, _)| *at == 0 || part[..*at].ends_with('\n'))
            .filter_map(|(at, _)| part[at + beginning.len()..].split_once(";\n"))
            .map(|(statement, _)| statement)
    })
}

fn first_word(rest: &'static str) -> Option<&'static str> {
    rest.split([' ', '\n']).next()
}
