-- A writer undoes a thousand rows, each the first of a run, while a snapshot of his is held: everybody who takes the chain
-- would pass over all that is left of them, again and again.
-- role: app_rw
-- says: done
-- verify: intact
SELECT dblink_connect_u('holder', 'user=attacker dbname=' || current_database());
SELECT dblink_exec('holder', 'BEGIN ISOLATION LEVEL REPEATABLE READ; CREATE TEMP TABLE t AS SELECT 1');
DO $$
BEGIN
    FOR n IN 1..1000 LOOP
        BEGIN
            INSERT INTO s.a (action) VALUES (repeat('x', 6000));
            RAISE 'undone';
        EXCEPTION WHEN raise_exception THEN NULL;
        END;
    END LOOP;
END $$;
\connect - app_owner
INSERT INTO s.a (action) VALUES ('passes over them');
SET statement_timeout = '2s';
DO $$ BEGIN FOR n IN 1..300 LOOP INSERT INTO s.a (action) VALUES ('by the next one'); COMMIT; END LOOP; END $$;
