//! `audit-immutable checkpoint`: checks who signed a checkpoint, and that it goes on where an earlier one ended.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ledger::note::{Checkpoint, Note};
use ledger::tree::{ProofError, TreeHash, check_consistency};
use serde_json::{Map, Value, json};

use crate::files;
use crate::options::SignatureOptions;
use crate::outcome::{Failure, Outcome, Report};
use crate::signatures::{RequiredKeys, Signatures};
use crate::text::{self, printable};

/// More bytes than a checkpoint or a proof has.
const MAX_FILE_BYTES: u64 = 1 << 20;

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
    signatures: SignatureOptions,
}

/// What was found in a checkpoint.
#[derive(Debug)]
pub struct CheckedCheckpoint {
    newer: CheckedFile,
    older: Option<(CheckedFile, Result<(), Inconsistent>)>,
}

/// A file with a checkpoint, and who signed it.
#[derive(Debug)]
struct CheckedFile {
    name: String,
    checkpoint: Checkpoint,
    signatures: Signatures,
}

/// Why one checkpoint is not the beginning of another.
#[derive(Debug)]
enum Inconsistent {
    /// They are of different logs.
    Origin,
    /// The proof that is needed is not there, or it does not hold.
    Proof(ProofError),
}

/// Checks a checkpoint.
///
/// # Errors
/// [`Failure`] if a file cannot be read or is not what it should be, if a proof is needed and not there, or the
/// keys cannot be used.
pub fn run(args: &Args) -> Result<CheckedCheckpoint, Failure> {
    let keys = args.signatures.keys()?;
    let newer = checked(&args.file, &keys)?;
    let Some(older) = &args.older else { return Ok(CheckedCheckpoint { newer, older: None }) };
    let older = checked(older, &keys)?;
    let consistent = consistent(&older.checkpoint, &newer.checkpoint, args.proof.as_deref())?;
    Ok(CheckedCheckpoint { newer, older: Some((older, consistent)) })
}

fn checked(path: &Path, keys: &RequiredKeys) -> Result<CheckedFile, Failure> {
    let not_a_checkpoint = |why: &dyn std::fmt::Display| {
        files::unreadable(path, &format_args!("it is no checkpoint: {why}"))
    };
    let text = files::read_text(path, MAX_FILE_BYTES)?;
    let note: Note =
        text::without_psql_newline(&text).parse().map_err(|error| not_a_checkpoint(&error))?;
    let checkpoint = Checkpoint::of_note(&note).map_err(|error| not_a_checkpoint(&error))?;
    let signatures = Signatures::check(&note, &checkpoint.origin, keys);
    Ok(CheckedFile { name: files::name(path), checkpoint, signatures })
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
    let text = files::read_text(path, MAX_FILE_BYTES)?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|error| files::unreadable(path, &format_args!("it is no proof: {error}")))
}

impl CheckedCheckpoint {
    fn problems(&self) -> Vec<String> {
        let mut problems = self.newer.signatures.problems.clone();
        if let Some((older, consistent)) = &self.older {
            let of_older = older.signatures.problems.iter();
            problems.extend(of_older.map(|problem| format!("{}: {problem}", older.name)));
            let (old, new) = (&older.checkpoint, &self.newer.checkpoint);
            if let Err(inconsistent) = consistent {
                problems.push(inconsistent.sentence(old, new));
            }
        }
        problems
    }
}

impl Inconsistent {
    fn sentence(&self, old: &Checkpoint, new: &Checkpoint) -> String {
        match self {
            Self::Origin => format!(
                "the two checkpoints are of different logs, {} and {}",
                printable(&old.origin),
                printable(&new.origin)
            ),
            Self::Proof(ProofError::Shrunk { old, new }) => format!(
                "the earlier checkpoint has {old} leaves and the later one {new}: rows were taken \
                 away, or the two files are the wrong way round"
            ),
            Self::Proof(_) if old.size == 0 || old.size == new.size && old.root == new.root => {
                "from one checkpoint to the other no proof is needed, so the one given is of others"
                    .to_owned()
            }
            Self::Proof(_) if old.size == new.size => format!(
                "there are two different trees of {}: what was signed was changed afterwards",
                text::count(old.size, "leaf", "leaves")
            ),
            Self::Proof(error) => format!(
                "it is not proved that the earlier checkpoint is the beginning of the later one: \
                 {error}. The log was changed, or this is not the proof for the sizes {} and {}",
                old.size, new.size
            ),
        }
    }
}

impl Report for CheckedCheckpoint {
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
                    writeln!(out, "WRONG: {}", printable(&problem))?;
                }
            }
        }
        let older = self.older.iter().map(|(older, _)| older);
        for CheckedFile { checkpoint, signatures, .. } in older.chain([&self.newer]) {
            writeln!(out, "checkpoint of {}", printable(&checkpoint.origin))?;
            writeln!(out, "  size      {}", checkpoint.size)?;
            writeln!(out, "  root      {}", checkpoint.root)?;
            signatures.text(out)?;
        }
        Ok(())
    }

    fn json(&self) -> Map<String, Value> {
        let one = |file: &CheckedFile| {
            json!({
                "origin": file.checkpoint.origin,
                "size": file.checkpoint.size,
                "root": file.checkpoint.root.to_string(),
                "signatures": file.signatures.json(),
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
