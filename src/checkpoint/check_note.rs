//! `audit_immutable.check_note`: does this database still contain what a note said?

use ledger::note::{Checkpoint, Note};
use pgrx::iter::TableIterator;
use pgrx::{name, pg_extern, pg_sys};

use super::tables::Tables;
use crate::error::{Error, EvidenceError};
use crate::guard::events;
use crate::log::plan;
use crate::log::scars::Scars;
use crate::log::walk::Walk;
use crate::pg::encoding;
use crate::pg::table::Open;
use crate::signer::key;
use crate::tree::compare::{Commitment, Difference};
use crate::tree::incarnation::{self, Incarnation};
use crate::tree::{head, log_text, ranges, sentence};

/// What became of what a note said.
pub(super) struct Answer {
    pub(super) verdict: Verdict,
    /// The table, where the answer is about one: `schema.table`, or its log's identifier.
    relation: Option<String>,
    chain: Option<i32>,
    first_seq: Option<i64>,
    last_seq: Option<i64>,
    pub(super) detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Everything the note commits to is here.
    Contained,
    /// Rows it commits to are gone.
    Truncated,
    /// Rows it commits to are others now.
    Rewritten,
    /// The database is in an older state than the note.
    Behind,
    /// The tree here is another than the one the note is of.
    Forked,
    /// The note is of another database, or another server.
    AnotherDatabase,
    /// The key of this server did not sign it.
    NotSigned,
}

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Verdict::Contained => "contained",
            Verdict::Truncated => "truncated",
            Verdict::Rewritten => "rewritten",
            Verdict::Behind => "behind",
            Verdict::Forked => "forked",
            Verdict::AnotherDatabase => "another_database",
            Verdict::NotSigned => "not_signed",
        }
    }
}

