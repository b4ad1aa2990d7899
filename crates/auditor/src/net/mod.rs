//! What every connection of ours shares: whom TLS believes, how HTTP is spoken, and when neither
//! is needed because the other end is near.

mod http;
mod near;
mod roots;

pub use http::{Answer, Http, HttpError};
pub use near::is_near;
pub use roots::{Roots, RootsError};
