//! HTTP as we speak it: no redirects, every status an answer, every answer bounded.

use std::{mem, sync::Arc, time::Duration};

use ureq::{
    Agent,
    http::{HeaderMap, Request},
    tls::{Certificate, RootCerts, TlsConfig, TlsProvider},
};

use super::{Roots, roots};
use crate::text::why;

/// The longest body that is read, in bytes. An entry bundle is smaller by far.
const LONGEST: u64 = 16 << 20;

/// A client, which keeps its connections open.
#[derive(Clone, Debug)]
pub struct Http {
    agent: Agent,
}

impl Http {
    /// A client that believes `roots` and gives up on a request after `patience`.
    pub fn new(roots: &Roots, patience: Duration) -> Self {
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
            .timeout_global(Some(patience))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("audit-immutable/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.new_agent() }
    }

    /// Sends a request and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// [`HttpError`] when there is no answer, or too long a one.
    pub fn send(&self, request: Request<&[u8]>) -> Result<Answer, HttpError> {
        let mut response = self.agent.run(request).map_err(HttpError)?;
        let body =
            response.body_mut().with_config().limit(LONGEST).read_to_vec().map_err(HttpError)?;
        let headers = mem::take(response.headers_mut());
        Ok(Answer { status: response.status().as_u16(), headers, body })
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as text, its bad bytes replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Why there is no answer: no connection, no trust, no time, or no HTTP.
#[derive(Debug, thiserror::Error)]
#[error("{}", why(.0))]
pub struct HttpError(ureq::Error);
