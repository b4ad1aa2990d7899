-- VACUUM FULL and REINDEX build the indexes anew, with the owner's function in them: a row that it inserts meanwhile
-- must not come in as it is.
-- role: app_owner
-- says: 428C9 / 428C9
-- verify: intact
CREATE TABLE s.armed (yes bool);
CREATE FUNCTION s.forge() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM s.armed) THEN RETURN 1; END IF;
    INSERT INTO s.a (id, actor, audit_chain, audit_seq, audit_at, audit_session, audit_hash)
        OVERRIDING SYSTEM VALUE
        VALUES (9999, 'ceo', 77, 1, '2020-01-01 00:00:00+00', 1, sha256('x'));
    RETURN 1;
END $$;
CREATE FUNCTION s.evil(bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM s.forge(); RETURN $1; END $$;
CREATE INDEX evil_idx ON s.a (s.evil(id));
INSERT INTO s.armed VALUES (true);
VACUUM FULL s.a;
REINDEX TABLE s.a;
