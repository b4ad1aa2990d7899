//! What goes over the network, and how it is encrypted.

use crate::posture::check::{Ask, Check, capped};
use crate::posture::need::{SETTINGS, STATISTICS};

pub(super) const CHECKS: &[Check] = &[
    Check {
        item: "tls",
        right: "TLS is on where the server listens on a network",
        reference: "CIS 6.8; CD16-00-008800, CD16-00-008900",
        needs: &[],
        ask: Ask::Query(capped!("tls")),
    },
    Check {
        item: "tls_version",
        right: "no client may use TLS 1.0 or 1.1",
        reference: "CIS 6.9; CD16-00-008800",
        needs: &[SETTINGS],
        ask: Ask::Query(capped!("tls_version")),
    },
    Check {
        item: "tls_newest",
        right: "clients may use TLS 1.2 or 1.3",
        reference: "CIS 6.9",
        needs: &[SETTINGS],
        ask: Ask::Query(capped!("tls_newest")),
    },
    Check {
        item: "tls_ciphers",
        right: "no cipher is weak",
        reference: "CIS 6.10",
        needs: &[SETTINGS],
        ask: Ask::Query(capped!("tls_ciphers")),
    },
    Check {
        item: "tls_order",
        right: "the server chooses the cipher",
        reference: "CIS 6.10",
        needs: &[],
        ask: Ask::Query(capped!("tls_order")),
    },
    Check {
        item: "tls_authority",
        right: "certificates that are asked for can be checked",
        reference: "CIS 6.8",
        needs: &[],
        ask: Ask::Query(capped!("tls_authority")),
    },
    Check {
        item: "sessions_without_tls",
        right: "nobody is connected over a network without TLS who may reach audit tables",
        reference: "CD16-00-008800, CD16-00-008900",
        needs: &[STATISTICS],
        ask: Ask::Query(capped!("sessions_without_tls")),
    },
];
