-- Whether the caller may read a relation.
SELECT pg_catalog.has_table_privilege($1, 'SELECT')
