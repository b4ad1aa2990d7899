//! A table as the catalog describes it, beside what the events of its log say of it.

use pgrx::{Uuid, pg_sys};

use crate::log::own;
use crate::pg::query::{self, statement};
use crate::pg::settings::plain_identifiers;

/// One aspect of a table: its owner, its columns and so on.
pub(crate) struct Aspect {
    pub(crate) name: String,
    /// As JSON, as the catalog has it.
    json: String,
    /// As JSON, as the events say; None where they say nothing.
    sealed_json: Option<String>,
    /// As text, as the catalog has it.
    pub(crate) now: Option<String>,
    /// As text, as the events say.
    pub(crate) sealed: Option<String>,
}

impl Aspect {
    fn differs(&self) -> bool {
        self.sealed_json.as_ref() != Some(&self.json)
    }
}

/// All aspects of a table; none where there is no such table.
pub(super) struct Description(Vec<Aspect>);

impl Description {
    /// Describes a table under the active snapshot.
    pub(super) fn of(table: pg_sys::Oid, log: Uuid) -> Description {
        let mut aspects = Vec::new();
        as_written(|| {
            query::read(statement!("guard/description"), &[table.into(), log.into()], |row| {
                aspects.push(Aspect {
                    name: row.text(1).unwrap_or_default(),
                    json: row.text(2).unwrap_or_else(|| "null".into()),
                    sealed_json: row.text(3),
                    now: row.text(4),
                    sealed: row.text(5),
                });
            });
        });
        Description(aspects)
    }

    /// The whole table as one JSON object.
    pub(super) fn json(&self) -> String {
        object(&self.0.iter().collect::<Vec<_>>())
    }

    /// An aspect as JSON.
    pub(super) fn json_of(&self, name: &str) -> &str {
        self.0.iter().find(|aspect| aspect.name == name).map_or("null", |aspect| &aspect.json)
    }

    /// These aspects as a JSON object, if the first of them is not as the events say.
    pub(super) fn changed(&self, names: &[&str]) -> Option<String> {
        let aspects: Vec<_> = names
            .iter()
            .filter_map(|name| self.0.iter().find(|aspect| aspect.name == *name))
            .collect();
        aspects.first().filter(|first| first.differs())?;
        Some(object(&aspects))
    }

    /// Whether it is not as the events say.
    pub(super) fn is_news(&self) -> bool {
        self.0.iter().any(|it| self.is_difference(it))
    }

    /// What is not as the events say.
    pub(super) fn into_differences(mut self) -> Vec<Aspect> {
        let differs: Vec<_> = self.0.iter().map(|it| self.is_difference(it)).collect();
        let mut differs = differs.into_iter();
        self.0.retain(|_| differs.next() == Some(true));
        self.0
    }

    /// A role that was renamed has its oid, one that was restored its name; a table's oid is in the catalog alone.
    fn is_difference(&self, it: &Aspect) -> bool {
        let same_role = || self.0.iter().any(|it| it.name == "owner_oid" && !it.differs());
        it.differs()
            && !matches!(it.name.as_str(), "relation" | "owner_oid")
            && !(it.name == "owner" && same_role())
    }
}

/// Runs `work` as the owner of the events, with types written as in an opening line.
pub(super) fn as_written<T>(work: impl FnOnce() -> T) -> T {
    own::acting_as_owner(|| plain_identifiers(work))
}

fn object(aspects: &[&Aspect]) -> String {
    let members: Vec<_> =
        aspects.iter().map(|it| format!("\"{}\": {}", it.name, it.json)).collect();
    format!("{{{}}}", members.join(", "))
}
