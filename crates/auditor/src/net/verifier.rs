//! Which certificates of servers are accepted: those that an authority issued for the host, and those that are pinned.
//!
//! A pinned certificate stands itself among the trusted ones. PostgreSQL's manual has people make one that names its
//! host only in its common name and says that it is an authority's; no other check would take it for a server's. It
//! must be the very same certificate, for the host that was asked for, and good at the time.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};

use super::certificate::Certificate;
use super::trouble::TlsTrouble;

/// Accepts what is described above.
#[derive(Debug)]
pub(super) struct Verifier {
    authorities: Arc<WebPkiServerVerifier>,
    pinned: Vec<CertificateDer<'static>>,
}

impl Verifier {
    pub(super) fn new(
        authorities: Arc<WebPkiServerVerifier>,
        pinned: Vec<CertificateDer<'static>>,
    ) -> Self {
        Self { authorities, pinned }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let by_authority = self.authorities.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        let Err(error) = by_authority else { return by_authority };
        let Some(certificate) = Certificate::read(end_entity) else { return Err(error) };
        let host = server_name.to_str();
        let trouble = if !certificate.is_version_3 {
            Some(TlsTrouble::Version { subject: certificate.subject })
        } else if self.pinned.iter().any(|pinned| pinned == end_entity) {
            pinned_trouble(end_entity, &certificate, server_name, now)
        } else {
            Some(TlsTrouble::of(&error, &certificate, &host))
        };
        match trouble {
            None => Ok(ServerCertVerified::assertion()),
            Some(trouble) => Err(CertificateError::Other(OtherError(Arc::new(trouble))).into()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}

/// What is wrong with a certificate that is pinned.
fn pinned_trouble(
    der: &CertificateDer<'_>,
    certificate: &Certificate,
    server_name: &ServerName<'_>,
    now: UnixTime,
) -> Option<TlsTrouble> {
    let now = Duration::from_secs(now.as_secs());
    if now < certificate.not_before {
        return Some(TlsTrouble::NotYet { from: certificate.not_before.as_secs() });
    }
    if now > certificate.not_after {
        return Some(TlsTrouble::Over { until: certificate.not_after.as_secs() });
    }
    let host = server_name.to_str();
    let by_name = ParsedCertificate::try_from(der)
        .and_then(|parsed| verify_server_name(&parsed, server_name));
    if by_name.is_ok() || certificate.is_for_by_common_name(&host) {
        return None;
    }
    Some(TlsTrouble::OtherHost { hosts: certificate.shown_hosts(), host: host.into_owned() })
}
