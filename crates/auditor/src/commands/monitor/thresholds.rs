//! From when on a value is a warning, or critical.

use std::process::ExitCode;
use std::str::FromStr;

/// The state of a service, as plugins have it. Each has its exit code, the number here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Ok = 0,
    Warning = 1,
    Critical = 2,
    Unknown = 3,
}

/// What is measured and may have thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Metric {
    CheckpointAge,
    UnsignedRows,
    WitnessAge,
    VerifiedAge,
}

/// A value from which on something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Threshold {
    metric: Metric,
    above: i64,
}

/// All thresholds: those that were given, and for the others the usual ones.
#[derive(Clone, Debug)]
pub(super) struct Thresholds {
    warning: Vec<Threshold>,
    critical: Vec<Threshold>,
}

impl Level {
    /// The word for it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

impl From<Level> for ExitCode {
    fn from(level: Level) -> Self {
        Self::from(level as u8)
    }
}

impl Metric {
    const ALL: [Self; 4] =
        [Self::CheckpointAge, Self::UnsignedRows, Self::WitnessAge, Self::VerifiedAge];

    /// Its name, on the command line and in performance data.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::CheckpointAge => "checkpoint_age",
            Self::UnsignedRows => "unsigned_rows",
            Self::WitnessAge => "witness_age",
            Self::VerifiedAge => "verified_age",
        }
    }

    /// The unit of its values.
    pub(super) const fn unit(self) -> &'static str {
        match self {
            Self::UnsignedRows => "",
            _ => "s",
        }
    }

    /// The usual thresholds: for how often a log is to be verified there are none.
    const fn usual(self) -> (Option<i64>, Option<i64>) {
        match self {
            Self::CheckpointAge => (Some(300), Some(900)),
            Self::UnsignedRows => (Some(100_000), Some(1_000_000)),
            Self::WitnessAge => (Some(900), Some(3600)),
            Self::VerifiedAge => (None, None),
        }
    }
}

impl Thresholds {
    pub(super) fn new(warning: &[Threshold], critical: &[Threshold]) -> Self {
        Self { warning: warning.to_vec(), critical: critical.to_vec() }
    }

    /// From when on a metric is a warning, and critical. If only one is given, there is only that one.
    pub(super) fn of(&self, metric: Metric) -> (Option<i64>, Option<i64>) {
        let given = |all: &[Threshold]| {
            all.iter().rev().find(|one| one.metric == metric).map(|one| one.above)
        };
        match (given(&self.warning), given(&self.critical)) {
            (None, None) => metric.usual(),
            given => given,
        }
    }

    /// How bad a value is.
    pub(super) fn level(&self, metric: Metric, value: i64) -> Level {
        let (warning, critical) = self.of(metric);
        if critical.is_some_and(|above| value > above) {
            Level::Critical
        } else if warning.is_some_and(|above| value > above) {
            Level::Warning
        } else {
            Level::Ok
        }
    }
}

impl FromStr for Threshold {
    type Err = ThresholdError;

    fn from_str(text: &str) -> Result<Self, ThresholdError> {
        let (name, value) = text.split_once('=').ok_or(ThresholdError::Shape)?;
        let metric = Metric::ALL.into_iter().find(|metric| metric.as_str() == name);
        let metric = metric.ok_or_else(|| ThresholdError::Metric(name.to_owned()))?;
        let value = value.strip_suffix(metric.unit()).unwrap_or(value);
        let above = value.parse().ok().filter(|above: &i64| *above >= 0);
        Ok(Self { metric, above: above.ok_or(ThresholdError::Value)? })
    }
}

/// Why text is no [`Threshold`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ThresholdError {
    #[error("a threshold is METRIC=N")]
    Shape,
    #[error(
        "{0:?} is not measured; checkpoint_age, unsigned_rows, witness_age and verified_age are"
    )]
    Metric(String),
    #[error("a threshold's value is a whole number from 0 on")]
    Value,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_read_and_compared() {
        let parse = |text: &str| text.parse::<Threshold>();
        let given = [parse("checkpoint_age=60s").unwrap(), parse("checkpoint_age=90").unwrap()];
        let thresholds = Thresholds::new(&given, &[parse("unsigned_rows=0").unwrap()]);
        assert_eq!(thresholds.of(Metric::CheckpointAge), (Some(90), None));
        assert_eq!(thresholds.level(Metric::CheckpointAge, 90), Level::Ok);
        assert_eq!(thresholds.level(Metric::CheckpointAge, 91), Level::Warning);
        assert_eq!(thresholds.level(Metric::UnsignedRows, 0), Level::Ok);
        assert_eq!(thresholds.level(Metric::UnsignedRows, 1), Level::Critical);
        assert_eq!(thresholds.level(Metric::WitnessAge, 901), Level::Warning);
        assert_eq!(thresholds.level(Metric::VerifiedAge, i64::MAX), Level::Ok);
        assert_eq!(parse("checkpoint_age"), Err(ThresholdError::Shape));
        assert_eq!(parse("age=1"), Err(ThresholdError::Metric("age".into())));
        for wrong in ["", "-1", "1m", "9223372036854775808", "1s"] {
            assert_eq!(parse(&format!("unsigned_rows={wrong}")), Err(ThresholdError::Value));
        }
    }
}
