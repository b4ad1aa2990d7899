-- A build within a build, that fails within a savepoint, with the table's relcache entry rebuilt on the way: what the
-- scans were handed must outlive it, and the inserts after it must be stamped.
-- role: app_owner
-- says: P0001
-- verify: intact
CREATE TABLE s.depth (n int);
CREATE FUNCTION s.inner_one(bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF $1 > 5 THEN RAISE 'half way'; END IF;
    RETURN $1;
END $$;
CREATE FUNCTION s.work() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM s.depth) THEN RETURN; END IF;
    INSERT INTO s.depth VALUES (1);
    EXECUTE 'GRANT SELECT ON s.a TO PUBLIC';
    BEGIN
        EXECUTE 'CREATE INDEX inside ON s.a (s.inner_one(id))';
    EXCEPTION WHEN OTHERS THEN
        INSERT INTO s.depth VALUES (2);
    END;
    BEGIN -- PostgreSQL itself refuses it: the index that is being built has no page yet
        INSERT INTO s.a (actor, action) VALUES ('inside', 'honest');
    EXCEPTION WHEN OTHERS THEN
        INSERT INTO s.depth VALUES (3);
    END;
    EXECUTE 'REVOKE SELECT ON s.a FROM PUBLIC';
END $$;
CREATE FUNCTION s.outer_one(bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM s.work(); RETURN $1; END $$;
CREATE INDEX outside ON s.a (s.outer_one(id));
DELETE FROM s.depth;
REINDEX INDEX s.outside;
CREATE INDEX fails ON s.a (s.inner_one(id));
INSERT INTO s.a (actor, action) VALUES ('after', 'honest');
CREATE INDEX once_more ON s.a (id);
