-- Whether PostgreSQL, to plan a query of a table, would evaluate something of a user's: an index, extended statistics or a
-- CHECK constraint of it depends on a function, an operator or a type that is not PostgreSQL's own. $1: the table.
SELECT EXISTS (
    SELECT
    FROM (
        SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, i.indexrelid
        FROM pg_catalog.pg_index AS i
        WHERE i.indrelid = $1 AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
        UNION ALL
        SELECT 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, s.oid
        FROM pg_catalog.pg_statistic_ext AS s
        WHERE s.stxrelid = $1 AND s.stxexprs IS NOT NULL
        UNION ALL
        SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass, c.oid
        FROM pg_catalog.pg_constraint AS c
        WHERE c.conrelid = $1 AND c.contype = 'c'
    ) AS part (class, object)
    JOIN pg_catalog.pg_depend AS d ON d.classid = part.class AND d.objid = part.object
    WHERE d.refclassid IN (
        'pg_catalog.pg_proc'::pg_catalog.regclass,
        'pg_catalog.pg_operator'::pg_catalog.regclass,
        'pg_catalog.pg_type'::pg_catalog.regclass
    )
)
