-- While a batch of rows is indexed, an expression of another index writes rows of the same log, which come between the
-- rows of the batch in their chain and in their pages. The index of the chains would lose rows: the owner hides them
-- from look-ups, and the next writer forks the chain.
-- role: app_owner
-- says: done
-- verify: intact
CREATE FUNCTION s.write(id bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    IF id % 7 = 0 AND id BETWEEN 11 AND 1000000 THEN
        INSERT INTO s.a (id, action) OVERRIDING SYSTEM VALUE VALUES (id + 1000000, repeat('among', 100));
    END IF;
    RETURN id;
END $$;
CREATE FUNCTION s.among(id bigint) RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN s.write(id); END $$;
CREATE INDEX among ON s.a (s.among(id));
INSERT INTO s.a (action) SELECT repeat('x', 300) FROM generate_series(1, 200);
BEGIN;
INSERT INTO s.a (action) SELECT repeat('y', 300) FROM generate_series(1, 50);
SAVEPOINT p;
INSERT INTO s.a (action) SELECT repeat('z', 300) FROM generate_series(1, 50);
ROLLBACK TO p;
INSERT INTO s.a (action) SELECT repeat('w', 300) FROM generate_series(1, 50);
COMMIT;
