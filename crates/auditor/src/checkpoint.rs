//! `audit-immutable checkpoint`: what a log has signed is read, and held against what it signed
//! earlier.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ledger::note::{Checkpoint, Note};
use ledger::tree::{ProofError, TreeHash, check_consistency};
use serde_json::{Map, Value, json};

use crate::keys::{KeyArgs, Keys};
use crate::outcome::{Failure, Outcome, Report};
use crate::signatures::Signatures;
use crate::text::{self, shown};

/// The most bytes of a checkpoint or a proof, which are much smaller.
const MOST: u64 = 1 << 20;

/// What `checkpoint` is given.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The checkpoint, as audit_immutable.checkpoint() returns it; standard input for -
    file: PathBuf,

    /// An earlier checkpoint of the same log: is it the beginning of this one?
    #[arg(long, value_name = "FILE")]
    older: Option<PathBuf>,

    /// What audit_immutable.consistency_proof() returns for the sizes of the two
    #[arg(long, value_name = "FILE", requires = "older")]
    proof: Option<PathBuf>,

    #[command(flatten)]
    keys: KeyArgs,
}

/// What was found in a checkpoint.
#[derive(Debug)]
pub struct Checked {
    newer: Signed,
    older: Option<(Signed, Result<(), Inconsistent>)>,
}

/// A checkpoint and who signed it.
#[derive(Debug)]
struct Signed {
    file: String,
    checkpoint: Checkpoint,
    signatures: Signatures,
}

/// Why one checkpoint is not the beginning of another.
#[derive(Debug)]
enum Inconsistent {
    /// They are of different logs.
    Origin,
    /// There is none of the proof that is needed, or it doesn't hold.
    Proof(ProofError),
}

/// Checks a checkpoint.
///
/// # Errors
/// If a file cannot be read or is not what it should be, if a proof is needed and not there, or the
/// keys make no sense.
pub fn run(args: &Args) -> Result<Checked, Failure> {
    let keys = args.keys.read()?;
    let newer = signed(&args.file, &keys)?;
    let Some(older) = &args.older else { return Ok(Checked { newer, older: None }) };
    let older = signed(older, &keys)?;
    let consistent = consistent(&older.checkpoint, &newer.checkpoint, args.proof.as_deref())?;
    Ok(Checked { newer, older: Some((older, consistent)) })
}

fn signed(path: &Path, keys: &Keys) -> Result<Signed, Failure> {
    let file = text::name(path);
    let no_checkpoint = |why: &dyn std::fmt::Display| {
        Failure::Unreadable(format!("{file}: it is no checkpoint: {why}"))
    };
    let text = text::read(path, MOST)?;
    let note: Note =
        text::without_psqls_break(&text).parse().map_err(|error| no_checkpoint(&error))?;
    let checkpoint = Checkpoint::of_note(&note).map_err(|error| no_checkpoint(&error))?;
    let signatures = Signatures::check(&note, &checkpoint.origin, keys);
    Ok(Signed { file, checkpoint, signatures })
}

fn consistent(
    older: &Checkpoint,
    newer: &Checkpoint,
    proof: Option<&Path>,
) -> Result<Result<(), Inconsistent>, Failure> {
    if older.origin != newer.origin {
        return Ok(Err(Inconsistent::Origin));
    }
    let proof = match proof {
        Some(path) => hashes(path)?,
        // Nothing has to be proved, or nothing could be.
        None if older.size == 0 || older.size >= newer.size => Vec::new(),
        None => {
            return Err(Failure::Usage(format!(
                "--older needs --proof FILE, with what \
                 SELECT audit_immutable.consistency_proof({}, {}) returns",
                older.size, newer.size
            )));
        }
    };
    let held = check_consistency(older.size, older.root, newer.size, newer.root, &proof);
    Ok(held.map_err(Inconsistent::Proof))
}

