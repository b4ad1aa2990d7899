//! The tree's beginnings: one row of `audit_immutable.incarnation` each, and one for every place that
//! went on with an incarnation begun elsewhere.

use ledger::tree::{Entry, TreeHash};
use pgrx::Uuid;

use super::site::Site;
use super::{hash, number, sql};
use crate::log::own::{self, Own};
use crate::pg::query::{self, Argument, Row, Sql, statement};
use crate::pg::role;

/// An incarnation of the tree, and where it is grown now.
#[derive(Debug, Clone)]
pub(crate) struct Incarnation {
    /// Counts the rows of the table, from 1.
    pub(crate) id: i32,
    /// From 1.
    pub(crate) number: i32,
    pub(crate) tree: [u8; 16],
    /// First line of its checkpoints.
    pub(crate) origin: String,
    pub(crate) site: Site,
    /// Size and root of the last checkpoint known of the incarnation before.
    pub(crate) known: Option<(u64, TreeHash)>,
}

impl Incarnation {
    /// The leaf an incarnation begins with; the first has none.
    pub(crate) fn first_entry(&self) -> Option<Entry> {
        let (size, root) = self.known?;
        let number = u32::try_from(self.number).ok().filter(|number| *number > 1)?;
        Some(Entry::Incarnation { tree: self.tree, number, size, root })
    }
}

/// The incarnation that checkpoints are signed for now.
pub(crate) fn current() -> Option<Incarnation> {
    one(statement!("tree/incarnation_current"), &[])
}

/// The incarnation of this number, as its last row has it.
pub(crate) fn numbered(number: i32) -> Option<Incarnation> {
    one(statement!("tree/incarnation_of_number"), &[number.into()])
}

/// The incarnation with this origin.
pub(crate) fn of_origin(origin: &str) -> Option<Incarnation> {
    one(statement!("tree/incarnation_of_origin"), &[Argument::text(origin)])
}

/// Why and how a row came about.
pub(crate) struct Cause<'a> {
    pub(crate) resumed: bool,
    pub(crate) reason: Option<&'a str>,
    pub(crate) note: Option<&'a str>,
}

/// Records an incarnation, or that another site goes on with one.
pub(crate) fn write(it: &Incarnation, cause: &Cause<'_>) {
    let role = role::name(role::current());
    own::write(
        Own::Incarnation,
        statement!("tree/insert_incarnation"),
        &[
            it.id.into(),
            it.number.into(),
            Uuid::from_bytes(it.tree).into(),
            Argument::text(&it.origin),
            Argument::text(&it.site.database),
            i64::from(it.site.database_oid).into(),
            it.site.system_identifier.cast_signed().into(),
            it.site.timeline.cast_signed().into(),
            cause.resumed.into(),
            it.known.map(|(size, _)| sql(size)).into(),
            it.known.map(|(_, root)| root.as_bytes().to_vec()).into(),
            Argument::optional_text(cause.note),
            Argument::text(&role),
            Argument::optional_text(cause.reason),
        ],
    );
}

fn one(sql: Sql<'_>, arguments: &[Argument]) -> Option<Incarnation> {
    let mut found = None;
    own::acting_as_owner(|| query::read(sql, arguments, |row| found = read(row)));
    found
}

fn read(row: &Row) -> Option<Incarnation> {
    let known = row.value::<i64>(9).map(|_| number(row, 9)).zip(hash(row, 10));
    Some(Incarnation {
        id: row.value(1)?,
        number: row.value(2)?,
        tree: *row.value::<Uuid>(3)?.as_bytes(),
        origin: row.text(4)?,
        site: Site {
            database: row.text(5)?,
            database_oid: u32::try_from(row.value::<i64>(6)?).ok()?,
            system_identifier: row.value::<i64>(7)?.cast_unsigned(),
            timeline: row.value::<i32>(8)?.cast_unsigned(),
        },
        known,
    })
}
