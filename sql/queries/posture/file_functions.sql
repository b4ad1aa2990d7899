-- Who but superusers may call a function that reads or writes files of the server? The predefined roles are looked at
-- by themselves.
SELECT 'high', coalesce(r.rolname::text, 'PUBLIC'), p.oid::pg_catalog.regprocedure::text,
       'may read or write files of the server',
       pg_catalog.format('REVOKE EXECUTE ON FUNCTION pg_catalog.%s FROM %s', p.oid::pg_catalog.regprocedure,
                         coalesce(pg_catalog.quote_ident(r.rolname), 'PUBLIC'))
FROM pg_catalog.pg_proc AS p
CROSS JOIN LATERAL pg_catalog.aclexplode(p.proacl) AS a
LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = a.grantee
WHERE p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
      AND p.proname IN ('pg_read_file', 'pg_read_binary_file', 'pg_ls_dir', 'lo_import', 'lo_export')
      AND a.grantee <> p.proowner AND a.privilege_type = 'EXECUTE'
      AND coalesce(r.rolname, '') NOT IN ('pg_read_server_files', 'pg_write_server_files')
