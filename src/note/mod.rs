//! Who signs for this database, and under which name: the settings, the key, the origin, and what was
//! signed last.

pub(crate) mod key;
pub(crate) mod origin;
pub(crate) mod pinned;
pub(crate) mod record;
pub(crate) mod settings;
