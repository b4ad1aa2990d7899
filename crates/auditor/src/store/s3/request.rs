//! A request to S3, before it is signed.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rusty_s3::{Map, Method};
use sha2::{Digest, Sha256};

/// What is asked of the bucket, or of one object in it.
#[derive(Clone, Debug)]
pub(super) struct S3Request<'a> {
    pub(super) method: Method,
    /// `None`: the bucket itself.
    pub(super) key: Option<&'a str>,
    pub(super) query: Map<'a>,
    /// All are signed.
    pub(super) headers: Map<'a>,
    pub(super) body: &'a [u8],
}

impl<'a> S3Request<'a> {
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
