//! What `verify` has to say.

use std::io::{self, Write};

use ledger::Uuid;
use serde_json::{Map, Value, json};

use super::CheckedExport;
use crate::export::{Arrivals, ChainHead, Incomplete, LogReport, MissingRows};
use crate::outcome::{Outcome, Report};
use crate::text::{count, printable};

impl Report for CheckedExport {
    fn outcome(&self) -> Outcome {
        let wrong = !self.absent.is_empty() || self.logs.iter().any(|log| log.count > 0);
        match &self.incomplete {
            _ if wrong => Outcome::Wrong,
            None if self.require_vouched && self.unvouched() > 0 => Outcome::Unsigned,
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
            "error": self.incomplete.is_some().then(|| self.notice()),
            "unvouched": self.unvouched(),
            "logs": self.logs,
            "absent": self.absent.iter().map(Uuid::to_string).collect::<Vec<_>>(),
        }) else {
            return Map::new();
        };
        members
    }

    fn notice(&self) -> Option<String> {
        match &self.incomplete {
            Some(incomplete) => Some(format!("{}: {incomplete}", self.file)),
            None if self.outcome() == Outcome::Unsigned => Some(format!(
                "{}: nobody vouches for the last row of {}",
                self.file,
                count(self.unvouched(), "chain", "chains")
            )),
            None => None,
        }
    }
}

impl CheckedExport {
    /// How many chains there are whose last row nobody vouches for.
    fn unvouched(&self) -> u64 {
        let heads = self.logs.iter().flat_map(|log| &log.heads);
        heads.filter(|head| head.vouched != Some(head.seq)).count() as u64
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
    for ChainHead { chain, seq, hash, vouched, signed } in heads {
        let by = if *signed { " by signature" } else { "" };
        let vouched = match vouched {
            Some(upto) if upto == seq => format!("vouched for{by}"),
            Some(upto) => format!("vouched for{by} up to row {upto}"),
            None => "not vouched for".to_owned(),
        };
        writeln!(out, "  head {chain}:{seq}:{hash} {vouched}")?;
    }
    Ok(())
}
