//! Sends requests to S3: signed as a URL (AWS Signature Version 4), and sent again when the service is only busy.

use std::{iter, thread, time::Duration};

use jiff::Timestamp;
use rusty_s3::{Bucket, Credentials, Method, signing};
use ureq::http;

use super::error::S3Error;
use super::request::S3Request;
use crate::net::{HttpClient, Response};

/// How long a signed URL can be used.
const SIGNED_FOR_SECONDS: u64 = 300;
/// How often a request is sent at most.
const MAX_TRIES: usize = 4;
/// The time between the first try and the second; three times as long before each that follows.
const FIRST_DELAY: Duration = Duration::from_millis(400);

/// A bucket, and the credentials for it.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) http: HttpClient,
    pub(super) bucket: Bucket,
    pub(super) credentials: Credentials,
}

impl Client {
    /// Sends a request, and again after a failure that may be temporary: no response, too many requests,
    /// or an error of the service's own (5xx).
    pub(super) fn send(&self, request: &S3Request<'_>) -> Result<Response, S3Error> {
        let mut delays =
            iter::successors(Some(FIRST_DELAY), |delay| Some(*delay * 3)).take(MAX_TRIES - 1);
        loop {
            let result = self.try_send(request);
            let temporary = match &result {
                Ok(response) => response.status >= 500 || matches!(response.status, 409 | 429),
                Err(error) => matches!(error, S3Error::Http { .. }),
            };
            match delays.next() {
                Some(delay) if temporary => thread::sleep(delay),
                _ => return result,
            }
        }
    }

    fn try_send(&self, request: &S3Request<'_>) -> Result<Response, S3Error> {
        let url = match request.key {
            Some(key) => self.bucket.object_url(key),
            None => self.bucket.base_url().clone(),
        };
        let signed = signing::sign(
            &Timestamp::now(),
            request.method,
            url.clone(),
            self.credentials.key(),
            self.credentials.secret(),
            self.credentials.token(),
            self.bucket.region(),
            SIGNED_FOR_SECONDS,
            request.query.iter(),
            request.headers.iter(),
        );
        let method = match request.method {
            Method::Put => http::Method::PUT,
            Method::Head => http::Method::HEAD,
            Method::Delete => http::Method::DELETE,
            Method::Get | Method::Post => http::Method::GET,
        };
        let mut signed_request = http::Request::builder().method(method).uri(signed.as_str());
        for (name, value) in request.headers.iter() {
            signed_request = signed_request.header(name, value);
        }
        let what =
            || format!("{} {url}", if request.method == Method::Put { "write" } else { "read" });
        let signed_request = signed_request
            .body(request.body)
            .map_err(|error| S3Error::Request { what: what(), reason: error.to_string() })?;
        self.http.send(signed_request).map_err(|source| S3Error::Http { what: what(), source })
    }
}