/// One row with the verdict `contained`, or one for everything that contradicts the note.
#[pg_extern(sql = false)]
#[allow(clippy::type_complexity)]
fn check_note(
    note: &[u8],
) -> TableIterator<
    'static,
    (
        name!(verdict, &'static str),
        name!(relation, Option<Vec<u8>>),
        name!(chain, Option<i32>),
        name!(first_seq, Option<i64>),
        name!(last_seq, Option<i64>),
        name!(detail, Vec<u8>),
    ),
> {
    let (note, checkpoint) = parse(note).unwrap_or_else(|error| Error::from(error).raise());
    TableIterator::new(answers(&note, &checkpoint).into_iter().map(|it| {
        (
            it.verdict.as_str(),
            it.relation.as_deref().map(encoding::result),
            it.chain,
            it.first_seq,
            it.last_seq,
            encoding::result(&it.detail),
        )
    }))
}

/// A note as a client sent it. Line breaks at its end that were lost on the way are put back.
pub(super) fn parse(note: &[u8]) -> Result<(Note, Checkpoint), EvidenceError> {
    let text = String::from_utf8_lossy(&encoding::from_server(note)).replace("\r\n", "\n");
    let text = format!("{}\n", text.trim_end_matches('\n'));
    let bad = |error: &dyn std::fmt::Display| EvidenceError::BadNote { why: sentence(error) };
    let note: Note = text.parse().map_err(|error| bad(&error))?;
    let checkpoint = Checkpoint::of_note(&note).map_err(|error| bad(&error))?;
    Ok((note, checkpoint))
}

/// What became of it, at least one answer.
pub(super) fn answers(note: &Note, checkpoint: &Checkpoint) -> Vec<Answer> {
    let origin = &checkpoint.origin;
    let Some(incarnation) = incarnation::of_origin(origin) else {
        let ours = incarnation::current().map(|it| it.origin);
        let detail = match ours {
            Some(ours) => format!(
                "The note is of \"{origin}\"; checkpoints of this database are of \"{ours}\"."
            ),
            None => format!("The note is of \"{origin}\"; this database has no checkpoint."),
        };
        return vec![Answer::new(Verdict::AnotherDatabase, detail)];
    };
    let unchecked = match key::verifiers(origin) {
        Some(keys) => match note.verify(&keys) {
            Ok(_) => "",
            Err(error) => {
                let detail = format!(
                    "The signature is not that of a key of this server, of today or before: {error}."
                );
                return vec![Answer::new(Verdict::NotSigned, detail)];
            }
        },
        None => " Its signature was not checked, since the key is not at hand.",
    };
    let mut answers = compared(&incarnation, checkpoint);
    for answer in &mut answers {
        answer.detail.push_str(unchecked);
    }
    answers
}

fn compared(incarnation: &Incarnation, checkpoint: &Checkpoint) -> Vec<Answer> {
    let here = head::latest(incarnation.number).map_or(0, |head| head.size);
    let size = checkpoint.size;
    if size > here {
        return vec![Answer::new(
            Verdict::Behind,
            format!(
                "The note commits to {size} leaves and the tree here has {here}: this database is in an older state, as after a backup was put back or a standby was promoted too early.{}",
                later(incarnation)
            ),
        )];
    }
    let mut commitment = Commitment::new(incarnation.number, size, checkpoint.root);
    if let Err(why) = commitment.check_root() {
        let over = later(incarnation);
        let detail = format!("The tree here is another than the one the note is of. {why}{over}");
        return vec![Answer::new(Verdict::Forked, detail)];
    }
    let mut answers = Vec::new();
    if let Err(why) = commitment.check_ranges() {
        answers.push(Answer::new(Verdict::Rewritten, why));
    }
    let tables = Tables::look();
    for log in ranges::logs() {
        answers.extend(of_log(&mut commitment, &tables, log));
    }
    if answers.is_empty() {
        let detail =
            format!("All {size} leaves the note commits to are here.{}", later(incarnation));
        answers.push(Answer::new(Verdict::Contained, detail));
    }
    answers
}

fn of_log(commitment: &mut Commitment, tables: &Tables, log: [u8; 16]) -> Vec<Answer> {
    let table = tables.of(&log).and_then(|oid| Open::existing(oid, pg_sys::AccessShareLock));
    let Some(table) = table else {
        let was_retired = events::retired_table(&log_text(&log)).is_some();
        let none = Scars::default();
        let gone = if was_retired { Vec::new() } else { commitment.differences(log, None, &none) };
        return gone.into_iter().map(|it| Answer::about(log_text(&log), it)).collect();
    };
    let plan = plan::of(&table);
    let walk = Walk::along(&table, &plan);
    let scars = Scars::of(&log_text(&log));
    let differences = commitment.differences(log, Some(&walk), &scars);
    differences.into_iter().map(|it| Answer::about(table.name(), it)).collect()
}

/// What is to be said of a note whose incarnation is over.
fn later(incarnation: &Incarnation) -> String {
    match incarnation::current() {
        Some(current) if current.number > incarnation.number => format!(
            " Incarnation {} is over; the database is in incarnation {} now, and audit_immutable.incarnation says why.",
            incarnation.number, current.number
        ),
        _ => String::new(),
    }
}

impl Answer {
    fn new(verdict: Verdict, detail: String) -> Answer {
        Answer { verdict, relation: None, chain: None, first_seq: None, last_seq: None, detail }
    }

    fn about(relation: String, difference: Difference) -> Answer {
        let (verdict, place, detail) = match difference {
            Difference::Gone { chain, first, last } => (
                Verdict::Truncated,
                Some((chain, first, last)),
                format!("Rows {first} to {last} of chain {chain} are gone."),
            ),
            Difference::Changed { chain, first, last, .. } => (
                Verdict::Rewritten,
                Some((chain, first, last)),
                format!(
                    "From row {first} on, chain {chain} is another than the one the note commits to."
                ),
            ),
            Difference::Damaged { why, .. } => (Verdict::Rewritten, None, why),
        };
        Answer {
            verdict,
            relation: Some(relation),
            chain: place.map(|(chain, ..)| chain),
            first_seq: place.map(|(_, first, _)| first),
            last_seq: place.map(|(.., last)| last),
            detail,
        }
    }
}
