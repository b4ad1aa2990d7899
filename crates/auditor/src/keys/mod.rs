//! Keys that stand in files or on the command line: verifier keys of others, and a secret key of one's own.

mod secret;
mod verifier;

pub use secret::{is_accessible_to, read_secret_key};
pub use verifier::read_verifier_keys;
