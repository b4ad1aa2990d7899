//! docs/cases.jsonl: exports and receipts to be accepted or refused, made by others from docs/FORMAT.md alone.

use auditor::commands::receipt::{self, NotAReceipt};
use auditor::export::blocks::Blocks;
use auditor::export::{Incomplete, Judge, Obtained};
use auditor::outcome::{Outcome, Report};
use auditor::signatures::RequiredKeys;
use base64::engine::{Engine, general_purpose::STANDARD};
use ledger::Head;
use ledger::line::LineError;
use ledger::note::{Expected, KeyKind, ReceiptRowError, VerifierKey};
use serde::Deserialize;

const CASES: &str = include_str!("../../../../docs/cases.jsonl");

#[derive(Deserialize)]
struct Case {
    name: String,
    kind: String,
    file: Option<String>,
    file_base64: Option<String>,
    #[serde(default)]
    heads: Vec<String>,
    #[serde(default)]
    events: Vec<String>,
    #[serde(default)]
    keys: Vec<String>,
    origin: Option<String>,
    log: Option<String>,
    verdict: String,
    #[serde(default)]
    version: bool,
    why: String,
}

/// What came of a case.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Accepted,
    Refused,
    /// Refused because it is of another version.
    OtherVersion,
}

impl Case {
    fn bytes(&self) -> Vec<u8> {
        match (&self.file, &self.file_base64) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(base64)) => STANDARD.decode(base64).unwrap(),
            _ => panic!("{}: one file, text or base64", self.name),
        }
    }

    fn expected(&self) -> Verdict {
        match (self.verdict.as_str(), self.version) {
            ("accept", false) => Verdict::Accepted,
            ("refuse", false) => Verdict::Refused,
            ("refuse", true) => Verdict::OtherVersion,
            other => panic!("{}: {other:?}", self.name),
        }
    }
}

/// Judges a file as `verify` does.
fn judge_export(case: &Case) -> Verdict {
    let mut obtained = Obtained::default();
    for head in &case.heads {
        if obtained.heads.add(head.parse::<Head>().unwrap()).is_err() {
            return Verdict::Refused;
        }
    }
    obtained.events = case.events.iter().map(|event| event.parse().unwrap()).collect();
    let mut judge = Judge::new(obtained, usize::MAX);
    let mut incomplete = None;
    'blocks: for block in
        Blocks::of(Box::new(std::io::Cursor::new(case.bytes())), 64 << 20).unwrap()
    {
        for (text, line) in block.lines() {
            incomplete = judge.line(text, line).err();
            if incomplete.is_some() {
                break 'blocks;
            }
        }
        if let Some(end) = block.end {
            incomplete = judge.end(end);
        }
    }
    let (logs, _) = judge.finish(incomplete.is_none());
    match incomplete {
        Some(Incomplete::NotExport { fault: LineError::Version(_), .. }) => Verdict::OtherVersion,
        None if logs.iter().all(|log| log.count == 0) => Verdict::Accepted,
        _ => Verdict::Refused,
    }
}

/// Judges a receipt as `receipt` does, but that no known witness need have cosigned.
fn judge_receipt(case: &Case) -> Verdict {
    let Ok(text) = String::from_utf8(case.bytes()) else { return Verdict::Refused };
    let keys = case.keys.iter().map(|key| key.parse::<VerifierKey>().unwrap());
    let (log, witnesses) = keys.partition(|key| key.kind() == KeyKind::Ed25519);
    let keys = RequiredKeys { log, witnesses, min_witnesses: 0 };
    // Of what is no origin no checkpoint is: the command line is refused.
    let Ok(origin) = case.origin.as_deref().map(str::parse).transpose() else {
        return Verdict::Refused;
    };
    let log = case.log.as_deref().map(|log| log.parse().unwrap());
    let expected = Expected { origin: origin.as_ref(), log };
    match receipt::check(&text, &expected, &keys) {
        Ok(checked) if checked.outcome() == Outcome::Good => Verdict::Accepted,
        Err(NotAReceipt::Row(ReceiptRowError::Opening(LineError::Version(_)))) => {
            Verdict::OtherVersion
        }
        Ok(_) | Err(_) => Verdict::Refused,
    }
}

/// Judges all cases of a kind, and says of how many `judge` comes to another verdict.
fn compare(kind: &str, judge: fn(&Case) -> Verdict) {
    let cases = CASES.lines().map(|line| serde_json::from_str::<Case>(line).unwrap());
    let cases: Vec<Case> = cases.filter(|case| case.kind == kind).collect();
    assert!(cases.len() > 200, "{} cases of {kind}", cases.len());
    let mut others = Vec::new();
    for case in cases {
        let verdict = judge(&case);
        if verdict != case.expected() {
            others.push(format!("{}: {verdict:?}, but: {}", case.name, case.why));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

#[test]
fn exports_are_accepted_and_refused() {
    compare("export", judge_export);
}

#[test]
fn receipts_are_accepted_and_refused() {
    compare("receipt", judge_receipt);
}
