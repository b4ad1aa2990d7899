//! What a column's type is made of.

use std::collections::HashSet;

use pgrx::pg_sys;

use super::ffi;
use super::layout::Described;
use super::row_type::RowType;
use super::settings::plain_identifiers;

/// Calls `visit` once with every type inside `kind`, itself first: through domains, arrays, ranges and
/// composites. Users nest types as deep as they like, so nothing here calls itself.
pub(crate) fn parts(kind: pg_sys::Oid, visit: &mut dyn FnMut(pg_sys::Oid)) {
    let mut seen = HashSet::from([kind]);
    let mut waiting = vec![kind];
    while let Some(kind) = waiting.pop() {
        visit(kind);
        waiting.extend(inside(kind).into_iter().filter(|inner| seen.insert(*inner)));
    }
}

/// How deep types may be nested, and of how many types a type may be made, each counted as often as it is there:
/// twenty composites, each of two fields of the one before, are a million.
pub(crate) const MAX_DEPTH: usize = 100;
pub(crate) const MAX_PARTS: usize = 10_000;

/// Whether a type is nested deeper, or made of more types, than its values can be written.
pub(crate) fn is_too_complex(kind: pg_sys::Oid) -> bool {
    let mut count = 0;
    let mut waiting = vec![(kind, 1)];
    while let Some((kind, depth)) = waiting.pop() {
        count += 1;
        if depth > MAX_DEPTH || count + waiting.len() > MAX_PARTS {
            return true;
        }
        pgrx::check_for_interrupts!();
        waiting.extend(inside(kind).into_iter().map(|inner| (inner, depth + 1)));
    }
    false
}

/// The types that a type is made of directly.
fn inside(kind: pg_sys::Oid) -> Vec<pg_sys::Oid> {
    let base = base(kind);
    if base != kind {
        return vec![base];
    }
    let mut inside: Vec<_> =
        [element(kind), range_bound(kind), range(kind)].into_iter().flatten().collect();
    if is_row(kind) && kind != pg_sys::RECORDOID {
        let row = RowType::of(kind);
        let fields = row.attributes().filter(|it| !it.is_dropped());
        inside.extend(fields.map(|it| it.kind()).filter(|field| *field != kind));
    }
    inside
}

/// The type that a domain is over, however many there are; any other type itself.
pub(crate) fn base(kind: pg_sys::Oid) -> pg_sys::Oid {
    // SAFETY: a look-up that raises an error for an unknown oid.
    unsafe { pg_sys::getBaseType(kind) }
}

/// The type of an array's elements.
pub(crate) fn element(kind: pg_sys::Oid) -> Option<pg_sys::Oid> {
    // SAFETY: a look-up; other types answer InvalidOid.
    valid(unsafe { pg_sys::get_element_type(kind) })
}

/// The type of a range's bounds.
pub(crate) fn range_bound(kind: pg_sys::Oid) -> Option<pg_sys::Oid> {
    // SAFETY: a look-up; other types answer InvalidOid.
    valid(unsafe { pg_sys::get_range_subtype(kind) })
}

/// The type of a multirange's ranges.
pub(crate) fn range(kind: pg_sys::Oid) -> Option<pg_sys::Oid> {
    // SAFETY: a look-up; other types answer InvalidOid.
    valid(unsafe { pg_sys::get_multirange_range(kind) })
}

fn valid(oid: pg_sys::Oid) -> Option<pg_sys::Oid> {
    Some(oid).filter(|oid| *oid != pg_sys::InvalidOid)
}

/// Whether the type is composite.
pub(crate) fn is_row(kind: pg_sys::Oid) -> bool {
    // SAFETY: a look-up.
    unsafe { pg_sys::type_is_rowtype(kind) }
}

/// A function that casts the type to json, as `row_to_json` would use it.
pub(crate) fn json_cast(kind: pg_sys::Oid) -> Option<pg_sys::Oid> {
    let mut function = pg_sys::InvalidOid;
    let explicit = pg_sys::CoercionContext::COERCION_EXPLICIT;
    // SAFETY: look-ups; the pointer is valid.
    let path =
        unsafe { pg_sys::find_coercion_pathway(pg_sys::JSONOID, kind, explicit, &mut function) };
    (path == pg_sys::CoercionPathType::COERCION_PATH_FUNC).then_some(function)
}

