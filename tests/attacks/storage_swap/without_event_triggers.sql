-- A superuser's setting switches the event triggers off for a session that has not loaded the library: a log is taken to
-- heap, where its rows could be changed, and back. By ALTER TABLE neither goes; by hand it goes there, and is found.
-- role: postgres
-- since: 17
-- says ring2: 42501 / 42501 / 55000
-- says ring3: 42501 / 42501 / 42501 / 42501
-- verify ring2: log_missing
-- verify ring3: intact
-- may change: s.a
SET event_triggers = off;
ALTER TABLE s.a SET ACCESS METHOD heap;
\connect
SET event_triggers = off;
UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE relname = 'a' AND relnamespace = 's'::regnamespace;
\connect
SET event_triggers = off;
DELETE FROM s.a WHERE id > 8;
\connect
SET event_triggers = off;
ALTER TABLE s.a SET ACCESS METHOD audit_immutable;
-- They are all there.
SELECT 1 / (count(*) = 10)::int FROM s.a;
