//! `--database` and what belongs to it: the server that a log is on.

use std::path::PathBuf;
use std::time::Duration;

use crate::log::{ConnectOptions, Server};
use crate::outcome::Failure;

/// The server.
#[derive(Clone, Debug, clap::Args)]
pub struct ServerOptions {
    /// The database, as a URL: postgresql://user@host/database, or postgresql:///database?host=/path for a socket.
    /// To hosts beyond this machine TLS is required and the host's certificate is checked (verify-full), unless
    /// the URL says sslmode=disable. The password may be in $PGPASSWORD
    #[arg(long, value_name = "URL", env = "AUDIT_DATABASE", hide_env_values = true)]
    database: String,

    /// A file with the password in its first line
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,

    /// The authorities that sign the database server's certificate, in PEM, instead of the system's; or that
    /// certificate itself
    #[arg(long, value_name = "FILE")]
    tls_ca: Option<PathBuf>,

    /// Give up connecting after so many seconds, if the URL's connect_timeout does not say another time [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    connect_timeout: Option<u32>,

    /// Accept sslmode=disable to a host that is not on a private network
    #[arg(long)]
    allow_plain_text: bool,
}

impl ServerOptions {
    /// The server, which is not connected to yet.
    ///
    /// # Errors
    /// [`Failure::Usage`] if no connection can be tried.
    pub fn server(&self) -> Result<Server, Failure> {
        let options = ConnectOptions {
            url: self.database.clone(),
            password_file: self.password_file.clone(),
            tls_ca: self.tls_ca.clone(),
            allow_plain_text: self.allow_plain_text,
            connect_timeout: self
                .connect_timeout
                .map(|seconds| Duration::from_secs(seconds.into())),
        };
        Server::new(&options).map_err(|error| Failure::Usage(error.to_string()))
    }
}
