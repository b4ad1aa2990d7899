//! A request to S3: signed as a URL (AWS Signature Version 4), and sent again when the service is
//! only busy.

use std::{iter, thread, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use rusty_s3::{Map, Method, signing};
use sha2::{Digest, Sha256};
use ureq::http;

use super::{S3Error, S3Store};
use crate::net::Answer;

/// How long a signed URL can be used, in seconds.
const SIGNED_FOR: u64 = 300;
/// How often a request is sent, and how long it rests after the first time.
const TRIES: u32 = 4;
const REST: Duration = Duration::from_millis(400);

/// What is asked of the bucket, or of one object in it.
#[derive(Clone, Debug)]
pub(super) struct Action<'a> {
    pub(super) method: Method,
    /// `None`: the bucket itself.
    key: Option<&'a str>,
    query: Map<'a>,
    /// All are signed.
    headers: Map<'a>,
    body: &'a [u8],
}

impl<'a> Action<'a> {
    /// Reads an object.
    pub(super) fn get(key: &'a str) -> Self {
        Self { key: Some(key), ..Self::bucket() }
    }

    /// Asks for an object's headers, the newest version's or another's.
    pub(super) fn head(key: &'a str, version: Option<&str>) -> Self {
        let head = Self { method: Method::Head, key: Some(key), ..Self::bucket() };
        match version {
            Some(version) => head.query("versionId", version.to_owned()),
            None => head,
        }
    }

    /// Asks something of the bucket; what, a query says.
    pub(super) fn bucket() -> Self {
        let (query, headers) = (Map::new(), Map::new());
        Self { method: Method::Get, key: None, query, headers, body: &[] }
    }

    /// Lists the keys that begin with `prefix`.
    pub(super) fn list(prefix: &'a str) -> Self {
        let list = Self::bucket().query("list-type", "2".into());
        list.query("encoding-type", "url".into()).query("prefix", prefix.to_owned())
    }

    /// Writes an object. The service refuses other bytes than those that were signed for.
    pub(super) fn put(key: &'a str, body: &'a [u8]) -> Self {
        let immutable = "public, max-age=31536000, immutable";
        let (kind, caching) = match key.rsplit('/').next() {
            Some("checkpoint") => ("text/plain; charset=utf-8", "no-cache"),
            Some(name) if name == "next" || name.ends_with(".note") || name.ends_with(".txt") => {
                ("text/plain; charset=utf-8", immutable)
            }
            _ => ("application/octet-stream", immutable),
        };
        Self { method: Method::Put, key: Some(key), body, ..Self::bucket() }
            .header("cache-control", caching.into())
            .header("content-type", kind.into())
            .header("x-amz-checksum-sha256", STANDARD.encode(Sha256::digest(body)))
            // Some services look for this, and not for the checksum, before they lock an object.
            .header("x-amz-sdk-checksum-algorithm", "SHA256".into())
    }

    /// With a parameter in the URL.
    pub(super) fn query(mut self, name: &'a str, value: String) -> Self {
        self.query.insert(name, value);
        self
    }

    /// With a header. Its name is in lower case.
    pub(super) fn header(mut self, name: &'a str, value: String) -> Self {
        self.headers.insert(name, value);
        self
    }
}

impl S3Store {
    /// Sends a request, and again after a failure that may pass: no answer, too many requests, or
    /// an error of the service's own (5xx).
    pub(super) fn send(&self, action: &Action<'_>) -> Result<Answer, S3Error> {
        let mut rests =
            iter::successors(Some(REST), |rest| Some(*rest * 3)).take(TRIES as usize - 1);
        loop {
            let answer = self.try_send(action);
            let passing = match &answer {
                Ok(answer) => answer.status >= 500 || matches!(answer.status, 409 | 429),
                Err(error) => matches!(error, S3Error::Http { .. }),
            };
            match rests.next() {
                Some(rest) if passing => thread::sleep(rest),
                _ => return answer,
            }
        }
    }

    fn try_send(&self, action: &Action<'_>) -> Result<Answer, S3Error> {
        let url = match action.key {
            Some(key) => self.bucket.object_url(key),
            None => self.bucket.base_url().clone(),
        };
        let signed = signing::sign(
            &Timestamp::now(),
            action.method,
            url.clone(),
            self.credentials.key(),
            self.credentials.secret(),
            self.credentials.token(),
            self.bucket.region(),
            SIGNED_FOR,
            action.query.iter(),
            action.headers.iter(),
        );
        let method = match action.method {
            Method::Put => http::Method::PUT,
            Method::Head => http::Method::HEAD,
            Method::Delete => http::Method::DELETE,
            Method::Get | Method::Post => http::Method::GET,
        };
        let mut request = http::Request::builder().method(method).uri(signed.as_str());
        for (name, value) in action.headers.iter() {
            request = request.header(name, value);
        }
        let what =
            || format!("{} {url}", if action.method == Method::Put { "write" } else { "read" });
        let request = request
            .body(action.body)
            .map_err(|error| S3Error::Request { what: what(), reason: error.to_string() })?;
        self.http.send(request).map_err(|source| S3Error::Http { what: what(), source })
    }
}
