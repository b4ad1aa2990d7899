//! How the database is reached: the URL, the password, and when TLS is needed.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{
    net::{Roots, RootsError, is_private_host},
    text::reason,
};

/// The folder where Debian's PostgreSQL and libpq have the socket.
const SOCKET_FOLDER: &str = "/var/run/postgresql";
/// How long connecting may take, unless the URL or an option says something else.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long sent data may stay unacknowledged.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(60);
/// After how long without data the connection is probed.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);

/// How the database is to be reached.
#[derive(Clone, Debug)]
pub struct ConnectOptions {
    /// The database's URL, perhaps with `sslmode`, `sslrootcert` and a password.
    pub url: String,
    /// A file with the password in its first line.
    pub password_file: Option<PathBuf>,
    /// The certificate authorities to trust instead of the system's.
    pub tls_ca: Option<PathBuf>,
    /// Whether `sslmode=disable` is accepted for a host that is not on a private network.
    pub allow_plain_text: bool,
    /// How long connecting may take, until the first question can be asked.
    pub connect_timeout: Option<Duration>,
}

/// Makes connections, as often as one is needed.
#[derive(Clone)]
pub(super) struct Connector {
    pub(super) config: Config,
    pub(super) tls: Option<MakeRustlsConnect>,
    /// How long it may take in all.
    pub(super) timeout: Duration,
}

impl Connector {
    pub(super) fn new(options: &ConnectOptions) -> Result<Self, ConnectError> {
        let DatabaseUrl { text, mut tls, root_file } = DatabaseUrl::parse(&options.url)?;
        if tls == TlsChoice::Default && options.tls_ca.is_some() {
            tls = TlsChoice::On;
        }
        let mut config: Config = text.parse().map_err(ConnectError::Url)?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            config.host_path(SOCKET_FOLDER);
        }
        if config.get_password().is_none()
            && let Some(password) = password(options.password_file.as_deref())?
        {
            config.password(password);
        }
        let of_url = config.get_connect_timeout().copied().filter(|timeout| !timeout.is_zero());
        let timeout = options.connect_timeout.or(of_url).unwrap_or(CONNECT_TIMEOUT);
        config.connect_timeout(timeout);
        config.tcp_user_timeout(TCP_USER_TIMEOUT).keepalives_idle(KEEPALIVE_IDLE);
        if config.get_application_name().is_none() {
            config.application_name("audit-immutable");
        }

        if !tls.decide(&config, options.allow_plain_text)? {
            config.ssl_mode(SslMode::Disable);
            return Ok(Self { config, tls: None, timeout });
        }
        config.ssl_mode(SslMode::Require);
        let roots = match options.tls_ca.as_ref().or(root_file.as_ref()) {
            Some(file) => Roots::from_file(file)?,
            None => Roots::system(),
        };
        let tls = Some(MakeRustlsConnect::new(roots.client_config()?));
        Ok(Self { config, tls, timeout })
    }

    /// The first host and port, for people; none for a socket.
    pub(super) fn host(&self) -> Option<(String, u16)> {
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        match (self.config.get_hostaddrs().first(), self.config.get_hosts().first()) {
            (_, Some(Host::Tcp(name))) => Some((name.clone(), port)),
            (Some(address), None) => Some((address.to_string(), port)),
            _ => None,
        }
    }
}

/// A database's URL, and the parameters of it that the client library does not know.
#[derive(Debug, PartialEq, Eq)]
struct DatabaseUrl {
    /// The URL without them.
    text: String,
    /// `sslmode`.
    tls: TlsChoice,
    /// `sslrootcert`.
    root_file: Option<PathBuf>,
}

/// What `sslmode` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TlsChoice {
    /// Nothing, or that both are fine.
    Default,
    /// No TLS.
    Off,
    /// TLS. There is one kind here, which checks the host's certificate.
    On,
}

impl DatabaseUrl {
    fn parse(url: &str) -> Result<Self, ConnectError> {
        if !(url.starts_with("postgresql://") || url.starts_with("postgres://")) {
            return Err(ConnectError::NotUrl);
        }
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut tls, mut root_file, mut rest) = (TlsChoice::Default, None, Vec::new());
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=') {
                Some(("sslmode", "disable")) => tls = TlsChoice::Off,
                Some(("sslmode", "allow" | "prefer")) => tls = TlsChoice::Default,
                Some(("sslmode", "require" | "verify-ca" | "verify-full")) => tls = TlsChoice::On,
                Some(("sslmode", other)) => return Err(ConnectError::SslMode(other.to_owned())),
                Some(("sslrootcert", "system")) => {}
                Some(("sslrootcert", file)) => {
                    let file = url::form_urlencoded::parse(file.as_bytes()).next();
                    root_file = file.map(|(file, _)| PathBuf::from(file.into_owned()));
                }
                _ => rest.push(parameter),
            }
        }
        let text =
            if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        Ok(Self { text, tls, root_file })
    }
}

