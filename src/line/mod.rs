//! A row's values, written as the members of its line.

mod structured;
pub(crate) mod writer;
