//! What the extension knows of a log: its columns, its guard triggers, its opening, its rows' lines.

pub(crate) mod being_opened;
pub(crate) mod being_retyped;
pub(crate) mod carried;
pub(crate) mod column_change;
pub(crate) mod column_list;
pub(crate) mod columns;
pub(crate) mod coverage;
pub(crate) mod event;
pub(crate) mod list;
pub(crate) mod no_line;
pub(crate) mod opening;
pub(crate) mod own;
pub(crate) mod plan;
pub(crate) mod position;
pub(crate) mod row;
pub(crate) mod runs;
pub(crate) mod scars;
pub(crate) mod starts;
pub(crate) mod tables;
pub(crate) mod trailing;
pub(crate) mod triggers;
pub(crate) mod walk;

/// Once per process, when the library is loaded.
pub(crate) fn init() {
    own::identity::init();
    own::live::init();
    plan::init();
    tables::init();
    column_change::init();
    being_retyped::init();
}
