-- Is there a superuser's SECURITY DEFINER function that looks for names where its caller says? He puts his own there.
SELECT 'high', p.oid::pg_catalog.regprocedure::text, r.rolname::text,
       'it acts as a superuser, and finds the names in it by its caller''s search path',
       pg_catalog.format('ALTER ROUTINE %s SET search_path = pg_catalog, %I, pg_temp', p.oid::pg_catalog.regprocedure, n.nspname)
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_roles AS r ON r.oid = p.proowner
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE p.prosecdef AND r.rolsuper AND p.prokind IN ('f', 'p')
      AND NOT EXISTS (
          SELECT FROM pg_catalog.unnest(p.proconfig) AS setting WHERE setting LIKE 'search_path=%'
      )
