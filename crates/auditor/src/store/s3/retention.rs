//! Object Lock: until when an object cannot be deleted, asked for with every object that is
//! written, and read back.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp};

use super::client::Client;
use super::error::{S3Error, element};
use super::request::S3Request;
use crate::net::Response;

/// The longest retention that S3 takes: a hundred years.
const MAX_DAYS: u32 = 36_500;
const MODE_HEADER: &str = "x-amz-object-lock-mode";
const UNTIL_HEADER: &str = "x-amz-object-lock-retain-until-date";
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
        if (1..=MAX_DAYS).contains(&days) {
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
    pub(super) fn of(response: &Response) -> Result<Option<Self>, S3Error> {
        let (Some(mode), Some(until)) =
            (response.header(MODE_HEADER), response.header(UNTIL_HEADER))
        else {
            return Ok(None);
        };
        let wrong = |text: &str| S3Error::Response { what: "a retention", reason: text.to_owned() };
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
    pub(super) fn ask<'a>(&self, put: S3Request<'a>) -> S3Request<'a> {
        put.header(MODE_HEADER, self.mode.to_string()).header(UNTIL_HEADER, self.until.to_string())
    }
}

/// Whether the bucket can lock objects at all.
pub(super) fn check_object_lock(client: &Client) -> Result<(), S3Error> {
    let response = client.send(&S3Request::bucket().query("object-lock", String::new()))?;
    let is = |name, text| element(&response, name).as_deref() == Some(text);
    let bucket = client.bucket.name();
    match response.status {
        200 if is("ObjectLockEnabled", "Enabled") => Ok(()),
        200 => Err(S3Error::NoObjectLock(bucket.to_owned())),
        404 if is("Code", "ObjectLockConfigurationNotFoundError") => {
            Err(S3Error::NoObjectLock(bucket.to_owned()))
        }
        _ => Err(S3Error::refused("read the Object Lock of", bucket, &response)),
    }
}

/// Whether the version of an object that was just written is locked as it should be.
pub(super) fn check_lock(
    client: &Client,
    key: &str,
    version: Option<&str>,
    wanted: &Lock,
) -> Result<(), S3Error> {
    let response = client.send(&S3Request::head(key, version))?;
    if response.status != 200 {
        return Err(S3Error::refused("read the retention of", key, &response));
    }
    match Lock::of(&response)? {
        Some(lock) if lock.mode == wanted.mode && lock.until + ROUNDING >= wanted.until => Ok(()),
        found => Err(not_retained(key, found)),
    }
}

/// Whether an object that was there before, and was read just now, is locked in the mode that is asked for.
pub(super) fn check_mode(
    wanted: Option<Retention>,
    key: &str,
    there: &Response,
) -> Result<(), S3Error> {
    let Some(wanted) = wanted else { return Ok(()) };
    match Lock::of(there)? {
        Some(lock) if lock.mode == wanted.mode => Ok(()),
        found => Err(not_retained(key, found)),
    }
}

fn not_retained(key: &str, found: Option<Lock>) -> S3Error {
    // Without the permission, the headers are left out.
    let found = found.map_or_else(
        || "not locked, or these credentials lack s3:GetObjectRetention".to_owned(),
        |lock| lock.to_string(),
    );
    S3Error::NotRetained { key: key.to_owned(), found }
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
