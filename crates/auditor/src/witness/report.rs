//! What a round of the witness has to say.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::{Manner, Round, Step, Stop};
use crate::{
    log::Signed,
    outcome::{Failure, Outcome, Report},
    text::shown,
    watch,
};

impl Report for Round {
    fn outcome(&self) -> Outcome {
        if self.missing.is_empty() { Outcome::Good } else { Outcome::Unreadable }
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(now) = &self.now else {
            return writeln!(out, "the server has no checkpoint yet, and none was witnessed");
        };
        writeln!(out, "{}: {}", shown(&now.origin.to_string()), self.sentence(now))?;
        if let Some(stored) = self.stored() {
            writeln!(out, "stored as {stored}")?;
        }
        writeln!(out, "cosigned by {}", shown(&self.cosigned_by.join(", ")))?;
        for (url, error) in &self.missing {
            writeln!(out, "not cosigned by {url}: {}", shown(&error.to_string()))?;
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
            all.insert("origin".into(), now.origin.to_string().into());
            all.insert("incarnation".into(), now.origin.incarnation.into());
            all.insert("size".into(), now.size.into());
            all.insert("root".into(), now.root.to_string().into());
        }
        if let Some(before) = self.before {
            all.insert("held".into(), before.json());
        }
        if let Step::Witnessed { manner, .. } = &self.step {
            all.insert("manner".into(), manner.word().into());
        }
        if let Step::Witnessed { manner: Manner::Incarnation { whole }, .. } = self.step {
            all.insert("whole".into(), whole.into());
        }
        if let Step::Witnessed { manner: Manner::Accepted(alarm), .. } = &self.step {
            all.insert("accepted".into(), alarm.json().into());
        }
        all.insert("stored".into(), self.stored().into());
        all.insert("cosigned_by".into(), self.cosigned_by.clone().into());
        all.insert("missing".into(), missing.into());
        all
    }
}

impl watch::Round for Round {
    fn is_news(&self) -> bool {
        !matches!(self.step, Step::Nothing | Step::Same { stored: None })
            || !self.missing.is_empty()
    }
}

impl Round {
    fn stored(&self) -> Option<String> {
        match &self.step {
            Step::Nothing => None,
            Step::Same { stored } => stored.as_ref().map(ToString::to_string),
            Step::Witnessed { stored, .. } => Some(stored.to_string()),
        }
    }

    fn action(&self) -> &'static str {
        match self.step {
            Step::Nothing => "nothing",
            Step::Same { .. } => "unchanged",
            Step::Witnessed { .. } => "witnessed",
        }
    }

    fn sentence(&self, now: &Signed) -> String {
        let size = now.size;
        let before = self.before.map_or(0, |before| before.size);
        let earlier = self.before.map_or(0, |before| before.incarnation);
        match &self.step {
            Step::Nothing | Step::Same { .. } => format!("{size} entries, as before"),
            Step::Witnessed { manner, .. } => match manner {
                Manner::First => format!("{size} entries witnessed, for the first time"),
                Manner::Grown => {
                    format!("{size} entries witnessed, {} more than before", size - before)
                }
                Manner::Incarnation { whole: true } => format!(
                    "{size} entries witnessed of a new incarnation, which acknowledges the {before} that were \
                     witnessed of incarnation {earlier}; the server still has their tree"
                ),
                Manner::Incarnation { whole: false } => format!(
                    "{size} entries witnessed of a new incarnation, which acknowledges the {before} that were \
                     witnessed of incarnation {earlier}; the server does not have all of these any more: it was \
                     restored from an older state, and audit_immutable.incarnation says why"
                ),
                Manner::Accepted(alarm) => {
                    format!(
                        "{size} entries witnessed, as accepted by the operator, though {}",
                        shown(&alarm.to_string())
                    )
                }
            },
        }
    }
}

impl Manner {
    const fn word(&self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Grown => "grown",
            Self::Incarnation { .. } => "incarnation",
            Self::Accepted(_) => "accepted",
        }
    }
}

impl From<Stop> for watch::Stop {
    fn from(stop: Stop) -> Self {
        let text = stop.to_string();
        match stop {
            Stop::Alarm(alarm) => Self::Alarm(alarm),
            Stop::Log(_) | Stop::Archive(_) => Self::Passing(Failure::Unreadable(text)),
            Stop::Sign(_) | Stop::Note(_) => Self::Lasting(Failure::Unreadable(text)),
        }
    }
}
