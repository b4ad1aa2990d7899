//! How a command ends: its outcome, which is the exit code, and what it has to say.

use std::io::{self, Write};
use std::process::ExitCode;
use std::{error, fmt};

use serde_json::{Map, Value};

use crate::text::{printable, reason};

/// The exit codes, for `--help`.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  checked, and good
  1  checked, and something is wrong
  2  the command line is wrong
  3  something cannot be read, or is not what it should be
  4  good as far as it was checked, but not all of it is vouched for: no key was given, something could not be
     compared, or the last row of a chain is known from the file alone
  5  alarm: the log does not go on from what was witnessed or published";

/// The exit codes of `monitor`, for its `--help`.
pub const PLUGIN_EXIT_CODES: &str = "\
Exit codes, those of plugins:
  0  OK
  1  WARNING
  2  CRITICAL
  3  UNKNOWN: the server cannot be asked, or the command line is wrong";

/// How a command ended. Each has its exit code, the number here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All that was asked for was checked, and is good.
    Good = 0,
    /// It was checked, and something is wrong. This outranks the others: what is wrong is wrong,
    /// even if not everything could be read.
    Wrong = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// Something cannot be read or written, or is not what it should be, so that it was not
    /// checked.
    Unreadable = 3,
    /// Good as far as it was checked; but nobody vouches for all of it: no signature was checked, so that anybody may
    /// have made it, or something that had to be compared could not be.
    Unsigned = 4,
    /// A server was asked, and what it shows does not go on from what is held. Whoever runs a witness wants to
    /// tell this from everything else.
    Alarm = 5,
}

impl Outcome {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Wrong => "wrong",
            Self::Usage => "usage",
            Self::Unreadable => "unreadable",
            Self::Unsigned => "unsigned",
            Self::Alarm => "alarm",
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome as u8)
    }
}

/// What a command has found out.
pub trait Report {
    /// How the command ended.
    fn outcome(&self) -> Outcome;

    /// Writes it for people: whole lines.
    ///
    /// # Errors
    /// Those of `out`.
    fn text(&self, out: &mut dyn Write) -> io::Result<()>;

    /// The members of the JSON object, without `outcome` and `exit`, which are the same for all
    /// commands.
    fn json(&self) -> Map<String, Value>;

    /// One line for standard error, where there is something to say besides the result: what kept the command
    /// from checking everything, above all.
    fn notice(&self) -> Option<String> {
        None
    }
}

/// Why a command did nothing, or stopped before it knew anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The command line makes no sense, in a way that clap cannot know.
    Usage(String),
    /// Something cannot be read or written, or is not what it should be.
    Unreadable(String),
}

impl Failure {
    /// How the command ended.
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::Usage(_) => Outcome::Usage,
            Self::Unreadable(_) => Outcome::Unreadable,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Usage(text) | Self::Unreadable(text)) = self;
        f.write_str(text)
    }
}

impl error::Error for Failure {}

/// Prints a report and returns its outcome; [`Outcome::Unreadable`] if it cannot be printed.
pub(crate) fn print_report(report: &dyn Report, json: bool) -> Outcome {
    let outcome = report.outcome();
    if let Some(notice) = report.notice() {
        print_notice(&notice);
    }
    print(outcome, |out| if json { object(out, outcome, report.json()) } else { report.text(out) })
}

/// Prints why there is no report, and returns the outcome.
pub(crate) fn print_failure(failure: &Failure, json: bool) -> Outcome {
    let outcome = failure.outcome();
    print_notice(&failure.to_string());
    if json {
        let error = Map::from_iter([("error".to_owned(), failure.to_string().into())]);
        return print(outcome, |out| object(out, outcome, error));
    }
    outcome
}

/// Prints one line to standard error. If nobody can read it, the exit code still tells.
fn print_notice(text: &str) {
    let _ = writeln!(io::stderr(), "audit-immutable: {}", printable(text));
}

fn object(out: &mut dyn Write, outcome: Outcome, members: Map<String, Value>) -> io::Result<()> {
    let mut all = Map::new();
    all.insert("outcome".to_owned(), outcome.as_str().into());
    all.insert("exit".to_owned(), (outcome as u8).into());
    all.extend(members);
    serde_json::to_writer(&mut *out, &all)?;
    out.write_all(b"\n")
}

fn print(outcome: Outcome, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Outcome {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Ok(()) => outcome,
        // Who closed the pipe, as `head` does, has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => outcome,
        Err(error) => {
            print_notice(&format!("the result cannot be printed: {}", reason(&error)));
            match outcome {
                Outcome::Wrong | Outcome::Alarm => outcome,
                _ => Outcome::Unreadable,
            }
        }
    }
}
