-- Roles that are there to replicate, for a rule that lets every role do so; as many as a line can name.
SELECT r.rolname::text
FROM pg_catalog.pg_roles AS r
WHERE r.rolreplication AND r.rolcanlogin AND NOT r.rolsuper
ORDER BY 1
LIMIT 20
