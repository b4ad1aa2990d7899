//! The certificates that TLS trusts.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ClientConfig, RootCertStore,
    client::{VerifierBuilderError, WebPkiServerVerifier},
    crypto::{CryptoProvider, ring},
    pki_types::{
        CertificateDer,
        pem::{self, PemObject},
    },
};

use super::verifier::Verifier;

/// Certificates that are trusted. A server's must be of one of them, or be one that was named, and for the host that
/// was asked for: there is no weaker check.
#[derive(Clone, Debug)]
pub struct Roots {
    certificates: Vec<CertificateDer<'static>>,
    /// Whether a file names them, so that a server may present one of them itself.
    named: bool,
}

impl Roots {
    /// Those of this system, as the environment's `SSL_CERT_FILE` and `SSL_CERT_DIR` say or where
    /// its distribution keeps them.
    pub fn system() -> Self {
        Self { certificates: rustls_native_certs::load_native_certs().certs, named: false }
    }

    /// Those in a PEM file, and no others.
    ///
    /// # Errors
    /// [`RootsError`] when the file cannot be read or holds no certificate.
    pub fn from_file(path: &Path) -> Result<Self, RootsError> {
        let wrong = |reason: pem::Error| RootsError::File { path: path.to_owned(), reason };
        let certificates = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(wrong)?;
        if certificates.is_empty() {
            return Err(RootsError::Empty(path.to_owned()));
        }
        Ok(Self { certificates, named: true })
    }

    /// The certificates, in DER.
    pub fn certificates(&self) -> &[CertificateDer<'static>] {
        &self.certificates
    }

    /// What rustls needs to connect as a client.
    ///
    /// # Errors
    /// [`RootsError::Tls`] when there is no certificate that can be used.
    pub fn client_config(&self) -> Result<ClientConfig, RootsError> {
        let mut roots = RootCertStore::empty();
        let (used, _) = roots.add_parsable_certificates(self.certificates.iter().cloned());
        if used == 0 {
            return Err(RootsError::None);
        }
        let authorities =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build()?;
        let pinned = if self.named { self.certificates.clone() } else { Vec::new() };
        Ok(ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(RootsError::Tls)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Verifier::new(authorities, pinned)))
            .with_no_client_auth())
    }
}

/// The cryptography under every connection.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// Why there is no certificate authority to trust.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// The file of certificates cannot be read.
    #[error("cannot read certificates from {}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: pem::Error,
    },
    /// The file has no certificate.
    #[error("{} holds no certificate in PEM", .0.display())]
    Empty(PathBuf),
    /// The system knows no authority.
    #[error("this system has no certificate authorities: install ca-certificates, or name a file")]
    None,
    /// The certificates make no check.
    #[error("the certificates cannot be used: {0}")]
    Verifier(#[from] VerifierBuilderError),
    /// The cryptography has no protocol in common with TLS.
    #[error("TLS cannot be used: {0}")]
    Tls(rustls::Error),
}
