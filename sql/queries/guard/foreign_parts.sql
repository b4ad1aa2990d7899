-- What hangs on the extension's own tables and is none of its making: triggers and rules, which could change or keep out
-- rows, and constraints, policies, inheritance, and statistics and indexes with code in them. $1: the names of its
-- triggers. $2: those of its indexes.
WITH own AS (
    SELECT c.oid
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_am AS a ON a.oid = c.relam
    WHERE n.nspname = 'audit_immutable' AND c.relkind = 'r' AND a.amname = 'audit_immutable'
),
part (class, object) AS (
    SELECT 'pg_catalog.pg_trigger'::pg_catalog.regclass, t.oid
    FROM pg_catalog.pg_trigger AS t
    WHERE t.tgrelid IN (SELECT oid FROM own)
      -- Those of a foreign key that refers to the table change nothing there.
      AND NOT (t.tgisinternal AND EXISTS (
          SELECT FROM pg_catalog.pg_constraint AS k WHERE k.oid = t.tgconstraint AND k.contype = 'f'
      ))
      AND t.tgname <> ALL ($1::pg_catalog.text[])
    UNION ALL
    SELECT 'pg_catalog.pg_rewrite'::pg_catalog.regclass, r.oid
    FROM pg_catalog.pg_rewrite AS r
    WHERE r.ev_class IN (SELECT oid FROM own)
    UNION ALL
    SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid
    FROM pg_catalog.pg_constraint AS k
    WHERE k.conrelid IN (SELECT oid FROM own) AND k.contype <> 'n'
    UNION ALL
    SELECT 'pg_catalog.pg_policy'::pg_catalog.regclass, p.oid
    FROM pg_catalog.pg_policy AS p
    WHERE p.polrelid IN (SELECT oid FROM own)
    UNION ALL
    SELECT 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, s.oid
    FROM pg_catalog.pg_statistic_ext AS s
    WHERE s.stxrelid IN (SELECT oid FROM own) AND s.stxexprs IS NOT NULL
    UNION ALL
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, h.inhrelid
    FROM pg_catalog.pg_inherits AS h
    WHERE h.inhparent IN (SELECT oid FROM own)
    UNION ALL
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, i.indexrelid
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
    WHERE i.indrelid IN (SELECT oid FROM own)
      AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
      AND c.relname <> ALL ($2::pg_catalog.text[])
)
SELECT pg_catalog.pg_describe_object(class, object, 0)
FROM part
ORDER BY 1
