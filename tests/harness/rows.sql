-- Every row of every audit table there is, one a line: what no attack takes away. A column that comes later is NULL in it.
SET search_path = pg_catalog, pg_temp;
SELECT format('SELECT %L, jsonb_strip_nulls(to_jsonb(t)) FROM ONLY %s AS t', c.oid::regclass, c.oid::regclass)
FROM pg_class AS c
JOIN pg_am AS a ON a.oid = c.relam
WHERE a.amname = 'audit_immutable' AND c.relkind = 'r'
ORDER BY c.oid
\gexec
