//! A command that goes round and round: once, or until it is stopped or there is an alarm.

use std::{
    io, process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Map, Value};
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

use crate::{
    follow::Alarm,
    outcome::{self, Failure, Outcome, Report},
};

/// After a first failure; twice as long after each that follows.
const FIRST_REST: Duration = Duration::from_secs(2);
/// How soon a signal is noticed.
const TICK: Duration = Duration::from_millis(100);
/// The exit code of a second signal, as shells have it for SIGTERM.
const KILLED: i32 = 143;

/// How often to go round.
#[derive(Clone, Debug, clap::Args)]
pub struct WatchArgs {
    /// Go round once, and end; this is so without --every, too
    #[arg(long, conflicts_with = "every")]
    once: bool,

    /// Go round every so many seconds, until SIGTERM, SIGINT or an alarm
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    every: Option<u32>,

    /// Give up (exit code 3) when one round takes longer than so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
    timeout: u32,
}

/// Why a round was not finished.
#[derive(Debug)]
pub enum Stop {
    /// Something happened to the log.
    Alarm(Box<Alarm>),
    /// Something failed that may work the next time.
    Passing(Failure),
    /// Something is wrong and stays so.
    Lasting(Failure),
}

/// What a round found out.
pub trait Round: Report {
    /// Whether it is worth a word in a long list of rounds.
    fn is_news(&self) -> bool;
}

impl WatchArgs {
    /// Goes round. In a loop, reports but the last are printed here.
    ///
    /// # Errors
    /// What a single round failed of, or what stays wrong.
    pub fn run<R: Round + 'static>(
        &self,
        json: bool,
        mut round: impl FnMut() -> Result<R, Stop>,
    ) -> Result<Box<dyn Report>, Failure> {
        let limit = Duration::from_secs(self.timeout.into());
        let mut round = || watched(limit, json, &mut round);
        let Some(every) = self.every else {
            return match round() {
                Ok(report) => Ok(Box::new(report)),
                Err(Stop::Alarm(alarm)) => Ok(alarm),
                Err(Stop::Passing(failure) | Stop::Lasting(failure)) => Err(failure),
            };
        };
        let every = Duration::from_secs(every.into());
        let stopped =
            signals().map_err(|error| Failure::Unreadable(format!("signals: {error}")))?;
        let (mut first, mut rest) = (true, FIRST_REST);
        loop {
            let pause = match round() {
                Ok(report) => {
                    if first || report.is_news() {
                        outcome::tell(&report, json);
                    }
                    (first, rest) = (false, FIRST_REST);
                    every
                }
                Err(Stop::Passing(failure)) => {
                    outcome::fail(&failure, json);
                    let pause = rest.min(every);
                    rest = rest.saturating_mul(2);
                    pause
                }
                Err(Stop::Alarm(alarm)) => return Ok(alarm),
                Err(Stop::Lasting(failure)) => return Err(failure),
            };
            if !sleep(pause, &stopped) {
                return Ok(Box::new(Stopped));
            }
        }
    }
}

/// A flag that SIGTERM and SIGINT set. A second one ends the process at once.
fn signals() -> io::Result<Arc<AtomicBool>> {
    let stopped = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGINT] {
        flag::register_conditional_shutdown(signal, KILLED, Arc::clone(&stopped))?;
        flag::register(signal, Arc::clone(&stopped))?;
    }
    Ok(stopped)
}

/// Sleeps; false when a signal came.
fn sleep(time: Duration, stopped: &AtomicBool) -> bool {
    let end = Instant::now() + time;
    while !stopped.load(Ordering::Relaxed) {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return true;
        }
        thread::sleep(left.min(TICK));
    }
    false
}

/// Does something that must not take longer than `limit`. A server that accepts and never answers would otherwise
/// keep a witness silent for ever, and silence is what an attacker wants.
fn watched<T>(limit: Duration, json: bool, work: impl FnOnce() -> T) -> T {
    let (done, waiting) = mpsc::channel::<()>();
    thread::spawn(move || {
        if waiting.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
            let seconds = limit.as_secs();
            let failure = Failure::Unreadable(format!("nothing came of it within {seconds} s"));
            process::exit(outcome::fail(&failure, json) as i32);
        }
    });
    let result = work();
    drop(done);
    result
}

/// The end of a loop by a signal.
struct Stopped;

impl Report for Stopped {
    fn outcome(&self) -> Outcome {
        Outcome::Good
    }

    fn text(&self, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "stopped")
    }

    fn json(&self) -> Map<String, Value> {
        Map::from_iter([("action".to_owned(), "stopped".into())])
    }
}

impl Report for Alarm {
    fn outcome(&self) -> Outcome {
        Outcome::Alarm
    }

    fn text(&self, out: &mut dyn io::Write) -> io::Result<()> {
        self.details().iter().try_for_each(|line| writeln!(out, "{line}"))
    }

    fn json(&self) -> Map<String, Value> {
        Self::json(self)
    }

    fn trouble(&self) -> Option<String> {
        Some(format!("ALARM: {self}"))
    }
}