impl TlsChoice {
    /// Whether there will be TLS.
    fn decide(self, config: &Config, allow_plain_text: bool) -> Result<bool, ConnectError> {
        let by_address = config.get_hostaddrs().iter().map(ToString::to_string);
        let by_name = config.get_hosts().iter().filter_map(|host| match host {
            Host::Tcp(name) => Some(name.clone()),
            Host::Unix(_) => None,
        });
        let hosts: Vec<String> = if config.get_hostaddrs().is_empty() {
            by_name.collect()
        } else {
            by_address.collect()
        };
        match self {
            // Nobody can come between the ends of a socket.
            _ if hosts.is_empty() => Ok(false),
            Self::On => Ok(true),
            Self::Default => Ok(!hosts.iter().all(|host| is_this_machine(host))),
            Self::Off => match hosts.into_iter().find(|host| !is_private_host(host)) {
                Some(host) if !allow_plain_text => Err(ConnectError::PlainText(host)),
                _ => Ok(false),
            },
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

fn password(file: Option<&Path>) -> Result<Option<String>, ConnectError> {
    let Some(file) = file else {
        return Ok(env::var("PGPASSWORD").ok().filter(|password| !password.is_empty()));
    };
    let text = fs::read_to_string(file)
        .map_err(|source| ConnectError::Password { path: file.to_owned(), source })?;
    Ok(text.lines().next().map(str::to_owned))
}

/// Why no connection can be tried.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// It is not a URL.
    #[error("--database takes a URL, which begins with postgresql://")]
    NotUrl,
    /// The URL cannot be understood. It is not repeated: it may hold a password.
    #[error("the database's URL cannot be understood: {}", innermost(.0))]
    Url(tokio_postgres::Error),
    /// There is no such mode.
    #[error("sslmode={0} is not known")]
    SslMode(String),
    /// TLS is switched off, and the host is not on a private network.
    #[error(
        "{0} is not on a private network, and sslmode=disable would show the password and the answers to everybody \
         in between: leave it out, or give --allow-plain-text"
    )]
    PlainText(String),
    /// The password cannot be read.
    #[error("cannot read the password from {}: {}", path.display(), reason(source))]
    Password {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// There are no certificate authorities to trust.
    #[error(transparent)]
    Roots(#[from] RootsError),
}

/// The innermost of an error's causes: the client library wraps it into a general phrase.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    reason(&error)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn options(url: &str) -> ConnectOptions {
        let url = url.to_owned();
        ConnectOptions {
            url,
            password_file: None,
            tls_ca: None,
            allow_plain_text: false,
            connect_timeout: None,
        }
    }

    /// Whether there would be TLS.
    fn tls(url: &str) -> Result<bool, String> {
        let connector = Connector::new(&options(url)).map_err(|error| error.to_string())?;
        let required = connector.config.get_ssl_mode() == SslMode::Require;
        assert_eq!(required, connector.tls.is_some());
        Ok(required)
    }

    #[test]
    fn tls_is_for_whatever_leaves_this_machine() {
        for near in [
            "postgresql:///shop",
            "postgresql:///shop?host=/run/sockets",
            "postgresql:///shop?host=/run/sockets&sslmode=verify-full",
            "postgres://audit@localhost/shop",
            "postgres://audit@127.0.0.1:5433/shop?sslmode=prefer",
            "postgres://[::1]/shop",
            "postgres://10.0.0.5/shop?sslmode=disable",
        ] {
            assert_eq!(tls(near), Ok(false), "{near}");
        }
        for far in [
            "postgresql://db.example.com/shop",
            "postgresql://10.0.0.5/shop",
            "postgresql://8.8.8.8/shop?sslmode=allow",
            "postgresql://localhost/shop?sslmode=require",
            "postgresql://localhost/shop?hostaddr=8.8.8.8",
            "postgresql://db.example.com/shop?sslmode=verify-ca&sslrootcert=system",
        ] {
            assert_eq!(tls(far), Ok(true), "{far}");
        }
    }

    #[test]
    fn plain_text_to_other_networks_is_refused_unless_asked_for() {
        let url = "postgresql://8.8.8.8/shop?sslmode=disable";
        assert!(tls(url).unwrap_err().starts_with("8.8.8.8 is not on a private network"));
        let allowed = ConnectOptions { allow_plain_text: true, ..options(url) };
        assert!(Connector::new(&allowed).unwrap().tls.is_none());
    }

    #[test]
    fn connecting_takes_ten_seconds_at_most_or_what_is_said() {
        let seconds = |url: &str, option: Option<u64>| {
            let connect_timeout = option.map(Duration::from_secs);
            let options = ConnectOptions { connect_timeout, ..options(url) };
            Connector::new(&options).unwrap().timeout.as_secs()
        };
        assert_eq!(seconds("postgresql:///shop", None), 10);
        assert_eq!(seconds("postgresql:///shop?connect_timeout=3", None), 3);
        assert_eq!(seconds("postgresql:///shop?connect_timeout=0", None), 10);
        assert_eq!(seconds("postgresql:///shop?connect_timeout=3", Some(7)), 7);
    }

    #[test]
    fn what_cannot_be_understood_is_named_without_the_password() {
        assert_eq!(tls("host=db password=secret").unwrap_err(), ConnectError::NotUrl.to_string());
        assert_eq!(tls("postgresql://db/x?sslmode=off").unwrap_err(), "sslmode=off is not known");
        let unknown = tls("postgresql://u:secret@db/x?colour=red").unwrap_err();
        assert!(unknown.contains("colour") && !unknown.contains("secret"), "{unknown}");
        let roots = tls("postgresql://db/x?sslrootcert=%2Fno%20such").unwrap_err();
        assert!(roots.starts_with("cannot read certificates from /no such"), "{roots}");
    }

    #[test]
    fn the_password_comes_from_the_url_or_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        fs::write(&file, "of the file\n").unwrap();
        let password = |url: &str| {
            let options = ConnectOptions { password_file: Some(file.clone()), ..options(url) };
            let config = Connector::new(&options).unwrap().config;
            String::from_utf8(config.get_password().unwrap().to_vec()).unwrap()
        };
        assert_eq!(password("postgresql:///shop"), "of the file");
        assert_eq!(password("postgresql://u:own@/shop"), "own");
        let gone =
            ConnectOptions { password_file: Some("/no/such".into()), ..options("postgresql:///x") };
        assert!(Connector::new(&gone).is_err());
    }
}
