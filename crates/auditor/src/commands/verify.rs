//! `audit-immutable verify`: checks an export, row by row.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use indicatif::ProgressBar;
use ledger::{Head, RowHash, Uuid};
use serde_json::{Map, Value, json};

use crate::export::blocks::Blocks;
use crate::export::{
    Arrivals, ChainHead, Heads, Incomplete, Input, Judge, LogReport, MissingRows, Obtained,
};
use crate::files;
use crate::outcome::{Failure, Outcome, Report};
use crate::progress;
use crate::text::{count, printable, reason};

/// Smaller files are done before a progress bar could be read.
const PROGRESS_FROM_BYTES: u64 = 64 << 20;

/// The most bytes of a file with heads.
const MAX_HEADS_FILE_BYTES: u64 = 64 << 20;

/// What `verify` is given.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The export, plain or compressed with gzip or zstd; standard input for - or nothing
    file: Option<PathBuf>,

    /// A row that must be there, obtained elsewhere: without it, rows cut off at the end are not
    /// noticed (may be repeated)
    #[arg(long = "head", value_name = "CHAIN:SEQ:HASH")]
    head: Vec<Head>,

    /// A file of such rows, one a line; what an earlier verify printed will do
    #[arg(long, value_name = "FILE")]
    heads: Vec<PathBuf>,

    /// The hash of a row of audit_immutable.event, obtained elsewhere, which says why rows are missing: without
    /// it, a gap in their place is not accepted (may be repeated)
    #[arg(long = "event", value_name = "HASH")]
    event: Vec<RowHash>,

    /// Print at most N findings, gaps and provenances
    #[arg(long, value_name = "N", default_value_t = 100)]
    findings: usize,

    /// The longest line to accept, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1024))]
    max_line: u16,
}

/// What was found in an export.
#[derive(Debug)]
pub struct CheckedExport {
    file: String,
    logs: Vec<LogReport>,
    /// Logs that there are heads of, but that are not in the file.
    absent: Vec<Uuid>,
    /// Why the file was not read to its end, if it was not.
    incomplete: Option<Incomplete>,
}

/// Checks an export.
///
/// # Errors
/// [`Failure`] if it cannot be opened, or the heads cannot be used.
pub fn run(args: &Args) -> Result<CheckedExport, Failure> {
    let obtained = Obtained { heads: heads(args)?, events: args.event.iter().copied().collect() };
    let path = args.file.as_deref().unwrap_or(Path::new("-"));
    let unreadable = |error: io::Error| files::unreadable(path, &reason(&error));
    let Input { reader, size, position } = Input::open(path).map_err(unreadable)?;
    let bar = progress(size);
    let blocks = Blocks::of(reader, usize::from(args.max_line) << 20).map_err(unreadable)?;
    let mut judge = Judge::new(obtained, args.findings);
    let incomplete =
        judge_all(&mut judge, blocks, || bar.set_position(position.load(Ordering::Relaxed)));
    bar.finish_and_clear();
    let (logs, absent) = judge.finish(incomplete.is_none());
    Ok(CheckedExport { file: files::name(path), logs, absent, incomplete })
}

/// Feeds the lines to the judge, calling `tick` now and then; says why it could not go on, if it could not.
fn judge_all(judge: &mut Judge, blocks: Blocks, tick: impl Fn()) -> Option<Incomplete> {
    for block in blocks {
        for (text, line) in block.lines() {
            if let Err(incomplete) = judge.line(text, line) {
                return Some(incomplete);
            }
        }
        tick();
        if let Some(end) = block.end {
            return judge.end(end);
        }
    }
    Some(Incomplete::Interrupted)
}

fn heads(args: &Args) -> Result<Heads, Failure> {
    let mut heads = Heads::default();
    for head in &args.head {
        heads.add(*head).map_err(|error| Failure::Usage(format!("--head: {error}")))?;
    }
    for path in &args.heads {
        let text = files::read_text(path, MAX_HEADS_FILE_BYTES)?;
        heads.add_all(&text).map_err(|error| {
            Failure::Unreadable(format!("--heads {}: {error}", files::name(path)))
        })?;
    }
    Ok(heads)
}

/// A bar, if the file is large.
fn progress(size: Option<u64>) -> ProgressBar {
    match size.filter(|size| *size >= PROGRESS_FROM_BYTES) {
        Some(size) => progress::of_bytes(size),
        None => ProgressBar::hidden(),
    }
}

impl Report for CheckedExport {
    fn outcome(&self) -> Outcome {
        let wrong = !self.absent.is_empty() || self.logs.iter().any(|log| log.count > 0);
        match &self.incomplete {
            _ if wrong => Outcome::Wrong,
            None => Outcome::Good,
            Some(Incomplete::WhichLog { .. } | Incomplete::Heads(_)) => Outcome::Usage,
            Some(_) => Outcome::Unreadable,
        }
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let last = self.logs.len().checked_sub(1).filter(|_| self.incomplete.is_some());
        for (i, log) in self.logs.iter().enumerate() {
            write_log(out, log, last == Some(i))?;
        }
        for log in &self.absent {
            writeln!(out, "log {log}: NOT THERE, but there are heads of it")?;
        }
        Ok(())
    }

