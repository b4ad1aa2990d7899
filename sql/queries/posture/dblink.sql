-- May everybody connect from the server to elsewhere, and to the server itself as a connection from inside?
SELECT 'medium', x.extname::text, 'PUBLIC', 'everybody may connect from the server, as a client that comes from inside',
       'REVOKE EXECUTE ON FUNCTION '
       || pg_catalog.string_agg(p.oid::pg_catalog.regprocedure::text, ', ' ORDER BY p.oid) || ' FROM PUBLIC'
FROM pg_catalog.pg_extension AS x
JOIN pg_catalog.pg_depend AS d
  ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid = x.oid AND d.deptype = 'e'
     AND d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
JOIN pg_catalog.pg_proc AS p ON p.oid = d.objid
WHERE x.extname = 'dblink' AND p.proname ~ '^dblink($|_connect|_exec|_open|_fetch|_send|_get_result)'
      AND EXISTS (
          SELECT
          FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS a
          WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE'
      )
GROUP BY x.extname
