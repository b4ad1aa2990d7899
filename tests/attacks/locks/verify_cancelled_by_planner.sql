-- A function in an index of the attacker's own log raises query_canceled while verify() plans: verify() of everything
-- ends for everybody.
-- role: attacker
-- says: done
-- verify: intact
CREATE FUNCTION m.slow() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    IF session_user = 'postgres' THEN RAISE EXCEPTION 'no' USING ERRCODE = '57014'; END IF;
    RETURN 1;
END $$;
CREATE FUNCTION m.quiet(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.slow(); RETURN $1; END $$;
CREATE INDEX evil ON m.mine (id) WHERE m.quiet(1) > 0;
\connect - postgres
SET statement_timeout = '20s';
SELECT relation, intact, first_finding FROM audit_immutable.verify();
\connect - attacker
DROP INDEX m.evil;
