//! `audit-immutable receipt`: the proof that one row is in the log is checked.

use std::io::{self, Write};
use std::path::PathBuf;

use ledger::note::{Checkpoint, Receipt, ReceiptRow, ReceiptRowError};
use serde_json::{Map, Value, json};

use crate::keys::KeyArgs;
use crate::outcome::{Failure, Outcome, Report};
use crate::signatures::Signatures;
use crate::text::{self, shown};

/// The most bytes of a receipt: PostgreSQL makes no text larger than that.
const MOST: u64 = 1 << 30;

/// What `receipt` is given.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The receipt, as audit_immutable.receipt() returns it; standard input for -
    file: PathBuf,

    #[command(flatten)]
    keys: KeyArgs,
}

/// What was found in a receipt.
#[derive(Debug)]
pub struct Checked {
    checkpoint: Checkpoint,
    index: u64,
    row: Result<ReceiptRow, ReceiptRowError>,
    signatures: Signatures,
}

/// Checks a receipt.
///
/// # Errors
/// If it cannot be read or is no receipt of a row, or the keys make no sense.
pub fn run(args: &Args) -> Result<Checked, Failure> {
    let keys = args.keys.read()?;
    let file = text::name(&args.file);
    let no_receipt = |why: &dyn std::fmt::Display| {
        Failure::Unreadable(format!("{file}: it is no receipt of a row: {why}"))
    };
    let receipt: Receipt =
        text::read(&args.file, MOST)?.parse().map_err(|error| no_receipt(&error))?;
    let checkpoint = Checkpoint::of_note(&receipt.note).map_err(|error| no_receipt(&error))?;
    let row = receipt.check_row();
    if let Err(error) = &row
        && !matches!(error, ReceiptRowError::First | ReceiptRowError::Proof(_))
    {
        return Err(no_receipt(error));
    }
    let signatures = Signatures::check(&receipt.note, &checkpoint.origin, &keys);
    Ok(Checked { checkpoint, index: receipt.index, row, signatures })
}

impl Checked {
    fn problems(&self) -> impl Iterator<Item = String> {
        let row = self.row.as_ref().err().map(ReceiptRowError::to_string);
        row.into_iter().chain(self.signatures.problems.iter().cloned())
    }
}

impl Report for Checked {
    fn outcome(&self) -> Outcome {
        if self.row.is_err() { Outcome::Wrong } else { self.signatures.outcome() }
    }

    /// The row is only shown if nothing is wrong with its receipt: otherwise it is anybody's.
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let origin = shown(&self.checkpoint.origin);
        match self.outcome() {
            Outcome::Good => writeln!(out, "proved: the row is in the log {origin}")?,
            Outcome::Unsigned => writeln!(
                out,
                "NOT CHECKED WHO SIGNED: the row is in the checkpoint, but anybody can make a checkpoint. Give the \
                 log's verifier key with --key"
            )?,
            _ => {
                for problem in self.problems() {
                    writeln!(out, "WRONG: {problem}")?;
                }
            }
        }
        writeln!(out, "  origin    {origin}")?;
        writeln!(out, "  leaf      {} of {}, counted from 0", self.index, self.checkpoint.size)?;
        self.signatures.text(out)?;
        let Ok(row) = &self.row else { return Ok(()) };
        if self.outcome() == Outcome::Wrong {
            return Ok(());
        }
        let proved = if row.stamp.seq == 1 { "" } else { " (the name is not proved, the id is)" };
        writeln!(out, "  log       {} {}{proved}", row.opening.log, shown(&row.opening.table))?;
        writeln!(out, "  row       {} of chain {}", row.stamp.seq, row.stamp.chain)?;
        writeln!(
            out,
            "  at        {}, session {}",
            text::timestamp(row.stamp.at),
            row.stamp.session
        )?;
        writeln!(out, "  hash      {}", row.hash)?;
        writeln!(out, "{}", shown(&row.line))
    }

    fn json(&self) -> Map<String, Value> {
        let row = self.row.as_ref().ok().filter(|_| self.outcome() != Outcome::Wrong);
        let row = row.map(|row| {
            json!({
                "log": row.opening.log,
                "table": row.opening.table,
                "table_proved": row.stamp.seq == 1,
                "chain": row.stamp.chain,
                "seq": row.stamp.seq,
                "at": text::timestamp(row.stamp.at),
                "session": row.stamp.session,
                "hash": row.hash,
                "line": row.line,
            })
        });
        Map::from_iter([
            ("origin".to_owned(), self.checkpoint.origin.clone().into()),
            ("size".to_owned(), self.checkpoint.size.into()),
            ("index".to_owned(), self.index.into()),
            ("problems".to_owned(), self.problems().collect()),
            ("signatures".to_owned(), self.signatures.json()),
            ("row".to_owned(), row.into()),
        ])
    }
}
