//! How things stand: the state, why, and the performance data.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::thresholds::{Level, Metric, Thresholds};
use crate::log::{Named, Watched};
use crate::text::{count, printable};

/// The service's name in the line.
const SERVICE: &str = "AUDIT";

/// How things stand.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    level: Level,
    /// What is to be said, the worst first.
    said: Vec<(Level, String)>,
    /// Performance data: label and what stands behind the equals sign; and the bare value.
    data: Vec<(&'static str, String, i64)>,
}

impl Verdict {
    /// Nothing is known, for this reason.
    pub(super) fn unknown(why: String) -> Self {
        Self { level: Level::Unknown, said: vec![(Level::Unknown, why)], data: Vec::new() }
    }

    /// What the server says, with a witness or without one.
    pub(super) fn of(watched: &Watched, has_witness: bool, thresholds: &Thresholds) -> Self {
        if !watched.may_watch {
            let why = "the role is no member of pg_monitor, so not everything is shown to it";
            return Self::unknown(why.to_owned());
        }
        let mut verdict = Self { level: Level::Ok, said: Vec::new(), data: Vec::new() };
        verdict.checkpoints(watched, thresholds);
        verdict.logs(watched);
        verdict.verifications(watched, thresholds);
        if has_witness {
            verdict.witness(watched, thresholds);
        }
        // Stable, so that what is equally bad stays in this order.
        verdict.said.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
        verdict.level = verdict.said.first().map_or(Level::Ok, |(level, _)| *level);
        verdict
    }

    fn checkpoints(&mut self, watched: &Watched, thresholds: &Thresholds) {
        let unsigned = watched.unsigned_rows;
        match watched.checkpoint_age {
            None if unsigned > 0 => {
                self.say(Level::Critical, "no checkpoint was ever signed".into())
            }
            None => self.say(Level::Ok, "no checkpoint yet".into()),
            // Where nothing is new, nothing is signed, and the last one may be as old as it likes.
            Some(age) => {
                let level = thresholds.level(Metric::CheckpointAge, age);
                let level = if unsigned > 0 { level } else { Level::Ok };
                self.say(level, format!("last checkpoint {age} s ago"));
                self.measure(Metric::CheckpointAge, age, thresholds);
            }
        }
        let level = thresholds.level(Metric::UnsignedRows, unsigned);
        self.say(level, format!("{} unsigned", rows(unsigned)));
        self.measure(Metric::UnsignedRows, unsigned, thresholds);
    }

    fn logs(&mut self, watched: &Watched) {
        let Watched { logs, unguarded, unreadable, locked, skipped, .. } = watched;
        self.say(Level::Ok, count(logs.unsigned_abs(), "log", "logs"));
        self.complain(Level::Critical, unguarded, "without its guard");
        self.complain(Level::Critical, unreadable, "without a readable index of its chains");
        if *skipped > 0 {
            self.say(Level::Warning, format!("{skipped} left out of a checkpoint lately"));
        }
        if *locked > 0 {
            self.say(Level::Ok, format!("{locked} locked"));
        }
    }

    fn verifications(&mut self, watched: &Watched, thresholds: &Thresholds) {
        let Watched { findings, never_verified, verified_age, .. } = watched;
        if findings.count > 0 {
            let first = findings.first.as_deref().unwrap_or_default();
            let findings = count(findings.count.unsigned_abs(), "finding", "findings");
            self.say(Level::Critical, format!("{findings} when last verified, in {first}"));
        }
        self.data.push(("findings", format!("{};;0;0;", findings.count), findings.count));
        let expected = thresholds.of(Metric::VerifiedAge) != (None, None);
        if expected && *never_verified > 0 {
            let level = thresholds.level(Metric::VerifiedAge, i64::MAX);
            self.say(level, format!("{never_verified} never verified on record"));
        }
        if let Some(age) = *verified_age {
            let level = thresholds.level(Metric::VerifiedAge, age);
            if expected {
                self.say(level, format!("verified {age} s ago"));
            }
            self.measure(Metric::VerifiedAge, age, thresholds);
        }
    }

    fn witness(&mut self, watched: &Watched, thresholds: &Thresholds) {
        if !watched.holds_ours {
            let why = "the witness holds a checkpoint that this server has not signed";
            return self.say(Level::Critical, why.to_owned());
        }
        let age = watched.witness_age.unwrap_or(0);
        let said = match age {
            0 => "witness up to date".to_owned(),
            age => format!("witness {age} s behind"),
        };
        self.say(thresholds.level(Metric::WitnessAge, age), said);
        self.measure(Metric::WitnessAge, age, thresholds);
    }

    fn complain(&mut self, level: Level, of: &Named, what: &str) {
        if of.count > 0 {
            let first = of.first.as_deref().unwrap_or_default();
            let others = match of.count - 1 {
                0 => String::new(),
                others => format!(" and {others} more"),
            };
            self.say(level, format!("{first}{others} {what}"));
        }
    }

