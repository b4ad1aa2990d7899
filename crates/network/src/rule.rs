//! What a connection must be like.

use std::{error, fmt, str};

use crate::{Connection, Networks, Peer, TlsVersion};

/// Which connections must be encrypted by TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequireTls {
    /// None.
    #[default]
    Off,
    /// All but those over a unix socket or loopback.
    Remote,
    /// All.
    All,
}

/// What a connection must be like to reach an audit table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// Where it may come from.
    pub networks: Networks,
    /// Whether it must be encrypted.
    pub require_tls: RequireTls,
    /// The oldest version of TLS, where it is encrypted.
    pub min_tls_version: Option<TlsVersion>,
    /// Whether a client must show a certificate, where its connection must be encrypted, or comes over a network.
    pub require_client_certificate: bool,
}

/// Why a connection does not satisfy a [`Rule`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// It comes from elsewhere.
    Network,
    /// It is not encrypted by TLS.
    NotEncrypted,
    /// Its version of TLS is too old, or not known.
    OldTls,
    /// The client has shown no certificate.
    NoCertificate,
}

impl Rule {
    /// The first complaint about a connection; None where it may reach the table. A process of the server's own always
    /// may.
    pub fn judge(&self, connection: &Connection) -> Option<Complaint> {
        let Connection { peer, tls } = *connection;
        if peer == Peer::Server {
            return None;
        }
        if !self.networks.contain(peer) {
            return Some(Complaint::Network);
        }
        let must_be_encrypted = match self.require_tls {
            RequireTls::Off => false,
            RequireTls::Remote => peer.is_remote(),
            RequireTls::All => true,
        };
        let Some(tls) = tls else {
            if must_be_encrypted {
                return Some(Complaint::NotEncrypted);
            }
            let needs_certificate = self.require_client_certificate && peer.is_remote();
            return needs_certificate.then_some(Complaint::NoCertificate);
        };
        if self
            .min_tls_version
            .is_some_and(|least| tls.version.is_none_or(|version| version < least))
        {
            return Some(Complaint::OldTls);
        }
        let needs_certificate =
            self.require_client_certificate && (must_be_encrypted || peer.is_remote());
        (needs_certificate && !tls.has_certificate).then_some(Complaint::NoCertificate)
    }
}

impl fmt::Display for RequireTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "off",
            Self::Remote => "remote",
            Self::All => "all",
        })
    }
}

impl str::FromStr for RequireTls {
    type Err = RequireTlsError;

    fn from_str(text: &str) -> Result<Self, RequireTlsError> {
        let all = [Self::Off, Self::Remote, Self::All];
        all.into_iter().find(|it| it.to_string() == text).ok_or(RequireTlsError)
    }
}

/// The text is no [`RequireTls`]. It prints as a whole sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequireTlsError;

impl fmt::Display for RequireTlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TLS is required of connections by off, remote or all.")
    }
}

impl error::Error for RequireTlsError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tls;

    const REMOTE: Peer = Peer::Address(std::net::IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 7)));
    const LOOPBACK: Peer = Peer::Address(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));

    fn plain(peer: Peer) -> Connection {
        Connection { peer, tls: None }
    }

    fn encrypted(peer: Peer, version: Option<TlsVersion>, has_certificate: bool) -> Connection {
        Connection { peer, tls: Some(Tls { version, has_certificate }) }
    }

    fn rule(require_tls: RequireTls) -> Rule {
        Rule {
            networks: "local, loopback, private".parse().unwrap(),
            require_tls,
            ..Rule::default()
        }
    }

    #[test]
    fn who_comes_from_elsewhere_is_refused_whatever_else_it_is() {
        let outside = Peer::Address("203.0.113.9".parse().unwrap());
        for require_tls in [RequireTls::Off, RequireTls::Remote, RequireTls::All] {
            let rule = rule(require_tls);
            let best = encrypted(outside, Some(TlsVersion::V1_3), true);
            assert_eq!(rule.judge(&best), Some(Complaint::Network));
            assert_eq!(rule.judge(&plain(Peer::Unknown)), Some(Complaint::Network));
            assert_eq!(rule.judge(&plain(Peer::Server)), None);
        }
    }

    #[test]
    fn tls_is_required_of_those_it_is_required_of() {
        let complaints = |require_tls| {
            [Peer::Socket, LOOPBACK, REMOTE].map(|peer| rule(require_tls).judge(&plain(peer)))
        };
        let refused = Some(Complaint::NotEncrypted);
        assert_eq!(complaints(RequireTls::Off), [None, None, None]);
        assert_eq!(complaints(RequireTls::Remote), [None, None, refused]);
        assert_eq!(complaints(RequireTls::All), [refused, refused, refused]);
    }

    #[test]
    fn an_old_or_unknown_version_is_refused_wherever_it_is_used() {
        let rule = Rule { min_tls_version: Some(TlsVersion::V1_3), ..rule(RequireTls::Off) };
        for (version, complaint) in [
            (Some(TlsVersion::V1_3), None),
            (Some(TlsVersion::V1_2), Some(Complaint::OldTls)),
            (None, Some(Complaint::OldTls)),
        ] {
            assert_eq!(rule.judge(&encrypted(REMOTE, version, false)), complaint);
        }
        assert_eq!(rule.judge(&plain(REMOTE)), None, "TLS itself is not required");
    }

    #[test]
    fn a_certificate_is_required_of_clients_that_come_over_a_network() {
        let rule = Rule { require_client_certificate: true, ..rule(RequireTls::Off) };
        let refused = Some(Complaint::NoCertificate);
        assert_eq!(rule.judge(&plain(REMOTE)), refused);
        assert_eq!(rule.judge(&encrypted(REMOTE, Some(TlsVersion::V1_3), false)), refused);
        assert_eq!(rule.judge(&encrypted(REMOTE, Some(TlsVersion::V1_3), true)), None);
        assert_eq!(rule.judge(&plain(Peer::Socket)), None);
        assert_eq!(rule.judge(&plain(LOOPBACK)), None);
        let all = Rule { require_tls: RequireTls::All, ..rule };
        assert_eq!(all.judge(&encrypted(LOOPBACK, Some(TlsVersion::V1_3), false)), refused);
    }
}
