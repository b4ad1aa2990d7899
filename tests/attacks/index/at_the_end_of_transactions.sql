-- Rows that are written when a transaction is about to end, by a cursor WITH HOLD, by deferred triggers, by a temporary
-- table's, with savepoints undone in between: nobody may take the chain's head from before them.
-- role: attacker
-- says: done
-- verify: intact
CREATE TABLE m.log (id int, note text) USING heap;
SELECT audit_immutable.protect('m.log', chains => 1) IS NOT NULL;
CREATE FUNCTION m.write(n int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO m.log VALUES (n, repeat('x', 100 + n * 37 % 1400));
    BEGIN
        INSERT INTO m.log VALUES (n, repeat('y', 700));
        RAISE 'undone';
    EXCEPTION WHEN raise_exception THEN INSERT INTO m.log VALUES (n, 'in its place');
    END;
    RETURN n;
END $$;
CREATE FUNCTION m.at_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM m.write(NEW.id); RETURN NULL; END $$;
CREATE TABLE m.plain (id int);
CREATE CONSTRAINT TRIGGER at_end AFTER INSERT ON m.plain DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION m.at_end();
BEGIN;
INSERT INTO m.plain SELECT n FROM generate_series(1, 20) AS n;
DECLARE held CURSOR WITH HOLD FOR SELECT m.write(n) FROM generate_series(1, 60) AS n;
FETCH 10 FROM held;
SAVEPOINT a;
FETCH 10 FROM held;
INSERT INTO m.log VALUES (0, 'undone');
ROLLBACK TO a;
INSERT INTO m.log VALUES (0, 'kept');
COMMIT;
FETCH ALL FROM held;
CLOSE held;
BEGIN;
DECLARE c CURSOR FOR SELECT m.write(n) FROM generate_series(1, 60) AS n;
FETCH 3 FROM c;
SAVEPOINT b;
INSERT INTO m.log VALUES (0, 'in a savepoint');
FETCH 3 FROM c;
RELEASE b;
FETCH 3 FROM c;
INSERT INTO m.plain VALUES (99);
SET CONSTRAINTS ALL IMMEDIATE;
FETCH 3 FROM c;
COMMIT;
INSERT INTO m.log VALUES (0, 'behind them');
SELECT 1 / (count(*) = max(audit_seq) AND count(*) = count(DISTINCT audit_seq))::int FROM m.log;
