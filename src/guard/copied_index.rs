//! `CREATE TABLE … (LIKE an audit table INCLUDING ALL)` of a plain table, a temporary one, say: the index of the chains
//! comes along, and where nothing stamps the rows, it serves nothing.

use crate::log::own::access_method;
use crate::pg::extension::index_method;
use crate::pg::query::{self, statement};
use crate::pg::snapshot::Latest;

/// Drops the index from the tables that the running command made. The caller made it just now, and it is the caller
/// who drops it.
pub(super) fn drop_all() {
    let arguments = [access_method().into(), index_method().into()];
    let mut indexes = Vec::new();
    {
        let _latest = Latest::push();
        query::read(statement!("guard/copied_indexes"), &arguments, |row| {
            indexes.extend(row.text(1));
        });
    }
    for index in indexes {
        query::run(&*format!("DROP INDEX {index}"), &[]);
    }
}
