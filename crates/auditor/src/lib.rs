//! provisional

pub mod net;
pub mod store;
