//! What is missing of a log, or another than it was, by the checkpoints: a deed that forgives or ends looks first, and
//! puts it on record.

use ledger::Finding;
use pgrx::Uuid;

use crate::log::own;
use crate::log::plan::Plan;
use crate::log::scars::Scars;
use crate::log::walk::Walk;
use crate::pg::query::{self, Argument, statement};
use crate::pg::subxact;
use crate::pg::table::Table;
use crate::signer::contradiction::{self, Contradiction};
use crate::tree::compare::Difference;
use crate::tree::{log_bytes, ranges};

/// The most that one event lists.
const MOST: usize = 100;

/// What nobody has acknowledged yet, one JSON object each. To look must not fail for damage: the deed has to be
/// possible, and says then that it could not look.
pub(crate) fn of(table: &Table, plan: &Plan, log: Uuid, scars: &Scars) -> Vec<String> {
    subxact::attempt(|| look(table, plan, log, scars)).unwrap_or_else(|why| {
        vec![object(&[], &format!("The rows could not be compared with the checkpoints: {why}."))]
    })
}

/// Members of an event that list what is lost; None for nothing.
pub(crate) fn listed(mut lost: Vec<String>) -> Option<String> {
    let left = lost.len().saturating_sub(MOST);
    lost.truncate(MOST);
    (!lost.is_empty()).then(|| format!("\"lost\":[{}],\"not_listed\":{left}", lost.join(",")))
}

/// A finding about the rows as such an object.
pub(crate) fn found(finding: &Finding) -> String {
    let place = finding.chain.zip(finding.seq);
    let members = place.map(|(chain, seq)| [("chain", chain.into()), ("seq", seq)]);
    object(members.as_ref().map_or(&[], |members| &members[..]), &finding.detail)
}

fn look(table: &Table, plan: &Plan, log: Uuid, scars: &Scars) -> Vec<String> {
    let Some(bytes) = log_bytes(&log.to_string()) else { return Vec::new() };
    if ranges::chains(bytes).is_empty() {
        return Vec::new(); // no checkpoint commits to anything of it
    }
    if plan.stamped().is_none() || plan.index.is_none() {
        return vec![object(&[], "The index of the chains is gone, so nothing could be compared.")];
    }
    let (all, troubles) = contradiction::all_of(bytes, &Walk::along(table, plan), scars);
    let losses = unacknowledged(log, all).into_iter().map(|it| described(&it));
    losses.chain(troubles.iter().map(|why| object(&[], why))).collect()
}

/// Those that no event acknowledges.
pub(crate) fn unacknowledged(log: Uuid, mut all: Vec<Contradiction>) -> Vec<Contradiction> {
    if all.is_empty() {
        return all;
    }
    let known = acknowledged(log);
    all.retain(|it| !known.iter().any(|known| known.covers(it)));
    all
}

fn described(it: &Contradiction) -> String {
    let mut members = vec![
        ("incarnation", i64::from(it.incarnation)),
        ("size", i64::try_from(it.size).unwrap_or(i64::MAX)),
    ];
    if let Some((chain, first, last)) = it.difference.rows() {
        members.extend([("chain", i64::from(chain)), ("first", first), ("last", last)]);
    }
    let json = object(&members, &it.difference.sentence(it.size));
    match it.difference {
        Difference::Changed { now, .. } => json.replacen('{', &format!("{{\"now\":\"{now}\","), 1),
        _ => json,
    }
}

/// Something that is lost, as an event lists it: a sentence, and where it is.
pub(crate) fn object(members: &[(&str, i64)], what: &str) -> String {
    let mut json: String =
        members.iter().map(|(name, value)| format!("\"{name}\":{value},")).collect();
    let text = query::one_text(statement!("guard/json_text"), &[Argument::text(what)]);
    json.push_str(&format!("\"what\":{}", text.as_deref().unwrap_or("null")));
    format!("{{{json}}}")
}

/// Rows that an event says are lost.
struct Loss {
    incarnation: i32,
    size: i64,
    chain: i32,
    first: i64,
    last: i64,
    /// What the last of them was, where they are not gone but others than they were.
    now: Option<String>,
}

impl Loss {
    /// Whether what differs is no more than that. New rows may have taken the place of some that are gone; rows that
    /// were there must be the same.
    fn covers(&self, it: &Contradiction) -> bool {
        let is_same = |now: &String| match &it.difference {
            Difference::Changed { last, now: leaf, .. } => {
                *last == self.last && leaf.to_string() == *now
            }
            _ => false,
        };
        self.now.as_ref().is_none_or(is_same)
            && self.incarnation == it.incarnation
            && u64::try_from(self.size) == Ok(it.size)
            && it.difference.rows().is_some_and(|(chain, first, last)| {
                chain == self.chain && first >= self.first && last <= self.last
            })
    }
}

fn acknowledged(log: Uuid) -> Vec<Loss> {
    let mut all = Vec::new();
    own::acting_as_owner(|| {
        query::read(statement!("guard/acknowledged_losses"), &[log.into()], |row| {
            let (Some(incarnation), Some(size)) = (row.value(1), row.value(2)) else { return };
            let (Some(chain), Some(first)) = (row.value(3), row.value(4)) else { return };
            let Some(last) = row.value(5) else { return };
            let now = row.text(6);
            all.push(Loss { incarnation, size, chain, first, last, now });
        });
    });
    all
}

/// The logs that were retired with something missing, each with its table's name and what it was.
pub(crate) fn of_retired() -> Vec<String> {
    let mut all = Vec::new();
    own::acting_as_owner(|| {
        query::read(statement!("guard/retired_losses"), &[], |row| all.extend(row.text(1)));
    });
    all
}
