//! HTTP as this program speaks it: no redirects, no status is an error, and every body has a limit.

use std::{mem, sync::Arc, time::Duration};

use ureq::{
    Agent,
    http::{HeaderMap, Request, Uri},
    tls::{Certificate, RootCerts, TlsConfig, TlsProvider},
};

use super::roots::{self, Roots};
use super::trouble::{openssl_line, tls_failure};
use crate::text::reason;

/// The largest body that is read of what is not known to be smaller. An entry bundle is smaller by far.
const MAX_BODY_BYTES: u64 = 16 << 20;

/// How long it may take until a server has accepted the connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A client, which keeps its connections open.
#[derive(Clone, Debug)]
pub struct HttpClient {
    agent: Agent,
}

impl HttpClient {
    /// A client that trusts `roots`, each of whose requests may take as long as `timeout`.
    pub fn new(roots: &Roots, timeout: Duration) -> Self {
        let certificates = roots
            .certificates()
            .iter()
            .map(|certificate| Certificate::from_der(certificate).to_owned())
            .collect::<Vec<_>>();
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::Specific(Arc::new(certificates)))
            .unversioned_rustls_crypto_provider(roots::provider())
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(timeout))
            .timeout_connect(Some(CONNECT_TIMEOUT.min(timeout)))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("audit-immutable/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.new_agent() }
    }

    /// Sends a request and reads the whole response, whatever its status.
    ///
    /// # Errors
    /// [`HttpError`] when there is no response, or its body is too large.
    pub fn send(&self, request: Request<&[u8]>) -> Result<Response, HttpError> {
        self.send_for(request, MAX_BODY_BYTES)
    }

    /// The same, where the body has at most `max_bytes`, unless the status is an error's.
    ///
    /// # Errors
    /// As for [`send`](Self::send).
    pub fn send_for(&self, request: Request<&[u8]>, max_bytes: u64) -> Result<Response, HttpError> {
        let of = HttpError::at(request.uri());
        let mut response = self.agent.run(request).map_err(&of)?;
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(max_bytes).read_to_vec();
        let body = match body.map_err(&of) {
            // The page that goes with an error may be of any length.
            Err(HttpError::Large) if status != 200 => Vec::new(),
            body => body?,
        };
        let headers = mem::take(response.headers_mut());
        Ok(Response { status, headers, body })
    }
}

/// The server's response.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// A header, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as text, with replacement characters where it is not UTF-8.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Why there is no response.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The body is larger than what was asked for can be.
    #[error("the response is larger than it can be")]
    Large,
    /// The server's certificate is not accepted, or TLS fails in another way.
    #[error("{0}")]
    Tls(String),
    /// No connection, a timeout, or something that is not HTTP.
    #[error("{}", reason(.0))]
    Failed(ureq::Error),
}

impl HttpError {
    /// What an error is of a request to `uri`.
    fn at(uri: &Uri) -> impl Fn(ureq::Error) -> Self + use<> {
        let (host, port) = (uri.host().unwrap_or_default(), uri.port_u16().unwrap_or(443));
        let line = openssl_line(host, port, None);
        move |error| {
            let tls = match &error {
                ureq::Error::BodyExceedsLimit(_) => return Self::Large,
                ureq::Error::Io(error) => tls_failure(error),
                error => tls_failure(error),
            };
            match (tls, &line) {
                (Some(why), Some(line)) => Self::Tls(format!("{why}. What it presents: {line}")),
                (Some(why), None) => Self::Tls(why),
                (None, _) => Self::Failed(error),
            }
        }
    }
}
