//! A store in a bucket of S3's kind, with Object Lock if it is asked for.
//!
//! An object is looked for and then written on the condition that it is not there
//! (`If-None-Match: *`), so that two writers cannot replace each other's. With a [`Retention`] each
//! object is written locked, and the lock is read back from the very version that was written.

mod error;
mod request;
mod retention;

use std::time::Duration;

use rusty_s3::{Bucket, Credentials, UrlStyle, actions::ListObjectsV2};
use url::Url;

use super::{Name, Page, Put, S3Options, Store, StoreError};
use crate::net::{Answer, Http, Roots, is_near};
use request::Action;

pub use error::S3Error;
pub use retention::{Mode, Retention};

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A bucket as a [`Store`].
#[derive(Debug)]
pub struct S3Store {
    http: Http,
    bucket: Bucket,
    credentials: Credentials,
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

    fn new(
        bucket: &str,
        prefix: Option<Name>,
        options: &S3Options,
        roots: &Roots,
        credentials: Credentials,
    ) -> Result<Self, S3Error> {
        let region = options.region.clone().unwrap_or_else(region_of_environment);
        let (endpoint, style) = match &options.endpoint {
            Some(endpoint) => (endpoint.clone(), UrlStyle::Path),
            None => amazon(bucket, &region)?,
        };
        if endpoint.scheme() != "https" && !endpoint.host_str().is_some_and(is_near) {
            return Err(S3Error::PlainText(endpoint));
        }
        let bucket = Bucket::new(endpoint, style, bucket.to_owned(), region)?;
        let prefix = prefix.map(|prefix| format!("{prefix}/")).unwrap_or_default();
        let http = Http::new(roots, PATIENCE);
        let store = Self { http, bucket, credentials, prefix, retention: options.retention };
        if store.retention.is_some() {
            store.check_object_lock()?;
        }
        Ok(store)
    }

    fn key(&self, name: &Name) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Writes an object, locked if it is to be, and looks whether it is. `false` when something
    /// was there and `only_new` is asked for.
    fn write(&self, name: &Name, bytes: &[u8], only_new: bool) -> Result<bool, S3Error> {
        let lock = self.retention.map(Retention::lock_from_now).transpose()?;
        let key = self.key(name);
        let mut put = Action::put(&key, bytes);
        if only_new {
            put = put.header("if-none-match", "*".to_owned());
        }
        if let Some(lock) = &lock {
            put = lock.ask(put);
        }
        let answer = self.send(&put)?;
        match answer.status {
            200 => {}
            412 if only_new => return Ok(false),
            _ => return Err(S3Error::refused("write", &key, &answer)),
        }
        if let Some(lock) = lock {
            self.check_lock(&key, answer.header("x-amz-version-id"), &lock)?;
        }
        Ok(true)
    }

    fn get(&self, name: &Name) -> Result<Option<Answer>, S3Error> {
        let key = self.key(name);
        let answer = self.send(&Action::get(&key))?;
        match answer.status {
            200 => Ok(Some(answer)),
            404 if S3Error::code(&answer) == "NoSuchKey" => Ok(None),
            _ => Err(S3Error::refused("read", &key, &answer)),
        }
    }

    fn page(&self, folder: &Name, after: Option<&str>) -> Result<Page, S3Error> {
        let prefix = format!("{}{folder}/", self.prefix);
        let mut list = Action::list(&prefix);
        if let Some(after) = after {
            list = list.query("start-after", format!("{}{after}", self.prefix));
        }
        let answer = self.send(&list)?;
        if answer.status != 200 {
            return Err(S3Error::refused("list", &prefix, &answer));
        }
        let list = ListObjectsV2::parse_response(&answer.text())
            .map_err(|error| S3Error::Answer { what: "a list", reason: error.to_string() })?;
        let names = list
            .contents
            .iter()
            .filter_map(|object| object.key.strip_prefix(&self.prefix))
            .map(str::to_owned)
            .collect();
        Ok(Page { names, more: list.next_continuation_token.is_some() })
    }

    fn same_or_other(&self, name: &Name, there: &Answer, bytes: &[u8]) -> Result<Put, StoreError> {
        if there.body != bytes {
            return Err(StoreError::Other(name.clone()));
        }
        self.check_mode(&self.key(name), there)?;
        Ok(Put::Kept)
    }
}

impl Store for S3Store {
    fn put_new(&mut self, name: &Name, bytes: &[u8]) -> Result<Put, StoreError> {
        if let Some(there) = self.get(name)? {
            return self.same_or_other(name, &there, bytes);
        }
        if self.write(name, bytes, true)? {
            return Ok(Put::Written);
        }
        // Somebody was faster, or it was ourselves and the answer did not arrive.
        let Some(there) = self.get(name)? else {
            return Err(StoreError::Other(name.clone()));
        };
        self.same_or_other(name, &there, bytes)
    }

    fn read(&self, name: &Name) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.get(name)?.map(|answer| answer.body))
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

fn region_of_environment() -> String {
    let set = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION")).unwrap_or_else(|| "us-east-1".into())
}

#[cfg(test)]
mod tests;
