//! Who signs for this database, and under which name: the settings, the key, the origin, and what was
//! signed last.

pub(crate) mod contradiction;
mod former_keys;
pub(crate) mod key;
pub(crate) mod last_checkpoint;
pub(crate) mod last_signed;
pub(crate) mod origin;
pub(crate) mod settings;

/// Once per process, when the library is loaded.
pub(crate) fn init() {
    settings::declare();
    former_keys::declare();
}
