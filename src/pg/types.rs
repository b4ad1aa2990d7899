//! What a column's type is made of.

use pgrx::pg_sys;

use super::pinned::plain_identifiers;

/// Calls `visit` with every type inside `kind`, itself first: through domains, arrays, ranges and
/// composites.
pub(crate) fn parts(kind: pg_sys::Oid, visit: &mut dyn FnMut(pg_sys::Oid)) {
    visit(kind);
    // SAFETY: look-ups in the system caches; unknown oids answer InvalidOid.
    unsafe {
        let base = pg_sys::getBaseType(kind);
        if base != kind {
            return parts(base, visit);
        }
        for inner in [
            pg_sys::get_element_type(kind),
            pg_sys::get_range_subtype(kind),
            pg_sys::get_multirange_range(kind),
        ] {
            if inner != pg_sys::InvalidOid {
                parts(inner, visit);
            }
        }
        if pg_sys::type_is_rowtype(kind) && kind != pg_sys::RECORDOID {
            let descriptor = pg_sys::lookup_rowtype_tupdesc_copy(kind, -1);
            for index in 0..(*descriptor).natts {
                let attribute = pg_sys::SPI_gettypeid(descriptor, index + 1);
                if attribute != pg_sys::InvalidOid && attribute != kind {
                    parts(attribute, visit);
                }
            }
            pg_sys::FreeTupleDesc(descriptor);
        }
    }
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
    // SAFETY: a look-up in the system caches.
    let bound = unsafe { pg_sys::get_range_subtype(kind) };
    let mut is_ambiguous = PRINT_A_SUMMARY.contains(&kind);
    if bound != pg_sys::InvalidOid {
        parts(bound, &mut |part| is_ambiguous |= PRINT_ALIKE.contains(&part));
    }
    is_ambiguous
}

/// Types whose output leaves out most of the value.
const PRINT_A_SUMMARY: [pg_sys::Oid; 5] = [
    pg_sys::GTSVECTOROID,
    pg_sys::PG_NDISTINCTOID,
    pg_sys::PG_DEPENDENCIESOID,
    pg_sys::PG_BRIN_BLOOM_SUMMARYOID,
    pg_sys::PG_BRIN_MINMAX_MULTI_SUMMARYOID,
];

/// Types whose output is the same for some values, and no UTF-8 for some of `"char"`. They have writers of our own;
/// but the bounds of a range are printed by PostgreSQL.
const PRINT_ALIKE: [pg_sys::Oid; 3] = [pg_sys::CHAROID, pg_sys::XMLOID, pg_sys::TSQUERYOID];

/// Whether the type came with PostgreSQL itself.
pub(crate) fn is_built_in(kind: pg_sys::Oid) -> bool {
    kind.to_u32() < pg_sys::FirstNormalObjectId
}

/// Whether the type stands for itself: no domain, array, range, enum or composite.
pub(crate) fn is_plain(kind: pg_sys::Oid) -> bool {
    // SAFETY: look-ups in the system caches.
    unsafe {
        pg_sys::get_typtype(kind) as u8 == pg_sys::TYPTYPE_BASE
            && pg_sys::get_element_type(kind) == pg_sys::InvalidOid
    }
}

/// pg_language.dat
const C_LANGUAGE: u32 = 13;

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
        super::ffi::text(pg_sys::format_type_extended(kind, modifier, flags as u16))
    });
    match name.strip_prefix("pg_catalog.") {
        Some(name) => name.to_owned(),
        None => name,
    }
}
