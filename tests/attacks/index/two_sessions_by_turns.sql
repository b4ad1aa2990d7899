-- Two sessions take turns with one chain, undo rows that began a run, and leave dead entries at the same place in several
-- blocks: the one that looks for the end must not take one of those for it, and fork the chain.
-- role: attacker
-- says: done
-- verify: intact
CREATE TABLE m.log (id int, note text) USING heap;
SELECT audit_immutable.protect('m.log', chains => 1) IS NOT NULL;
SELECT dblink_connect_u('one', 'user=attacker dbname=' || current_database());
SELECT dblink_connect_u('two', 'user=attacker dbname=' || current_database());
CREATE PROCEDURE m.turn(n int) LANGUAGE plpgsql AS $$
DECLARE
    who text := CASE WHEN n % 2 = 0 THEN 'one' ELSE 'two' END;
    add text := format('INSERT INTO m.log SELECT n, repeat(''x'', %s) FROM generate_series(1, %s) AS n', 200 + n * 97 % 1500, 1 + n % 9);
BEGIN
    PERFORM dblink_exec(who, 'BEGIN');
    PERFORM dblink_exec(who, add);
    PERFORM dblink_exec(who, 'SAVEPOINT a');
    PERFORM dblink_exec(who, add);
    PERFORM dblink_exec(who, CASE WHEN n % 3 = 0 THEN 'RELEASE a' ELSE 'ROLLBACK TO a' END);
    PERFORM dblink_exec(who, CASE WHEN n % 5 < 2 THEN 'COMMIT' ELSE 'ROLLBACK' END);
    COMMIT;
END $$;
DO $$ BEGIN FOR n IN 1..120 LOOP CALL m.turn(n); END LOOP; END $$;
VACUUM m.log;
DO $$ BEGIN FOR n IN 1..120 LOOP CALL m.turn(n); END LOOP; END $$;
REINDEX TABLE CONCURRENTLY m.log;
DO $$ BEGIN FOR n IN 1..40 LOOP CALL m.turn(n); END LOOP; END $$;
SELECT 1 / (count(*) = max(audit_seq) AND count(*) = count(DISTINCT audit_seq))::int FROM m.log;
