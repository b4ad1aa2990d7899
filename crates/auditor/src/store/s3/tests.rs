//! Against a service that speaks S3, which `tests/s3/run.py` starts. It answers lists in pages of
//! seven names.
#![allow(clippy::unwrap_used)]

use std::{env, thread, time::Duration};

use rusty_s3::{Credentials, Method};
use ureq::http::Request;
use url::Url;

use super::request::S3Request;
use super::retention::Lock;
use super::*;
use crate::net::{HttpClient, Response, Roots};
use crate::store::{Name, Page, Put, Store, StoreError};

const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// A bucket of its own for each test, and what is behind it.
struct Service {
    endpoint: Url,
    bucket: &'static str,
    http: HttpClient,
}

impl Service {
    fn with(bucket: &'static str, object_lock: bool) -> Self {
        let endpoint = env::var("AUDIT_S3_ENDPOINT").expect("tests/s3/run.py sets the endpoint");
        let http = HttpClient::new(&Roots::system(), REQUEST_TIMEOUT);
        let service = Self { endpoint: endpoint.parse().unwrap(), bucket, http };
        let request = Request::put(format!("{}{bucket}", service.endpoint))
            .header("x-amz-bucket-object-lock-enabled", object_lock.to_string())
            .body(&[][..]);
        assert_eq!(service.http.send(request.unwrap()).unwrap().status, 200);
        service
    }

