//! What all connections share: the certificate authorities that TLS trusts, how HTTP is spoken, and which hosts are
//! so close that TLS may be left out.

mod http;
mod private;
mod roots;

pub use http::{HttpClient, HttpError, Response};
pub use private::is_private_host;
pub use roots::{Roots, RootsError};
