-- With the event triggers disabled, in a session that has not loaded the library, a log is taken to heap by hand, where
-- its rows could be changed. The way there and the way back by ALTER TABLE are refused: the log stays without a table,
-- and its rows, which are no audit table's now, are where they were.
-- role: postgres
-- rings: ring2
-- says: 42501 / 428C9
-- verify: guard_missing log_missing
-- may change: s.a
SET lock_timeout = '5s';
DO $$ DECLARE it name; BEGIN
    FOR it IN SELECT evtname FROM pg_event_trigger WHERE evtname LIKE 'audit_immutable%' LOOP
        EXECUTE format('ALTER EVENT TRIGGER %I DISABLE', it);
    END LOOP;
END $$;
\connect
ALTER TABLE s.a SET ACCESS METHOD heap;
\connect
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE relname = 'a' AND relnamespace = 's'::regnamespace;
\connect
ALTER TABLE s.a SET ACCESS METHOD audit_immutable;
-- They are all there.
SELECT 1 / (count(*) = 10)::int FROM s.a;
