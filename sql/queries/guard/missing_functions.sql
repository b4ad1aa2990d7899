-- The functions that are not as the script made them. $1: names, $2: the symbols they stand for in the library.
SELECT w.name
FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS w (name, symbol)
WHERE (
    SELECT count(*)
    FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
    JOIN pg_catalog.pg_depend AS d
      ON d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_catalog.pg_extension AS x
      ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND x.oid = d.refobjid
    WHERE n.nspname = 'audit_immutable' AND x.extname = 'audit_immutable' AND p.proname = w.name
      AND l.lanname = 'c' AND p.prosrc = w.symbol AND p.probin = '$libdir/audit_immutable'
      AND p.proconfig IS NULL AND NOT p.prosecdef
) <> 1
ORDER BY 1
