-- As forgotten_by_a_savepoint, of row level security: hidden rows for a while, without a trace.
-- role: app_owner
-- says: done
-- verify: intact
CREATE FUNCTION s.f(int) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
    BEGIN PERFORM 1 / 0; EXCEPTION WHEN division_by_zero THEN NULL; END;
    RETURN true;
END $$;
ALTER TABLE s.a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, ADD CONSTRAINT k CHECK (s.f(n));
ALTER TABLE s.a DROP CONSTRAINT k;
ALTER TABLE s.a DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY, ADD CONSTRAINT k CHECK (s.f(n));
\connect - postgres
SELECT 1 / (count(*) >= 2)::int FROM audit_immutable.event WHERE kind = 'row_security_changed' AND relation = 's.a';
\connect - app_owner
