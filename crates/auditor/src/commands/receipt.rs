//! `audit-immutable receipt`: checks the proof that one row is in the log.

use std::io::{self, Write};
use std::path::PathBuf;

use ledger::Uuid;
use ledger::note::{
    Checkpoint, Expected, Origin, Receipt, ReceiptError, ReceiptRow, ReceiptRowError,
};
use serde_json::{Map, Value, json};

use crate::files;
use crate::options::SignatureOptions;
use crate::outcome::{Failure, Outcome, Report};
use crate::signatures::{RequiredKeys, Signatures};
use crate::text::{self, printable};

/// The most bytes of a receipt: enough for a row of 64 MiB, as long as `verify` takes them.
pub(super) const MAX_BYTES: u64 = 128 << 20;

/// What `receipt` is given.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The receipt, as audit_immutable.receipt() returns it; standard input for -
    file: PathBuf,

    /// The origin that the checkpoint must be of, NAME/DATABASE/N. Without it, nobody compares it
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<Origin>,

    /// The UUID of the log that the row must be of. Without it, nobody compares it
    #[arg(long, value_name = "UUID")]
    log: Option<Uuid>,

    #[command(flatten)]
    signatures: SignatureOptions,
}

/// What was found in a receipt.
#[derive(Debug)]
pub struct CheckedReceipt {
    checkpoint: Checkpoint,
    index: u64,
    row: Result<ReceiptRow, ReceiptRowError>,
    /// Whether the origin was compared with an expected one.
    origin_compared: bool,
    /// Whether the log was compared with an expected one.
    log_compared: bool,
    signatures: Signatures,
}

/// Checks a receipt that is in a file.
///
/// # Errors
/// [`Failure`] if it cannot be read or is not the receipt of a row, or the keys cannot be used.
pub fn run(args: &Args) -> Result<CheckedReceipt, Failure> {
    let keys = args.signatures.keys()?;
    let expected = Expected { origin: args.origin.as_ref(), log: args.log };
    let receipt = files::read_text(&args.file, MAX_BYTES)?;
    check(text::without_psql_newline(&receipt), &expected, &keys)
        .map_err(|error| files::unreadable(&args.file, &error))
}

/// Checks a receipt, which must be the expected one as far as that is known.
///
/// # Errors
/// [`NotAReceipt`]; what else may be wrong is in [`CheckedReceipt`].
pub fn check(
    receipt: &str,
    expected: &Expected<'_>,
    keys: &RequiredKeys,
) -> Result<CheckedReceipt, NotAReceipt> {
    let receipt: Receipt = receipt.parse().map_err(NotAReceipt::Receipt)?;
    let checkpoint = Checkpoint::of_note(&receipt.note)
        .map_err(|error| NotAReceipt::Receipt(ReceiptError::Checkpoint(error)))?;
    let row = match receipt.check_row(expected) {
        Err(error) if !is_verdict(&error) => return Err(NotAReceipt::Row(error)),
        row => row,
    };
    let signatures = Signatures::check(&receipt.note, &checkpoint.origin, keys);
    Ok(CheckedReceipt {
        checkpoint,
        index: receipt.index,
        row,
        origin_compared: expected.origin.is_some(),
        log_compared: expected.log.is_some(),
        signatures,
    })
}

/// Whether what is wrong is that a row's receipt does not prove it, and not that it is no such receipt.
fn is_verdict(error: &ReceiptRowError) -> bool {
    use ReceiptRowError::*;
    match error {
        First | OtherOrigin(_) | OtherLog(_) | Incarnation | Proof(_) => true,
        NoRow | Lines | Opening(_) | Line(_) | Checkpoint(_) | Origin(_) => false,
    }
}

/// Why text is not the receipt of a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAReceipt {
    /// It is not a receipt.
    #[error("it is no receipt: {0}")]
    Receipt(ReceiptError),
    /// It is a receipt, but of something else than a row.
    #[error("{0}")]
    Row(ReceiptRowError),
}

impl CheckedReceipt {
    /// The row, if nothing is wrong: with [`Outcome::Good`] it is proved, with
    /// [`Outcome::Unsigned`] it is not known who signed. Otherwise it would be anybody's, and there
    /// is none.
    pub fn row(&self) -> Option<&ReceiptRow> {
        self.row.as_ref().ok().filter(|_| self.outcome() != Outcome::Wrong)
    }

    pub(super) fn problems(&self) -> impl Iterator<Item = String> {
        let row = self.row.as_ref().err().map(ReceiptRowError::to_string);
        row.into_iter().chain(self.signatures.problems.iter().cloned())
    }
}

impl Report for CheckedReceipt {
    fn outcome(&self) -> Outcome {
        if self.row.is_err() { Outcome::Wrong } else { self.signatures.outcome() }
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let origin = printable(&self.checkpoint.origin);
        match self.outcome() {
            Outcome::Good => writeln!(out, "proved: the row is in the log {origin}")?,
            Outcome::Unsigned => writeln!(
                out,
                "THE LOG'S SIGNATURE WAS NOT CHECKED: the row is in the checkpoint, but anybody can \
                 make a checkpoint. Give the log's verifier key with --key"
            )?,
            _ => {
                for problem in self.problems() {
                    writeln!(out, "WRONG: {}", printable(&problem))?;
                }
            }
        }
        writeln!(out, "  origin    {origin}{}", not_compared(self.origin_compared, "--origin"))?;
        writeln!(out, "  leaf      {} of {}, counted from 0", self.index, self.checkpoint.size)?;
        self.signatures.text(out)?;
        let Some(row) = self.row() else { return Ok(()) };
        let compared = not_compared(self.log_compared, "--log");
        writeln!(
            out,
            "  log       {} {}{compared}",
            row.opening.log,
            printable(&row.opening.table)
        )?;
        writeln!(out, "  database  {}", row.opening.database)?;
        writeln!(out, "  row       {} of chain {}", row.stamp.seq, row.stamp.chain)?;
        writeln!(
            out,
            "  at        {}, session {}",
            text::timestamp(row.stamp.at),
            row.stamp.session
        )?;
        writeln!(out, "  hash      {}", row.hash)?;
        writeln!(out, "{}", printable(&row.line))
    }

    fn json(&self) -> Map<String, Value> {
        let row = self.row().map(|row| {
            json!({
                "database": row.opening.database.to_string(),
                "log": row.opening.log.to_string(),
                "table": row.opening.table,
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
            ("origin_compared".to_owned(), self.origin_compared.into()),
            ("log_compared".to_owned(), self.log_compared.into()),
            ("size".to_owned(), self.checkpoint.size.into()),
            ("index".to_owned(), self.index.into()),
            ("problems".to_owned(), self.problems().collect()),
            ("signatures".to_owned(), self.signatures.json()),
            ("row".to_owned(), row.into()),
        ])
    }
}

/// What to say of something that nobody compared, because `option` was not given.
fn not_compared(compared: bool, option: &str) -> String {
    if compared {
        String::new()
    } else {
        format!(" (nobody compared it: give the expected one with {option})")
    }
}
