-- While ALTER COLUMN TYPE rewrites one log, a function in a check lets another one be rewritten as well, or takes rows with
-- stamps of its own into another one: what is open for the one is not open for the other.
-- role: app_owner
-- says: 42501 / 428C9 / 42501
-- verify: intact
SET search_path = s;
CREATE TABLE bait (n int) USING audit_immutable;
INSERT INTO bait VALUES (1);
CREATE FUNCTION bite(n bigint) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE bite text := current_setting('s.bite', true);
BEGIN
    IF bite <> '' THEN
        PERFORM set_config('s.bite', '', false);
        EXECUTE bite;
    END IF;
    RETURN true;
END $$;
ALTER TABLE bait ADD CHECK (s.bite(n));
SET s.bite = $$ ALTER TABLE s.a ALTER actor TYPE text USING 'mallory' $$;
ALTER TABLE bait ALTER n TYPE bigint;
SET s.bite = $$ INSERT INTO s.a (n, audit_chain, audit_seq, audit_at, audit_session, audit_hash) VALUES (11, 1, 11, now(), 1, sha256('x')) $$;
ALTER TABLE bait ALTER n TYPE bigint;
SET s.bite = $$ INSERT INTO s.bait (n, audit_chain, audit_seq, audit_at, audit_session, audit_hash) VALUES (11, 1, 2, now(), 1, sha256('x')) $$;
ALTER TABLE bait ALTER n TYPE bigint;
SET s.bite = '';
ALTER TABLE bait ALTER n TYPE bigint;
