-- Whether the caller has the rights of a role, as PostgreSQL asks when it shows settings and statistics.
SELECT pg_catalog.pg_has_role($1, 'USAGE')
