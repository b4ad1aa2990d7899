-- A loop of refused statements fills the table of attempts, for good, until the disk is full.
-- role: attacker
-- rings: ring3
-- says: done
-- verify: intact
DO $$ BEGIN
    FOR i IN 1..3000 LOOP
        BEGIN UPDATE m.mine SET note = 'x'; EXCEPTION WHEN insufficient_privilege THEN NULL; END;
    END LOOP;
END $$;
\connect - postgres
DO $$ BEGIN
    FOR i IN 1..300 LOOP
        EXIT WHEN (SELECT count(*) + audit_immutable.attempts_dropped() >= 3000 FROM audit_immutable.attempt);
        PERFORM pg_sleep(0.1);
    END LOOP;
END $$;
-- Not more than a session user has in stock, and what comes back to it meanwhile.
SELECT 1 / (count(*) BETWEEN 1 AND 1210)::int FROM audit_immutable.attempt WHERE session_user_name = 'attacker';
SELECT 1 / (audit_immutable.attempts_dropped() >= 1790)::int;
