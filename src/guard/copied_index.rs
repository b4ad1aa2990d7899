//! `CREATE TABLE … (LIKE an audit table INCLUDING ALL)` of a plain table, a temporary one or a partition root, say: the
//! index of the chains comes along, and where nothing stamps the rows, it serves nothing.

use crate::log::own::access_method;
use crate::pg::extension::index_method;
use crate::pg::query::{self, Argument, Sql, statement};
use crate::pg::snapshot::Latest;

/// Has the plan made that looks for such indexes.
pub(super) fn ready() {
    query::ready(COPIED, &methods());
}

/// The access methods of our tables and of their indexes.
fn methods() -> [Argument; 2] {
    [access_method().into(), index_method().into()]
}

const COPIED: Sql<'static> = statement!("guard/copied_indexes");

/// Drops the index from the tables that the running command made. The caller made it just now, and it is the caller
/// who drops it.
pub(super) fn drop_all() {
    let mut indexes = Vec::new();
    {
        let _latest = Latest::push();
        query::read(COPIED, &methods(), |row| {
            indexes.extend(row.text(1));
        });
    }
    for index in indexes {
        query::run(&*format!("DROP INDEX {index}"), &[]);
    }
}
