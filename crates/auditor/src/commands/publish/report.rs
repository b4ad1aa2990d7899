//! What a round of publishing has to say.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::round::PublishRound;
use crate::{
    outcome::{Outcome, Report},
    rounds::RoundReport,
    text::printable,
};

impl Report for PublishRound {
    fn outcome(&self) -> Outcome {
        Outcome::Good
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(now) = &self.now else {
            return writeln!(out, "the server has no checkpoint yet, and none was published");
        };
        let (origin, size) = (now.origin.to_string(), now.size);
        let Some(copied) = &self.copied else {
            return writeln!(out, "{}: {size} entries, as before", printable(&origin));
        };
        writeln!(
            out,
            "{}: {size} entries published: {} new tiles and {} new entry bundles, {} bytes",
            printable(&origin),
            copied.tiles,
            copied.bundles,
            copied.bytes
        )?;
        if copied.gone > 0 {
            writeln!(
                out,
                "{} entry bundles are left out: the server does not have all of their rows any more",
                copied.gone
            )?;
        }
        if let Some(alarm) = &self.accepted {
            writeln!(out, "accepted by the operator, though {}", printable(&alarm.to_string()))?;
        }
        Ok(())
    }

    fn json(&self) -> Map<String, Value> {
        let mut all = Map::new();
        let action = match (&self.now, &self.copied) {
            (None, _) => "nothing",
            (_, None) => "unchanged",
            (_, Some(_)) => "published",
        };
        all.insert("action".into(), action.into());
        if let Some(now) = &self.now {
            all.extend(now.json());
        }
        if let Some(before) = self.before {
            all.insert("published_before".into(), before.json());
        }
        if let Some(copied) = &self.copied {
            all.insert("tiles".into(), copied.tiles.into());
            all.insert("bundles".into(), copied.bundles.into());
            all.insert("bundles_gone".into(), copied.gone.into());
            all.insert("bytes".into(), copied.bytes.into());
        }
        if let Some(alarm) = &self.accepted {
            all.insert("accepted".into(), alarm.json().into());
        }
        all
    }
}

impl RoundReport for PublishRound {
    fn is_news(&self) -> bool {
        self.copied.is_some()
    }
}
