//! docs/cases.jsonl: files and receipts to be accepted or refused, made by others from docs/FORMAT.md alone.
//!
//! Of files, what can be told from a line, or from a row and what is disclosed of it. The auditor, which judges
//! whole files, runs the rest.
#![allow(clippy::unwrap_used, missing_docs)]

use base64::engine::{Engine, general_purpose::STANDARD};
use ledger::line::{Disclosure, Line, LineError};
use ledger::note::{Checkpoint, Expected, Receipt, ReceiptRowError, VerifierKey};
use serde::Deserialize;

const CASES: &str = include_str!("../../../docs/cases.jsonl");

/// Rules about more than a line.
const OF_FILES: [&str; 10] = [
    "Verifying a file, 3: ",
    "Verifying a file, 4: ",
    "Verifying a file, 5: ",
    "Verifying a file, 6: ",
    "The export file: heads are compared",
    "Terms: `prev` is a hash, that of a line's bytes",
    "Columns as commitments: the line before isn't that row's",
    "Columns as commitments: no `prev` names a disclosure",
    "Gaps: ",
    "Rows that were restored or imported: ",
];

#[derive(Deserialize)]
struct Case {
    name: String,
    kind: String,
    file: Option<String>,
    file_base64: Option<String>,
    #[serde(default)]
    keys: Vec<String>,
    origin: Option<String>,
    log: Option<String>,
    verdict: String,
    #[serde(default)]
    version: bool,
    why: String,
}

/// What is wrong, and whether it is the version.
struct Refused {
    version: bool,
    reason: String,
}

impl Case {
    fn bytes(&self) -> Vec<u8> {
        match (&self.file, &self.file_base64) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(base64)) => STANDARD.decode(base64).unwrap(),
            _ => panic!("{}: one file, text or base64", self.name),
        }
    }

    fn is_accepted(&self) -> bool {
        match self.verdict.as_str() {
            "accept" => true,
            "refuse" => false,
            other => panic!("{}: {other}", self.name),
        }
    }

    /// Whether this crate sees what is wrong.
    fn is_seen_here(&self) -> bool {
        !OF_FILES.iter().any(|rule| self.why.starts_with(rule))
    }
}

fn cases(kind: &str) -> Vec<Case> {
    let cases = CASES.lines().map(|line| serde_json::from_str::<Case>(line).unwrap());
    cases.filter(|case| case.kind == kind).collect()
}

fn check_lines(file: &[u8]) -> Result<(), Refused> {
    let mut before = None;
    for text in file.strip_suffix(b"\n").unwrap_or(file).split(|byte| *byte == b'\n') {
        let line = Line::read(text).map_err(|error| Refused {
            version: matches!(error, LineError::Version(_)),
            reason: error.to_string(),
        })?;
        if let (Line::Disclosure(disclosure), Some(Line::Row(row))) = (&line, &before) {
            let checked = Disclosure::check(disclosure, row);
            checked.map_err(|error| Refused { version: false, reason: error.to_string() })?;
        }
        before = Some(line);
    }
    Ok(())
}

fn check_receipt(case: &Case) -> Result<(), Refused> {
    let refused = |reason: String| Refused { version: false, reason };
    let text = String::from_utf8(case.bytes()).map_err(|error| refused(error.to_string()))?;
    let receipt: Receipt = text.parse().map_err(|error| refused(format!("{error}")))?;
    // Nobody can expect an origin that is none; the receipt is to be refused for having it.
    let origin = case.origin.as_deref().and_then(|origin| origin.parse().ok());
    let log = case.log.as_deref().map(|log| log.parse().unwrap());
    let expected = Expected { origin: origin.as_ref(), log };
    receipt.check_row(&expected).map_err(|error| Refused {
        version: matches!(error, ReceiptRowError::Opening(LineError::Version(_))),
        reason: error.to_string(),
    })?;
    let keys: Vec<VerifierKey> = case.keys.iter().map(|key| key.parse().unwrap()).collect();
    Checkpoint::open(&receipt.note, &keys).map_err(|error| refused(error.to_string()))?;
    Ok(())
}

/// Compares a verdict with the case's; only what is wrong for the right reason counts as refused.
fn compare(case: &Case, verdict: Result<(), Refused>) {
    let Case { name, why, version, .. } = case;
    match verdict {
        Ok(()) => assert!(case.is_accepted(), "{name} was accepted: {why}"),
        Err(Refused { version: seen, reason }) => {
            assert!(!case.is_accepted(), "{name} was refused, {reason}: {why}");
            assert_eq!(seen, *version, "{name} was refused, {reason}: {why}");
        }
    }
}

#[test]
fn the_lines_of_exports_are_accepted_and_refused() {
    let mut refused = 0;
    for case in cases("export") {
        if case.is_accepted() || case.is_seen_here() {
            compare(&case, check_lines(&case.bytes()));
            refused += usize::from(!case.is_accepted());
        }
    }
    assert!(refused > 400, "{refused} refused");
}

#[test]
fn receipts_are_accepted_and_refused() {
    let cases = cases("receipt");
    cases.iter().for_each(|case| compare(case, check_receipt(case)));
    let refused = cases.iter().filter(|case| !case.is_accepted()).count();
    assert!(refused > 150 && cases.len() - refused > 30, "{refused} of {} refused", cases.len());
}
