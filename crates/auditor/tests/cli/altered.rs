//! Receipts that were altered anywhere: none ever proves another row.

use auditor::commands::receipt::check;
use auditor::outcome::{Outcome, Report};
use auditor::signatures::RequiredKeys;
use ledger::note::Expected;
use proptest::prelude::*;

use crate::make::{ORIGIN, Tree, default, own, witness};

fn keys() -> RequiredKeys {
    let witnesses = vec![witness("w1.example", 11).verifier().clone()];
    RequiredKeys { log: vec![own().verifier().clone()], witnesses, min_witnesses: 1 }
}

fn receipt() -> String {
    let mut receipt = Tree::of(default()).receipt(3, 9);
    receipt
        .note
        .push(witness("w1.example", 11).cosign(&receipt.note, 1_795_183_200).unwrap())
        .unwrap();
    receipt.to_string()
}

/// What an altered receipt comes to.
#[derive(PartialEq)]
enum Verdict {
    Refused,
    /// It proves what it always did.
    Same,
    /// That must never be.
    Other,
}

fn verdict(altered: &[u8]) -> Verdict {
    let Ok(text) = str::from_utf8(altered) else { return Verdict::Refused };
    let Ok(checked) = check(text, &Expected::default(), &keys()) else { return Verdict::Refused };
    let mut said = Vec::new();
    checked.text(&mut said).unwrap();
    let said = String::from_utf8(said).unwrap();
    match (checked.outcome(), checked.row()) {
        (Outcome::Wrong, None) if said.starts_with("WRONG: ") && !said.contains("\"row\"") => {
            Verdict::Refused
        }
        (Outcome::Good, Some(row))
            if row.line == default()[3]
                && row.opening.to_line() == default()[0]
                && row.checkpoint.origin == ORIGIN =>
        {
            Verdict::Same
        }
        _ => Verdict::Other,
    }
}

#[test]
fn every_byte_of_a_receipt() {
    let good = receipt();
    assert!(verdict(good.as_bytes()) == Verdict::Same);
    let mut same = 0;
    for at in 0..good.len() {
        for bit in [0, 1 + at % 7] {
            let mut altered = good.clone().into_bytes();
            altered[at] ^= 1 << bit;
            let verdict = verdict(&altered);
            assert!(verdict != Verdict::Other, "byte {at}, bit {bit}");
            same += usize::from(verdict == Verdict::Same);
        }
    }
    // The leaf commits to all of both lines, and all that is signed by a known key counts.
    assert_eq!(same, 0, "of {}", 2 * good.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..Default::default() })]

    #[test]
    fn parts_replaced(from in any::<prop::sample::Index>(), len in 0usize..80, by in prop::collection::vec(any::<u8>(), 0..80)) {
        let mut altered = receipt().into_bytes();
        let from = from.index(altered.len());
        let to = altered.len().min(from + len);
        altered.splice(from..to, by);
        prop_assert!(verdict(&altered) != Verdict::Other);
    }

    #[test]
    fn lines_moved(a in 0usize..12, b in 0usize..12, remove in any::<bool>()) {
        let good = receipt();
        let mut lines: Vec<&str> = good.split('\n').collect();
        let (a, b) = (a % lines.len(), b % lines.len());
        if remove {
            lines.remove(a);
        } else {
            lines.swap(a, b);
        }
        prop_assert!(verdict(lines.join("\n").as_bytes()) != Verdict::Other);
    }

    #[test]
    fn no_text_proves_anything(text: String) {
        prop_assert!(check(&text, &Expected::default(), &keys()).is_err());
    }
}
