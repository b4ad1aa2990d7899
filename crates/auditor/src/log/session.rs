//! A session on the server: one connection, which is made within a time of its own and closed when it is dropped.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::tls::{MakeTlsConnect, NoTls, TlsConnect};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, Row, Socket};

use super::connect::{Connector, innermost};
use super::interface::LogError;
use crate::net::{openssl_line, tls_failure};
use crate::text::reason;

/// What a session is set to.
const SESSION: &str = "SET default_transaction_read_only = on;
    SET search_path = pg_catalog, pg_temp;
    SET statement_timeout = '60s';
    SET lock_timeout = '20s';
    SET jit = off";

/// How long saying farewell may take.
const FAREWELL: Duration = Duration::from_millis(200);

/// A session.
pub(super) struct Session {
    // Before the driver, so that it is dropped first: then the connection ends.
    client: Client,
    driver: Driver,
}

/// What moves the bytes of a connection, while somebody waits for an answer.
struct Driver {
    runtime: Runtime,
    connection: JoinHandle<()>,
}

impl Session {
    /// Connects, and sets the session to reading.
    pub(super) fn open(connector: &Connector) -> Result<Self, LogError> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| LogError::Unavailable(reason(&error)))?;
        let begun = async {
            let (client, connection) = match &connector.tls {
                Some(tls) => connect(&connector.config, tls.clone()).await?,
                None => connect(&connector.config, NoTls).await?,
            };
            client.batch_execute(SESSION).await?;
            Ok((client, connection))
        };
        // The time covers all of it: a server that accepts and then says nothing must hold nobody up.
        match runtime.block_on(async { timeout(connector.timeout, begun).await }) {
            Ok(Ok((client, connection))) => {
                Ok(Self { client, driver: Driver { runtime, connection } })
            }
            Ok(Err(error)) => Err(LogError::Unavailable(in_words(connector, &error))),
            Err(_) => Err(LogError::Unavailable(format!(
                "cannot connect to the database: it took longer than {} s (--connect-timeout)",
                connector.timeout.as_secs()
            ))),
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// The one row that a query returns.
    pub(super) fn query_one(
        &self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Row, Error> {
        self.driver.runtime.block_on(self.client.query_one(sql, parameters))
    }
}

impl Drop for Driver {
    /// Lets the connection say that it ends.
    fn drop(&mut self) {
        let connection = &mut self.connection;
        let _ = self.runtime.block_on(async { timeout(FAREWELL, connection).await });
    }
}

async fn connect<T>(config: &Config, tls: T) -> Result<(Client, JoinHandle<()>), Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
    T::TlsConnect: Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    let (client, connection) = config.connect(tls).await?;
    // How it ends, the next question tells.
    let driven = tokio::spawn(async { drop(connection.await) });
    Ok((client, driven))
}

/// Why there is no connection, and what shows it.
fn in_words(connector: &Connector, error: &Error) -> String {
    /// What the client library says where the server has no TLS.
    const NO_TLS: &str = "server does not support TLS";
    let innermost = innermost(error);
    let begin = "cannot connect to the database: ";
    if innermost == NO_TLS {
        return format!(
            "{begin}the server offers no TLS: switch it on there (ssl = on), or, if nobody can come between, say \
             sslmode=disable in the URL"
        );
    }
    let Some(trouble) = tls_failure(error) else { return format!("{begin}{innermost}") };
    let line =
        connector.host().and_then(|(host, port)| openssl_line(&host, port, Some("postgres")));
    match line {
        Some(line) => format!("{begin}{trouble}. What it presents: {line}"),
        None => format!("{begin}{trouble}"),
    }
}
