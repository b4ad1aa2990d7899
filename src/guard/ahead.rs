//! What can be done before a command takes its locks.
//!
//! `CREATE TABLE … PARTITION OF … USING audit_immutable` keeps everybody from the whole tree, as it does for a plain
//! partition, until it commits. In a new session most of what the log takes to open is plans to be made and catalogs to
//! be read for the first time, and the session's row to be written.

use super::description::Description;
use super::{copied_index, created};
use crate::log::own;
use crate::log::{event, opening};
use crate::pg::parse_tree::{Statement, Utility};
use crate::pg::snapshot::Latest;
use crate::stamp::session;

/// The access method's name.
const METHOD: &str = "audit_immutable";

/// Prepares for a log in a partition that the command is about to make.
pub(super) fn prepare(statement: Statement<'_>) {
    let Utility::CreateTable(create) = statement.utility() else { return };
    // A restore is not ended by a command that may yet be refused.
    if !create.is_partition() || create.access_method() != METHOD || !own::live::is() {
        return;
    }
    let _latest = Latest::push();
    own::acting_as_owner(session::current);
    created::ready();
    copied_index::ready();
    opening::ready();
    event::ready();
    Description::ready();
}
