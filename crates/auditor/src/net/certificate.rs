//! What a certificate says of itself, read to tell people why it is refused, and to check one that is pinned.

use std::net::IpAddr;
use std::time::Duration;

use x509_cert::Certificate as X509;
use x509_cert::Version;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::asn1::{Ia5StringRef, PrintableStringRef, Utf8StringRef};
use x509_cert::der::oid::db::rfc4519::COMMON_NAME;
use x509_cert::der::{Decode, Tag, Tagged};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// The most characters of a name that are shown.
const MAX_SHOWN: usize = 200;

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Certificate {
    /// X.509 version 3, the only one that can say for which hosts it is.
    pub(super) is_version_3: bool,
    /// Whose it is.
    pub(super) subject: String,
    /// Who issued it.
    pub(super) issuer: String,
    /// The subject's common name.
    pub(super) common_name: Option<String>,
    /// The hosts that it is for, as its subjectAltName has them; none if it has none.
    pub(super) hosts: Option<Vec<String>>,
    /// From when it is good, since 1970.
    pub(super) not_before: Duration,
    /// Until when.
    pub(super) not_after: Duration,
}

impl Certificate {
    /// Reads a certificate in DER; none if it is none.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let X509 { tbs_certificate: certificate, .. } = X509::from_der(der).ok()?;
        let hosts = certificate.get::<SubjectAltName>().ok()?;
        let mut attributes = certificate.subject.0.iter().flat_map(|part| part.0.iter());
        let common_name = attributes.find(|attribute| attribute.oid == COMMON_NAME);
        Some(Self {
            is_version_3: certificate.version == Version::V3,
            subject: shown(&certificate.subject.to_string()),
            issuer: shown(&certificate.issuer.to_string()),
            common_name: common_name.and_then(text),
            hosts: hosts.map(|(_, names)| names.0.iter().filter_map(host).collect()),
            not_before: certificate.validity.not_before.to_unix_duration(),
            not_after: certificate.validity.not_after.to_unix_duration(),
        })
    }

    /// Whether its subject is its issuer.
    pub(super) fn is_self_signed(&self) -> bool {
        self.subject == self.issuer
    }

    /// Whether it has no subjectAltName, and the host as its common name. This is what certificates had before.
    pub(super) fn is_for_by_common_name(&self, host: &str) -> bool {
        let name = self.common_name.as_deref().filter(|_| self.hosts.is_none());
        name.is_some_and(|name| name.eq_ignore_ascii_case(host))
    }

    /// The hosts that it is for, for people.
    pub(super) fn shown_hosts(&self) -> String {
        match (&self.hosts, &self.common_name) {
            (Some(hosts), _) if !hosts.is_empty() => shown(&hosts.join(", ")),
            (None, Some(name)) => shown(name),
            _ => "no host".to_owned(),
        }
    }
}

fn text(attribute: &AttributeTypeAndValue) -> Option<String> {
    let value = &attribute.value;
    match value.tag() {
        Tag::Utf8String => value.decode_as::<Utf8StringRef<'_>>().ok().map(|text| text.to_string()),
        Tag::PrintableString => {
            value.decode_as::<PrintableStringRef<'_>>().ok().map(|text| text.to_string())
        }
        Tag::Ia5String => value.decode_as::<Ia5StringRef<'_>>().ok().map(|text| text.to_string()),
        _ => None,
    }
}

fn host(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(name.to_string()),
        GeneralName::IpAddress(bytes) => match bytes.as_bytes() {
            bytes if bytes.len() == 4 => {
                Some(IpAddr::from(<[u8; 4]>::try_from(bytes).ok()?).to_string())
            }
            bytes => Some(IpAddr::from(<[u8; 16]>::try_from(bytes).ok()?).to_string()),
        },
        _ => None,
    }
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
