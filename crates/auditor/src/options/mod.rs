//! Options that several commands share: each command flattens those it needs into its own.

mod schedule;
mod server;
mod signatures;
mod store;

mod follow;

pub use schedule::ScheduleOptions;
pub use server::ServerOptions;
pub use signatures::SignatureOptions;
pub use store::StoreOptions;

pub use follow::FollowOptions;
