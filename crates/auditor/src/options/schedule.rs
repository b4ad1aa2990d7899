//! `--once`, `--every` and `--timeout`: how often to look.

use std::time::Duration;

use crate::rounds::Schedule;

/// How often to look.
#[derive(Clone, Debug, clap::Args)]
pub struct ScheduleOptions {
    /// Make one round and end, as without --every
    #[arg(long, conflicts_with = "every")]
    once: bool,

    /// Make a round every so many seconds, until SIGTERM, SIGINT or an alarm
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    every: Option<u32>,

    /// Give up (exit code 3) when one round takes longer than so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
    timeout: u32,
}

impl ScheduleOptions {
    /// The schedule.
    pub fn schedule(&self) -> Schedule {
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        Schedule { every: self.every.map(seconds), timeout: seconds(self.timeout) }
    }
}
