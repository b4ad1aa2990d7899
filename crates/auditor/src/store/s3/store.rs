//! A bucket as a store.
//!
//! An object is looked for and then written on the condition that it is not there
//! (`If-None-Match: *`), so that two writers cannot replace each other's. With a [`Retention`] each
//! object is written locked, and the lock is read back from the very version that was written.

use std::time::Duration;

use rusty_s3::{Bucket, Credentials, UrlStyle, actions::ListObjectsV2};
use url::Url;

use super::client::Client;
use super::error::{S3Error, element};
use super::request::S3Request;
use super::retention::{self, Retention};
use crate::net::{HttpClient, Response, Roots, is_private_host};
use crate::store::interface::{Page, Put, Store, StoreError};
use crate::store::name::Name;

/// How long one request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// How a bucket is reached, and what is asked of it.
#[derive(Clone, Debug, Default)]
pub struct S3Options {
    /// Where the service is; without it, Amazon's.
    pub endpoint: Option<Url>,
    /// The region; without it, the environment's, or `us-east-1`.
    pub region: Option<String>,
    /// How long objects are to be kept from being deleted.
    pub retention: Option<Retention>,
}

/// A bucket as a [`Store`].
#[derive(Debug)]
pub struct S3Store {
    pub(super) client: Client,
    /// Ends with `/`, or is empty.
    prefix: String,
    retention: Option<Retention>,
}

impl S3Store {
    /// Opens a bucket with the credentials that the environment gives
    /// (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`).
    ///
    /// # Errors
    /// [`S3Error`]: also when retention is asked for and the bucket has no Object Lock.
    pub fn open(
        bucket: &str,
        prefix: Option<Name>,
        options: &S3Options,
        roots: &Roots,
    ) -> Result<Self, S3Error> {
        let credentials = Credentials::from_env().ok_or(S3Error::Credentials)?;
        Self::new(bucket, prefix, options, roots, credentials)
    }

    pub(super) fn new(
        bucket: &str,
        prefix: Option<Name>,
        options: &S3Options,
        roots: &Roots,
        credentials: Credentials,
    ) -> Result<Self, S3Error> {
        let region = options.region.clone().unwrap_or_else(region_from_environment);
        let (endpoint, style) = match &options.endpoint {
            Some(endpoint) => (endpoint.clone(), UrlStyle::Path),
            None => amazon(bucket, &region)?,
        };
        if endpoint.scheme() != "https" && !endpoint.host_str().is_some_and(is_private_host) {
            return Err(S3Error::PlainText(endpoint));
        }
        let bucket = Bucket::new(endpoint, style, bucket.to_owned(), region)?;
        let prefix = prefix.map(|prefix| format!("{prefix}/")).unwrap_or_default();
        let http = HttpClient::new(roots, REQUEST_TIMEOUT);
        let client = Client { http, bucket, credentials };
        if options.retention.is_some() {
            retention::check_object_lock(&client)?;
        }
        Ok(Self { client, prefix, retention: options.retention })
    }

    fn key(&self, name: &Name) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Writes an object, locked if that is asked for, and checks that it is. `false` when something
    /// was there and `only_new` is asked for.
    pub(super) fn write(&self, name: &Name, bytes: &[u8], only_new: bool) -> Result<bool, S3Error> {
        let lock = self.retention.map(Retention::lock_from_now).transpose()?;
        let key = self.key(name);
        let mut put = S3Request::put(&key, bytes);
        if only_new {
            put = put.header("if-none-match", "*".to_owned());
        }
        if let Some(lock) = &lock {
            put = lock.ask(put);
        }
        let response = self.client.send(&put)?;
        match response.status {
            200 => {}
            412 if only_new => return Ok(false),
            _ => return Err(S3Error::refused("write", &key, &response)),
        }
        if let Some(lock) = lock {
            let version = response.header("x-amz-version-id");
            retention::check_lock(&self.client, &key, version, &lock)?;
        }
        Ok(true)
    }

    fn get(&self, name: &Name) -> Result<Option<Response>, S3Error> {
        let key = self.key(name);
        let response = self.client.send(&S3Request::get(&key))?;
        match response.status {
            200 => Ok(Some(response)),
            404 if element(&response, "Code").as_deref() == Some("NoSuchKey") => Ok(None),
            _ => Err(S3Error::refused("read", &key, &response)),
        }
    }

    fn page(&self, folder: &Name, after: Option<&str>) -> Result<Page, S3Error> {
        let prefix = format!("{}{folder}/", self.prefix);
        let mut list = S3Request::list(&prefix);
        if let Some(after) = after {
            list = list.query("start-after", format!("{}{after}", self.prefix));
        }
        let response = self.client.send(&list)?;
        if response.status != 200 {
            return Err(S3Error::refused("list", &prefix, &response));
        }
        let list = ListObjectsV2::parse_response(&response.text())
            .map_err(|error| S3Error::Response { what: "a list", reason: error.to_string() })?;
        let names = list
            .contents
            .iter()
            .filter_map(|object| object.key.strip_prefix(&self.prefix))
            .map(str::to_owned)
            .collect();
        Ok(Page { names, more: list.next_continuation_token.is_some() })
    }

    fn compare(&self, name: &Name, there: &Response, bytes: &[u8]) -> Result<Put, StoreError> {
        if there.body != bytes {
            return Err(StoreError::Conflict(name.clone()));
        }
        retention::check_mode(self.retention, &self.key(name), there)?;
        Ok(Put::AlreadyThere)
    }
}

impl Store for S3Store {
    fn put_new(&mut self, name: &Name, bytes: &[u8]) -> Result<Put, StoreError> {
        if let Some(there) = self.get(name)? {
            return self.compare(name, &there, bytes);
        }
        if self.write(name, bytes, true)? {
            return Ok(Put::Written);
        }
        // Another writer was faster; or an earlier try of ours, whose response did not arrive.
        let Some(there) = self.get(name)? else {
            return Err(StoreError::Conflict(name.clone()));
        };
        self.compare(name, &there, bytes)
    }

    fn read(&self, name: &Name) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.get(name)?.map(|response| response.body))
    }

    fn list(&self, folder: &Name, after: Option<&str>) -> Result<Page, StoreError> {
        Ok(self.page(folder, after)?)
    }

    fn replace(&mut self, name: &Name, bytes: &[u8]) -> Result<(), StoreError> {
        self.write(name, bytes, false)?;
        Ok(())
    }
}

/// Where Amazon serves the bucket. A name with a dot would not fit its certificate as a host.
fn amazon(bucket: &str, region: &str) -> Result<(Url, UrlStyle), S3Error> {
    let address = format!("https://s3.{region}.amazonaws.com");
    let endpoint = address.parse().map_err(|_| S3Error::Region(region.to_owned()))?;
    let style = if bucket.contains('.') { UrlStyle::Path } else { UrlStyle::VirtualHost };
    Ok((endpoint, style))
}

fn region_from_environment() -> String {
    let set = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION")).unwrap_or_else(|| "us-east-1".into())
}
