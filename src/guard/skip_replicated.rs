//! What a publisher sends of its own logs never comes into those of the subscriber: FOR ALL TABLES has the extension's
//! tables among the others, and another database's sessions and events are none of this one's.

use crate::log::own::{self, Own};
use crate::pg::process;
use crate::pg::table::Table;

/// Whether the row is one of a subscription, its first copy included: it is left out, so that the subscription goes on.
/// What the extension itself writes there, for a row that comes into a log of the users', stays.
pub(super) fn is_from_publisher(table: &Table) -> bool {
    process::is_logical_worker() && Own::of(table).is_some_and(|own| !own::is_writing(own))
}
