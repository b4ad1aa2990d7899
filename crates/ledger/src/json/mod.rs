//! JSON text: [`string`]s as PostgreSQL writes them, and whether text is JSON at all.
//!
//! What is written is bytes because the server's encoding may not be UTF-8; what is read is UTF-8.

mod check;
mod string;

pub use check::check;
pub(crate) use check::split_value;
pub use string::{bounded_string, string};
pub(crate) use string::{quote, read_string};
