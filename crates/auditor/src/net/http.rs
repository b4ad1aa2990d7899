//! HTTP as we speak it: no redirects, every status an answer, every answer bounded.

use std::{sync::Arc, time::Duration};

use ureq::{
    Agent,
    http::Request,
    tls::{Certificate, RootCerts, TlsConfig, TlsProvider},
};

use super::{Roots, roots};

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
        let header = |name: &str| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.map(str::to_owned)
        };
        let (content_type, version) = (header("content-type"), header("x-amz-version-id"));
        let body = response.body_mut().with_config().limit(LONGEST).read_to_vec();
        Ok(Answer {
            status: response.status().as_u16(),
            content_type,
            version,
            body: body.map_err(HttpError)?,
        })
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// `Content-Type`, if it is there and readable.
    pub content_type: Option<String>,
    /// `x-amz-version-id`, likewise: which version of an object S3 wrote.
    pub version: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text, its bad bytes replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Why there is no answer: no connection, no trust, no time, or no HTTP.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct HttpError(ureq::Error);
