//! What all connections share: the certificates that TLS trusts, and what it says of others; how HTTP is spoken; and which
//! hosts are so close that TLS may be left out.

mod certificate;
mod trouble;
mod verifier;

mod roots;

mod http;
mod private;

pub use http::{HttpClient, HttpError, Response};
pub use private::is_private_host;
pub use roots::{Roots, RootsError};
pub use trouble::{TlsTrouble, openssl_line, tls_failure};
