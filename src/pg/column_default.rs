//! The default of a column, as SQL writes it.

use pgrx::pg_sys;

use super::ffi;
use super::layout::Described;
use super::settings::Fixed;
use super::table::Table;

/// The default of the column at an index, from 0: names in pg_catalog as they are, all others with their schemas. None
/// where it has none, or is generated.
pub(crate) fn written(table: &Table, index: usize) -> Option<String> {
    let number = i16::try_from(index).ok()? + 1;
    let _search_path = Fixed::for_statement();
    // SAFETY: the table is open; its descriptor has as many defaults as it says, each a node tree as text.
    unsafe {
        let descriptor = table.descriptor();
        let constraints = (*descriptor).constr.as_ref()?;
        if constraints.has_generated_stored {
            return None;
        }
        let count = usize::from(constraints.num_defval);
        let defaults =
            if count > 0 { std::slice::from_raw_parts(constraints.defval, count) } else { &[] };
        let default = defaults.iter().find(|default| default.adnum == number)?;
        let expression = pg_sys::stringToNode(default.adbin).cast();
        let text = pg_sys::deparse_expression(expression, std::ptr::null_mut(), false, false);
        Some(ffi::text(text))
    }
}
