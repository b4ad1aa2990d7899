//! Which connections may reach the audit tables of this server. All is read from the server's configuration alone.

use std::ffi::CString;

use network::{Networks, RequireTls, Rule, TlsVersion};
use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting, PostgresGucEnum};

use crate::pg::setting_check::{self, Accepts};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PostgresGucEnum)]
enum Tls {
    #[name = c"off"]
    Off,
    #[name = c"remote"]
    Remote,
    #[name = c"all"]
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PostgresGucEnum)]
enum Version {
    #[name = c"any"]
    Any,
    #[name = c"TLSv1.1"]
    V1_1,
    #[name = c"TLSv1.2"]
    V1_2,
    #[name = c"TLSv1.3"]
    V1_3,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PostgresGucEnum)]
enum Untrusted {
    /// It is refused.
    #[name = c"refuse"]
    Refuse,
    /// It is let through, and remembered like a refused attempt.
    #[name = c"record"]
    Record,
}

static TRUSTED_NETWORKS: GucSetting<Option<CString>> =
    GucSetting::<Option<CString>>::new(Some(c"local, loopback, private"));
static REQUIRE_TLS: GucSetting<Tls> = GucSetting::<Tls>::new(Tls::Off);
static MIN_TLS_VERSION: GucSetting<Version> = GucSetting::<Version>::new(Version::Any);
static REQUIRE_CLIENT_CERT: GucSetting<bool> = GucSetting::<bool>::new(false);
static UNTRUSTED: GucSetting<Untrusted> = GucSetting::<Untrusted>::new(Untrusted::Refuse);

/// Declares the settings.
pub(super) fn declare() {
    let flags = GucFlags::default();
    setting_check::define::<List>(
        c"audit_immutable.trusted_networks",
        c"Networks whose clients may reach audit tables.",
        c"Networks like 10.0.0.0/8, addresses, and the names local (unix sockets), loopback, private and shared, with commas between.",
        &TRUSTED_NETWORKS,
    );
    GucRegistry::define_enum_guc(
        c"audit_immutable.require_tls",
        c"Which connections must be encrypted by TLS to reach audit tables.",
        c"off: none; remote: all but those over a unix socket or loopback; all.",
        &REQUIRE_TLS,
        GucContext::Sighup,
        flags,
    );
    GucRegistry::define_enum_guc(
        c"audit_immutable.min_tls_version",
        c"Oldest version of TLS over which audit tables can be reached.",
        c"Of connections that are encrypted; ssl_min_protocol_version is that of all of the server.",
        &MIN_TLS_VERSION,
        GucContext::Sighup,
        flags,
    );
    GucRegistry::define_bool_guc(
        c"audit_immutable.require_client_cert",
        c"Whether clients must show a certificate to reach audit tables.",
        c"Those that come over a network, and those whose connection must be encrypted. pg_hba.conf must ask for certificates.",
        &REQUIRE_CLIENT_CERT,
        GucContext::Sighup,
        flags,
    );
    GucRegistry::define_enum_guc(
        c"audit_immutable.untrusted",
        c"What becomes of connections that may not reach audit tables.",
        c"refuse: they cannot; record: they can, and each is remembered as a refused attempt would be.",
        &UNTRUSTED,
        GucContext::Sighup,
        flags,
    );
}

/// What the settings say a connection must be like.
pub(crate) fn rule() -> Rule {
    let list =
        TRUSTED_NETWORKS.get().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    Rule {
        networks: list.parse().unwrap_or_default(), // checked when it was set
        require_tls: match REQUIRE_TLS.get() {
            Tls::Off => RequireTls::Off,
            Tls::Remote => RequireTls::Remote,
            Tls::All => RequireTls::All,
        },
        min_tls_version: match MIN_TLS_VERSION.get() {
            Version::Any => None,
            Version::V1_1 => Some(TlsVersion::V1_1),
            Version::V1_2 => Some(TlsVersion::V1_2),
            Version::V1_3 => Some(TlsVersion::V1_3),
        },
        require_client_certificate: REQUIRE_CLIENT_CERT.get(),
    }
}

/// Whether connections that may not reach an audit table do, and are remembered.
pub(super) fn only_records() -> bool {
    UNTRUSTED.get() == Untrusted::Record
}

/// The value of `trusted_networks`.
struct List;

impl Accepts for List {
    fn check(value: &str) -> Result<(), String> {
        value.parse::<Networks>().map(|_| ()).map_err(|error| error.to_string())
    }
}
