//! Why a connection by TLS is refused, in words that say what to do.

use std::error::Error;
use std::io;

use rustls::CertificateError;

use super::certificate::Certificate;
use crate::text::time;

/// Why a server's certificate is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsTrouble {
    /// It is X.509 version 1 (or 2).
    #[error(
        "the server's certificate, of {subject}, is X.509 version 1, which cannot say for which hosts it is: have it \
         issued again, as version 3 with a subjectAltName"
    )]
    Version {
        /// Whose it is.
        subject: String,
    },
    /// It is self-signed, and not pinned.
    #[error(
        "the server's certificate, of {subject}, is self-signed and not among those that are trusted: if it is the \
         right one, name a file that holds it with --tls-ca"
    )]
    SelfSigned {
        /// Whose it is.
        subject: String,
    },
    /// Nobody who is trusted issued it.
    #[error(
        "the server's certificate, of {subject}, was issued by {issuer}, which is not trusted here: name a file that \
         holds that authority's certificate with --tls-ca"
    )]
    Issuer {
        /// Whose it is.
        subject: String,
        /// Who issued it.
        issuer: String,
    },
    /// It is another host's.
    #[error("the server's certificate is for {hosts}, not for {host}")]
    OtherHost {
        /// For which hosts it is.
        hosts: String,
        /// The host that was asked for.
        host: String,
    },
    /// It does not say for which hosts it is.
    #[error(
        "the server's certificate, of {subject}, has no subjectAltName, which says for which hosts it is: have it \
         issued again with one, or, if it is the right one, name a file that holds it with --tls-ca"
    )]
    NoHosts {
        /// Whose it is.
        subject: String,
    },
    /// Its time is over.
    #[error("the server's certificate was good until {}", time(*until))]
    Over {
        /// Seconds from 1970.
        until: u64,
    },
    /// Its time has not come.
    #[error("the server's certificate is good from {} on: is this machine's clock right?", time(*from))]
    NotYet {
        /// Seconds from 1970.
        from: u64,
    },
    /// Something else.
    #[error("the server's certificate, of {subject}, cannot be accepted: {reason}")]
    Other {
        /// Whose it is.
        subject: String,
        /// Why not.
        reason: String,
    },
}

impl TlsTrouble {
    /// What `error` means for this certificate of a server that was asked for as `host`.
    pub(super) fn of(error: &rustls::Error, certificate: &Certificate, host: &str) -> Self {
        use CertificateError::*;
        let subject = certificate.subject.clone();
        if certificate.is_self_signed() {
            return Self::SelfSigned { subject };
        }
        match error {
            rustls::Error::InvalidCertificate(error) => match error {
                UnknownIssuer => Self::Issuer { subject, issuer: certificate.issuer.clone() },
                Expired | ExpiredContext { .. } => {
                    Self::Over { until: certificate.not_after.as_secs() }
                }
                NotValidYet | NotValidYetContext { .. } => {
                    Self::NotYet { from: certificate.not_before.as_secs() }
                }
                NotValidForName | NotValidForNameContext { .. } if certificate.hosts.is_none() => {
                    Self::NoHosts { subject }
                }
                NotValidForName | NotValidForNameContext { .. } => {
                    Self::OtherHost { hosts: certificate.shown_hosts(), host: host.to_owned() }
                }
                other => Self::Other { subject, reason: other.to_string() },
            },
            other => Self::Other { subject, reason: other.to_string() },
        }
    }
}

/// What the library of certificates calls a version that it does not read.
const NOT_VERSION_3: &str = "UnsupportedCertVersion";

/// Why TLS failed, if that is among the causes of `error`.
pub fn tls_failure(error: &(dyn Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let inner = inner.and_then(|inner| inner.downcast_ref());
        if let Some(tls) = error.downcast_ref::<rustls::Error>().or(inner) {
            return Some(in_words(tls));
        }
        next = error.source();
    }
    None
}

fn in_words(error: &rustls::Error) -> String {
    use rustls::Error::{AlertReceived, InvalidCertificate, InvalidMessage, PeerIncompatible};
    match error {
        InvalidCertificate(CertificateError::Other(other)) => match other.0.downcast_ref() {
            Some(trouble) => TlsTrouble::to_string(trouble),
            None if other.0.to_string() == NOT_VERSION_3 => {
                "the server's certificate is not X.509 version 3, and so cannot say for which hosts it is".to_owned()
            }
            None => format!("the server's certificate cannot be accepted: {}", other.0),
        },
        InvalidCertificate(CertificateError::UnknownIssuer) => {
            "the server's certificate was not issued by an authority that is trusted here"
                .to_owned()
        }
        InvalidCertificate(other) => {
            format!("the server's certificate cannot be accepted: {other}")
        }
        AlertReceived(alert) => format!("the server ended TLS: {alert:?}"),
        PeerIncompatible(_) => {
            format!("the server and this command have no kind of TLS in common: {error}")
        }
        InvalidMessage(_) => "what the server sends is no TLS".to_owned(),
        other => format!("TLS failed: {other}"),
    }
}

/// The line for a shell that shows what a server presents, if the host can stand in one. `protocol` is that which TLS
/// is started from, if any.
pub fn openssl_line(host: &str, port: u16, protocol: Option<&str>) -> Option<String> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if bare.is_empty() || bare.starts_with('-') || !bare.chars().all(plain) {
        return None;
    }
    let host = if bare.contains(':') { format!("[{bare}]") } else { bare.to_owned() };
    let protocol = protocol.map_or(String::new(), |protocol| format!(" -starttls {protocol}"));
    Some(format!(
        "openssl s_client{protocol} -connect {host}:{port} </dev/null | openssl x509 -noout -text"
    ))
}
