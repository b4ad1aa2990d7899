//! `audit_immutable.verify` and `audit_immutable.findings`.

use std::time::Instant;

use ledger::{Finding, Keep, Report};
use pgrx::datum::Interval;
use pgrx::iter::TableIterator;
use pgrx::{Array, name, pg_extern, pg_sys};

use super::known::Known;
use super::since::{self, Since};
use super::tree::Tree;
use super::{busy, on_record, scan, verified};
use crate::error::Error;
use crate::log::list;
use crate::log::own::Own;
use crate::pg::encoding;
use crate::pg::read_lock::Patience;
use crate::tree::{head, incarnation};

/// One row for each log: NULL means all of the database, the extension's own included. With `since`,
/// the heads that an earlier call answered, or `since_checkpoint`, a tree size, only what came after is
/// read.
#[pg_extern(sql = false)]
#[allow(clippy::type_complexity)]
fn verify<'a>(
    relation: Option<pg_sys::Oid>,
    since: Option<Array<'a, &'a [u8]>>,
    since_checkpoint: Option<i64>,
) -> TableIterator<
    'static,
    (
        name!(relation, pg_sys::Oid),
        name!(intact, bool),
        name!(rows, i64),
        name!(chains, i32),
        name!(findings, i64),
        name!(first_finding, Option<Vec<u8>>),
        name!(took, Interval),
        name!(heads, Vec<String>),
        name!(on_record, Option<Vec<u8>>),
    ),
> {
    let since = from_where(relation, since.as_ref(), since_checkpoint);
    let tree = relation.and_then(Tree::below);
    let logs = match (&tree, relation) {
        (Some(tree), _) => tree.tables(),
        (None, Some(relation)) => vec![relation],
        (None, None) => all_logs(),
    };
    let (known, patience) = (Known::look(), Patience::of_caller());
    TableIterator::new(logs.into_iter().filter_map(move |log| {
        let start = Instant::now();
        let verify = || scan::log(log, Keep::First, &known, &since);
        let report = match &tree {
            Some(tree) if tree.is_root(log) => tree.report(),
            None if relation.is_some() => verify(),
            _ => busy::one_of_all(log, &patience, verify)?,
        };
        if let Since::Checkpoint(size) = since
            && !tree.as_ref().is_some_and(|tree| tree.is_root(log))
        {
            verified::record(log, size, &report);
        }
        let Report { rows, chains, heads, count, first, .. } = report;
        Some((
            log,
            count == 0,
            rows as i64,
            chains as i32,
            count as i64,
            first.map(|first| encoding::result(&sentence(&first))),
            interval(start),
            heads.iter().map(|(chain, seq, hash)| format!("{chain}:{seq}:{hash}")).collect(),
            match &tree {
                Some(tree) if tree.is_root(log) => tree.on_record.clone(),
                _ => on_record::of(log),
            }
            .map(|lines| encoding::result(&lines)),
        ))
    }))
}

fn from_where(
    relation: Option<pg_sys::Oid>,
    heads: Option<&Array<'_, &[u8]>>,
    checkpoint: Option<i64>,
) -> Since {
    let refused = |message: &str, detail: &str| -> ! {
        Error::BadParameter { message: message.into(), detail: detail.into() }.raise()
    };
    match (heads, checkpoint) {
        (None, None) => Since::Beginning,
        (Some(_), Some(_)) => refused(
            "verify goes on from heads or from a checkpoint, not from both",
            "Give since or since_checkpoint.",
        ),
        (Some(_), None) if relation.is_none() => refused(
            "the positions to verify from are those of one relation",
            "Every log has chains of its own.",
        ),
        (Some(heads), None) => Since::Heads(since::parse(heads)),
        (None, Some(size)) => match u64::try_from(size) {
            Ok(size) if size > tree_size() => refused(
                &format!("no checkpoint has the tree size {size}"),
                &format!("The tree has {} leaves.", tree_size()),
            ),
            Ok(size) => Since::Checkpoint(size),
            Err(_) => {
                refused("a tree size cannot be negative", "0 stands for no checkpoint at all.")
            }
        },
    }
}

/// How many leaves the tree has now.
fn tree_size() -> u64 {
    let head = incarnation::current().and_then(|it| head::latest(it.number));
    head.map_or(0, |head| head.size)
}

/// Everything that is wrong with a log; no row when it is intact.
#[pg_extern(sql = false)]
#[allow(clippy::type_complexity)]
fn findings(
    relation: pg_sys::Oid,
) -> TableIterator<
    'static,
    (
        name!(chain, Option<i32>),
        name!(seq, Option<i64>),
        name!(kind, &'static str),
        name!(detail, Vec<u8>),
        name!(expected, Option<Vec<u8>>),
        name!(actual, Option<Vec<u8>>),
    ),
> {
    let known = Known::look();
    let findings = match Tree::below(relation) {
        Some(tree) => tree.findings(&known),
        None => scan::log(relation, Keep::All, &known, &Since::Beginning).findings,
    };
    TableIterator::new(findings.into_iter().map(|it| {
        (
            it.chain,
            it.seq,
            it.kind.as_str(),
            encoding::result(&it.detail),
            it.expected.as_deref().map(encoding::result),
            it.actual.as_deref().map(encoding::result),
        )
    }))
}

/// All logs of the database: the extension's own, whatever the catalog says of them, and every table
/// with our access method.
fn all_logs() -> Vec<pg_sys::Oid> {
    let own = Own::ALL.map(|own| own.oid()).into_iter();
    let mut logs: Vec<_> = own.filter(|oid| *oid != pg_sys::InvalidOid).collect();
    logs.extend(list::all().into_iter().filter(|oid| !logs.contains(oid)).collect::<Vec<_>>());
    logs
}

fn sentence(finding: &Finding) -> String {
    match (finding.chain, finding.seq) {
        (Some(chain), Some(seq)) => {
            format!("{}, chain {chain}, seq {seq}: {}", finding.kind, finding.detail)
        }
        _ => format!("{}: {}", finding.kind, finding.detail),
    }
}

fn interval(start: Instant) -> Interval {
    let micros = i64::try_from(start.elapsed().as_micros()).unwrap_or(i64::MAX);
    Interval::from_micros(micros)
}
