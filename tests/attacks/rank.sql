-- Who is what, and owns what: nobody gains anything.
SET search_path = pg_catalog, pg_temp;
SELECT 'role', rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls
FROM pg_authid
WHERE rolname IN ('attacker', 'app_owner', 'app_rw', 'auditor') OR rolsuper
ORDER BY 2;
SELECT 'member', roleid::regrole, member::regrole, admin_option
FROM pg_auth_members
WHERE roleid < 16384 AND member >= 16384
ORDER BY 2, 3;
SELECT 'database', datdba::regrole
FROM pg_database
WHERE datname = current_database();
SELECT 'schema', nspname, nspowner::regrole
FROM pg_namespace
WHERE nspname IN ('audit_immutable', 's', 'pg_catalog', 'public')
ORDER BY 2;
SELECT 'relation', oid::regclass, relowner::regrole
FROM pg_class
WHERE relnamespace = 'audit_immutable'::regnamespace AND relkind IN ('r', 'v', 'S')
ORDER BY 2;
SELECT 'function', oid::regprocedure, proowner::regrole, prosecdef
FROM pg_proc
WHERE pronamespace = 'audit_immutable'::regnamespace
ORDER BY oid::regprocedure::text COLLATE "C";
