//! What `check` has to say.

use std::io::{self, Write};

use ledger::tree::TreeHash;
use serde_json::{Map, Value, json};

use super::finding::Finding;
use super::incarnations::Incarnation;
use super::tree::Contents;
use crate::kept::Kept;
use crate::outcome::{Outcome, Report};
use crate::signatures::Signatures;
use crate::text::{self, count, printable};

/// What was found in a published log.
#[derive(Debug)]
pub struct CheckedLog {
    /// Its incarnations.
    pub(super) trees: Vec<CheckedTree>,
    pub(super) findings: Kept<Finding>,
    /// What could not be compared with anything, a sentence each.
    pub(super) open: Vec<String>,
    /// Up to where the witnesses have cosigned it, if any had to.
    pub(super) cosigned: Option<Cosigned>,
    /// Why it was not read to its end.
    pub(super) incomplete: Option<String>,
    /// No key of the log was given.
    unsigned: bool,
}

/// Up to where enough witnesses have cosigned the last incarnation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cosigned {
    pub(super) size: u64,
    /// When the latest of them did: seconds from 1970.
    pub(super) at: Option<u64>,
}

/// What was found in the tree of an incarnation.
#[derive(Debug)]
pub(super) struct CheckedTree {
    origin: String,
    size: u64,
    root: TreeHash,
    contents: Contents,
    signatures: Signatures,
}

impl CheckedLog {
    /// Nothing yet; at most `max_findings` findings are kept.
    pub(super) fn new(max_findings: usize, unsigned: bool) -> Self {
        Self {
            trees: Vec::new(),
            findings: Kept::new(max_findings),
            open: Vec::new(),
            cosigned: None,
            incomplete: None,
            unsigned,
        }
    }

    fn write_verdict(&self, out: &mut dyn Write) -> io::Result<()> {
        let size = count(self.size(), "entry", "entries");
        match self.outcome() {
            Outcome::Good => writeln!(out, "good: all {size} are those that were signed")?,
            Outcome::Wrong => {
                writeln!(out, "WRONG: {}", count(self.findings.count, "finding", "findings"))?;
            }
            Outcome::Unreadable => writeln!(out, "NOT READ TO ITS END, good so far")?,
            _ if self.unsigned => writeln!(
                out,
                "THE LOG'S SIGNATURE WAS NOT CHECKED: anybody can make such a log. Give the log's verifier key with \
                 --key"
            )?,
            _ => writeln!(out, "good as far as it could be compared; {size}")?,
        }
        self.open.iter().try_for_each(|open| writeln!(out, "OPEN: {}", printable(open)))
    }

    fn size(&self) -> u64 {
        self.trees.iter().map(|tree| tree.size).fold(0, u64::saturating_add)
    }
}

impl CheckedTree {
    pub(super) fn new(
        incarnation: &Incarnation,
        contents: Contents,
        signatures: Signatures,
    ) -> Self {
        let checkpoint = &incarnation.checkpoint;
        let origin = checkpoint.origin.to_string();
        Self { origin, size: checkpoint.size, root: checkpoint.root, contents, signatures }
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let Contents { proved, entries, gone, logs, chains } = &self.contents;
        writeln!(out, "checkpoint of {}", printable(&self.origin))?;
        writeln!(out, "  size      {}", self.size)?;
        writeln!(out, "  root      {}", self.root)?;
        self.signatures.text(out)?;
        let rows = format!(
            "{} of {}, {}",
            count(*entries, "entry", "entries"),
            count(*logs, "log", "logs"),
            count(*chains, "chain", "chains")
        );
        writeln!(out, "  proved    {}; {rows}", count(*proved, "hash", "hashes"))?;
        if *gone > 0 {
            let bundles = count(*gone, "bundle", "bundles");
            writeln!(out, "  gone      {bundles} of entries: only their hashes are published")?;
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let Contents { proved, entries, gone, logs, chains } = &self.contents;
        json!({
            "origin": self.origin,
            "size": self.size,
            "root": self.root.to_string(),
            "signatures": self.signatures.json(),
            "proved": proved,
            "entries": entries,
            "bundles_gone": gone,
            "logs": logs,
            "chains": chains,
        })
    }
}

impl Report for CheckedLog {
    fn outcome(&self) -> Outcome {
        if self.findings.count > 0 {
            Outcome::Wrong
        } else if self.incomplete.is_some() {
            Outcome::Unreadable
        } else if self.unsigned || !self.open.is_empty() {
            Outcome::Unsigned
        } else {
            Outcome::Good
        }
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        self.write_verdict(out)?;
        for Finding { kind, detail, .. } in &self.findings.first {
            writeln!(out, "  {kind:<12}  {}", printable(detail))?;
        }
        let more = self.findings.count - self.findings.first.len() as u64;
        if more > 0 {
            let all = self.findings.count;
            let more = count(more, "finding", "findings");
            writeln!(out, "  and {more} more; --findings {all} prints all")?;
        }
        self.trees.iter().try_for_each(|tree| tree.text(out))?;
        if let Some(Cosigned { size, at: Some(at) }) = self.cosigned {
            writeln!(out, "  cosigned  up to size {size}, at {}", text::time(at))?;
        }
        Ok(())
    }

    fn json(&self) -> Map<String, Value> {
        let cosigned =
            self.cosigned.map(|by| json!({ "size": by.size, "at": by.at.map(text::time) }));
        Map::from_iter([
            ("complete".to_owned(), self.incomplete.is_none().into()),
            ("error".to_owned(), self.notice().into()),
            ("findings_count".to_owned(), self.findings.count.into()),
            ("findings".to_owned(), json!(self.findings.first)),
            ("open".to_owned(), json!(self.open)),
            ("incarnations".to_owned(), self.trees.iter().map(CheckedTree::json).collect()),
            ("cosigned".to_owned(), cosigned.into()),
        ])
    }

    fn notice(&self) -> Option<String> {
        self.incomplete.clone()
    }
}
