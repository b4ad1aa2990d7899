-- Who may log in as a superuser, besides the one that the cluster was made with? A role that cannot log in and is SET,
-- by somebody with a name of his own, leaves a trace of who it was.
SELECT 'medium', r.rolname::text, NULL, 'logs in as a superuser',
       pg_catalog.format('ALTER ROLE %I NOSUPERUSER', r.rolname)
FROM pg_catalog.pg_roles AS r
WHERE r.rolsuper AND r.rolcanlogin AND r.oid <> 10