    fn say(&mut self, level: Level, what: String) {
        self.said.push((level, what));
    }

    fn measure(&mut self, metric: Metric, value: i64, thresholds: &Thresholds) {
        let (warning, critical) = thresholds.of(metric);
        let shown = |threshold: Option<i64>| threshold.map_or(String::new(), |it| it.to_string());
        let unit = metric.unit();
        let data = format!("{value}{unit};{};{};0;", shown(warning), shown(critical));
        self.data.push((metric.as_str(), data, value));
    }

    /// The line: the state, what is to be said, and behind `|` the performance data.
    fn line(&self) -> String {
        let said: Vec<String> = self.said.iter().map(|(_, what)| plain(what)).collect();
        let data: Vec<String> =
            self.data.iter().map(|(label, data, _)| format!("{label}={data}")).collect();
        let data = if data.is_empty() { String::new() } else { format!(" | {}", data.join(" ")) };
        format!("{SERVICE} {} - {}{data}", self.level.as_str(), said.join(", "))
    }

    fn json(&self) -> Value {
        let data: Map<String, Value> = self
            .data
            .iter()
            .map(|(label, _, value)| ((*label).to_owned(), (*value).into()))
            .collect();
        let said: Vec<&String> = self.said.iter().map(|(_, what)| what).collect();
        json!({ "state": self.level.as_str(), "exit": self.level as u8, "said": said, "data": data })
    }

    /// Prints it, and answers with the state.
    pub(super) fn print(&self, json: bool) -> Level {
        let text = if json { self.json().to_string() } else { self.line() };
        // Where nobody can read it, the exit code still tells.
        let _ = writeln!(io::stdout(), "{text}");
        self.level
    }
}

fn rows(n: i64) -> String {
    count(n.unsigned_abs(), "row", "rows")
}

/// Text that cannot be taken for performance data, or for another line.
fn plain(text: &str) -> String {
    printable(text).replace('|', "¦")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(watched: &Watched, has_witness: bool) -> String {
        Verdict::of(watched, has_witness, &Thresholds::new(&[], &[])).line()
    }

    fn good() -> Watched {
        Watched {
            may_watch: true,
            checkpoint_age: Some(8),
            unsigned_rows: 12,
            logs: 3,
            holds_ours: true,
            ..Watched::default()
        }
    }

    #[test]
    fn all_is_well() {
        assert_eq!(
            line(&good(), true),
            "AUDIT OK - last checkpoint 8 s ago, 12 rows unsigned, 3 logs, witness up to date | \
             checkpoint_age=8s;300;900;0; unsigned_rows=12;100000;1000000;0; findings=0;;0;0; \
             witness_age=0s;900;3600;0;"
        );
        let idle = Watched { checkpoint_age: Some(1_000_000), unsigned_rows: 0, ..good() };
        assert!(line(&idle, false).starts_with("AUDIT OK - last checkpoint 1000000 s ago, 0 rows"));
    }

    #[test]
    fn the_worst_comes_first() {
        let begins = |watched: Watched, has_witness, text: &str| {
            let line = line(&watched, has_witness);
            assert!(line.starts_with(text), "{line}");
        };
        let old = Watched { checkpoint_age: Some(301), ..good() };
        begins(old, false, "AUDIT WARNING - last checkpoint 301 s ago, 12 rows unsigned");
        let many = Watched { unsigned_rows: 2_000_000, ..good() };
        begins(many, false, "AUDIT CRITICAL - 2000000 rows unsigned, last checkpoint 8 s ago");
        let none = Watched { checkpoint_age: None, ..good() };
        begins(none, false, "AUDIT CRITICAL - no checkpoint was ever signed");
        let named = |first: &str| Named { count: 2, first: Some(first.into()) };
        let bare = Watched { unguarded: named("a|b\n"), ..good() };
        begins(bare, false, "AUDIT CRITICAL - a¦b\\u{a} and 1 more without its guard, ");
        let wrong = Watched { findings: named("t"), ..good() };
        begins(wrong, false, "AUDIT CRITICAL - 2 findings when last verified, in t, ");
        let behind = Watched { witness_age: Some(1000), ..good() };
        begins(behind.clone(), true, "AUDIT WARNING - witness 1000 s behind, ");
        begins(behind, false, "AUDIT OK");
        let other = Watched { holds_ours: false, ..good() };
        begins(
            other,
            true,
            "AUDIT CRITICAL - the witness holds a checkpoint that this server has not",
        );
        let blind = Watched { may_watch: false, ..good() };
        begins(blind, false, "AUDIT UNKNOWN - the role is no member of pg_monitor");
    }
}
