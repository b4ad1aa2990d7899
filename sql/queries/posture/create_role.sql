-- Who may make himself a member of pg_execute_server_program? Until PostgreSQL 15 whoever has CREATEROLE.
SELECT 'high', r.rolname::text, NULL, 'CREATEROLE lets him join any role but superusers, and so run programs on the server',
       pg_catalog.format('ALTER ROLE %I NOCREATEROLE', r.rolname)
FROM pg_catalog.pg_roles AS r
WHERE r.rolcreaterole AND NOT r.rolsuper AND pg_catalog.current_setting('server_version_num')::int < 160000
