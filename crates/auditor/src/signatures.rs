//! Who has signed a checkpoint, as far as the keys given can tell.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::slice;

use ledger::note::{Note, Signature, VerifierKey, VerifyError};
use serde_json::{Value, json};

use crate::outcome::Outcome;
use crate::text::{self, printable};

/// Whose signatures a checkpoint must have.
#[derive(Clone, Debug)]
pub struct RequiredKeys {
    /// The log's keys: one of them that has the origin's name must have signed. None if it is not to be checked
    /// who signed.
    pub log: Vec<VerifierKey>,
    /// The witnesses' keys.
    pub witnesses: Vec<VerifierKey>,
    /// How many of the witnesses must have cosigned.
    pub min_witnesses: usize,
}

/// The signatures of a note, checked.
#[derive(Clone, Debug)]
pub struct Signatures {
    /// Each, in the order of the note.
    all: Vec<(Signature, Verdict)>,
    /// Whether no key of the log was given.
    unchecked: bool,
    /// What is wrong, a sentence each.
    pub problems: Vec<String>,
}

/// What was found out about a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// It is good.
    Good {
        /// When, if it is a cosignature: seconds from 1970.
        time: Option<u64>,
    },
    /// It is not the signature of the key it names.
    Bad,
    /// The key it names was not given.
    NoKey,
}

impl Signatures {
    /// Checks the signatures of `note`, which holds a checkpoint of `origin`.
    pub fn check(note: &Note, origin: &str, keys: &RequiredKeys) -> Self {
        let given = Judged::of(note, keys.log.iter().chain(&keys.witnesses));
        let judged = |one: &Signature| (one.clone(), given.verdict_on(one));
        let all: Vec<_> = note.signatures().iter().map(judged).collect();
        let bad = all.iter().filter(|(_, verdict)| *verdict == Verdict::Bad);
        let mut problems: Vec<String> = bad
            .map(|(signature, _)| {
                format!(
                    "the signature in the name of {} is not good: the checkpoint was changed, or \
                     somebody else signed it",
                    printable(signature.name.as_str())
                )
            })
            .collect();
        if problems.is_empty() {
            problems.extend(log_missing(&given, origin, &keys.log));
            problems.extend(witnesses_missing(&given, keys));
        }
        Self { all, unchecked: keys.log.is_empty(), problems }
    }

    /// How it would end if nothing but the signatures were to be checked.
    pub fn outcome(&self) -> Outcome {
        match (self.problems.is_empty(), self.unchecked) {
            (false, _) => Outcome::Wrong,
            (true, true) => Outcome::Unsigned,
            (true, false) => Outcome::Good,
        }
    }

    /// How many witnesses have cosigned whose keys were given, and when the latest of them did: seconds from 1970.
    pub fn cosigned(&self) -> (usize, Option<u64>) {
        let mut witnesses = BTreeSet::new();
        let mut latest = None;
        for (signature, verdict) in &self.all {
            if let Verdict::Good { time: time @ Some(_) } = verdict {
                witnesses.insert((signature.name.as_str(), signature.key_id));
                latest = latest.max(*time);
            }
        }
        (witnesses.len(), latest)
    }

    /// Writes a line for each signature.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        for (signature, verdict) in &self.all {
            let name = printable(signature.name.as_str());
            let id = key_id(signature.key_id);
            match verdict {
                Verdict::Good { time: None } => writeln!(out, "  signed    by {name} (key {id})")?,
                Verdict::Good { time: Some(time) } => {
                    writeln!(out, "  cosigned  by {name} (key {id}) at {}", text::time(*time))?;
                }
                Verdict::Bad => {
                    writeln!(out, "  BAD       signature in the name of {name} (key {id})")?
                }
                Verdict::NoKey => {
                    writeln!(
                        out,
                        "  unknown   signature in the name of {name} (key {id}): not checked"
                    )?;
                }
            }
        }
        Ok(())
    }

    /// The same for JSON.
    pub fn json(&self) -> Value {
        let one = |(signature, verdict): &(Signature, Verdict)| {
            let (verdict, time) = match verdict {
                Verdict::Good { time } => ("good", *time),
                Verdict::Bad => ("bad", None),
                Verdict::NoKey => ("unknown", None),
            };
            json!({
                "name": signature.name.as_str(),
                "key_id": key_id(signature.key_id),
                "verdict": verdict,
                "cosigned_at": time.map(text::time),
            })
        };
        self.all.iter().map(one).collect()
    }
}

/// The keys given, with what the note's signatures in the name of each are worth. Each is asked once: a note may
/// have a hundred signatures of one key.
struct Judged<'k>(Vec<(&'k VerifierKey, Verdict)>);

impl<'k> Judged<'k> {
    fn of(note: &Note, keys: impl Iterator<Item = &'k VerifierKey>) -> Self {
        Self(keys.map(|key| (key, verdict(note, key))).collect())
    }

    fn verdict_on(&self, signature: &Signature) -> Verdict {
        self.find(|key| (key.name(), key.id()) == (&signature.name, signature.key_id))
    }

    fn has_signed(&self, wanted: &VerifierKey) -> bool {
        matches!(self.find(|key| key == wanted), Verdict::Good { .. })
    }

    fn find(&self, is_it: impl Fn(&VerifierKey) -> bool) -> Verdict {
        self.0.iter().find(|(key, _)| is_it(key)).map_or(Verdict::NoKey, |(_, verdict)| *verdict)
    }
}

fn verdict(note: &Note, key: &VerifierKey) -> Verdict {
    match note.verify(slice::from_ref(key)).as_deref() {
        Ok([signed]) => Verdict::Good { time: signed.time },
        Ok(_) | Err(VerifyError::NoneKnown) => Verdict::NoKey,
        Err(VerifyError::Bad(_)) => Verdict::Bad,
    }
}

/// What is wrong if no key of the log has signed, although some were given.
fn log_missing(given: &Judged<'_>, origin: &str, keys: &[VerifierKey]) -> Option<String> {
    let (own, other): (Vec<_>, Vec<_>) = keys.iter().partition(|key| key.name().as_str() == origin);
    if own.iter().any(|key| given.has_signed(key)) || keys.is_empty() {
        return None;
    }
    Some(if own.is_empty() {
        let names: Vec<String> = other.iter().map(|key| printable(key.name().as_str())).collect();
        format!(
            "the checkpoint is of {}, but the key given is of {}",
            printable(origin),
            names.join(" and ")
        )
    } else {
        format!("the log, {}, has not signed with the key given", printable(origin))
    })
}

/// What is wrong if too few witnesses have cosigned.
fn witnesses_missing(given: &Judged<'_>, keys: &RequiredKeys) -> Option<String> {
    let (there, missing): (Vec<_>, Vec<_>) =
        keys.witnesses.iter().partition(|key| given.has_signed(key));
    if there.len() >= keys.min_witnesses {
        return None;
    }
    let missing: Vec<String> = missing.iter().map(|key| printable(key.name().as_str())).collect();
    Some(format!(
        "{} must have cosigned and {} did; not there: {}",
        text::count(keys.min_witnesses as u64, "witness", "witnesses"),
        there.len(),
        missing.join(", ")
    ))
}

fn key_id(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}
