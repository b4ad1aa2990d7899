//! The partition tree that a log is a leaf of, on record: it joins one by CREATE or ATTACH, and leaves it by `detach`.

use pgrx::pg_sys;

use super::description::as_written;
use crate::log::plan;
use crate::pg::query::{self, statement};
use crate::pg::settings::{Fixed, Reach};
use crate::pg::snapshot::Latest;
use crate::pg::table::Open;
use crate::stamp::restored;

/// Where a partition stands, each as JSON.
pub(super) struct Place {
    /// The name and the oid of each table above it, the nearest first.
    parents: String,
    /// The values it is for.
    bound: String,
}

impl Place {
    /// Where the table stands now; None where no partitioned table is above it.
    pub(super) fn of(leaf: pg_sys::Oid) -> Option<Place> {
        let mut place = None;
        let _settings = Fixed::for_values(Reach::Everything);
        as_written(|| {
            let _latest = Latest::push();
            query::read(statement!("guard/place"), &[leaf.into()], |row| {
                let bound = row.text(2).unwrap_or_else(|| "null".into());
                place = row.text(1).map(|parents| Place { parents, bound });
            });
        });
        place
    }

    /// What to record of a log that has come there: also the rows it brings.
    pub(super) fn joined(&self, leaf: pg_sys::Oid) -> String {
        let Place { parents, bound } = self;
        format!("{{\"parents\": {parents}, \"bound\": {bound}, \"with\": {}}}", content(leaf))
    }

    /// What to record of a log that was there: also the rows it takes along.
    pub(super) fn left(&self, leaf: pg_sys::Oid) -> String {
        let Place { parents, bound } = self;
        let content = content(leaf);
        format!("{{\"parents\": [], \"left\": {parents}, \"bound\": {bound}, \"with\": {content}}}")
    }

    /// As a member of what is recorded of a log that ends there.
    pub(super) fn ended(&self) -> String {
        format!(",\"left\":{},\"bound\":{}", self.parents, self.bound)
    }
}

/// How many rows a log has, and its heads.
fn content(leaf: pg_sys::Oid) -> String {
    let heads = Open::briefly(leaf).and_then(|table| {
        let plan = plan::of(&table);
        // A log in trouble may have lost its index.
        plan.index.and_then(|_| restored::heads(&table, &plan))
    });
    heads.unwrap_or_else(|| "{\"rows\":0,\"heads\":[]}".into())
}
