//! Whether the extension itself is as its script made it.

use std::collections::HashMap;

use pgrx::pg_sys;

use super::script;
use crate::log::list;
use crate::log::triggers::{GUARDS, SKIP};
use crate::pg::builtin;
use crate::pg::command;
use crate::pg::query::{self, Argument, Sql, statement};

/// The state of the extension's own objects.
pub(crate) struct Installation {
    /// What is wrong with them, in sentences.
    pub(crate) trouble: Vec<String>,
    /// The aggregate behind verify calls what it should.
    pub(crate) has_aggregate: bool,
    /// The tables that say they are the table of a log, by the log.
    tables: HashMap<String, Vec<pg_sys::Oid>>,
}

impl Installation {
    /// Looks at the catalog.
    pub(crate) fn inspect() -> Installation {
        let mut trouble = Vec::new();
        for Check { query, arguments, says } in checks() {
            query::read(query, &arguments, |row| {
                trouble.push(says.replace("{}", &row.text(1).unwrap_or_default()));
            });
        }
        trouble.extend(
            builtin::replaced().into_iter().map(|name| {
                format!("Function pg_catalog.{name}() is not PostgreSQL's own any more.")
            }),
        );
        if !command::event_triggers_fire() {
            trouble.push("The setting event_triggers is off: no event trigger fires.".into());
        }
        let has_aggregate =
            query::one(statement!("guard/aggregate_is_whole"), &[]).unwrap_or(false);
        if !has_aggregate {
            trouble
                .push("Aggregate audit_immutable.check_rows does not call its functions.".into());
        }
        let mut tables: HashMap<_, Vec<_>> = HashMap::new();
        for (table, log) in list::present() {
            tables.entry(log).or_default().push(table);
        }
        Installation { trouble, has_aggregate, tables }
    }

    /// The tables that say they are the table of a log.
    pub(crate) fn tables_of(&self, log: &str) -> &[pg_sys::Oid] {
        self.tables.get(log).map(Vec::as_slice).unwrap_or_default()
    }
}

/// A query that answers the names of what is not right, and what to say of each.
struct Check {
    query: Sql<'static>,
    arguments: Vec<Argument>,
    says: &'static str,
}

fn checks() -> [Check; 8] {
    let functions: Vec<_> = script::functions().collect();
    let triggers: Vec<_> = script::event_triggers().collect();
    [
        Check {
            query: statement!("guard/missing_event_triggers"),
            arguments: vec![
                Argument::texts(triggers.iter().map(|it| it.name)),
                Argument::texts(triggers.iter().map(|it| it.event)),
                Argument::texts(triggers.iter().map(|it| it.function)),
                Argument::texts(triggers.iter().map(|it| it.tags.as_str())),
            ],
            says: "Event trigger \"{}\" is missing, changed or not enabled always.",
        },
        Check {
            query: statement!("guard/missing_functions"),
            arguments: vec![
                Argument::texts(functions.iter().map(|it| it.name)),
                Argument::texts(functions.iter().map(|it| it.symbol)),
            ],
            says: "Function audit_immutable.{}() is missing, replaced, or no part of the extension any more.",
        },
        Check {
            query: statement!("guard/missing_handler"),
            arguments: vec![],
            says: "Access method {} is missing, or does not call its handler.",
        },
        Check {
            query: statement!("guard/missing_tables"),
            arguments: vec![Argument::texts(script::tables())],
            says: "Table audit_immutable.{} is missing, stored otherwise, or no part of the extension any more.",
        },
        Check {
            query: statement!("guard/missing_indexes"),
            arguments: vec![Argument::texts(script::unique_indexes())],
            says: "Index audit_immutable.{} is missing, or not unique and valid.",
        },
        Check {
            query: statement!("guard/foreign_functions"),
            arguments: vec![],
            says: "Function {} is in the extension's schema, and no part of it.",
        },
        Check {
            query: statement!("guard/foreign_parts"),
            arguments: vec![
                Argument::texts(GUARDS.iter().chain([&SKIP]).map(|it| it.name)),
                Argument::texts(script::indexes()),
            ],
            says: "There is a {}, which is no part of the extension.",
        },
        Check {
            query: statement!("guard/weak_owners"),
            arguments: vec![],
            says: "The owner of {} is no superuser.",
        },
    ]
}
