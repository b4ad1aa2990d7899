//! Object Lock: until when an object cannot be deleted, asked for with every object that is
//! written, and read back.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp};

use super::{Action, S3Error, S3Store, error::element};
use crate::net::Answer;

/// The longest retention S3 takes, in days: a hundred years.
const LONGEST: u32 = 36_500;
const MODE: &str = "x-amz-object-lock-mode";
const UNTIL: &str = "x-amz-object-lock-retain-until-date";
/// A service may round the time to seconds.
const ROUNDING: SignedDuration = SignedDuration::from_secs(1);

/// Who may delete a locked object before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nobody, the account's owner included.
    Compliance,
    /// Those with the permission `s3:BypassGovernanceRetention`.
    Governance,
}

/// How long objects are to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    mode: Mode,
    days: u32,
}

/// A [`Retention`] with its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lock {
    mode: Mode,
    until: Timestamp,
}

impl Retention {
    /// From one day to a hundred years.
    ///
    /// # Errors
    /// [`S3Error::Days`] for any other number.
    pub fn new(mode: Mode, days: u32) -> Result<Self, S3Error> {
        if (1..=LONGEST).contains(&days) {
            Ok(Self { mode, days })
        } else {
            Err(S3Error::Days(days))
        }
    }

    /// The lock of an object that is written now.
    pub(super) fn lock_from_now(self) -> Result<Lock, S3Error> {
        let days = SignedDuration::from_hours(i64::from(self.days) * 24);
        // Fractions of a second are not for every service.
        let until = (Timestamp::now() + days).as_second();
        let until = Timestamp::from_second(until).map_err(|_| S3Error::Days(self.days))?;
        Ok(Lock { mode: self.mode, until })
    }
}

impl Lock {
    /// The lock of an object, as GetObject and HeadObject tell those who may know
    /// (`s3:GetObjectRetention`).
    pub(super) fn of(answer: &Answer) -> Result<Option<Self>, S3Error> {
        let (Some(mode), Some(until)) = (answer.header(MODE), answer.header(UNTIL)) else {
            return Ok(None);
        };
        let wrong = |text: &str| S3Error::Answer { what: "a retention", reason: text.to_owned() };
        Ok(Some(Self {
            mode: mode.to_lowercase().parse().map_err(|_| wrong(mode))?,
            until: until.parse().map_err(|_| wrong(until))?,
        }))
    }

    /// Its end.
    #[cfg(test)]
    pub(super) fn until(&self) -> Timestamp {
        self.until
    }

    /// Asks for the lock with the object.
    pub(super) fn ask<'a>(&self, put: Action<'a>) -> Action<'a> {
        put.header(MODE, self.mode.to_string()).header(UNTIL, self.until.to_string())
    }
}

impl S3Store {
    /// Whether the bucket can lock at all.
    pub(super) fn check_object_lock(&self) -> Result<(), S3Error> {
        let answer = self.send(&Action::bucket().query("object-lock", String::new()))?;
        let code = S3Error::code(&answer);
        match answer.status {
            200 if element(&answer.text(), "ObjectLockEnabled") == Some("Enabled") => Ok(()),
            200 => Err(S3Error::NoObjectLock(self.bucket.name().to_owned())),
            404 if code == "ObjectLockConfigurationNotFoundError" => {
                Err(S3Error::NoObjectLock(self.bucket.name().to_owned()))
            }
            _ => Err(S3Error::refused("read the Object Lock of", self.bucket.name(), &answer)),
        }
    }

    /// Whether the version of an object that was just written is locked as it should be.
    pub(super) fn check_lock(
        &self,
        key: &str,
        version: Option<&str>,
        wanted: &Lock,
    ) -> Result<(), S3Error> {
        let answer = self.send(&Action::head(key, version))?;
        if answer.status != 200 {
            return Err(S3Error::refused("read the retention of", key, &answer));
        }
        match Lock::of(&answer)? {
            Some(lock) if lock.mode == wanted.mode && lock.until + ROUNDING >= wanted.until => {
                Ok(())
            }
            found => Err(S3Error::not_retained(key, found)),
        }
    }

    /// Whether an object that was there before, and was read just now, was locked in the mode that
    /// is asked for.
    pub(super) fn check_mode(&self, key: &str, there: &Answer) -> Result<(), S3Error> {
        let Some(wanted) = self.retention else { return Ok(()) };
        match Lock::of(there)? {
            Some(lock) if lock.mode == wanted.mode => Ok(()),
            found => Err(S3Error::not_retained(key, found)),
        }
    }
}

impl FromStr for Mode {
    type Err = S3Error;

    fn from_str(text: &str) -> Result<Self, S3Error> {
        match text {
            "compliance" => Ok(Self::Compliance),
            "governance" => Ok(Self::Governance),
            _ => Err(S3Error::Mode(text.to_owned())),
        }
    }
}

impl fmt::Display for Mode {
    /// As S3 spells it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Compliance => "COMPLIANCE",
            Self::Governance => "GOVERNANCE",
        })
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "locked as {} until {}", self.mode, self.until)
    }
}
