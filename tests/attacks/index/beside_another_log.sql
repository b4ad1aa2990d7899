-- A trigger, and an index's expression, write into the same log and into others while a batch is stored and not indexed
-- yet, also in savepoints that are undone: a row could be taken for one that goes on with a run that is not there.
-- role: attacker
-- says: 22012
-- verify: intact
CREATE TABLE m.log (id int, note text, depth int DEFAULT 0) USING audit_immutable;
CREATE FUNCTION m.write(id int, depth int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF depth < 2 AND id % 3 = 0 THEN
        BEGIN
            INSERT INTO m.log VALUES (id + 1, repeat('y', 500), depth + 1);
            IF id % 2 = 0 THEN RAISE 'undone'; END IF;
        EXCEPTION WHEN raise_exception THEN
            INSERT INTO m.log VALUES (id + 2, repeat('z', 900), depth + 1);
        END;
        INSERT INTO m.mine VALUES (id, 'beside it');
    END IF;
END $$;
CREATE FUNCTION m.more(id int, depth int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM m.write(id, depth); RETURN id; END $$;
CREATE INDEX aaa ON m.log ((m.more(id, depth)));
INSERT INTO m.log SELECT n, repeat('x', n * 10 % 1500) FROM generate_series(1, 200) AS n;
BEGIN;
INSERT INTO m.log SELECT n, repeat('x', n * 10 % 1500) FROM generate_series(1, 60) AS n;
SAVEPOINT a;
INSERT INTO m.log SELECT n, repeat('x', n * 10 % 1500) FROM generate_series(1, 60) AS n;
ROLLBACK TO a;
INSERT INTO m.log SELECT n, repeat('x', n * 10 % 1500) FROM generate_series(1, 60) AS n;
COMMIT;
REINDEX INDEX m.log_audit_chain_audit_seq_idx;
INSERT INTO m.log SELECT n, repeat('x', n * 10 % 1500) FROM generate_series(1, 60) AS n;
SELECT 1 / (count(*) > 700)::int FROM m.log;