    fn json(&self) -> Map<String, Value> {
        let Value::Object(members) = json!({
            "file": self.file,
            "complete": self.incomplete.is_none(),
            "error": self.notice(),
            "logs": self.logs,
            "absent": self.absent.iter().map(Uuid::to_string).collect::<Vec<_>>(),
        }) else {
            return Map::new();
        };
        members
    }

    fn notice(&self) -> Option<String> {
        self.incomplete.as_ref().map(|incomplete| format!("{}: {incomplete}", self.file))
    }
}

/// Writes about a log, of which `incomplete` says that it was not read to its end.
fn write_log(out: &mut dyn Write, log: &LogReport, incomplete: bool) -> io::Result<()> {
    write_verdict(out, log, incomplete)?;
    write_findings(out, log)?;
    write_arrivals(out, log)?;
    write_gaps(out, log)?;
    write_heads(out, &log.heads)
}

fn write_verdict(out: &mut dyn Write, report: &LogReport, incomplete: bool) -> io::Result<()> {
    let verdict = match (report.count, incomplete) {
        (0, false) => "intact".to_owned(),
        (0, true) => "NOT READ TO ITS END, intact so far".to_owned(),
        (1, _) => "WRONG, 1 finding".to_owned(),
        (n, _) => format!("WRONG, {n} findings"),
    };
    let mut counts = vec![
        count(report.rows, "row", "rows"),
        count(report.heads.len() as u64, "chain", "chains"),
    ];
    if report.arrivals_count > 0 {
        counts.push(format!("{} came in", count(report.came_in, "row", "rows")));
    }
    if report.gaps_count > 0 {
        counts.push(format!("{} missing", count(report.missing, "row", "rows")));
    }
    if report.undisclosed > 0 {
        counts.push(format!("{} not disclosed", count(report.undisclosed, "value", "values")));
    }
    let (log, table) = (&report.log, printable(&report.table));
    writeln!(out, "log {log} {table}: {verdict}; {}", counts.join(", "))
}

fn write_findings(out: &mut dyn Write, report: &LogReport) -> io::Result<()> {
    for finding in &report.findings {
        let line = finding.line.map_or(String::new(), |line| format!("line {line}: "));
        writeln!(out, "  {:<12}  {line}{}", finding.kind, finding.detail)?;
        for (what, hash) in [("expected", &finding.expected), ("found", &finding.actual)] {
            if let Some(hash) = hash {
                writeln!(out, "                {what:<8} {hash}")?;
            }
        }
    }
    write_more(out, report.count, report.findings.len(), "finding", "findings")
}

fn write_arrivals(out: &mut dyn Write, report: &LogReport) -> io::Result<()> {
    for Arrivals { line, kind, database, at, by, heads, event, vouched } in &report.arrivals {
        let vouched = if *vouched { "" } else { "not " };
        writeln!(
            out,
            "  provenance    line {line}: rows of {} were {kind} into database {database} at {at} by {}; event \
             {event} {vouched}obtained elsewhere",
            count(heads.len() as u64, "chain", "chains"),
            printable(by)
        )?;
    }
    write_more(out, report.arrivals_count, report.arrivals.len(), "provenance", "provenances")
}

fn write_gaps(out: &mut dyn Write, report: &LogReport) -> io::Result<()> {
    for MissingRows { line, kind, chain, first, last, event } in &report.gaps {
        let rows = if first == last {
            format!("row {first} of chain {chain} is")
        } else {
            format!("rows {first} to {last} of chain {chain} are")
        };
        writeln!(
            out,
            "  gap           line {line}: {rows} missing, {kind}; event {event} obtained elsewhere"
        )?;
    }
    write_more(out, report.gaps_count, report.gaps.len(), "gap", "gaps")
}

/// Says how many more there are than were listed.
fn write_more(
    out: &mut dyn Write,
    all: u64,
    listed: usize,
    one: &str,
    many: &str,
) -> io::Result<()> {
    match all.saturating_sub(listed as u64) {
        0 => Ok(()),
        more => writeln!(out, "  and {} more; --findings {all} prints all", count(more, one, many)),
    }
}

fn write_heads(out: &mut dyn Write, heads: &[ChainHead]) -> io::Result<()> {
    for ChainHead { chain, seq, hash, vouched } in heads {
        let vouched = match vouched {
            Some(upto) if upto == seq => "vouched for".to_owned(),
            Some(upto) => format!("vouched for up to row {upto}"),
            None => "not vouched for".to_owned(),
        };
        writeln!(out, "  head {chain}:{seq}:{hash} {vouched}")?;
    }
    Ok(())
}
