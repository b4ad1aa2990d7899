-- The newest opening line that names a table. $1: the table, as the line writes it.
SELECT line
FROM audit_immutable.opening
WHERE line::pg_catalog.json OPERATOR(pg_catalog.->>) 'table' OPERATOR(pg_catalog.=) $1
ORDER BY audit_at DESC
LIMIT 1
