//! A whole log: all incarnations that are published, what each goes on from, and the notes that were kept.

use indicatif::ProgressBar;

use super::finding::Finding;
use super::incarnations::Incarnation;
use super::marks::{Mark, MarkedBy};
use super::notes::FoundNote;
use super::report::{CheckedLog, CheckedTree, Cosigned};
use super::tree::{self, Beginning, Checked, Contents};
use crate::log::LogKeys;
use crate::progress;
use crate::published::Site;
use crate::signatures::{RequiredKeys, Signatures};
use crate::text::{count, printable};

/// What a log is checked with.
pub(super) struct History<'a> {
    pub(super) site: &'a Site,
    pub(super) keys: &'a RequiredKeys,
    pub(super) allow_gone: bool,
    /// Incarnations that are accepted whatever they go on from.
    pub(super) accepted: &'a [u32],
    pub(super) max_findings: usize,
}

/// An incarnation that was checked, and what it goes on from, as its first entry proves.
struct Later {
    number: u32,
    from: Option<Beginning>,
}

impl History<'_> {
    /// Checks the incarnations, of which there is one at least, and that they go on from the notes. The last comes
    /// first: its first entry says what the one before must have been.
    pub(super) fn check(&self, incarnations: &[Incarnation], notes: Vec<FoundNote>) -> CheckedLog {
        let mut log = CheckedLog::new(self.max_findings, self.keys.log.is_empty());
        let name = incarnations.last().map_or("", |last| &last.checkpoint.origin.log);
        let notes = self.notes(notes, name, incarnations, &mut log);
        let bar = bar(incarnations);
        let mut later = None;
        for incarnation in incarnations.iter().rev() {
            self.compare_name(incarnation, name, &mut log);
            let signatures = self.signatures(&incarnation.checkpoint, &mut log);
            if later.is_none() {
                self.cosignatures(incarnation, &signatures, &notes, &mut log);
            }
            let marks = self.marks(incarnation, &notes, later.as_ref(), &mut log);
            let tick = |leaves| bar.inc(leaves);
            let findings = &mut log.findings;
            let Checked { contents, begins, left, incomplete } =
                tree::check(self.site, incarnation, marks, self.allow_gone, findings, &tick);
            for mark in left {
                left_over(incarnation, &contents, &mark, &mut log);
            }
            later = Some(Later { number: incarnation.number(), from: begins });
            log.trees.insert(0, CheckedTree::new(incarnation, contents, signatures));
            if let Some(error) = incomplete {
                log.incomplete = Some(error.to_string());
                break;
            }
        }
        if let Some(first) = later.filter(|first| first.number > 1 && log.incomplete.is_none()) {
            self.open_beginning(first.number, &mut log);
        }
        bar.finish_and_clear();
        log
    }

    /// The notes that count, with how many witnesses have cosigned each.
    fn notes(
        &self,
        notes: Vec<FoundNote>,
        name: &str,
        incarnations: &[Incarnation],
        log: &mut CheckedLog,
    ) -> Vec<(FoundNote, Signatures)> {
        let mut counting = Vec::with_capacity(notes.len());
        for note in notes {
            let signatures = self.signatures(&note, log);
            if note.origin.log != name {
                let detail = format!("{}: it is of another log", printable(&note.name));
                log.findings.add(|| Finding::of("other_log", note.name, detail));
            } else if signatures.problems.is_empty() {
                self.compare_incarnation(&note, incarnations, log);
                counting.push((note, signatures));
            }
        }
        counting
    }

    /// Whether the incarnation that a note is of is published.
    fn compare_incarnation(&self, note: &FoundNote, all: &[Incarnation], log: &mut CheckedLog) {
        let number = note.origin.incarnation;
        let last = all.last().map_or(0, Incarnation::number);
        let name = printable(&note.name);
        if number > last {
            let detail = format!(
                "{name}: it is of incarnation {number}, and the last that is published is {last}: the published log \
                 is older than this note"
            );
            log.findings.add(|| Finding::of("rolled_back", note.name.clone(), detail));
        } else if !all.iter().any(|one| one.number() == number) {
            log.open.push(format!("{name} is of incarnation {number}, which is not published"));
        }
    }

    /// That all incarnations are of one log.
    fn compare_name(&self, incarnation: &Incarnation, name: &str, log: &mut CheckedLog) {
        let FoundNote { name: path, origin, .. } = &incarnation.checkpoint;
        if origin.log != name {
            let detail =
                format!("{path}: it is of another log, {}", printable(&origin.to_string()));
            log.findings.add(|| Finding::of("other_log", path.clone(), detail));
        }
    }

    /// Checks who signed a note. A key of the log is good for all its incarnations.
    fn signatures(&self, note: &FoundNote, log: &mut CheckedLog) -> Signatures {
        let of_log = LogKeys::new(self.keys.log.clone())
            .map(|keys| keys.of_origin(&note.origin))
            .unwrap_or_default();
        // Where none is, the message names those that were given.
        let of_log = if of_log.is_empty() { self.keys.log.clone() } else { of_log };
        let keys =
            RequiredKeys { log: of_log, witnesses: self.keys.witnesses.clone(), min_witnesses: 0 };
        let signatures = Signatures::check(&note.note, &note.origin.to_string(), &keys);
        for problem in &signatures.problems {
            let detail = format!("{}: {problem}", printable(&note.name));
            log.findings.add(|| Finding::of("signature", note.name.clone(), detail));
        }
        signatures
    }

    /// Up to where the witnesses have cosigned the last incarnation.
    fn cosignatures(
        &self,
        last: &Incarnation,
        signatures: &Signatures,
        notes: &[(FoundNote, Signatures)],
        log: &mut CheckedLog,
    ) {
        let required = self.keys.min_witnesses;
        if required == 0 {
            return;
        }
        let of_last = notes.iter().filter(|(note, _)| note.origin == last.checkpoint.origin);
        let all = of_last.map(|(note, by)| (note, by)).chain([(&last.checkpoint, signatures)]);
        let enough = all.filter(|(_, by)| by.cosigned().0 >= required);
        let size = last.checkpoint.size;
        match enough.max_by_key(|(note, _)| note.size) {
            Some((note, by)) => {
                log.cosigned = Some(Cosigned { size: note.size, at: by.cosigned().1 });
                if note.size < size {
                    log.open.push(format!(
                        "entries {} to {} are cosigned by no checkpoint yet",
                        note.size,
                        size - 1
                    ));
                }
            }
            None => {
                let path = last.checkpoint.name.clone();
                let detail = format!(
                    "{path}: {} must have cosigned this or a kept checkpoint of the same incarnation, and did not",
                    count(required as u64, "witness", "witnesses")
                );
                log.findings.add(|| Finding::of("signature", path, detail));
            }
        }
    }

    /// What the tree of an incarnation must have been: what the notes say, and what the next one goes on from.
    fn marks(
        &self,
        incarnation: &Incarnation,
        notes: &[(FoundNote, Signatures)],
        later: Option<&Later>,
        log: &mut CheckedLog,
    ) -> Vec<Mark> {
        let number = incarnation.number();
        let of_this = notes.iter().filter(|(note, _)| note.origin.incarnation == number);
        let mut marks: Vec<Mark> = of_this
            .map(|(FoundNote { name, size, root, .. }, _)| Mark {
                size: *size,
                root: *root,
                by: MarkedBy::Note(name.clone()),
            })
            .collect();
        let Some(later) = later.filter(|later| !self.accepted.contains(&later.number)) else {
            return marks;
        };
        let Some(Beginning { size, root }) = later.from.filter(|_| later.number == number + 1)
        else {
            self.open_beginning(later.number, log);
            return marks;
        };
        let known = marks.iter().map(|mark| mark.size).chain([incarnation.checkpoint.size]).max();
        if let Some(known) = known.filter(|known| *known > size) {
            let next = later.number;
            let detail = format!(
                "incarnation {next} goes on from {size} entries of incarnation {number}, which had {known}: entries \
                 {size} to {} were lost, or taken away. Once it is explained, --accept-incarnation {next}",
                known - 1
            );
            log.findings.add(|| Finding::of("lost", incarnation.checkpoint.name.clone(), detail));
        }
        marks.push(Mark { size, root, by: MarkedBy::Next(later.number) });
        marks
    }

    fn open_beginning(&self, number: u32, log: &mut CheckedLog) {
        if !self.accepted.contains(&number) {
            log.open.push(format!(
                "what incarnation {number} goes on from is not published, so nothing is compared with it"
            ));
        }
    }
}

/// A mark that a tree was not compared with.
fn left_over(incarnation: &Incarnation, contents: &Contents, mark: &Mark, log: &mut CheckedLog) {
    let published = incarnation.checkpoint.size;
    match &mark.by {
        // What is wrong before it is a finding, or it was not read so far.
        _ if mark.size <= published || contents.proved < published => {
            log.open.push(format!("{} was not compared", printable(&mark.name())));
        }
        MarkedBy::Note(_) => log.findings.add(|| mark.rolled_back(published)),
        MarkedBy::Next(next) => log.open.push(format!(
            "incarnation {next} goes on from {} entries of the one before, of which {published} are published",
            mark.size
        )),
    }
}

fn bar(incarnations: &[Incarnation]) -> ProgressBar {
    let entries = incarnations.iter().map(|one| one.checkpoint.size);
    progress::of_entries(entries.fold(0, u64::saturating_add))
}
