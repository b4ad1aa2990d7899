-- An owner's index condition fails whenever it is not the owner who asks: verify must give its verdict all the same, and
-- see what was changed.
-- role: app_owner
-- says: done
-- verify: intact
CREATE FUNCTION s.refuse(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF session_user <> 'app_owner' THEN RAISE 'not for you'; END IF;
    RETURN $1;
END $$;
CREATE INDEX evil ON s.a (id) WHERE s.refuse(1) > 0;
\connect - postgres
SELECT 1 / (intact AND rows = 10)::int FROM audit_immutable.verify('s.a');
SELECT 1 / (count(*) = 0)::int FROM audit_immutable.findings('s.a');
DROP INDEX s.evil;
