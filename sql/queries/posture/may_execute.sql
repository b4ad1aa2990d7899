-- Whether the caller may call a function.
SELECT pg_catalog.has_function_privilege($1, 'EXECUTE')
