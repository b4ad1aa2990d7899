//! Whether the connection that a session works for may reach an audit table: by the server's settings, and by what the
//! table was restricted to.
//!
//! It is asked by the access method for every way in and out, and by the functions that read. No privilege gets round
//! it, and it takes no preload.

mod admission;
mod restriction;
mod settings;

pub(crate) use admission::{admit, admit_to_evidence, check_admits_me, is_admitted};
pub(crate) use restriction::{KIND, MAX_RESTRICTIONS, Restriction, of_log};
pub(crate) use settings::rule;

/// Once per process, when the library is loaded.
pub(crate) fn init() {
    settings::declare();
    admission::init();
}
