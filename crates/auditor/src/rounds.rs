//! Commands that look at a server again and again: one round, or round after round until they are stopped or there is
//! an alarm.

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

/// The pause after a first failure; twice as long after each that follows.
const FIRST_RETRY_DELAY: Duration = Duration::from_secs(2);
/// How soon a signal is noticed.
const SIGNAL_POLL_INTERVAL: Duration = Duration::from_millis(100);
/// The exit code after a second signal, as shells have it for SIGTERM.
const SECOND_SIGNAL_EXIT_CODE: i32 = 143;

/// When rounds are made.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// The pause between two rounds; without it, there is one round.
    pub every: Option<Duration>,
    /// How long a round may take.
    pub timeout: Duration,
}

/// Why a round was not finished.
#[derive(Debug)]
pub enum RoundError {
    /// Something happened to the log.
    Alarm(Box<Alarm>),
    /// Something failed that may work the next time.
    Temporary(Failure),
    /// Something is wrong and will stay so.
    Permanent(Failure),
}

/// What a round found out.
pub trait RoundReport: Report {
    /// Whether it is worth printing among many rounds.
    fn is_news(&self) -> bool;
}

impl Schedule {
    /// Makes one round, or round after round. Of many, all reports but the last are printed here.
    ///
    /// # Errors
    /// What the only round failed of, or what will stay wrong.
    pub fn run<R: RoundReport + 'static>(
        &self,
        json: bool,
        mut round: impl FnMut() -> Result<R, RoundError>,
    ) -> Result<Box<dyn Report>, Failure> {
        let mut round = || within(self.timeout, json, &mut round);
        match self.every {
            None => once(round()),
            Some(every) => again_and_again(every, json, round),
        }
    }
}

fn once<R: RoundReport + 'static>(
    round: Result<R, RoundError>,
) -> Result<Box<dyn Report>, Failure> {
    match round {
        Ok(report) => Ok(Box::new(report)),
        Err(RoundError::Alarm(alarm)) => Ok(alarm),
        Err(RoundError::Temporary(failure) | RoundError::Permanent(failure)) => Err(failure),
    }
}

fn again_and_again<R: RoundReport>(
    every: Duration,
    json: bool,
    mut round: impl FnMut() -> Result<R, RoundError>,
) -> Result<Box<dyn Report>, Failure> {
    let stopped = stop_flag().map_err(|error| Failure::Unreadable(format!("signals: {error}")))?;
    let (mut first, mut delay) = (true, FIRST_RETRY_DELAY);
    loop {
        let pause = match round() {
            Ok(report) => {
                if first || report.is_news() {
                    outcome::print_report(&report, json);
                }
                (first, delay) = (false, FIRST_RETRY_DELAY);
                every
            }
            Err(RoundError::Temporary(failure)) => {
                outcome::print_failure(&failure, json);
                let pause = delay.min(every);
                delay = delay.saturating_mul(2);
                pause
            }
            Err(RoundError::Alarm(alarm)) => return Ok(alarm),
            Err(RoundError::Permanent(failure)) => return Err(failure),
        };
        if !sleep(pause, &stopped) {
            return Ok(Box::new(Stopped));
        }
    }
}

/// A flag that SIGTERM and SIGINT set. A second signal ends the process at once.
fn stop_flag() -> io::Result<Arc<AtomicBool>> {
    let stopped = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGINT] {
        flag::register_conditional_shutdown(signal, SECOND_SIGNAL_EXIT_CODE, Arc::clone(&stopped))?;
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
        thread::sleep(left.min(SIGNAL_POLL_INTERVAL));
    }
    false
}

/// Ends the process if `work` takes longer than `timeout`. A server that accepts connections and never answers
/// would otherwise keep a witness silent for ever, and silence is what an attacker wants.
fn within<T>(timeout: Duration, json: bool, work: impl FnOnce() -> T) -> T {
    let (done, waiting) = mpsc::channel::<()>();
    thread::spawn(move || {
        if waiting.recv_timeout(timeout) == Err(RecvTimeoutError::Timeout) {
            let seconds = timeout.as_secs();
            let failure =
                Failure::Unreadable(format!("the round was not finished within {seconds} s"));
            process::exit(outcome::print_failure(&failure, json) as i32);
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

    fn notice(&self) -> Option<String> {
        Some(format!("ALARM: {self}"))
    }
}
