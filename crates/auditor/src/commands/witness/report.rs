//! What a round of the witness has to say.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::round::{Action, Continuation, WitnessRound};
use crate::{
    log::SignedCheckpoint,
    outcome::{Outcome, Report},
    rounds::RoundReport,
    text::printable,
};

impl Report for WitnessRound {
    fn outcome(&self) -> Outcome {
        if self.missing.is_empty() { Outcome::Good } else { Outcome::Unreadable }
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(now) = &self.now else {
            return writeln!(out, "the server has no checkpoint yet, and none was witnessed");
        };
        writeln!(out, "{}: {}", printable(&now.origin.to_string()), self.sentence(now))?;
        if let Some(stored) = self.stored() {
            writeln!(out, "stored as {stored}")?;
        }
        writeln!(out, "cosigned by {}", printable(&self.cosigned_by.join(", ")))?;
        for (url, error) in &self.missing {
            writeln!(out, "not cosigned by {url}: {}", printable(&error.to_string()))?;
        }
        Ok(())
    }

    fn json(&self) -> Map<String, Value> {
        let missing: Vec<Value> = self
            .missing
            .iter()
            .map(|(url, error)| json!({ "witness": url, "reason": error.to_string() }))
            .collect();
        let mut all = Map::new();
        all.insert("action".into(), self.action().into());
        if let Some(now) = &self.now {
            all.extend(now.json());
        }
        if let Some(before) = self.before {
            all.insert("held".into(), before.json());
        }
        if let Action::Witnessed { continuation, .. } = &self.action {
            all.insert("continuation".into(), continuation.word().into());
        }
        if let Action::Witnessed { continuation: Continuation::Incarnation { whole }, .. } =
            self.action
        {
            all.insert("whole".into(), whole.into());
        }
        if let Action::Witnessed { continuation: Continuation::Accepted(alarm), .. } = &self.action
        {
            all.insert("accepted".into(), alarm.json().into());
        }
        all.insert("stored".into(), self.stored().into());
        all.insert("cosigned_by".into(), self.cosigned_by.clone().into());
        all.insert("missing".into(), missing.into());
        all
    }
}

impl RoundReport for WitnessRound {
    fn is_news(&self) -> bool {
        !matches!(self.action, Action::Nothing | Action::Same { stored: None })
            || !self.missing.is_empty()
    }
}

impl WitnessRound {
    fn stored(&self) -> Option<String> {
        match &self.action {
            Action::Nothing => None,
            Action::Same { stored } => stored.as_ref().map(ToString::to_string),
            Action::Witnessed { stored, .. } => Some(stored.to_string()),
        }
    }

    fn action(&self) -> &'static str {
        match self.action {
            Action::Nothing => "nothing",
            Action::Same { .. } => "unchanged",
            Action::Witnessed { .. } => "witnessed",
        }
    }

    fn sentence(&self, now: &SignedCheckpoint) -> String {
        let size = now.size;
        let before = self.before.map_or(0, |before| before.size);
        let earlier = self.before.map_or(0, |before| before.incarnation);
        match &self.action {
            Action::Nothing | Action::Same { .. } => format!("{size} entries, as before"),
            Action::Witnessed { continuation, .. } => match continuation {
                Continuation::First => format!("{size} entries witnessed, for the first time"),
                Continuation::Grown => {
                    format!("{size} entries witnessed, {} more than before", size - before)
                }
                Continuation::Incarnation { whole: true } => format!(
                    "{size} entries witnessed of a new incarnation, which acknowledges the {before} that were \
                     witnessed of incarnation {earlier}; the server still has their tree"
                ),
                Continuation::Incarnation { whole: false } => format!(
                    "{size} entries witnessed of a new incarnation, which acknowledges the {before} that were \
                     witnessed of incarnation {earlier}; the server does not have all of these any more: it was \
                     restored from an older state, and audit_immutable.incarnation says why"
                ),
                Continuation::Accepted(alarm) => {
                    format!(
                        "{size} entries witnessed, as accepted by the operator, though {}",
                        printable(&alarm.to_string())
                    )
                }
            },
        }
    }
}

impl Continuation {
    const fn word(&self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Grown => "grown",
            Self::Incarnation { .. } => "incarnation",
            Self::Accepted(_) => "accepted",
        }
    }
}
