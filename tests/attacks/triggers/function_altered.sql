-- The function of a trigger stays, and what it does is another's: its settings, its owner, what it runs as.
-- role: app_owner
-- says: done
-- verify: intact
CREATE FUNCTION s.harmless() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER harmless BEFORE INSERT ON s.a FOR EACH ROW EXECUTE FUNCTION s.harmless();
ALTER FUNCTION s.harmless() SET search_path = m, pg_catalog;
ALTER FUNCTION s.harmless() SECURITY DEFINER;
\connect - postgres
ALTER FUNCTION s.harmless() OWNER TO postgres;
SELECT 1 / (count(*) = 3)::int FROM audit_immutable.event WHERE kind = 'trigger_function_changed' AND relation = 's.harmless';
\connect - app_owner
