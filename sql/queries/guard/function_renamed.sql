-- The name that function $1 had, $3 in the schema with the oid $2, and the one it has now, both quoted.
SELECT pg_catalog.format('%I.%I', o.nspname, $3::pg_catalog.text), pg_catalog.format('%I.%I', n.nspname, p.proname)
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_namespace AS o ON o.oid = $2
WHERE p.oid = $1
