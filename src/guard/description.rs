//! A table as the catalog describes it, beside what the events of its log say of it.

use pgrx::{Uuid, pg_sys};

use crate::log::own;
use crate::pg::query::{self, Sql, statement};
use crate::pg::settings::plain_identifiers;

/// One aspect of a table: its owner, its columns and so on.
pub(crate) struct Aspect {
    /// Its place among the others.
    place: i32,
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
    /// Of a table that has none of its kind, and had none.
    fn without(place: i32, name: &str) -> Aspect {
        let nothing = || "{}".to_owned();
        Aspect {
            place,
            name: name.into(),
            json: nothing(),
            sealed_json: Some(nothing()),
            now: Some(nothing()),
            sealed: Some(nothing()),
        }
    }

    fn differs(&self) -> bool {
        self.sealed_json.as_ref() != Some(&self.json)
    }
}

/// All aspects of a table; none where there is no such table.
pub(super) struct Description(Vec<Aspect>);

impl Description {
    /// Describes a table under the active snapshot.
    pub(super) fn of(table: pg_sys::Oid, log: Uuid) -> Description {
        as_written(|| {
            let mut aspects = aspects(ASPECTS, table, log);
            if !aspects.is_empty() {
                aspects.extend(triggers(table, log));
                aspects.sort_by_key(|aspect| aspect.place);
            }
            Description(aspects)
        })
    }

    /// Has the plans made that describe a table without triggers of the users'.
    pub(super) fn ready() {
        let arguments = || [pg_sys::InvalidOid.into(), Uuid::from_bytes([0; 16]).into()];
        as_written(|| {
            query::ready(ASPECTS, &arguments());
            query::ready(HAS_TRIGGERS, &arguments());
        });
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

const ASPECTS: Sql<'static> = statement!("guard/description");
const HAS_TRIGGERS: Sql<'static> = statement!("guard/has_triggers");

/// Few tables have triggers of the users', and to describe them takes longer than all else.
fn triggers(table: pg_sys::Oid, log: Uuid) -> Vec<Aspect> {
    if query::one(HAS_TRIGGERS, &[table.into(), log.into()]) == Some(true) {
        aspects(statement!("guard/description_of_triggers"), table, log)
    } else {
        vec![Aspect::without(5, "triggers"), Aspect::without(6, "functions")]
    }
}

fn aspects(sql: Sql<'_>, table: pg_sys::Oid, log: Uuid) -> Vec<Aspect> {
    let mut aspects = Vec::new();
    query::read(sql, &[table.into(), log.into()], |row| {
        aspects.push(Aspect {
            place: row.value(1).unwrap_or_default(),
            name: row.text(2).unwrap_or_default(),
            json: row.text(3).unwrap_or_else(|| "null".into()),
            sealed_json: row.text(4),
            now: row.text(5),
            sealed: row.text(6),
        });
    });
    aspects
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