/// Types whose text follows the catalog, since they store oids and print names: the text of a row could change
/// without the row.
pub(crate) fn follows_catalog(kind: pg_sys::Oid) -> bool {
    [
        pg_sys::REGCLASSOID,
        pg_sys::REGCOLLATIONOID,
        pg_sys::REGCONFIGOID,
        pg_sys::REGDICTIONARYOID,
        pg_sys::REGNAMESPACEOID,
        pg_sys::REGOPEROID,
        pg_sys::REGOPERATOROID,
        pg_sys::REGPROCOID,
        pg_sys::REGPROCEDUREOID,
        pg_sys::REGROLEOID,
        pg_sys::REGTYPEOID,
        pg_sys::ACLITEMOID,
    ]
    .contains(&kind)
}

/// Whether two different values of the type can have one text.
pub(crate) fn has_ambiguous_text(kind: pg_sys::Oid) -> bool {
    let mut is_ambiguous = PRINT_TOO_LITTLE.contains(&kind);
    if let Some(bound) = range_bound(kind) {
        parts(bound, &mut |part| is_ambiguous |= PRINT_ALIKE.contains(&part));
    }
    is_ambiguous
}

/// Types whose output leaves something out: most of the value, or, of a jsonpath, brackets before an accessor.
const PRINT_TOO_LITTLE: [pg_sys::Oid; 6] = [
    pg_sys::JSONPATHOID,
    pg_sys::GTSVECTOROID,
    pg_sys::PG_NDISTINCTOID,
    pg_sys::PG_DEPENDENCIESOID,
    pg_sys::PG_BRIN_BLOOM_SUMMARYOID,
    pg_sys::PG_BRIN_MINMAX_MULTI_SUMMARYOID,
];

/// Types whose output is the same for some values, and no UTF-8 for some of `"char"`: an array that was an empty int2vector
/// or oidvector has a dimension that `{}` has not. They have writers of our own; but the bounds of a range are printed
/// by PostgreSQL.
const PRINT_ALIKE: [pg_sys::Oid; 5] = [
    pg_sys::CHAROID,
    pg_sys::XMLOID,
    pg_sys::TSQUERYOID,
    pg_sys::INT2ARRAYOID,
    pg_sys::OIDARRAYOID,
];

/// Whether the type came with PostgreSQL itself.
pub(crate) fn is_built_in(kind: pg_sys::Oid) -> bool {
    kind.to_u32() < pg_sys::FirstNormalObjectId
}

/// Whether PostgreSQL cannot do without the type, and keeps no record of what depends on it.
pub(crate) fn is_pinned(kind: pg_sys::Oid) -> bool {
    // SAFETY: a comparison of numbers.
    unsafe { pg_sys::IsPinnedObject(pg_sys::TypeRelationId, kind) }
}

/// Whether the type stands for itself: no domain, array, range, enum or composite.
pub(crate) fn is_plain(kind: pg_sys::Oid) -> bool {
    // SAFETY: a look-up.
    let type_type = unsafe { pg_sys::get_typtype(kind) } as u8;
    type_type == pg_sys::TYPTYPE_BASE && element(kind).is_none()
}

/// pg_language.dat
const C_LANGUAGE: u32 = 13; // ClanguageId

/// Whether a function is written in C, which takes a superuser to create.
pub(crate) fn is_in_c(function: pg_sys::Oid) -> bool {
    // SAFETY: the tuple, if there is one, is a pg_proc row, and is released after it was read.
    unsafe {
        let tuple =
            pg_sys::SearchSysCache1(pg_sys::SysCacheIdentifier::PROCOID as i32, function.into());
        if tuple.is_null() {
            return false;
        }
        let form: *const pg_sys::FormData_pg_proc = pg_sys::GETSTRUCT(tuple).cast();
        let language = (*form).prolang;
        pg_sys::ReleaseSysCache(tuple);
        language == pg_sys::Oid::from(C_LANGUAGE)
    }
}

/// The type as SQL writes it where only pg_catalog is searched: `numeric(10,2)`, `public.mood`.
pub(crate) fn written(kind: pg_sys::Oid, modifier: i32) -> String {
    let flags = pg_sys::FORMAT_TYPE_TYPEMOD_GIVEN | pg_sys::FORMAT_TYPE_FORCE_QUALIFY;
    // SAFETY: answers a terminated string for any oid.
    let name = plain_identifiers(|| unsafe {
        ffi::text(pg_sys::format_type_extended(kind, modifier, flags as u16))
    });
    match name.strip_prefix("pg_catalog.") {
        Some(name) => name.to_owned(),
        None => name,
    }
}
