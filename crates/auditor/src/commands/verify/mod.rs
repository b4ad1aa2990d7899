//! `audit-immutable verify`: checks an export, row by row.

mod report;
mod vouching;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use indicatif::ProgressBar;
use ledger::{Head, RowHash, Uuid};

use crate::export::blocks::Blocks;
use crate::export::{Heads, Incomplete, Input, Judge, LogReport, Obtained};
use crate::files;
use crate::outcome::Failure;
use crate::progress;
use crate::text::reason;

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

    #[command(flatten)]
    vouching: vouching::Vouching,

    /// Exit with 4 unless the last row of every chain is vouched for: by a head, a receipt or a checkpoint
    #[arg(long)]
    require_vouched: bool,

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
    /// Whether every chain's last row must be vouched for.
    require_vouched: bool,
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
    let (file, require_vouched) = (files::name(path), args.require_vouched);
    Ok(CheckedExport { file, logs, absent, incomplete, require_vouched })
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
    args.vouching.add_to(&mut heads)?;
    Ok(heads)
}

/// A bar, if the file is large.
fn progress(size: Option<u64>) -> ProgressBar {
    match size.filter(|size| *size >= PROGRESS_FROM_BYTES) {
        Some(size) => progress::of_bytes(size),
        None => ProgressBar::hidden(),
    }
}
