//! HTTP as this program speaks it: no redirects, no status is an error, and every body has a limit.

use std::{mem, sync::Arc, time::Duration};

use ureq::{
    Agent,
    http::{HeaderMap, Request},
    tls::{Certificate, RootCerts, TlsConfig, TlsProvider},
};

use super::roots::{self, Roots};
use crate::text::reason;

/// The largest body that is read. An entry bundle is smaller by far.
const MAX_BODY_BYTES: u64 = 16 << 20;

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
        let mut response = self.agent.run(request).map_err(HttpError)?;
        let body = response
            .body_mut()
            .with_config()
            .limit(MAX_BODY_BYTES)
            .read_to_vec()
            .map_err(HttpError)?;
        let headers = mem::take(response.headers_mut());
        Ok(Response { status: response.status().as_u16(), headers, body })
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

/// Why there is no response: no connection, no trusted certificate, a timeout, or something that is not HTTP.
#[derive(Debug, thiserror::Error)]
#[error("{}", reason(.0))]
pub struct HttpError(ureq::Error);
