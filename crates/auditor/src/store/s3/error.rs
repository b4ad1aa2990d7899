//! Why a bucket did not do what was asked.

use rusty_s3::BucketError;
use url::Url;

use super::retention::Lock;
use crate::net::{Answer, HttpError};

/// Why a bucket did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum S3Error {
    /// The environment has no credentials.
    #[error("no credentials for S3: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")]
    Credentials,
    /// The region cannot be part of an address.
    #[error("{0:?} is no region")]
    Region(String),
    /// The address of the service or the bucket's name cannot be used.
    #[error("the bucket cannot be addressed: {0}")]
    Address(String),
    /// The service is far away and its address is not `https`.
    #[error("{0} is not https, and not in a private network: what is sent could be replaced")]
    PlainText(Url),
    /// This cannot be the days of a retention.
    #[error("objects can be retained for 1 to 36500 days, not {0}")]
    Days(u32),
    /// This is no mode of retention.
    #[error("{0:?} is no mode of retention: compliance or governance")]
    Mode(String),
    /// Retention is asked for, and the bucket cannot give it.
    #[error("bucket {0} has no Object Lock, so nothing in it can be retained")]
    NoObjectLock(String),
    /// An object was written, and is not retained as it should be.
    #[error("{key} is in the bucket but is not retained as asked: it is {found}")]
    NotRetained {
        /// The object.
        key: String,
        /// How it is retained.
        found: String,
    },
    /// The service refused.
    #[error("cannot {action} {what}: S3 answers {status}{words}")]
    Refused {
        /// What was tried.
        action: &'static str,
        /// With what.
        what: String,
        /// The status.
        status: u16,
        /// Its code and its sentence, as far as it gives them.
        words: String,
    },
    /// The service answers something else than S3 would.
    #[error("cannot read {what} that S3 answers: {reason}")]
    Answer {
        /// What should have come.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// No request can be made of this.
    #[error("cannot {what}: {reason}")]
    Request {
        /// What was tried.
        what: String,
        /// Why not.
        reason: String,
    },
    /// There was no answer.
    #[error("cannot {what}: {source}")]
    Http {
        /// What was tried.
        what: String,
        /// Why not.
        source: HttpError,
    },
}

/// Whoever may not know is told the same.
const NOT_LOCKED: &str = "not locked, or these credentials lack s3:GetObjectRetention";

impl S3Error {
    /// The code in an error's XML, or nothing.
    pub(super) fn code(answer: &Answer) -> String {
        element(&answer.text(), "Code").unwrap_or_default().to_owned()
    }

    pub(super) fn refused(action: &'static str, what: &str, answer: &Answer) -> Self {
        let text = answer.text();
        let code = element(&text, "Code").map(|code| format!(" {code}"));
        let message = element(&text, "Message").map(|message| format!(": {message}"));
        Self::Refused {
            action,
            what: what.to_owned(),
            status: answer.status,
            words: code.into_iter().chain(message).collect(),
        }
    }

    pub(super) fn not_retained(key: &str, found: Option<Lock>) -> Self {
        let found = found.map_or_else(|| NOT_LOCKED.to_owned(), |lock| lock.to_string());
        Self::NotRetained { key: key.to_owned(), found }
    }
}

impl From<BucketError> for S3Error {
    fn from(error: BucketError) -> Self {
        Self::Address(error.to_string())
    }
}

/// The text of the first element of this name. Only for what S3 writes without escapes: codes,
/// modes, times.
pub(super) fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(text.trim())
}

#[cfg(test)]
mod tests {
    use ureq::http::HeaderMap;

    use super::*;

    #[test]
    fn an_error_is_told_in_the_services_words() {
        let xml =
            "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>No.</Message></Error>";
        let answer = Answer { status: 403, headers: HeaderMap::new(), body: xml.into() };
        assert_eq!(
            S3Error::refused("write", "a/b", &answer).to_string(),
            "cannot write a/b: S3 answers 403 AccessDenied: No."
        );
        let empty = Answer { body: Vec::new(), ..answer };
        assert_eq!(
            S3Error::refused("write", "a/b", &empty).to_string(),
            "cannot write a/b: S3 answers 403"
        );
    }
}
