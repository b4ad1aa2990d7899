-- An owner forces row level security on itself: were a superuser's verify to read as the owner, a row it has changed
-- could hide behind a policy, and a function in the policy would run.
-- role: app_owner
-- says: done
-- verify: intact
CREATE FUNCTION s.hide(n int) RETURNS bool LANGUAGE plpgsql STABLE AS $$
BEGIN
    INSERT INTO m.seen VALUES (current_user, 'policy');
    RETURN n < 5;
END $$;
CREATE POLICY half ON s.a USING (s.hide(n));
ALTER TABLE s.a ENABLE ROW LEVEL SECURITY;
ALTER TABLE s.a FORCE ROW LEVEL SECURITY;
\connect - postgres
SELECT 1 / (rows = 10)::int FROM audit_immutable.verify('s.a');
\connect - app_owner
REVOKE SELECT ON s.a FROM app_owner;
ALTER TABLE s.a NO FORCE ROW LEVEL SECURITY;
\connect - postgres
SELECT 1 / (rows = 10)::int FROM audit_immutable.verify('s.a');
