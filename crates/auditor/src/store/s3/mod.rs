//! A store in a bucket of an S3 service, with Object Lock if it is asked for.
//!
//! In reading order: a [`request`]; the [`client`] that signs and sends it; [`retention`], which asks for locks and
//! checks them; and the store that uses them.

mod error;
mod request;

mod client;
mod retention;

mod store;

pub use error::S3Error;
pub use retention::{Mode, Retention};
pub use store::{S3Options, S3Store};

#[cfg(test)]
mod tests;
