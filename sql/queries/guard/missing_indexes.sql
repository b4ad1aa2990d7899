-- The unique indexes of the extension's own tables that are not as the script made them. $1: names.
SELECT w.name
FROM pg_catalog.unnest($1) AS w (name)
WHERE NOT EXISTS (
    SELECT
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'audit_immutable' AND c.relname = w.name
      AND i.indisunique AND i.indisvalid AND i.indisready AND i.indimmediate AND i.indpred IS NULL
)
ORDER BY 1