    fn open(&self, retention: Option<Retention>) -> Result<S3Store, S3Error> {
        let options = S3Options { endpoint: Some(self.endpoint.clone()), region: None, retention };
        let prefix = Some("evidence/here".parse().unwrap());
        S3Store::open(self.bucket, prefix, &options, &Roots::system())
    }
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn for_days(mode: Mode, days: u32) -> Option<Retention> {
    Some(Retention::new(mode, days).unwrap())
}

fn lock(store: &S3Store, key: &str, version: Option<&str>) -> Lock {
    let head = store.client.send(&S3Request::head(key, version)).unwrap();
    Lock::of(&head).unwrap().unwrap()
}

fn version_of(response: &Response) -> String {
    response.header("x-amz-version-id").unwrap().to_owned()
}

fn send_as(method: Method, store: &S3Store, key: &str, version: &str) -> Response {
    let mut request = S3Request::head(key, Some(version));
    request.method = method;
    store.client.send(&request).unwrap()
}

#[test]
#[ignore = "needs an S3 service: tests/s3/run.py"]
fn a_name_is_given_once() {
    let mut store = Service::with("given-once", false).open(None).unwrap();
    let name = name("a/b+c_d-e.note");
    assert_eq!(store.read(&name).unwrap(), None);
    assert_eq!(store.put_new(&name, b"one").unwrap(), Put::Written);
    assert_eq!(store.put_new(&name, b"one").unwrap(), Put::AlreadyThere);
    let refused = store.put_new(&name, b"two").unwrap_err();
    assert!(matches!(refused, StoreError::Conflict(_)), "{refused}");
    assert_eq!(store.read(&name).unwrap().unwrap(), b"one");
    // Also when somebody else writes between the look and the write.
    assert!(!store.write(&name, b"two", true).unwrap());
    assert_eq!(store.read(&name).unwrap().unwrap(), b"one");
}

#[test]
#[ignore = "needs an S3 service: tests/s3/run.py"]
fn of_two_writers_one_wins() {
    let service = Service::with("two-writers", false);
    let puts: Vec<_> = thread::scope(|scope| {
        let put = |bytes: &'static [u8]| {
            let mut store = service.open(None).unwrap();
            scope.spawn(move || (bytes, store.put_new(&name("a"), bytes)))
        };
        let threads = [put(b"one"), put(b"two")];
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let stored = service.open(None).unwrap().read(&name("a")).unwrap().unwrap();
    for (bytes, put) in puts {
        match put {
            Ok(put) => assert_eq!((put, bytes), (Put::Written, stored.as_slice())),
            Err(error) => assert!(matches!(error, StoreError::Conflict(_)), "{error}"),
        }
    }
}

#[test]
#[ignore = "needs an S3 service: tests/s3/run.py"]
fn names_are_listed_in_order_page_by_page() {
    let mut store = Service::with("pages", false).open(None).unwrap();
    let empty = store.list(&name("n"), None).unwrap();
    assert_eq!(empty, Page { names: vec![], more: false });
    let all: Vec<String> = (0..20).map(|n| format!("n/{n:03}")).collect();
    for path in all.iter().rev() {
        store.put_new(&name(path), b"").unwrap();
    }
    store.put_new(&name("nearby/1"), b"").unwrap();
    let (mut listed, mut more) = (Vec::<String>::new(), true);
    while more {
        let page = store.list(&name("n"), listed.last().map(String::as_str)).unwrap();
        assert!(page.names.len() <= 7);
        listed.extend(page.names);
        more = page.more;
    }
    assert_eq!(listed, all);
    assert_eq!(store.list(&name("n"), Some("n/017~")).unwrap().names, ["n/018", "n/019"]);
}

#[test]
#[ignore = "needs an S3 service: tests/s3/run.py"]
fn what_is_retained_cannot_be_deleted() {
    let service = Service::with("locked", true);
    let mut store = service.open(for_days(Mode::Compliance, 30)).unwrap();
    assert_eq!(store.put_new(&name("a"), b"one").unwrap(), Put::Written);
    assert_eq!(store.put_new(&name("a"), b"one").unwrap(), Put::AlreadyThere);
    let lock = lock(&store, "evidence/here/a", None);
    let now = jiff::Timestamp::now();
    let day = jiff::SignedDuration::from_hours(24);
    assert!(lock.to_string().starts_with("locked as COMPLIANCE until 20"), "{lock}");
    let rest = lock.until().duration_since(now);
    assert!(rest <= day * 30 && rest > day * 30 - jiff::SignedDuration::from_mins(1), "{lock}");
    let put = store.client.send(&S3Request::put("evidence/here/a", b"two")).unwrap();
    let version = version_of(&put);
    // That one was not locked, and can go; the one that was cannot.
    let delete = |version: &str| send_as(Method::Delete, &store, "evidence/here/a", version).status;
    assert_eq!(delete(&version), 204);
    let response = store.client.send(&S3Request::get("evidence/here/a")).unwrap();
    assert_eq!(response.body, b"one");
    assert_eq!(delete(&version_of(&response)), 403);
    assert_eq!(store.read(&name("a")).unwrap().unwrap(), b"one");
}

#[test]
#[ignore = "needs an S3 service: tests/s3/run.py"]
fn a_replaced_pointer_leaves_its_versions_locked() {
    let service = Service::with("pointer", true);
    let mut store = service.open(for_days(Mode::Governance, 1)).unwrap();
    let mut versions = Vec::new();
    for bytes in [&b"one"[..], b"two"] {
        store.replace(&name("1/checkpoint"), bytes).unwrap();
        assert_eq!(store.read(&name("1/checkpoint")).unwrap().unwrap(), bytes);
        let key = "evidence/here/1/checkpoint";
        let version = version_of(&store.client.send(&S3Request::get(key)).unwrap());
        let lock = lock(&store, key, Some(&version));
        assert!(lock.to_string().starts_with("locked as GOVERNANCE until 20"), "{lock}");
        versions.push(version);
    }
    assert_ne!(versions[0], versions[1]);
    let first = send_as(Method::Get, &store, "evidence/here/1/checkpoint", &versions[0]);
    assert_eq!(first.body, b"one");
}

#[test]
#[ignore = "needs an S3 service: tests/s3/run.py"]
fn retention_that_cannot_be_given_is_an_error() {
    let service = Service::with("no-lock", false);
    let refused = service.open(for_days(Mode::Compliance, 30)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "bucket no-lock has no Object Lock, so nothing in it can be retained"
    );

    let service = Service::with("late-lock", true);
    service.open(None).unwrap().put_new(&name("a"), b"one").unwrap();
    let mut store = service.open(for_days(Mode::Compliance, 30)).unwrap();
    assert_eq!(
        store.put_new(&name("a"), b"one").unwrap_err().to_string(),
        "evidence/here/a is in the bucket but is not retained as asked: it is \
         not locked, or these credentials lack s3:GetObjectRetention"
    );
}

#[test]
#[ignore = "needs an S3 service: tests/s3/run.py"]
fn a_bucket_that_is_not_there_is_an_error_of_its_own() {
    let service = Service { bucket: "nowhere", ..Service::with("somewhere", false) };
    let store = service.open(None).unwrap();
    let refused = store.read(&name("a")).unwrap_err().to_string();
    assert!(
        refused.starts_with("cannot read evidence/here/a: S3 answers 404 NoSuchBucket: "),
        "{refused}"
    );
    let refused = service.open(for_days(Mode::Compliance, 1)).unwrap_err().to_string();
    assert!(refused.starts_with("cannot read the Object Lock of nowhere: "), "{refused}");
}

#[test]
fn plain_text_is_for_private_networks_only() {
    let options = S3Options {
        endpoint: Some("http://8.8.8.8:9000".parse().unwrap()),
        ..S3Options::default()
    };
    let credentials = Credentials::new("key", "secret");
    let refused =
        S3Store::new("bucket", None, &options, &Roots::system(), credentials).unwrap_err();
    assert!(matches!(refused, S3Error::PlainText(_)), "{refused}");
}

#[test]
fn a_retention_has_a_mode_and_days() {
    assert!(Retention::new(Mode::Compliance, 0).is_err());
    assert!(Retention::new(Mode::Compliance, 36_501).is_err());
    assert!(Retention::new(Mode::Compliance, 36_500).unwrap().lock_from_now().is_ok());
    assert_eq!("governance".parse::<Mode>().unwrap(), Mode::Governance);
    assert!("GOVERNANCE".parse::<Mode>().is_err());
}
