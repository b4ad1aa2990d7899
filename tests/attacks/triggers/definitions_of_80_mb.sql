-- An owner makes triggers whose conditions are 80 MB together: to compare them with what is on record takes more than
-- PostgreSQL can hold in one value, and verify() of everything ends with an error.
-- role: app_owner
-- says: done
-- verify: intact
CREATE FUNCTION s.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
DO $$
BEGIN
    FOR i IN 1 .. 40 LOOP
        EXECUTE format(
            'CREATE TRIGGER nothing_%s BEFORE INSERT ON s.a FOR EACH ROW WHEN (NEW.action = %L) EXECUTE FUNCTION s.nothing()',
            i, repeat('x', 2000000)
        );
    END LOOP;
END
$$;
\connect - postgres
-- What one is like is known all the same.
SELECT 1 / (detail #>> '{triggers,nothing_40,0}' LIKE 'sha256 %')::int AS hashed
FROM audit_immutable.event WHERE kind = 'trigger_changed' ORDER BY audit_at DESC LIMIT 1;