/// The hashes of a proof: base64, one a line.
fn hashes(path: &Path) -> Result<Vec<TreeHash>, Failure> {
    let file = text::read(path, MOST)?;
    let lines = file.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::parse).collect::<Result<_, _>>().map_err(|error| {
        Failure::Unreadable(format!("{}: it is no proof: {error}", text::name(path)))
    })
}

impl Checked {
    fn problems(&self) -> Vec<String> {
        let mut problems = self.newer.signatures.problems.clone();
        if let Some((older, consistent)) = &self.older {
            let of_older = older.signatures.problems.iter();
            problems.extend(of_older.map(|problem| format!("{}: {problem}", older.file)));
            let (old, new) = (&older.checkpoint, &self.newer.checkpoint);
            if let Err(inconsistent) = consistent {
                problems.push(inconsistent.told(old, new));
            }
        }
        problems
    }
}

impl Inconsistent {
    fn told(&self, old: &Checkpoint, new: &Checkpoint) -> String {
        match self {
            Self::Origin => format!(
                "the two checkpoints are of different logs, {} and {}",
                shown(&old.origin),
                shown(&new.origin)
            ),
            Self::Proof(ProofError::Shrunk { old, new }) => format!(
                "the earlier checkpoint has {old} leaves and the later one {new}: rows were taken \
                 away, or the two files are the wrong way round"
            ),
            Self::Proof(_) if old.size == new.size => format!(
                "there are two different trees of {}: what was signed was changed afterwards",
                text::some(old.size, "leaf", "leaves")
            ),
            Self::Proof(error) => format!(
                "it is not proved that the earlier checkpoint is the beginning of the later one: \
                 {error}. The log was changed, or this is not the proof for the sizes {} and {}",
                old.size, new.size
            ),
        }
    }
}

impl Report for Checked {
    fn outcome(&self) -> Outcome {
        let older = self.older.as_ref();
        if older.is_some_and(|(_, consistent)| consistent.is_err()) {
            return Outcome::Wrong;
        }
        let older = older.map_or(Outcome::Good, |(older, _)| older.signatures.outcome());
        match (self.newer.signatures.outcome(), older) {
            (Outcome::Wrong, _) | (_, Outcome::Wrong) => Outcome::Wrong,
            (Outcome::Good, other) => other,
            (other, _) => other,
        }
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        match (self.outcome(), &self.older) {
            (Outcome::Good, None) => writeln!(out, "good: the log has signed this checkpoint")?,
            (Outcome::Good, Some(_)) => writeln!(
                out,
                "good: the log has signed both checkpoints, and the later goes on where the earlier ends"
            )?,
            (Outcome::Unsigned, _) => writeln!(
                out,
                "THE LOG'S SIGNATURE WAS NOT CHECKED: anybody can make a checkpoint. Give the log's \
                 verifier key with --key"
            )?,
            _ => {
                for problem in self.problems() {
                    writeln!(out, "WRONG: {problem}")?;
                }
            }
        }
        let older = self.older.iter().map(|(older, _)| older);
        for Signed { checkpoint, signatures, .. } in older.chain([&self.newer]) {
            writeln!(out, "checkpoint of {}", shown(&checkpoint.origin))?;
            writeln!(out, "  size      {}", checkpoint.size)?;
            writeln!(out, "  root      {}", checkpoint.root)?;
            signatures.text(out)?;
        }
        Ok(())
    }

    fn json(&self) -> Map<String, Value> {
        let one = |signed: &Signed| {
            json!({
                "origin": signed.checkpoint.origin,
                "size": signed.checkpoint.size,
                "root": signed.checkpoint.root.to_string(),
                "signatures": signed.signatures.json(),
            })
        };
        let older = self.older.as_ref();
        Map::from_iter([
            ("problems".to_owned(), self.problems().into()),
            ("checkpoint".to_owned(), one(&self.newer)),
            ("older".to_owned(), older.map(|(older, _)| one(older)).into()),
            ("consistent".to_owned(), older.map(|(_, consistent)| consistent.is_ok()).into()),
        ])
    }
}
