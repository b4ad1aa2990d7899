-- The rules of pg_hba.conf as they are in the file, for crates/network to judge. From PostgreSQL 16 on it says in which.
SELECT coalesce(pg_catalog.to_jsonb(r) ->> 'file_name', 'pg_hba.conf'), r.line_number, r.type,
       pg_catalog.to_jsonb(r.database), pg_catalog.to_jsonb(r.user_name), r.address, r.netmask, r.auth_method,
       pg_catalog.to_jsonb(r.options)
FROM pg_catalog.pg_hba_file_rules AS r
WHERE r.error IS NULL
ORDER BY 1, 2
