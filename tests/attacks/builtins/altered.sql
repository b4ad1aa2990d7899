-- A superuser changes what PostgreSQL's own functions are, or which they are: settings, owner, name, schema, a better
-- match for the arguments of a query of the extension's; or puts another schema in the place of pg_catalog.
-- role: postgres
-- says: 42501 / 42501 / 42501 / 42501 / 42501 / 42501 / 42501
-- verify: intact
ALTER FUNCTION pg_catalog.pg_get_triggerdef(oid) SET search_path = m;
ALTER FUNCTION pg_catalog.pg_get_triggerdef(oid) OWNER TO attacker;
ALTER FUNCTION pg_catalog.pg_get_triggerdef(oid) RENAME TO pg_get_triggerdef_once;
ALTER FUNCTION pg_catalog.pg_get_triggerdef(oid) SET SCHEMA m;
CREATE FUNCTION pg_catalog.jsonb_build_array(text, text) RETURNS jsonb LANGUAGE sql AS $$ SELECT '[]'::jsonb $$;
ALTER SCHEMA pg_catalog RENAME TO once;
ALTER SCHEMA pg_catalog OWNER TO attacker;
