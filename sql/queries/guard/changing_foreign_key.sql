-- A foreign key of a table whose action would change or delete its rows. $1: the table.
SELECT conname::pg_catalog.text
FROM pg_catalog.pg_constraint
WHERE conrelid OPERATOR(pg_catalog.=) $1
  AND contype OPERATOR(pg_catalog.=) 'f'
  AND (confdeltype IN ('c', 'n', 'd') OR confupdtype IN ('c', 'n', 'd'))
ORDER BY conname
LIMIT 1
