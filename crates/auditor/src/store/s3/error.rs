//! Why a bucket did not do what was asked.

use roxmltree::Document;
use rusty_s3::BucketError;
use url::Url;

use crate::net::{HttpError, Response};
use crate::store::interface::StoreError;

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
    /// The service is not on a private network and its address is not `https`.
    #[error("{0} is not https, and not in a private network: what is sent could be replaced")]
    PlainText(Url),
    /// Objects cannot be retained for so many days.
    #[error("objects can be retained for 1 to 36500 days, not {0}")]
    Days(u32),
    /// This is no mode of retention.
    #[error("{0:?} is no mode of retention, which are compliance and governance")]
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
    #[error("cannot {action} {what}: S3 answers {status}{message}")]
    Refused {
        /// What was tried.
        action: &'static str,
        /// With what.
        what: String,
        /// The status.
        status: u16,
        /// Its code and its message, as far as it gives them.
        message: String,
    },
    /// The response is not one of S3.
    #[error("cannot read {what} that S3 answers: {reason}")]
    Response {
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
    /// There was no response.
    #[error("cannot {what}: {source}")]
    Http {
        /// What was tried.
        what: String,
        /// Why not.
        source: HttpError,
    },
}

impl S3Error {
    /// That the service refused to do something.
    pub(super) fn refused(action: &'static str, what: &str, response: &Response) -> Self {
        let code = element(response, "Code").map(|code| format!(" {code}"));
        let message = element(response, "Message").map(|message| format!(": {message}"));
        Self::Refused {
            action,
            what: what.to_owned(),
            status: response.status,
            message: code.into_iter().chain(message).collect(),
        }
    }
}

impl From<BucketError> for S3Error {
    fn from(error: BucketError) -> Self {
        Self::Address(error.to_string())
    }
}

impl From<S3Error> for StoreError {
    fn from(error: S3Error) -> Self {
        Self::Failed(error.into())
    }
}

/// The text of the first element of this name in an XML body, whatever its namespace.
pub(super) fn element(response: &Response, name: &str) -> Option<String> {
    let xml = response.text();
    let document = Document::parse(xml.trim_start()).ok()?;
    let element = document.descendants().find(|node| node.tag_name().name() == name)?;
    Some(element.text()?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use ureq::http::HeaderMap;

    use super::*;

    #[test]
    fn an_error_has_the_services_code_and_message() {
        let xml = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>R&amp;D only.</Message></Error>";
        let response = Response { status: 403, headers: HeaderMap::new(), body: xml.into() };
        assert_eq!(
            S3Error::refused("write", "a/b", &response).to_string(),
            "cannot write a/b: S3 answers 403 AccessDenied: R&D only."
        );
        let empty = Response { body: Vec::new(), ..response };
        assert_eq!(
            S3Error::refused("write", "a/b", &empty).to_string(),
            "cannot write a/b: S3 answers 403"
        );
    }

    #[test]
    fn elements_are_found_in_any_namespace() {
        let body = "<?xml version=\"1.0\"?>\n<ObjectLockConfiguration \
                    xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                    <ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>";
        let response = Response { status: 200, headers: HeaderMap::new(), body: body.into() };
        assert_eq!(element(&response, "ObjectLockEnabled").as_deref(), Some("Enabled"));
        assert_eq!(element(&response, "Rule"), None);
    }
}
