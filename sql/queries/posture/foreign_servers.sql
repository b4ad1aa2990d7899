-- Who may reach other servers, this one as one from inside, or files, by postgres_fdw, dblink_fdw or file_fdw?
SELECT CASE w.wrapper WHEN 'file_fdw' THEN 'high' ELSE 'medium' END, w.name, coalesce(r.rolname::text, 'PUBLIC'),
       'may reach what is outside of the database by ' || w.wrapper,
       pg_catalog.format('REVOKE USAGE ON FOREIGN %s %I FROM %s', w.kind, w.name,
                         coalesce(pg_catalog.quote_ident(r.rolname), 'PUBLIC'))
FROM (
    SELECT 'DATA WRAPPER', f.fdwname::text, f.fdwname::text, f.fdwacl, f.fdwowner
    FROM pg_catalog.pg_foreign_data_wrapper AS f
    UNION ALL
    SELECT 'SERVER', s.srvname::text, f.fdwname::text, s.srvacl, s.srvowner
    FROM pg_catalog.pg_foreign_server AS s
    JOIN pg_catalog.pg_foreign_data_wrapper AS f ON f.oid = s.srvfdw
) AS w (kind, name, wrapper, acl, owner)
CROSS JOIN LATERAL pg_catalog.aclexplode(w.acl) AS a
LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = a.grantee
WHERE w.wrapper IN ('postgres_fdw', 'dblink_fdw', 'file_fdw') AND a.grantee <> w.owner
      AND (w.kind = 'DATA WRAPPER' OR a.grantee = 0)
